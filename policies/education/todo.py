"""What education puts on a person's to-do list: terms that end, and how planned events went."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Case, CharField, DateTimeField, F, QuerySet, Value, When
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django.utils import timezone

from core.todo import line, lines_of, source
from policies.education.access import education_rules, period_rules
from policies.education.pages import SOON
from policies.models import EducationEvent, EducationPeriod

AGAIN = "-again"
WHO = {
    "pupils": "pupils this term",
    "parents": "parents this school year",
    f"pupils{AGAIN}": "pupils, as a refresher",
    f"parents{AGAIN}": "parents, as a refresher",
}


def _period(name: str, since: datetime | None) -> str:
    return f"Teaching about social media is still to be held for {WHO.get(name, name)}"


def _calendar(key: UUID) -> str:
    return f"{reverse('policies:education-list')}?school={key}"


def _event(key: UUID) -> str:
    return reverse("policies:education-detail", args=[key])


PERIOD = line("education-period", _period, _calendar, "Open the calendar", rank=60, by_name=True)
EVENT = line("education-event", "Say how it went: {name}", _event, "Open", rank=61)


@source
def _periods(user: Any) -> QuerySet:
    """Terms and years that end within 30 days without an event. What was missed is in the calendar."""
    today = timezone.localdate()
    rows: QuerySet[EducationPeriod] = period_rules.visible_to(user, "hear").filter(
        met_by=None, due_on__range=(today, today + timedelta(days=SOON))
    )
    return lines_of(
        rows.annotate(begun=Cast("starts_on", DateTimeField())),
        line=PERIOD,
        key="school__uuid",
        place="school__name",
        since="begun",
        due_on=F("due_on"),
        name=Concat(
            "audience",
            Case(When(refresh=True, then=Value(AGAIN)), default=Value("")),
            output_field=CharField(),
        ),
    )


@source
def _events(user: Any) -> QuerySet:
    """What one planned for a day that is past, and of which nobody has said how it went."""
    rows = education_rules.visible_to(user, "close").filter(
        by=user, state=EducationEvent.State.PLANNED, on__lt=timezone.localdate()
    )
    return lines_of(
        rows.annotate(day=Cast("on", DateTimeField())),
        line=EVENT,
        key="uuid",
        place="school__name",
        since="day",
        name=Cast("title", CharField()),
    )
