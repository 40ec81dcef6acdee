"""What reading put on a person's to-do list."""

from datetime import timedelta
from typing import Any

from django.db.models import CharField, DateTimeField, F, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django.utils import timezone

from core.todo import line, lines_of, source
from policies.documents.access import document_rules
from policies.models import Version
from policies.reading.readers import asked_of, at_schools, in_force, unread, with_missing
from policies.reading.services import STAGES

READ = line(
    "read",
    "Read: {name}",
    lambda key: reverse("policies:reading-read", args=[key]),
    "Read",
    rank=30,
    detail="Then say that you have read and understood it",
)
BEHIND = line(
    "behind",
    "Not read by everybody: {name}",
    lambda key: reverse("policies:reading-status", args=[key]),
    "See who",
    rank=36,
)


def _since(rows: QuerySet[Version]) -> QuerySet[Version]:
    return rows.annotate(in_force_since=Cast("in_force_from", DateTimeField()))


@source
def to_read(user: Any) -> QuerySet:
    """The versions in force that the person is asked to read and has not."""
    return lines_of(
        _since(unread(asked_of(user), user)),
        line=READ,
        key="uuid",
        place="document__school__name",
        since="in_force_since",
        name=F("document__title"),
    )


@source
def behind(user: Any) -> QuerySet | None:
    """For those who keep documents: how many of their schools have not read one, a week after it came into force."""
    schools = document_rules.schools(user, "keep")
    if not schools:
        return None
    old = timezone.localdate() - timedelta(days=STAGES[0])
    rows = in_force().filter(at_schools(schools), chase_on__isnull=False, in_force_from__lte=old)
    rows = with_missing(rows, schools)
    number = Concat(Value(" ("), Cast("missing", CharField()), Value(" to go)"), output_field=CharField())
    return lines_of(
        _since(rows),
        line=BEHIND,
        key="document__uuid",
        place="document__school__name",
        since="in_force_since",
        name=Concat("document__title", number, output_field=CharField()),
    )
