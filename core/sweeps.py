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
    page that shows how the sweeps run, and is met again by the next sweep. It ends after `limit` rows that it
    changed, so that rows that fail every time, or with which nothing can be done, hold up none.
    """
    changed = 0
    for key in keys:
        if changed == limit:
            break
        try:
            changed += one(key)
        except Exception as error:  # whatever it is, the others are done
            note_failed()
            logger.error("%s %s failed: %s", name, key, type(error).__name__)
    return changed


def sweep_due(
    name: str,
    due: QuerySet[Any],
    one: Callable[[int], bool],
    *,
    by: str,
    limit: int,
    batch: int = BATCH,
    together: Callable[[list[int]], int] | None = None,
) -> int:
    """Sweep the rows that are due, the longest due first: `by` names the indexed column that says since when.

    Where no column says so, `by` is "pk". It walks by (`by`, pk) in batches, past what fails, until it changed
    `limit` rows or met MOST. Rows that are put off while it runs are not missed, since it asks for each batch
    anew. Returns how many it changed.

    `together` does the keys of a batch in one transaction, all or none, and returns how many it changed; where it
    fails the same keys are done by `one`, so that a broken row holds up none of its batch.
    """
    pages = _pages(due.order_by(by, "pk"), by, batch)
    if together is None:
        return sweep(name, (pk for page in pages for pk in page), one, limit=limit)
    changed = 0
    for page in pages:
        changed += _together(name, page[: limit - changed], one, together)
        if changed >= limit:
            break
    return changed


def _together(
    name: str, keys: list[int], one: Callable[[int], bool], together: Callable[[list[int]], int]
) -> int:
    """How many were changed: all in one transaction or, where that fails, one by one."""
    try:
        return together(keys)
    except Exception as error:  # the transaction is undone; which row it was is found one by one
        logger.warning("%d of %s failed together: %s", len(keys), name, type(error).__name__)
        return sweep(name, keys, one)


def _pages(due: QuerySet[Any], by: str, batch: int) -> Iterator[list[int]]:
    """The keys of what is due, one query for each batch."""
    rest = due
    for _ in range(0, MOST, batch):
        rows = list(rest.values_list(by, "pk")[:batch])
        if rows:
            yield [pk for _, pk in rows]
        if len(rows) < batch:
            return
        since, last = rows[-1]
        rest = due.filter(Q(**{f"{by}__gt": since}) | Q(**{by: since, "pk__gt": last}))
