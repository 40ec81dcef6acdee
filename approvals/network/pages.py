"""The pages about the network, for the one page that leads to them all. Rooms above add theirs at start."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

NETWORK_PAGES: list["NetworkPage"] = []


@dataclass(frozen=True)
class NetworkPage:
    """One page: `text` says in a sentence what a person does there; `may_see` whether they see it."""

    title: str
    text: str
    url_name: str
    may_see: Callable[[Any], bool]
    place: int = 50


def network_page(title: str, text: str, url_name: str, may_see: Callable[[Any], bool], place: int) -> None:
    """Add a page; a smaller `place` stands further up."""
    NETWORK_PAGES.append(NetworkPage(title, text, url_name, may_see, place))
    NETWORK_PAGES.sort(key=lambda page: page.place)
