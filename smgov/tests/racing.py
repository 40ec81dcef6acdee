"""Several people at once: threads with connections, transactions and locks of their own.

On SQLite the threads meet a copy of the test's database in a file, in WAL mode as the portal runs;
on PostgreSQL the test's own database. Tests that race are marked `django_db(transaction=True)`.
"""

import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connection, connections


@contextmanager
def shared_database(folder: Path, *, mode: str = "IMMEDIATE", timeout: int = 20) -> Iterator[None]:
    """Threads started inside share one database that takes several writers. Reads go through `alone`."""
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()
    file = folder / "race.sqlite3"
    copy = sqlite3.connect(file)
    connection.connection.backup(copy)
    copy.execute("PRAGMA journal_mode=WAL")
    copy.close()
    own = connections.settings["default"]
    options = {**own["OPTIONS"], "transaction_mode": mode, "timeout": timeout}
    connections.settings["default"] = {**own, "NAME": str(file), "OPTIONS": options}
    try:
        yield
    finally:
        connections.settings["default"] = own


def at_once(work: Sequence[Callable[[], Any]]) -> list[Any]:
    """Start every piece of work at the same moment. Returns results, or the exceptions in their place."""
    outcomes: list[Any] = [None] * len(work)
    start = threading.Barrier(len(work))

    def run(place: int) -> None:
        try:
            connection.ensure_connection()
            start.wait(timeout=30)
            outcomes[place] = work[place]()
        except Exception as error:  # the test looks at it
            outcomes[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(work))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    return outcomes


def alone(work: Callable[[], Any]) -> Any:
    """Do one piece of work on the shared database and return its result; what it raises is raised."""
    outcome = at_once([work])[0]
    if isinstance(outcome, Exception):
        raise outcome
    return outcome


def failures(outcomes: Sequence[Any], *allowed: type[Exception]) -> list[Exception]:
    """The exceptions among the outcomes that a person would meet as a server error."""
    return [
        outcome for outcome in outcomes if isinstance(outcome, Exception) and not isinstance(outcome, allowed)
    ]
