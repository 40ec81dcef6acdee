"""The parts of the page of a case. Each module of this room that shows something adds its own."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from incidents.models import Concern
from people.governance.profile import Profile
from people.models import User


@dataclass(frozen=True)
class Case:
    """What a section is made from. `concern` carries `handles` and `on_road` of the reader."""

    user: User
    concern: Concern
    profile: Profile
    newest_first: bool = False

    @property
    def works(self) -> bool:
        """Whether the reader may work on it now: it is not closed."""
        return self.concern.handles and self.concern.status != "closed"


@dataclass(frozen=True)
class Section:
    """One part of the page: its anchor, its heading, the template that draws it and what that needs."""

    anchor: str
    title: str
    template: str
    context: dict[str, Any] = field(default_factory=dict)


SECTIONS: list[tuple[int, Callable[[Case], Section | None]]] = []


def case_section(
    place: int,
) -> Callable[[Callable[[Case], Section | None]], Callable[[Case], Section | None]]:
    """Register a section; a smaller place stands further up. At most one or two queries each."""

    def register(build: Callable[[Case], Section | None]) -> Callable[[Case], Section | None]:
        SECTIONS.append((place, build))
        SECTIONS.sort(key=lambda item: item[0])
        return build

    return register


def sections_of(case: Case) -> list[Section]:
    """The sections of a case for its reader, in order."""
    return [found for _, build in SECTIONS if (found := build(case)) is not None]
