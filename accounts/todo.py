"""What this room puts on a person's to-do list."""

from collections.abc import Iterator
from typing import Any

from django.db.models import F, OuterRef, Q, Subquery
from django.urls import reverse

from accounts.access import asked_of
from accounts.models import AccountRequest, ConsultationMessage, ConsultedRole
from accounts.request_selectors import requests_of
from accounts.services.requests import SILENT
from approvals.models import ApprovalRequest
from core.access import standing_of
from core.todo import TodoItem, todo, waiting

MOST = 50


def _item(row: AccountRequest, title: str, action: str, **more: Any) -> TodoItem:
    url = reverse("accounts:request-detail", args=[row.uuid])
    return TodoItem(title, url + more.pop("anchor", ""), action, row.school.name, **more)


@todo
def own_requests(user: Any) -> Iterator[TodoItem]:
    """Requests that came back with a question, and drafts to finish."""
    mine = AccountRequest.objects.filter(
        Q(approval=None) | Q(approval__status=ApprovalRequest.Status.RETURNED),
        requested_by=user,
        discarded_at=None,
        school__in=standing_of(user).all_schools(),
    )
    for row in mine.select_related("school", "approval")[:MOST]:
        if row.approval_id:
            # the day on which it would expire is no time limit that the person was given: no due_at
            detail = "Somebody asks you something: answer, and send it again"
            yield _item(row, f"Sent back to you: {row}", "Answer", since=row.changed_at, detail=detail)
        else:
            yield _item(row, f"Finish your draft: {row}", "Go on", since=row.changed_at)


@todo
def questions_to_my_role(user: Any) -> Iterator[TodoItem]:
    """Messages to a role of the user's on which nobody but the author has written since."""
    asked = asked_of(standing_of(user))
    last = ConsultationMessage.objects.filter(request=OuterRef("request"), topic=OuterRef("topic")).order_by("-at", "-pk")
    rows = (
        ConsultedRole.objects.filter(asked, request__discarded_at=None)
        .exclude(request__requested_by=user)
        .exclude(request__approval__status__in=SILENT)
        .annotate(last_author=Subquery(last.values("author")[:1]), last_at=Subquery(last.values("at")[:1]))
        .filter(last_author=F("request__requested_by"))
        .select_related("request__school", "request__requested_by")
        .order_by("last_at", "pk")
    )
    seen = set()
    for row in rows[:MOST]:
        if (row.request_id, row.topic) not in seen:
            seen.add((row.request_id, row.topic))
            detail = f"{row.request.requested_by.full_name} asks: {row.get_topic_display().lower()}"
            title = f"Give advice on: {row.request}"
            yield _item(row.request, title, "Answer", since=row.last_at, detail=detail, anchor="#advice")


@waiting
def sent_requests(user: Any) -> Iterator[TodoItem]:
    """The user's requests that others have to decide, each with the title it lies with."""
    rows = requests_of(user, others=False).filter(approval__status=ApprovalRequest.Status.PENDING)
    for row in rows[:MOST]:
        detail = f"Waits for: {row.lies_with}"
        yield _item(row, str(row), "Look", since=row.approval.submitted_at, detail=detail)
