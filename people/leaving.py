"""When a role ends: the rooms above register what they end with it (subtle 46)."""

from collections.abc import Callable
from typing import Any

HANDLERS: list[Callable[[Any, Any], None]] = []
"""handler(membership, actor), called in the transaction that ended the membership."""


def on_ending(handler: Callable[[Any, Any], None]) -> Callable[[Any, Any], None]:
    """Register what a room does when a membership has ended."""
    HANDLERS.append(handler)
    return handler


def after_ending(membership: Any, actor: Any) -> None:
    """Run every handler."""
    for handler in HANDLERS:
        handler(membership, actor)
