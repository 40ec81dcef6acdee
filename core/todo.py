"""What waits for a person: each room registers what it puts on the to-do list (module `todo`).

Most lines come from one query over all rooms: a room registers a `source`, which gives rows in the columns of
COLUMNS without a query of its own (`lines_of`), and the words for them. Most people have few lines, so that a
query for each kind of line would cost more than all of them together.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import CharField, DateField, DateTimeField, F, QuerySet, Value
from django.db.models.functions import Cast

from core.access import standing_of
from core.clock import end_of_day


@dataclass(frozen=True)
class TodoItem:
    """One thing to do. `since` is in UTC, and so is a moment when it is due; a day is due until it ends in London.

    `key` names the thing and stays the same when its day or its title changes; empty: the page and the title do.
    """

    title: str
    url: str
    action: str
    school: str
    since: datetime | None = None
    due_at: datetime | date | None = None
    detail: str = ""
    feed: str = ""
    """What the person's calendar may say of it: no name and no detail (core.feeds). Empty: only that something is due."""
    key: str = ""

    @property
    def name(self) -> str:
        """What tells it from everything else that waits for the person."""
        return self.key or f"{self.url} {self.title}"

    @property
    def due_until(self) -> datetime | None:
        """The moment after which it is overdue, in UTC."""
        day_alone = self.due_at is not None and not isinstance(self.due_at, datetime)
        return end_of_day(self.due_at) if day_alone else self.due_at


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


MOST = 150
COLUMNS = ("line", "key", "place", "name", "since", "due", "due_on", "note")
NEVER = Cast(Value(None), DateTimeField())
NO_DAY = Cast(Value(None), DateField())
NO_NAME = Cast(Value(""), CharField())


@dataclass(frozen=True)
class Line:
    """How one kind of line reads. A smaller `rank` counts more where there are too many lines.

    `title` is made from the row's name and the day since when it waits; `url` from its key. `feed` is what the
    person's calendar may say (`TodoItem.feed`). What `waits` is done by others, and the person waits for it. Where
    several rows share a key (of a school), `by_name` tells them apart by their names, which then are no words.
    `{note}` in `detail` stands for the row's own note.
    """

    title: Callable[[str, datetime | None], str]
    url: Callable[[UUID], str]
    action: str
    rank: int
    detail: str = ""
    feed: str = ""
    waits: bool = False
    by_name: bool = False


LINES: dict[str, Line] = {}
SOURCES: list[Callable[[Any], QuerySet | None]] = []


def line(
    key: str,
    title: str | Callable[[str, datetime | None], str],
    url: Callable[[UUID], str],
    action: str,
    *,
    rank: int,
    detail: str = "",
    feed: str = "",
    waits: bool = False,
    by_name: bool = False,
) -> str:
    """Register the words for a kind of line; returns its name, which `lines_of` takes.

    A title that is a text may hold `{name}`, which is the row's own name.
    """
    words = title if callable(title) else lambda name, since: title.replace("{name}", name)
    full = f"{rank:02} {key}"
    LINES[full] = Line(words, url, action, rank, detail, feed, waits, by_name)
    return full


def source(provider: Callable[[Any], QuerySet | None]) -> Callable[[Any], QuerySet | None]:
    """Register a function that gives a user's rows by `lines_of`, or None where there can be none. No query."""
    SOURCES.append(provider)
    return provider


def lines_of(
    rows: QuerySet,
    *,
    line: Any,
    key: str,
    place: str,
    since: str,
    due: Any = NEVER,
    due_on: Any = NO_DAY,
    name: Any = NO_NAME,
    note: Any = NO_NAME,
) -> QuerySet:
    """The rows in the columns that all lines share.

    `line` is the name of a line or an expression that gives one; `key`, `place`, `since` are fields: of a
    UUID, of a school's name, of a moment. The others are expressions: `due` of a moment, `due_on` of a day, at
    whose end in London it is overdue; `name` and `note` of texts. A date is no moment: what is due on a day is
    never given as `due`.
    """
    shown = Value(line, output_field=CharField()) if isinstance(line, str) else line
    named = {"todo_key": F(key), "todo_place": F(place), "todo_since": F(since)}
    return (
        rows.order_by()
        .annotate(todo_line=shown, todo_name=name, todo_due=due, todo_due_on=due_on, todo_note=note, **named)
        .values_list(*(f"todo_{column}" for column in COLUMNS))
    )


def _rows_of(user: Any) -> list[tuple]:
    """The rows of all sources, in one query. A page keeps them beside the standing: both lists need them."""
    kept = getattr(user, "_todo_rows", None) if getattr(user, "_standing", None) else None
    if kept is None:
        found = (provider(user) for provider in SOURCES) if standing_of(user).held else ()
        first, *others = [rows for rows in found if rows is not None and not rows.query.is_empty()] or [None]
        if others:
            first = first.union(*others, all=True)
        kept = [] if first is None else list(first.order_by("todo_line", "todo_due", "todo_due_on")[:MOST])
        user._todo_rows = kept
    return kept


def _from_sources(user: Any, *, waits: bool = False) -> Iterator[TodoItem]:
    """The lines of all sources: what the person has to do, or what they wait for."""
    for kind, key, place, name, since, due, due_on, note in _rows_of(user):
        words = LINES[kind]
        if words.waits == waits:
            yield TodoItem(
                words.title(name, since),
                words.url(key),
                words.action,
                place,
                since=since,
                due_at=due_on or due,
                detail=words.detail.replace("{note}", note),
                feed=words.feed,
                key=":".join([kind.partition(" ")[2], str(key), *([name] if words.by_name else [])]),
            )


WAITING_FOR_ME.append(_from_sources)
WAITING_FOR_OTHERS.append(partial(_from_sources, waits=True))


def for_user(user: Any) -> list[TodoItem]:
    """Everything that waits for the user, the most urgent first."""
    return _sorted(item for provider in WAITING_FOR_ME for item in provider(user))


def awaited_by(user: Any) -> list[TodoItem]:
    """Everything that the user waits for."""
    return _sorted(item for provider in WAITING_FOR_OTHERS for item in provider(user))


def _sorted(items: Iterable[TodoItem]) -> list[TodoItem]:
    def urgency(item: TodoItem) -> tuple:
        moment = item.due_until or item.since
        return (item.due_at is None, moment is None, moment.timestamp() if moment else 0)

    return sorted(items, key=urgency)
