"""What this room puts on a person's to-do list."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Q
from django.urls import reverse

from core.todo import TodoItem, todo, waiting
from people.access import change_rules
from people.models import PendingChange
from people.wording import AWAITING, READ_ALONG, ChangeWords

MOST = 50


@todo
def changes_waiting_for_me(user: Any) -> Iterator[TodoItem]:
    """Changes that this person may confirm as the second one."""
    mine = [row for row in _open_changes(user) if user.pk not in (row.requested_by_id, row.about_id)]
    return _items(mine, "Decide", "Asked by {}")


@waiting
def changes_i_asked_for(user: Any) -> Iterator[TodoItem]:
    """Changes that this person waits for a second one to confirm."""
    mine = [row for row in _open_changes(user) if row.requested_by_id == user.pk]
    return _items(mine, "See", "Waits for a second person")


def _open_changes(user: Any) -> list[PendingChange]:
    """Changes that wait for this person or that they asked for; a page keeps them beside the standing."""
    kept = getattr(user, "_open_changes", None) if getattr(user, "_standing", None) else None
    if kept is None:
        rows = PendingChange.objects.filter(
            Q(pk__in=change_rules.visible_to(user, "confirm").values("pk")) | Q(requested_by=user),
            status=AWAITING,
        )
        kept = list(rows.select_related(*READ_ALONG).order_by("requested_at", "pk")[: 2 * MOST])
        user._open_changes = kept
    return kept


def _items(rows: Iterable[PendingChange], action: str, detail: str) -> Iterator[TodoItem]:
    changes = list(rows)
    words = ChangeWords(changes)
    for change in changes:
        yield TodoItem(
            title=words.title(change),
            url=reverse("people:change-detail", args=[change.uuid]),
            action=action,
            school=change.place.name,
            since=change.requested_at,
            detail=detail.format(change.requested_by.full_name),
        )
