"""What monitoring put on a person's to-do list."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce
from django.urls import reverse
from django.utils import timezone

from accounts.models import MonitoringAction, MonitoringReport, SocialAccount
from accounts.monitoring.access import EVERY, monitoring_rules
from accounts.monitoring.selectors import unread_by
from core.access import standing_of
from core.tables import date_text
from core.todo import NEVER, line, lines_of, source
from people.models import School
from people.selectors import governed_by


def _at(name: str) -> Callable[[UUID], str]:
    return lambda key: reverse(name, args=[key])


def _up_to(words: str) -> Callable[[str, datetime | None], str]:
    """A title with the last day of the report, of which the row's name is the ISO text."""
    return lambda name, since: f"{words}, up to {date_text(date.fromisoformat(name))}"


READ = line(
    "monitoring-read",
    _up_to("Read a monitoring report"),
    _at("accounts:monitoring-detail"),
    "Read",
    rank=80,
)
ACT = line("monitoring-act", "{name}", _at("accounts:monitoring-action-done"), "Mark as done", rank=81)
DRAFT = line(
    "monitoring-draft",
    _up_to("Finish your monitoring report"),
    _at("accounts:monitoring-detail"),
    "Go on",
    rank=82,
)
LAST_DAY = Cast("ends_on", CharField())


def _next(name: str, since: datetime | None) -> str:
    """The row's name is the last day of the newest report, as an ISO text; empty where there is none."""
    until = f": the last one goes up to {date_text(date.fromisoformat(name))}" if name else ""
    return f"Look at the school’s accounts and write a monitoring report{until}"


NEXT = line(
    "monitoring-next",
    _next,
    lambda key: f"{reverse('accounts:monitoring-write')}?school={key}",
    "Write it",
    rank=79,
)


@source
def _to_read(user: Any) -> QuerySet:
    """Reports that went to the person."""
    rows = unread_by(user)
    return lines_of(rows, line=READ, key="uuid", place="school__name", since="sent_at", name=LAST_DAY)


@source
def _to_do(user: Any) -> QuerySet:
    """What reports ask of the person."""
    rows = MonitoringAction.objects.filter(
        owner=user,
        done_at=None,
        report__sent_at__isnull=False,
        report__school__in=standing_of(user).all_schools(),
    )
    return lines_of(
        rows,
        line=ACT,
        key="uuid",
        place="report__school__name",
        since="report__sent_at",
        due_on=F("due_on"),
        name=F("what"),
    )


@source
def _drafts(user: Any) -> QuerySet:
    """Reports that the person has begun."""
    rows = monitoring_rules.visible_to(user, "edit")
    return lines_of(rows, line=DRAFT, key="uuid", place="school__name", since="at", name=LAST_DAY)


@source
def _next_due(user: Any) -> QuerySet | None:
    """Schools that fix a number of days for the monitors, where no report reaches so far (RAV-4.01).

    Whoever has begun one sees the draft instead.
    """
    monitored, today = monitoring_rules.schools(user, "write"), timezone.localdate()
    due = Q(pk__in=[])
    for place, profile in governed_by(user).items() if monitored else ():
        every = profile.value(EVERY)
        if every and place.pk in monitored:
            late = today - timedelta(days=every)
            due |= Q(pk=place.pk) & (Q(newest__lt=late) | Q(newest=None))
    if not due.children:
        return None
    reports = MonitoringReport.objects.filter(school=OuterRef("pk"))
    newest = reports.exclude(sent_at=None).order_by("-ends_on").values("ends_on")[:1]
    in_use = SocialAccount.objects.filter(school=OuterRef("pk"), status__in=SocialAccount.OPEN)
    rows = (
        School.objects.filter(Exists(in_use), ~Exists(reports.filter(by=user, sent_at=None)), active=True)
        .annotate(newest=Subquery(newest), never=NEVER)
        .filter(due)
    )
    last = Coalesce(Cast("newest", CharField()), Value(""), output_field=CharField())
    return lines_of(rows, line=NEXT, key="uuid", place="name", since="never", name=last)
