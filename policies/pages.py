"""The pages of this room, for the one page that leads to them all. Rooms above may add theirs at start."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

ROOM_PAGES: list["RoomPage"] = []


@dataclass(frozen=True)
class RoomPage:
    """One page: `text` says in a sentence what a person does there; `may_see` whether they see it."""

    title: str
    text: str
    url_name: str
    may_see: Callable[[Any], bool]
    place: int = 50


def room_page(title: str, text: str, url_name: str, may_see: Callable[[Any], bool], place: int) -> None:
    """Add a page; a smaller `place` stands further up."""
    ROOM_PAGES.append(RoomPage(title, text, url_name, may_see, place))
    ROOM_PAGES.sort(key=lambda page: page.place)


def pages_for(user: Any) -> list[RoomPage]:
    """Those that the person may open."""
    return [page for page in ROOM_PAGES if page.may_see(user)]
