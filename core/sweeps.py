"""What all sweeps share: one broken row must not hold up the others."""

import logging
from collections.abc import Callable, Iterable

logger = logging.getLogger(__name__)


def sweep(name: str, keys: Iterable[int], one: Callable[[int], bool]) -> int:
    """Do `one` for each key, in a transaction of its own. Returns how many it changed.

    A row that fails is logged by its key and the kind of error, without what it holds, and is met
    again by the next sweep.
    """
    changed = 0
    for key in keys:
        try:
            changed += one(key)
        except Exception as error:  # whatever it is, the others are done
            logger.error("%s %s failed: %s", name, key, type(error).__name__)
    return changed
