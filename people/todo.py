"""What this room puts on a person's to-do list."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.urls import reverse

from core.todo import TodoItem, todo, waiting
from people.access import change_rules
from people.models import PendingChange
from people.selectors import changes_to_confirm
from people.wording import AWAITING, READ_ALONG, ChangeWords

MOST = 50


@todo
def changes_waiting_for_me(user: Any) -> Iterator[TodoItem]:
    """Changes that this person may confirm as the second one."""
    rows = changes_to_confirm(user).select_related(*READ_ALONG)[:MOST]
    return _items(rows, "Decide", "Asked by {}")


@waiting
def changes_i_asked_for(user: Any) -> Iterator[TodoItem]:
    """Changes that this person waits for a second one to confirm."""
    mine = change_rules.visible_to(user).filter(requested_by=user, status=AWAITING)
    return _items(mine.select_related(*READ_ALONG)[:MOST], "See", "Waits for a second person")


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
