"""Reads of comments: the board by time left, its tabs, and what stands open on an account."""

from datetime import datetime
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from accounts.models import SocialAccount
from incidents.comments.access import comment_rules
from incidents.models import Comment, CommentStep

TABS = {
    "open": "To answer",
    "mine": "Mine",
    "late": "Late",
    "answered": "Answered, still open",
    "resolved": "Resolved",
}


def tab_of(user: Any, tab: str, now: datetime) -> Q:
    """The condition of a tab of the board."""
    unresolved, waiting = Q(resolved_at=None), Q(resolved_at=None, answered_at=None)
    return {
        "mine": unresolved & Q(owner=user),
        "late": waiting & Q(due_at__lt=now),
        "answered": unresolved & Q(answered_at__isnull=False),
        "resolved": Q(resolved_at__isnull=False),
    }.get(tab, waiting)


def counts_of(user: Any, now: datetime) -> dict[str, int]:
    """How many stand under each tab, in one query."""
    rows = comment_rules.visible_to(user, "view").order_by()
    return rows.aggregate(**{tab: Count("pk", filter=tab_of(user, tab, now)) for tab in TABS})


def usual_order(tab: str) -> list[Any]:
    """By time left: what is late longest comes first, what has no limit last; resolved ones by their day."""
    if tab == "resolved":
        return [F("resolved_at").desc(), "-pk"]
    waits = F("answered_at").asc(nulls_first=True)
    return [waits, F("due_at").asc(nulls_last=True), "received_at", "pk"]


def found(rows: QuerySet[Comment], chosen: dict[str, Any]) -> QuerySet[Comment]:
    """The comments that the filters leave."""
    for word in chosen.get("q", "").split():
        rows = rows.filter(Q(words__icontains=word) | Q(author__icontains=word))
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
    waiting = Q(resolved_at=None, answered_at=None)
    timed = Q(received_at__gte=since, due_at__isnull=False)
    ended_in_time = Q(answered_at__lte=F("due_at")) | Q(answered_at=None, resolved_at__lte=F("due_at"))
    return rows.aggregate(
        waiting=Count("pk", filter=waiting),
        late=Count("pk", filter=waiting & Q(due_at__lt=now)),
        timed=Count("pk", filter=timed & (Q(due_at__lt=now) | ~waiting)),
        in_time=Count("pk", filter=timed & ended_in_time),
    )
