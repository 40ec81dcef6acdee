"""The pages of this room, for the one page that leads to them all. Rooms above may add theirs at start."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

ROOM_PAGES: list["RoomPage"] = []
FOR_YOU, FOR_SCHOOL, REPORTS, REFERENCE = "For you", "For the school", "Reports and assurance", "Reference"
GROUPS = (FOR_YOU, FOR_SCHOOL, REPORTS, REFERENCE)
"""The headings of the first page, in their order."""


@dataclass(frozen=True)
class RoomPage:
    """One page: `text` says in a sentence what a person does there; `may_see` whether they see it; one of GROUPS."""

    title: str
    text: str
    url_name: str
    may_see: Callable[[Any], bool]
    place: int
    group: str


def room_page(
    title: str, text: str, url_name: str, may_see: Callable[[Any], bool], place: int, group: str
) -> None:
    """Add a page; a smaller `place` stands further up in its group. Raises ValueError for an unknown group."""
    if group not in GROUPS:
        raise ValueError(f"there is no group {group!r}")
    ROOM_PAGES.append(RoomPage(title, text, url_name, may_see, place, group))
    ROOM_PAGES.sort(key=lambda page: page.place)


def pages_for(user: Any) -> list[RoomPage]:
    """Those that the person may open."""
    return [page for page in ROOM_PAGES if page.may_see(user)]
