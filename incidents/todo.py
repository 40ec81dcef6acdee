"""What this room puts on a person's to-do list: the day of a report, and nothing of what it says."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.urls import reverse

from core.access import standing_of
from core.todo import line, lines_of, source
from incidents.abuse.selectors import open_entries
from incidents.access import ON_THE_ROAD, held_steps, matter_rules
from incidents.comments import todo as comments_todo  # noqa: F401
from incidents.concerns.access import concern_rules
from incidents.models import Action, Matter, MatterKind, Status, TechnicianPart
from incidents.selectors import CLOSED
from people.selectors import governed_by

READ_IT = "A report for you to read and deal with"


def _at(name: str) -> Callable[[UUID], str]:
    return lambda key: reverse(name, args=[key])


def _day(name: str, since: datetime | None) -> str:
    """The day of a report; what it is about stands on its own page alone."""
    return str(Matter(kind=MatterKind.CONTENT, at=since))


def _bypass_day(name: str, since: datetime | None) -> str:
    return f"Decide on a ban: {Matter(kind=MatterKind.BYPASS, at=since)}"


UNREAD = line("unread", "Read a concern", _at("incidents:case"), "Read", rank=10)
DUE = line("due", "Something to do on a case", _at("incidents:case"), "Open", rank=11)
IMAGE = line("image", _day, _at("incidents:report-detail"), "Read", rank=12, detail=READ_IT)
BLOCK = line(
    "block",
    lambda name, since: f"Block a site: {_day(name, since)}",
    _at("incidents:report-technician"),
    "Fill in",
    rank=13,
)
READ = line("read", _day, _at("incidents:report-detail"), "Read", rank=14, detail=READ_IT)
BAN = line("ban", _bypass_day, _at("incidents:bypass-detail"), "Decide", rank=15)
ABUSE = line("abuse", "An entry of the abuse log", _at("incidents:abuse-detail"), "Deal with it", rank=16)


def _line(name: str) -> Value:
    return Value(name, output_field=CharField())


@source
def _matters(user: Any) -> QuerySet:
    """Sites to block, reports that nobody has closed yet, and bans to decide on (STM-9.04, BEC-4.27).

    The step of the road says what is asked of them.
    """
    standing = standing_of(user)
    held = {name: held_steps(standing, wanted) for name, wanted in ON_THE_ROAD.items()}
    to_block = held["block"] & ~Q(Exists(TechnicianPart.objects.filter(matter=OuterRef("pk"))))
    to_read = held["read"] & ~CLOSED & ~Q(kind=MatterKind.BYPASS)
    banning = {place.pk for place, profile in governed_by(user).items() if profile.circumvention_ban}
    to_decide = held["ban"] & ~CLOSED & Q(kind=MatterKind.BYPASS, ban=None, school__in=banning)
    rows = matter_rules.visible_to(user, "hear").filter(
        (to_block & Q(kind=MatterKind.CONTENT)) | to_read | to_decide
    )
    line = Case(
        When(kind=MatterKind.BYPASS, then=_line(BAN)),
        When(to_block & Q(kind=MatterKind.CONTENT), then=_line(BLOCK)),
        When(kind=MatterKind.IMAGE, then=_line(IMAGE)),
        default=_line(READ),
        output_field=CharField(),
    )
    return lines_of(rows, line=line, key="uuid", place="school__name", since="at")


@source
def _unread_concerns(user: Any) -> QuerySet:
    """Concerns that nobody has read yet."""
    rows = concern_rules.visible_to(user, "handle").filter(status=Status.UNREAD)
    return lines_of(rows, line=UNREAD, key="uuid", place="school__name", since="at")


@source
def _actions(user: Any) -> QuerySet:
    """What the person has to do on cases that they may read."""
    cases = concern_rules.visible_to(user, "view").exclude(status=Status.CLOSED).order_by()
    rows = Action.objects.filter(owner=user, done_at=None, concern__in=cases.values("pk"))
    return lines_of(
        rows,
        line=DUE,
        key="concern__uuid",
        place="concern__school__name",
        since="at",
        due=F("due_at"),
    )


@source
def _abuse(user: Any) -> QuerySet:
    """Entries of the abuse log that its keeper has still to deal with."""
    return lines_of(open_entries(user), line=ABUSE, key="uuid", place="school__name", since="at")
