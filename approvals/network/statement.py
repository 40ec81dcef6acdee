"""The yearly statement of filtering and monitoring: what it holds, and how rooms above add their parts."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from people.models import School, User

Rows = list[tuple[str, Any]]
Part = Callable[[User, School, date, date], Rows]
PARTS: list["StatementPart"] = []


@dataclass(frozen=True)
class StatementPart:
    """One further part: a title, and a function that answers (label, value) rows, none where there is nothing."""

    title: str
    rows: Part
    place: int


def statement_part(title: str, *, place: int = 50) -> Callable[[Part], Part]:
    """Register a part of the statement; a smaller `place` stands further up.

        @statement_part("Getting round the firewall", place=70)
        def circumventions(user, school, start, end): return [("Attempts", 3)]

    The function gets the first and the last day of the year, and counts only what `user` may see.
    """

    def register(part: Part) -> Part:
        PARTS.append(StatementPart(title, part, place))
        PARTS.sort(key=lambda one: one.place)
        return part

    return register
