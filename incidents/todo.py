"""What this room puts on a person's to-do list: the day of a report, and nothing of what it says."""

from collections.abc import Iterator
from typing import Any

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q
from django.urls import reverse

from core.access import standing_of
from core.todo import TodoItem, todo
from incidents.access import ON_THE_ROAD, held_steps, matter_rules
from incidents.models import Matter, MatterKind, TechnicianPart
from incidents.selectors import CLOSED
from incidents.services.sending import url_of
from people.selectors import governed_by

MOST = 50


def _item(row: Matter, title: str, action: str, url: str = "", detail: str = "") -> TodoItem:
    return TodoItem(title, url or url_of(row), action, row.school.name, since=row.at, detail=detail)


@todo
def matters(user: Any) -> Iterator[TodoItem]:
    """Sites to block, reports that nobody has closed yet, and bans to decide on (STM-9.04, BEC-4.27).

    One query, because most people have none: the step of the road says what is asked of them.
    """
    standing = standing_of(user)
    held = {name: held_steps(standing, wanted) for name, wanted in ON_THE_ROAD.items()}
    to_block = held["block"] & ~Q(Exists(TechnicianPart.objects.filter(matter=OuterRef("pk"))))
    to_read = held["read"] & ~CLOSED & ~Q(kind=MatterKind.BYPASS)
    banning = {place.pk for place, profile in governed_by(user).items() if profile.circumvention_ban}
    to_decide = held["ban"] & ~CLOSED & Q(kind=MatterKind.BYPASS, ban=None, school__in=banning)
    rows = (
        matter_rules.visible_to(user, "hear")
        .filter((to_block & Q(kind=MatterKind.CONTENT)) | to_read | to_decide)
        .annotate(to_block=ExpressionWrapper(to_block, BooleanField()))
        .select_related("school")
        .order_by("-kind", "-at", "-pk")  # images, then content, then the firewall
    )
    for row in rows[:MOST]:
        if row.kind == MatterKind.BYPASS:
            yield _item(row, f"Decide on a ban: {row}", "Decide")
        elif row.to_block and row.kind == MatterKind.CONTENT:
            url = reverse("incidents:report-technician", args=[row.uuid])
            yield _item(row, f"Block a site: {row}", "Fill in", url)
        else:
            yield _item(row, str(row), "Read", detail="A report for you to read and deal with")
