"""What this room puts on a person's to-do list: the day of a report, and nothing of what it says."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse

from core.todo import TodoItem, todo
from incidents.access import matter_rules
from incidents.models import Kind, Matter, TechnicianPart
from incidents.selectors import CLOSED
from incidents.services.sending import url_of
from people.selectors import profiles_of

MOST = 50


def _item(row: Matter, title: str, action: str, url: str = "", detail: str = "") -> TodoItem:
    return TodoItem(title, url or url_of(row), action, row.school.name, since=row.at, detail=detail)


@todo
def reports(user: Any) -> Iterator[TodoItem]:
    """Sites to block, and reports that nobody has closed yet."""
    done = Exists(TechnicianPart.objects.filter(matter=OuterRef("pk")))
    to_block = list(
        matter_rules.visible_to(user, "block")
        .filter(~done, kind=Kind.CONTENT)
        .select_related("school")[:MOST]
    )
    for row in to_block:
        url = reverse("incidents:report-technician", args=[row.uuid])
        yield _item(row, f"Block a site: {row}", "Fill in", url)
    to_read = (
        matter_rules.visible_to(user, "read")
        .filter(~CLOSED, kind__in=[Kind.CONTENT, Kind.IMAGE])
        .exclude(pk__in=[row.pk for row in to_block])
        .select_related("school")
    )
    for row in to_read[:MOST]:
        yield _item(row, str(row), "Read", detail="A report for you to read and deal with")


@todo
def bans(user: Any) -> Iterator[TodoItem]:
    """Records on whose ban this person decides, where the policy bans (STM-9.04, BEC-4.27)."""
    rows = list(
        matter_rules.visible_to(user, "ban")
        .filter(kind=Kind.BYPASS, ban=None)
        .select_related("school")[:MOST]
    )
    profiles = profiles_of({row.school for row in rows}) if rows else {}
    for row in rows:
        if profiles[row.school_id].circumvention_ban:
            yield _item(row, f"Decide on a ban: {row}", "Decide")
