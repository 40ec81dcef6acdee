"""What the engine puts on a person's to-do list: to sign, to answer, to wait for."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.urls import reverse

from approvals.models import ApprovalRequest
from approvals.network import evidence_todo
from approvals.network import todo as network_todo
from approvals.network.timed import url_of
from approvals.network.unblock import KIND as UNBLOCK
from approvals.selectors import to_sign
from core.access import standing_of
from core.todo import TodoItem, todo, waiting

MOST = 50
ALSO = (network_todo, evidence_todo)
"""Imported for what they register."""


def _open(user: Any) -> list[ApprovalRequest]:
    """What waits for the user's signature, and their own requests for blocked sites that are not decided.

    Both in one query, which a page keeps beside the standing. Nobody signs what they asked for, so whoever
    asked tells the two apart.
    """
    kept = getattr(user, "_open_approvals", None) if getattr(user, "_standing", None) else None
    if kept is None:
        own = Q(
            requested_by=user,
            kind=UNBLOCK,
            status__in=ApprovalRequest.OPEN,
            school__in=standing_of(user).all_schools(),
        )
        rows = ApprovalRequest.objects.filter(Q(pk__in=to_sign(user).order_by().values("pk")) | own)
        rows = rows.select_related("school", "requested_by", "unblock_request").order_by("due_at", "pk")
        kept = list(rows[: 2 * MOST])
        user._open_approvals = kept
    return kept


@todo
def signatures(user: Any) -> Iterator[TodoItem]:
    """What waits for the user's signature."""
    for row in _open(user):
        if row.requested_by_id != user.pk:
            yield TodoItem(
                title=row.title,
                url=reverse("approvals:request-detail", args=[row.uuid]),
                action="Decide",
                school=row.school.name,
                since=row.submitted_at,
                due_at=row.due_at,
                detail=f"Asked by {row.requested_by.full_name}",
                feed="A decision waits for you",
            )


@todo
def sites_to_answer(user: Any) -> Iterator[TodoItem]:
    """Own requests for blocked sites that came back with a question."""
    for row in _open(user):
        if row.requested_by_id == user.pk and row.status == ApprovalRequest.Status.RETURNED:
            site = row.unblock_request
            detail = "Somebody asks you something: answer, and send it again"
            title = f"Sent back to you: {site}"
            yield TodoItem(
                title, url_of(site), "Answer", row.school.name, since=site.created_at, detail=detail
            )


@waiting
def sites_asked_for(user: Any) -> Iterator[TodoItem]:
    """Own requests for blocked sites that others decide."""
    for row in _open(user):
        if row.requested_by_id == user.pk and row.status == ApprovalRequest.Status.PENDING:
            site = row.unblock_request
            yield TodoItem(
                f"Blocked site: {site}", url_of(site), "Look", row.school.name, since=site.created_at
            )
