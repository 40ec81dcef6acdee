"""The moves of a concern: one table, asked by the services and walked by a test (design 5, quality D1)."""

from core.errors import Refused
from incidents.models import Status

MOVES: dict[tuple[str, str], str] = {
    (Status.UNREAD, "read"): Status.OPEN,
    (Status.OPEN, "read"): Status.OPEN,
    (Status.CLOSED, "read"): Status.CLOSED,
    (Status.OPEN, "work"): Status.OPEN,
    (Status.OPEN, "close"): Status.CLOSED,
    (Status.CLOSED, "reopen"): Status.OPEN,
    (Status.OPEN, "print"): Status.OPEN,
    (Status.CLOSED, "print"): Status.CLOSED,
    (Status.UNREAD, "widen"): Status.UNREAD,
    (Status.OPEN, "widen"): Status.OPEN,
    (Status.CLOSED, "widen"): Status.CLOSED,
    (Status.UNREAD, "add"): Status.UNREAD,
    (Status.CLOSED, "add"): Status.CLOSED,
    (Status.OPEN, "add"): Status.OPEN,
}
"""(status, move) to the next status; whatever is not here is refused.

`work` is triage and everything that decides; `add` takes in a note, a correction or evidence, which an unread or
a closed case takes too; `print` makes a pack; `widen` changes who may read.
"""
WORDS = {
    Status.UNREAD: "Open the case and read it first.",
    Status.OPEN: "The case is open already.",
    Status.CLOSED: "The case is closed. Open it again first.",
}


def after(status: str, move: str) -> str:
    """The status after a move. Raises Refused for one that is not allowed from there."""
    try:
        return MOVES[status, move]
    except KeyError:
        raise Refused(WORDS[Status(status)]) from None
