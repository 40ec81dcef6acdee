"""The to-do list: rooms put things on it, the most urgent stand first."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core import todo
from core.todo import TodoItem

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _empty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(todo, "WAITING_FOR_ME", [])
    monkeypatch.setattr(todo, "WAITING_FOR_OTHERS", [])
    monkeypatch.setattr(todo, "SOURCES", [])


def item(title: str, *, since: int | None = None, due: int | None = None) -> TodoItem:
    def moment(days: int | None) -> datetime | None:
        return None if days is None else NOON + timedelta(days=days)

    return TodoItem(title, "/", "Decide", "Hilltop", since=moment(since), due_at=moment(due))


def titles(items: list[TodoItem]) -> list[str]:
    return [row.title for row in items]


def test_what_is_due_comes_first_then_what_has_waited_longest_then_the_rest() -> None:
    @todo.todo
    def one_room(user: Any) -> Iterator[TodoItem]:
        yield item("whenever")
        yield item("waits since Monday", since=-2)
        yield item("due tomorrow", since=-9, due=1)

    @todo.todo
    def another_room(user: Any) -> list[TodoItem]:
        return [item("overdue", due=-3), item("waits for a month", since=-30), item("due next week", due=7)]

    assert titles(todo.for_user("alice")) == [
        "overdue",
        "due tomorrow",
        "due next week",
        "waits for a month",
        "waits since Monday",
        "whenever",
    ]


def test_each_person_is_asked_about_themselves() -> None:
    todo.todo(lambda user: [item(f"for {user}")])
    assert titles(todo.for_user("alice")) == ["for alice"]
    assert titles(todo.for_user("bob")) == ["for bob"]


def test_what_one_does_and_what_one_waits_for_are_two_lists() -> None:
    todo.todo(lambda user: [item("mine")])
    todo.waiting(lambda user: [item("theirs, later", due=2), item("theirs, soon", due=1)])
    assert titles(todo.for_user("alice")) == ["mine"]
    assert titles(todo.awaited_by("alice")) == ["theirs, soon", "theirs, later"]


def test_registering_gives_the_function_back() -> None:
    def provider(user: Any) -> list[TodoItem]:
        return []

    assert todo.todo(provider) is provider
    assert todo.waiting(provider) is provider


def test_an_empty_list_is_empty() -> None:
    assert todo.for_user("alice") == []
    assert todo.awaited_by("alice") == []
