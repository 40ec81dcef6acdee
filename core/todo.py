"""What waits for a person: each room registers what it puts on the to-do list (module `todo`)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class TodoItem:
    """One thing to do. `since` and `due_at` are in UTC."""

    title: str
    url: str
    action: str
    school: str
    since: datetime | None = None
    due_at: datetime | None = None
    detail: str = ""


WAITING_FOR_ME: list[Callable[[Any], Iterable[TodoItem]]] = []
WAITING_FOR_OTHERS: list[Callable[[Any], Iterable[TodoItem]]] = []


def todo(provider: Callable[[Any], Iterable[TodoItem]]) -> Callable[[Any], Iterable[TodoItem]]:
    """Register a function that lists what waits for a user. At most a fixed number of queries."""
    WAITING_FOR_ME.append(provider)
    return provider


def waiting(provider: Callable[[Any], Iterable[TodoItem]]) -> Callable[[Any], Iterable[TodoItem]]:
    """Register a function that lists what a user waits for others to do."""
    WAITING_FOR_OTHERS.append(provider)
    return provider


def for_user(user: Any) -> list[TodoItem]:
    """Everything that waits for the user, the most urgent first."""
    return _sorted(item for provider in WAITING_FOR_ME for item in provider(user))


def awaited_by(user: Any) -> list[TodoItem]:
    """Everything that the user waits for."""
    return _sorted(item for provider in WAITING_FOR_OTHERS for item in provider(user))


def _sorted(items: Iterable[TodoItem]) -> list[TodoItem]:
    def urgency(item: TodoItem) -> tuple:
        moment = item.due_at or item.since
        return (item.due_at is None, moment is None, moment.timestamp() if moment else 0)

    return sorted(items, key=urgency)
