"""What the engine puts on a person's to-do list."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse

from approvals.network import evidence_todo
from approvals.network import todo as network_todo
from approvals.selectors import to_sign
from core.todo import TodoItem, todo

MOST = 50
ALSO = (evidence_todo, network_todo)
"""Imported for what they register."""


@todo
def signatures(user: Any) -> Iterator[TodoItem]:
    """What waits for the user's signature."""
    for row in to_sign(user)[:MOST]:
        yield TodoItem(
            title=row.title,
            url=reverse("approvals:request-detail", args=[row.uuid]),
            action="Decide",
            school=row.school.name,
            since=row.submitted_at,
            due_at=row.due_at,
            detail=f"Asked by {row.requested_by.full_name}",
        )
