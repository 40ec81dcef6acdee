"""What all kinds of value share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

Titles = Mapping[str, str]


class Kind:
    """What all kinds share. A kind is a small frozen object, compared by what it allows."""

    name: ClassVar[str]

    @property
    def free_text(self) -> bool:
        """Whether somebody types the words of the answer, so that they may name a person."""
        return False

    def parse(self, raw: object) -> Any:
        """The value of a raw answer. Raises ValueError in plain English."""
        raise NotImplementedError

    def to_json(self, value: Any) -> Any:
        """The value as it is stored; `parse` reads it back."""
        return value

    def describe(self, value: Any, titles: Titles) -> str:
        """The value in words, with the school's own titles."""
        return str(value)

    def combine(self, lower: Any, upper: Any) -> Any:
        """What a layer makes of the one below it: it replaces it, but for titles, which it adds to."""
        return upper


def list_of(raw: object, item: str, most: int) -> list[object]:
    """The raw list, or ValueError when it is not one or is far too long."""
    if not isinstance(raw, list | tuple):
        raise ValueError(f"Give a list of {item}.")
    if len(raw) > most:
        raise ValueError(f"Give no more than {most} {item}.")
    return list(raw)


def no_repeats(items: list[Any], message: str) -> None:
    """Raise ValueError with the message when an item stands twice."""
    if len(set(items)) != len(items):
        raise ValueError(message)
