"""When a role is given or ends: the rooms above register what they do with it (subtle 46)."""

from collections.abc import Callable
from typing import Any

Handler = Callable[[Any, Any], None]
"""handler(membership, actor), called in the transaction that gave or ended the membership."""
HANDLERS: list[Handler] = []
ON_GIVING: list[Handler] = []


def on_ending(handler: Handler) -> Handler:
    """Register what a room does when a membership has ended."""
    HANDLERS.append(handler)
    return handler


def on_giving(handler: Handler) -> Handler:
    """Register what a room does when a membership was given."""
    ON_GIVING.append(handler)
    return handler


def after_ending(membership: Any, actor: Any) -> None:
    """Run every handler of an ended membership."""
    for handler in HANDLERS:
        handler(membership, actor)


def after_giving(membership: Any, actor: Any) -> None:
    """Run every handler of a given membership."""
    for handler in ON_GIVING:
        handler(membership, actor)
