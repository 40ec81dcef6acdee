"""Reads of comments: the board by time left, its tabs, and what stands open on an account."""

from datetime import datetime
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    When,
)
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import SocialAccount
from incidents.abuse.access import abuse_rules
from incidents.abuse.selectors import with_withheld as entries_with_withheld
from incidents.comments.access import comment_rules
from incidents.models import Comment, CommentStep
from incidents.searching import found_by_words
from incidents.services.reports import without_addresses

TABS = {
    "open": "To answer",
    "mine": "Mine",
    "late": "Late",
    "answered": "Answered, still open",
    "left": "Left without an answer",
    "resolved": "Resolved",
}
WAITING = Q(resolved_at=None, answered_at=None, left_at=None)
"""Nobody has answered, left or resolved it."""
ENDED = Coalesce("answered_at", Case(When(left_at=None, then=F("resolved_at"))))
"""When it was answered, or resolved without an answer; nothing for what was left without one."""
IN_TIME = Q(answered_at__lte=F("due_at")) | Q(answered_at=None, left_at=None, resolved_at__lte=F("due_at"))
LEFT = Q(answered_at=None, left_at__isnull=False) & (Q(due_at=None) | Q(left_at__lte=F("due_at")))
"""Left without an answer before the time ran out, as `terms.was_left`: neither in time nor late."""


def is_late(now: datetime) -> Q:
    """Not answered in time: answered, left or resolved too late, or waiting beyond its time."""
    resolved_late = Q(left_at=None) & (Q(resolved_at__gt=F("due_at")) | Q(resolved_at=None, due_at__lt=now))
    return Q(answered_at__gt=F("due_at")) | Q(answered_at=None) & (Q(left_at__gt=F("due_at")) | resolved_late)


def with_withheld(rows: QuerySet[Comment], user: Any) -> QuerySet[Comment]:
    """With `withheld`: no address in it is shown to this person (CBC-10.03).

    So it is where its entry in the log of abuse withholds them, since an image of a child may be involved. Whoever
    may not read that entry sees none from the day on which the comment stands in the log, and so never learns of
    a concern by it (quality A4).
    """
    entries = entries_with_withheld(abuse_rules.visible_to(user, "view"))
    told = entries.filter(withheld=False, pk=OuterRef("offensive"))
    withheld = Q(offensive__isnull=False) & ~Exists(told)
    return rows.annotate(withheld=ExpressionWrapper(withheld, BooleanField()))


def shown(comment: Comment, text: str) -> str:
    """Words of a comment, or about it, without addresses where it is `withheld` (`with_withheld`)."""
    return without_addresses(text) if comment.withheld else text


def tab_of(user: Any, tab: str, now: datetime) -> Q:
    """The condition of a tab of the board."""
    unresolved = Q(resolved_at=None)
    return {
        "mine": unresolved & Q(owner=user),
        "late": WAITING & Q(due_at__lt=now),
        "answered": unresolved & Q(answered_at__isnull=False),
        "left": unresolved & Q(answered_at=None, left_at__isnull=False),
        "resolved": Q(resolved_at__isnull=False),
    }.get(tab, WAITING)


def counts_of(user: Any, now: datetime) -> dict[str, int]:
    """How many stand under each tab, in one query."""
    rows = comment_rules.visible_to(user, "view").order_by()
    return rows.aggregate(**{tab: Count("pk", filter=tab_of(user, tab, now)) for tab in TABS})


def usual_order(tab: str) -> list[Any]:
    """By time left: what is late longest comes first, what has no limit last; resolved ones by their day."""
    if tab == "resolved":
        return [F("resolved_at").desc(), "-pk"]
    waits = Coalesce("answered_at", "left_at").asc(nulls_first=True)
    return [waits, F("due_at").asc(nulls_last=True), "received_at", "pk"]


def found(rows: QuerySet[Comment], chosen: dict[str, Any], user: Any) -> QuerySet[Comment]:
    """The comments that the filters leave. Words are looked for in what this person is shown (`with_withheld`)."""
    if words := chosen.get("q", "").split():
        rows = found_by_words(with_withheld(rows, user), words, ("words", "author"))
    if chosen.get("account"):
        rows = rows.filter(account__uuid=chosen["account"])
    if chosen.get("kind"):
        rows = rows.filter(kind=chosen["kind"])
    if chosen.get("school"):
        rows = rows.filter(school__uuid=chosen["school"])
    return rows


def accounts_of(rows: QuerySet[Comment]) -> list[tuple[str, str]]:
    """The accounts of these comments, to choose from."""
    wanted = SocialAccount.objects.filter(pk__in=rows.order_by().values("account"))
    named = wanted.order_by("name", "pk").values_list("uuid", "name", "platform__name")
    return [(str(uuid), f"{name} ({platform})") for uuid, name, platform in named]


def steps_of(comment: Comment) -> list[CommentStep]:
    """What happened to it, in order, with the words."""
    return list(comment.steps.select_related("by", "note"))


def with_opinions(comment: Comment) -> list:
    """The second opinions on it, in order."""
    return list(comment.opinions.select_related("asked_by", "asked_of"))


def standing_open(account: SocialAccount, since: datetime) -> dict[str, int]:
    """How many comments on an account are to be answered, how many late, and how those since a moment went."""
    now = timezone.now()
    rows = Comment.objects.filter(account=account).order_by()
    recent = Q(received_at__gte=since)
    timed = recent & Q(due_at__isnull=False)
    return rows.aggregate(
        waiting=Count("pk", filter=WAITING),
        late=Count("pk", filter=WAITING & Q(due_at__lt=now)),
        timed=Count("pk", filter=timed & (IN_TIME | is_late(now))),
        in_time=Count("pk", filter=timed & IN_TIME),
        left=Count("pk", filter=recent & LEFT),
    )
