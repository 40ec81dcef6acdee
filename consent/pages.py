"""The pages of this room, for the one page that leads to them all, in the order in which people need them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

CONSENT_PAGES: list["ConsentPage"] = []


@dataclass(frozen=True)
class ConsentPage:
    """One page: `text` says in a sentence what a person does there; `may_see` whether they see it.

    `query` opens a list with a filter in force: "answer=expires".
    """

    title: str
    text: str
    url_name: str
    may_see: Callable[[Any], bool]
    place: int = 50
    query: str = ""


def consent_page(
    title: str, text: str, url_name: str, may_see: Callable[[Any], bool], place: int, query: str = ""
) -> None:
    """Add a page; a smaller `place` stands further up."""
    CONSENT_PAGES.append(ConsentPage(title, text, url_name, may_see, place, query))
    CONSENT_PAGES.sort(key=lambda page: page.place)
