"""What this room puts on a person's to-do list: the day of a report, and nothing of what it says.

Everything is one query, because most people have none of it. A further kind of line is a further function in
SOURCES, which gives rows of the columns of COLUMNS without a query of its own.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Case, CharField, DateTimeField, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Cast
from django.urls import reverse

from core.access import standing_of
from core.todo import TodoItem, todo
from incidents.abuse.selectors import open_entries
from incidents.access import ON_THE_ROAD, held_steps, matter_rules
from incidents.concerns.access import concern_rules
from incidents.models import Action, Matter, MatterKind, Status, TechnicianPart
from incidents.selectors import CLOSED
from people.selectors import governed_by

MOST = 50
COLUMNS = ("line", "key", "place", "since", "due")
NEVER = Cast(Value(None), DateTimeField())

# The lines, in the order in which they count where there are too many.
UNREAD, DUE, IMAGE, BLOCK, READ, BAN = "1 unread", "2 due", "3 image", "4 block", "5 read", "6 ban"
ABUSE = "7 abuse"


def _line(name: str) -> Value:
    return Value(name, output_field=CharField())


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
    return _columns(rows, line=line, key="uuid", place="school__name", since="at")


def _unread_concerns(user: Any) -> QuerySet:
    """Concerns that nobody has read yet."""
    rows = concern_rules.visible_to(user, "handle").filter(status=Status.UNREAD)
    return _columns(rows, line=_line(UNREAD), key="uuid", place="school__name", since="at")


def _actions(user: Any) -> QuerySet:
    """What the person has to do on cases that they may read."""
    cases = concern_rules.visible_to(user, "view").exclude(status=Status.CLOSED).order_by()
    rows = Action.objects.filter(owner=user, done_at=None, concern__in=cases.values("pk"))
    return _columns(
        rows,
        line=_line(DUE),
        key="concern__uuid",
        place="concern__school__name",
        since="at",
        due=F("due_at"),
    )


def _columns(rows: QuerySet, *, line: Any, key: str, place: str, since: str, due: Any = NEVER) -> QuerySet:
    """The rows in the columns that all lines share."""
    named = {"key": F(key), "place": F(place), "since": F(since)}
    return rows.order_by().annotate(line=line, due=due).values_list("line", *named.values(), "due")


def _abuse(user: Any) -> QuerySet:
    """Entries of the abuse log that its keeper has still to deal with."""
    return _columns(open_entries(user), line=_line(ABUSE), key="uuid", place="school__name", since="at")


SOURCES: list[Callable[[Any], QuerySet]] = [_matters, _unread_concerns, _actions, _abuse]


@todo
def incidents(user: Any) -> Iterator[TodoItem]:
    """What came in and waits for the person, and what they have to do about it."""
    if not standing_of(user).held:
        return
    first, *others = [source(user) for source in SOURCES]
    rows = first.union(*others, all=True).order_by("line")
    for line, key, place, since, due in rows[:MOST]:
        yield _item(line, key, place, since, due)


def _item(line: str, key: UUID, place: str, since: datetime, due: datetime | None) -> TodoItem:
    """One line. What a report or a case is about stands on its own page alone."""
    day = str(Matter(kind=MatterKind.BYPASS if line == BAN else MatterKind.CONTENT, at=since))
    title, name, action, detail = {
        DUE: ("Something to do on a case", "incidents:case", "Open", ""),
        UNREAD: ("Read a concern", "incidents:case", "Read", ""),
        IMAGE: (day, "incidents:report-detail", "Read", READ_IT),
        READ: (day, "incidents:report-detail", "Read", READ_IT),
        BLOCK: (f"Block a site: {day}", "incidents:report-technician", "Fill in", ""),
        BAN: (f"Decide on a ban: {day}", "incidents:bypass-detail", "Decide", ""),
        ABUSE: ("An entry of the abuse log", "incidents:abuse-detail", "Deal with it", ""),
    }[line]
    return TodoItem(title, reverse(name, args=[key]), action, place, since=since, due_at=due, detail=detail)


READ_IT = "A report for you to read and deal with"
