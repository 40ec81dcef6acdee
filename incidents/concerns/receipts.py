"""What a reporter sees later: that it was sent, received and closed, and nothing else."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Min, OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.urls import reverse

from core.tables import Column, Link, Table
from core.tables import Status as Tag
from incidents.concerns.access import concern_rules
from incidents.models import Concern, ConcernStep, Excluded, Status

PAGE = 25
SENT, RECEIVED, CLOSED = "sent", "received", "closed"
SHOWN = {Status.UNREAD: SENT, Status.OPEN: RECEIVED, Status.CLOSED: CLOSED}


def receipt_status(concern: Concern, excluded_at: datetime | None) -> str:
    """A value of core.statuses.

    `excluded_at`: when the reporter turned out to be concerned by it, after it was sent. From then on what
    they see stands still, so that nothing on their list gives away what happened later. Somebody who named
    themselves from the beginning (their own mistake, or harm done to them) has no such moment.
    """
    if excluded_at is None:
        return SHOWN[Status(concern.status)]
    if concern.closed_at is not None and concern.closed_at <= excluded_at:
        return CLOSED
    if concern.first_read_at is not None and concern.first_read_at <= excluded_at:
        return RECEIVED
    return SENT


def own_concerns(user: Any) -> QuerySet[Concern]:
    """What the person reported, each with `excluded_at`: when somebody added them to it later."""
    added = Excluded.objects.filter(
        concern=OuterRef("pk"), user=user, by__isnull=False, lifted_at=None
    ).exclude(because=Excluded.Because.RECUSED)
    first = added.order_by().values("concern").annotate(first=Min("at")).values("first")
    return concern_rules.visible_to(user, "own").annotate(excluded_at=Subquery(first))


def nobody_heard(concern: Concern) -> bool:
    """Whether nobody in the portal could be told when it was sent. What changed since is not shown."""
    return not concern.road.filter(because=ConcernStep.Because.FILED).exists()


def receipts(request: HttpRequest, *, with_school: bool) -> dict[str, Any]:
    """One page of the reporter's own list, as templates need it: `page_obj` and `table`."""
    rows = own_concerns(request.user).select_related("school").order_by("-at", "-pk")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return {"page_obj": page, "table": _table(request, page, with_school)}


def _table(request: HttpRequest, page: Page | Iterable[Concern], with_school: bool) -> Table:
    columns = [Column("reference", "Reference"), Column("sent", "Sent")]
    if with_school:
        columns.append(Column("school", "School"))
    columns.append(Column("status", "Status"))
    lines = [
        {
            "reference": Link(row.reference, reverse("incidents:concern-sent", args=[row.uuid])),
            "sent": row.at,
            "school": row.school.name,
            "status": Tag(receipt_status(row, row.excluded_at)),
        }
        for row in page
    ]
    return Table(columns, lines, "My reports", request, caption_hidden=True)
