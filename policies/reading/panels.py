"""What the page of a document shows of its readers."""

from typing import Any

from django.db.models import Exists, OuterRef, Subquery

from core.panels import Panel, panel
from policies.models import Acknowledgement, Document
from policies.reading.access import scope_of
from policies.reading.readers import asked_of, in_force, with_numbers
from policies.reading.selectors import CODES
from policies.reading.services import url_of


@panel
def readers_of_document(user: Any, row: Any) -> Panel | None:
    """For a reader, the way to say that they have read it; for who answers for the readers, how many have.

    One query.
    """
    if not isinstance(row, Document) or row.retired_at is not None:
        return None
    within = scope_of(user, "figures", row) if row.readers or row.kind in CODES else set()
    said = Acknowledgement.objects.filter(version=OuterRef("pk"), user=user).order_by().values("at")[:1]
    version = (
        with_numbers(in_force().filter(document=row), within)
        .annotate(
            read_at=Subquery(said), is_reader=Exists(asked_of(user).filter(pk=OuterRef("pk")).order_by())
        )
        .first()
    )
    if version is None:
        return None
    return Panel(
        "policies/reading/_panel.html",
        {
            "document": row,
            "version": version,
            "read_url": url_of(version),
            "counts": bool(within),
            "watches": bool(within and scope_of(user, "watch", row)),
        },
    )
