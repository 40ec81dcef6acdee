"""The to-do list: rooms put things on it, the most urgent stand first."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from core import todo
from core.tables import date_text
from core.templatetags.components import task_list
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


@pytest.mark.parametrize("month", [1, 7])
def test_what_is_due_on_a_day_is_overdue_when_that_day_has_ended_in_london(
    month: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    london = timezone.get_default_timezone()
    today = date(2026, month, 10)
    thing = TodoItem("A day", "/", "Look", "Hilltop", due_at=today)
    for now, late in (
        (datetime(2026, month, 10, 0, 1, tzinfo=london), False),
        (datetime(2026, month, 10, 23, 58, tzinfo=london), False),
        (datetime(2026, month, 11, 0, 1, tzinfo=london), True),
    ):
        monkeypatch.setattr(timezone, "now", lambda now=now: now.astimezone(UTC))
        [row] = task_list([thing])["items"]
        assert row["status"] == ("overdue" if late else "")
        assert row["due"] == date_text(today)
        assert (thing.due_until < now) is late


def test_a_day_stands_among_the_moments_where_it_ends() -> None:
    @todo.todo
    def one_room(user: Any) -> Iterator[TodoItem]:
        yield TodoItem("the day", "/", "Look", "Hilltop", due_at=NOON.date())
        yield item("at noon on that day", due=0)
        yield item("at noon on the next", due=1)

    assert titles(todo.for_user("alice")) == ["at noon on that day", "the day", "at noon on the next"]
