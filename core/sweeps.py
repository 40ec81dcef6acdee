"""What all sweeps share: one broken row must not hold up the others, nor may many."""

import logging
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from typing import Any

from django.db.models import Q, QuerySet

logger = logging.getLogger(__name__)

BATCH = 200
MOST = 20_000
"""So many rows a sweep meets in one run at most, whatever fails."""
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


def sweep(name: str, keys: Iterable[int], one: Callable[[int], bool], *, limit: int | None = None) -> int:
    """Do `one` for each key, in a transaction of its own. Returns how many it changed.

    A row that fails is logged by its key and the kind of error, without what it holds, is counted for the
    page that shows how the sweeps run, and is met again by the next sweep. It ends after `limit` rows that did
    not fail, so that rows that fail every time hold up none.
    """
    changed = done = 0
    for key in keys:
        if done == limit:
            break
        try:
            changed += one(key)
            done += 1
        except Exception as error:  # whatever it is, the others are done
            note_failed()
            logger.error("%s %s failed: %s", name, key, type(error).__name__)
    return changed


def sweep_due(
    name: str, due: QuerySet[Any], one: Callable[[int], bool], *, by: str, limit: int, batch: int = BATCH
) -> int:
    """Sweep the rows that are due, the longest due first: `by` names the indexed column that says since when.

    It walks by (`by`, pk) in batches, past what fails, until `limit` rows did not fail or MOST were met. Rows
    that are put off while it runs are not missed, since it asks for each batch anew. Returns how many it changed.
    """
    return sweep(name, _walked(due.order_by(by, "pk"), by, batch), one, limit=limit)


def _walked(due: QuerySet[Any], by: str, batch: int) -> Iterator[int]:
    """The keys of what is due, one query for each batch."""
    rest = due
    for _ in range(0, MOST, batch):
        rows = list(rest.values_list(by, "pk")[:batch])
        yield from (pk for _, pk in rows)
        if len(rows) < batch:
            return
        since, last = rows[-1]
        rest = due.filter(Q(**{f"{by}__gt": since}) | Q(**{by: since, "pk__gt": last}))
