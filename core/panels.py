"""Panels that rooms above put on the pages of rooms below: `{% panels object %}` on a detail page.

@panel
def pupils_named(user, row):
    return Panel("consent/_named.html", {...}) if ... else None
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Panel:
    """One panel: the template that draws it, and what the template needs."""

    template: str
    context: dict[str, Any] = field(default_factory=dict)


PANELS: list[Callable[[Any, Any], Panel | None]] = []


def panel(provider: Callable[[Any, Any], Panel | None]) -> Callable[[Any, Any], Panel | None]:
    """Register a function of a person and a row: its panel, or None. At most a fixed number of queries."""
    PANELS.append(provider)
    return provider


def panels_for(user: Any, row: Any) -> list[Panel]:
    """The panels of a row for a person, in the order in which they were registered."""
    return [found for provider in PANELS if (found := provider(user, row)) is not None]
