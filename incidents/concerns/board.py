"""The board: the cases that a person may read, in groups, the most urgent first."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from core.clock import end_of_day
from core.signatures import plain_name
from incidents.concerns.access import concern_rules
from incidents.models import Action, Concern, Part, PartIn, Sort, Status
from people.models import User

TABS = {
    "unread": "Unread",
    "mine": "Assigned to me",
    "open": "All open",
    "due": "Due today or late",
    "waiting": "Waiting",
    "closed": "Closed",
}
NOT_CLOSED = ~Q(status=Status.CLOSED)


def _open_actions() -> QuerySet[Action]:
    return Action.objects.filter(concern=OuterRef("pk"), done_at=None).order_by()


def group(user: User, tab: str) -> Q:
    """The condition of one tab."""
    by_tonight = end_of_day(timezone.localdate())
    return {
        "unread": Q(status=Status.UNREAD),
        "mine": Q(owner=user) & NOT_CLOSED,
        "open": NOT_CLOSED,
        "due": NOT_CLOSED & Q(Exists(_open_actions().filter(due_at__lte=by_tonight))),
        "waiting": NOT_CLOSED & ~Q(waiting_for=""),
        "closed": Q(status=Status.CLOSED),
    }[tab]


def counts(user: User) -> dict[str, int]:
    """How many cases each tab has for this person, in one query."""
    rows = concern_rules.visible_to(user, "view").order_by()
    return rows.aggregate(**{tab: Count("pk", filter=group(user, tab)) for tab in TABS})


def found(user: User, tab: str, chosen: dict[str, Any]) -> QuerySet[Concern]:
    """The cases of a tab, narrowed by the filters."""
    rows = concern_rules.visible_to(user, "view").filter(group(user, tab))
    if chosen.get("category"):
        rows = rows.filter(category=chosen["category"])
    if chosen.get("waiting"):
        rows = rows.filter(waiting_for=chosen["waiting"])
    if chosen.get("school"):
        rows = rows.filter(school__uuid=chosen["school"])
    if words := chosen.get("q", "").split():
        rows = rows.filter(_searched(user, words))
    return rows


def _searched(user: User, words: list[str]) -> Q:
    """By reference, or by the name of somebody in it; what was written is not searched.

    A colleague who is kept back from the reader is not found by name.
    """
    on_road = concern_rules.visible_to(user, "road").order_by().values("pk")
    kept_back = Q(part=PartIn.DISCLOSER, sort__in=(Sort.STAFF, Sort.HEAD), concern__confidential=True)
    named = Part.objects.filter(concern=OuterRef("pk"), mistaken_at=None)
    known = concern_rules.visible_to(user, "know").order_by().values("pk")
    named = named.filter(~kept_back | Q(concern__in=on_road), concern__in=known)
    for word in words:
        named = named.filter(
            Q(words__icontains=word)
            | Q(user__full_name__icontains=word)
            | Q(pupil__search_name__contains=plain_name(word))
        )
    reference = Q(reference__icontains=words[0]) if len(words) == 1 else Q(pk__in=[])
    return reference | Q(Exists(named))


def with_details(rows: QuerySet[Concern]) -> QuerySet[Concern]:
    """With what a row of the board shows."""
    next_due = _open_actions().values("concern").annotate(due=Min("due_at")).values("due")
    return rows.select_related("school", "owner").annotate(next_due=Subquery(next_due))


def names_of(user: User, rows: Iterable[Concern]) -> dict[int, dict[str, list[str]]]:
    """Who was harmed and whose doing it is said to be, for each case, in one query.

    Emergency access shows no names here: it leaves its trace on a case that is opened.
    """
    known = concern_rules.visible_to(user, "know").filter(pk__in=[row.pk for row in rows])
    parts = Part.objects.filter(
        concern__in=known.order_by().values("pk"),
        part__in=(PartIn.VICTIM, PartIn.SUBJECT),
        mistaken_at=None,
    ).select_related("user", "pupil")
    names: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for part in parts:
        names[part.concern_id][part.part].append(name_of(part))
    return names


def name_of(part: Part) -> str:
    """The name as far as it is known; the reporter's “I do not know” is nobody else's word."""
    return "Not known" if part.shown == Sort.UNKNOWN.label else part.shown


UNITS = (("day", timedelta(days=1)), ("hour", timedelta(hours=1)), ("minute", timedelta(minutes=1)))


def age_words(since: datetime, now: datetime) -> str:
    """How long ago, in the largest unit that fits: "2 hours", "3 days"."""
    age = now - since
    for unit, length in UNITS:
        number = int(age / length)
        if number >= 1:
            return f"{number} {unit}" if number == 1 else f"{number} {unit}s"
    return "Just now"
