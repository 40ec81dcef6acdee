"""What the network puts on a person's to-do list: to open, to block again, to answer."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Q

from approvals.models import ApprovalRequest, Stage, UnblockRequest
from approvals.network.evidence_access import where_named
from approvals.network.receivers import WIFI_SECURITY
from approvals.network.timed import OPENINGS, url_of
from core.access import standing_of
from core.todo import TodoItem, todo, waiting

MOST = 50
WORDS = {
    Stage.TO_OPEN: ("Open on the network: {}", "Open"),
    Stage.TO_SHUT: ("Block again: {}", "Block"),
}


@todo
def to_carry_out(user: Any) -> Iterator[TodoItem]:
    """For receivers: what was allowed and waits to be opened, and what is over and to be blocked again."""
    schools = where_named(user, "unblock_receiver")
    if not schools:
        return
    for model, opening in OPENINGS.items():
        way = "approval" if model is UnblockRequest else "gates__approval"
        decided = Q(**{f"{way}__steps__decisions__decided_by": user}) & ~Q(**{f"{way}__kind": WIFI_SECURITY})
        rows = (
            opening.rules.visible_to(user, "carry_out")
            .filter(school__in=schools, stage__in=list(WORDS))
            .exclude(pk__in=model.objects.filter(decided).values("pk"))
            .select_related("school")
            .order_by("until", "pk")
        )
        for row in rows[:MOST]:
            title, action = WORDS[Stage(row.stage)]
            yield TodoItem(
                title.format(row),
                url_of(row),
                action,
                row.school.name,
                since=row.over_at or row.created_at,
                detail=row.for_whom_in_words,
            )


def _own_open(user: Any) -> list[UnblockRequest]:
    """The user's own requests that are with them or with somebody else; a page keeps them beside the standing."""
    kept = getattr(user, "_own_unblocks", None) if getattr(user, "_standing", None) else None
    if kept is None:
        rows = UnblockRequest.objects.filter(
            requested_by=user,
            stage=Stage.ASKED,
            school__in=standing_of(user).all_schools(),
            approval__status__in=ApprovalRequest.OPEN,
        )
        kept = list(rows.select_related("school", "approval").order_by("-created_at")[:MOST])
        user._own_unblocks = kept
    return kept


@todo
def to_answer(user: Any) -> Iterator[TodoItem]:
    """For the asker: what came back with a question."""
    for row in _own_open(user):
        if row.approval.status == ApprovalRequest.Status.RETURNED:
            yield TodoItem(
                f"Sent back to you: {row}",
                url_of(row),
                "Answer",
                row.school.name,
                since=row.created_at,
                detail="Somebody asks you something: answer, and send it again",
            )


@waiting
def asked(user: Any) -> Iterator[TodoItem]:
    """What the user asked for and others decide."""
    for row in _own_open(user):
        if row.approval.status == ApprovalRequest.Status.PENDING:
            yield TodoItem(f"Blocked site: {row}", url_of(row), "Look", row.school.name, since=row.created_at)
