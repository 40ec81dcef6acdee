"""Who runs accounts is known in a room above: it registers here how to ask."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, NamedTuple


class Runner(NamedTuple):
    """A person who may do something on an account: on which platform, and since which day."""

    user: int
    platform: int
    since: date


SOURCES: list[Callable[[Any, Iterable[int] | None], Iterable[Runner]]] = []


def register(
    source: Callable[[Any, Iterable[int] | None], Iterable[Runner]],
) -> Callable[[Any, Iterable[int] | None], Iterable[Runner]]:
    """Register a function of a school, and of the ids of the people asked about (None: everybody). One query."""
    if source not in SOURCES:
        SOURCES.append(source)
    return source


def runners_of(school: Any, users: Iterable[int] | None = None) -> list[Runner]:
    """Everybody who runs an account of a school."""
    return [runner for source in SOURCES for runner in source(school, users)]
