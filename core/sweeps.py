"""What all sweeps share: one broken row must not hold up the others."""

import logging
from collections.abc import Callable, Iterable
from contextvars import ContextVar

logger = logging.getLogger(__name__)

_failed: ContextVar[int] = ContextVar("rows_that_failed", default=0)


def begin_count() -> None:
    """Count failed rows anew: a run of a task begins (`core.sweep_runs`)."""
    _failed.set(0)


def note_failed() -> None:
    """Count one row that could not be done."""
    _failed.set(_failed.get() + 1)


def failed_rows() -> int:
    """How many rows failed since the count began."""
    return _failed.get()


def sweep(name: str, keys: Iterable[int], one: Callable[[int], bool]) -> int:
    """Do `one` for each key, in a transaction of its own. Returns how many it changed.

    A row that fails is logged by its key and the kind of error, without what it holds, is counted for the
    page that shows how the sweeps run, and is met again by the next sweep.
    """
    changed = 0
    for key in keys:
        try:
            changed += one(key)
        except Exception as error:  # whatever it is, the others are done
            note_failed()
            logger.error("%s %s failed: %s", name, key, type(error).__name__)
    return changed
