"""Kinds of value without roles or dates: choices, numbers, words, domains, websites and tables of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from people.governance.hosts import parse_host, parse_mail_domain
from people.governance.kind import Kind, Titles, list_of
from people.governance.who import joined, shown


@dataclass(frozen=True)
class Choice(Kind):
    """One of several ways, each with the words that the settings page shows."""

    name = "choice"
    options: tuple[tuple[str, str], ...]

    def parse(self, raw: object) -> str:
        if not isinstance(raw, str) or raw not in dict(self.options):
            offered = joined((f"“{words}”" for _, words in self.options), "or")
            raise ValueError(f"“{shown(raw)}” is not one of the choices. Choose {offered}.")
        return raw

    def describe(self, value: str, titles: Titles) -> str:
        return dict(self.options)[value]


@dataclass(frozen=True)
class ChoiceList(Kind):
    """Any number of several things."""

    name = "choice_list"
    options: tuple[tuple[str, str], ...]
    allow_empty: bool = False
    empty_words: str = "None"

    def parse(self, raw: object) -> list[str]:
        one = Choice(self.options)
        chosen = {one.parse(item) for item in list_of(raw, "choices", 50)}
        if not chosen and not self.allow_empty:
            raise ValueError("Choose at least one.")
        return [value for value, _ in self.options if value in chosen]

    def describe(self, value: list[str], titles: Titles) -> str:
        return joined(dict(self.options)[item] for item in value) or self.empty_words


@dataclass(frozen=True)
class Integer(Kind):
    """A whole number from `least` to `most`, of `unit` (in the singular) if it counts something."""

    name = "integer"
    least: int
    most: int
    unit: str = ""

    def parse(self, raw: object) -> int:
        if isinstance(raw, bool) or not isinstance(raw, int):
            raise ValueError("Give a whole number, in figures.")
        if not self.least <= raw <= self.most:
            raise ValueError(f"Give a whole number from {self.least} to {self.most}.")
        return raw

    def describe(self, value: int, titles: Titles) -> str:
        if not self.unit:
            return str(value)
        return f"{value} {self.unit}" if value == 1 else f"{value} {self.unit}s"


@dataclass(frozen=True)
class Boolean(Kind):
    """Yes or no."""

    name = "boolean"

    def parse(self, raw: object) -> bool:
        if not isinstance(raw, bool):
            raise ValueError("Choose yes or no.")
        return raw

    def describe(self, value: bool, titles: Titles) -> str:
        return "Yes" if value else "No"


@dataclass(frozen=True)
class Text(Kind):
    """Words, up to `most` characters, without control characters or stray spaces at the ends.

    `email`: they must be one e-mail address.
    """

    name = "text"
    free_text = True
    most: int = 500
    email: bool = False

    def parse(self, raw: object) -> str:
        if not isinstance(raw, str):
            raise ValueError("Give this in words.")
        text = raw.replace("\r\n", "\n").replace("\N{NO-BREAK SPACE}", " ").strip()
        if not text:
            raise ValueError("This cannot be empty.")
        if len(text) > self.most:
            raise ValueError(f"This must be {self.most} characters or fewer. You have {len(text)}.")
        if any(not (char.isprintable() or char == "\n") for char in text):
            raise ValueError("This has a character that cannot be shown. Type it again.")
        if self.email:
            try:
                validate_email(text)
            except ValidationError as error:
                raise ValueError("Enter an e-mail address, like help@provider.example.") from error
        return text


@dataclass(frozen=True)
class DomainList(Kind):
    """Domains of official e-mail addresses (CIT-3.02, STM-3.02). Free mail is always refused."""

    name = "domain_list"

    def parse(self, raw: object) -> list[str]:
        domains = [parse_mail_domain(item) for item in list_of(raw, "domains", 50)]
        if not domains:
            raise ValueError("Give at least one domain.")
        return list(dict.fromkeys(domains))

    def describe(self, value: list[str], titles: Titles) -> str:
        return joined(value)


@dataclass(frozen=True)
class SiteList(Kind):
    """Websites by host name, or all social media at once (BEC-4.26)."""

    name = "site_list"
    EVERY_SITE: ClassVar[str] = "all_social_media"

    def parse(self, raw: object) -> list[str]:
        items = list_of(raw, "websites", 200)
        if self.EVERY_SITE in items:
            return [self.EVERY_SITE]
        return list(dict.fromkeys(parse_host(item) for item in items))

    def describe(self, value: list[str], titles: Titles) -> str:
        return "All social media" if value == [self.EVERY_SITE] else joined(value) or "None"


@dataclass(frozen=True)
class Table(Kind):
    """A value for some of a fixed set of rows, such as an interval for each kind of training."""

    name = "table"
    rows: tuple[tuple[str, str], ...]
    cell: Kind

    @property
    def free_text(self) -> bool:
        """As its cells."""
        return self.cell.free_text

    def parse(self, raw: object) -> dict[str, Any]:
        if not isinstance(raw, Mapping) or not raw:
            raise ValueError("Answer at least one of the lines.")
        unknown = sorted(str(key) for key in set(raw) - set(dict(self.rows)))
        if unknown:
            raise ValueError(f"There is no line called “{shown(unknown[0])}”.")
        return {key: self._cell(words, raw[key]) for key, words in self.rows if key in raw}

    def _cell(self, words: str, raw: object) -> Any:
        try:
            return self.cell.parse(raw)
        except ValueError as error:
            raise ValueError(f"{words}: {error}") from error

    def to_json(self, value: dict[str, Any]) -> dict[str, Any]:
        return {key: self.cell.to_json(item) for key, item in value.items()}

    def describe(self, value: dict[str, Any], titles: Titles) -> str:
        words = dict(self.rows)
        return "; ".join(f"{words[key]}: {self.cell.describe(item, titles)}" for key, item in value.items())


def options(**words: str) -> tuple[tuple[str, str], ...]:
    """The options of a choice, or the rows of a table, in the order given."""
    return tuple(words.items())
