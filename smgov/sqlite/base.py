"""Django's SQLite, whose writers take turns.

SQLite has one writer at a time, and whoever waits looks again every tenth of a second. A sweep that writes one row
after another is hardly ever found between two of them: on a busy machine others waited for 20 seconds and gave up
("database is locked"), which a mail that had been sent but could not be marked was sent twice for. Here a writer
takes its turn first: two locked files beside the database, of which the second is held while writing, and the
first by the one who is next. Nobody can overtake whoever is next, so each waits for a few transactions at most.

The system frees the locks of a process that is killed. Where files cannot be locked (Windows, some network drives)
SQLite's own waiting is all there is, as it is for whoever has waited for a turn in vain.
"""

import os
import random
import time
from types import TracebackType
from typing import Any

from django.db.backends.sqlite3 import base

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None

WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")


class Turn:
    """The right to write, of one connection to one database file. `patience` in seconds; as a context manager too."""

    def __init__(self, database: str, patience: float) -> None:
        self.patience = patience
        self.files: list[int] = []
        if fcntl is None:
            return
        try:
            for name in ("next", "writer"):
                self.files.append(os.open(f"{database}-{name}", os.O_RDWR | os.O_CREAT, 0o600))
        except OSError:
            self.close()

    def take(self) -> None:
        """Wait for the turn, as long as patience lasts."""
        if not self.files:
            return
        until = time.monotonic() + self.patience
        following, writing = self.files
        if _locked(following, until):
            _locked(writing, until)
            fcntl.flock(following, fcntl.LOCK_UN)

    def give_back(self) -> None:
        """It is the next one's turn; without effect where it is not one's own."""
        if self.files:
            fcntl.flock(self.files[1], fcntl.LOCK_UN)

    def close(self) -> None:
        """Give back and take none any more."""
        while self.files:
            os.close(self.files.pop())

    def __enter__(self) -> None:
        self.take()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.give_back()

    def __del__(self) -> None:
        self.close()


def _locked(file: int, until: float) -> bool:
    """Lock a file, trying until the moment `until` of the running time. Returns whether it is locked."""
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            if time.monotonic() > until:
                return False
        except OSError:  # no locks on this drive
            return False
        time.sleep(random.uniform(0.001, 0.004))


class Cursor(base.SQLiteCursorWrapper):
    """A cursor that takes the turn for a statement that writes outside a transaction."""

    def __init__(self, connection: Any, turn: Turn) -> None:
        super().__init__(connection)
        self.turn = turn

    def _alone(self, query: str) -> bool:
        return not self.connection.in_transaction and query.lstrip()[:7].upper().startswith(WRITES)

    def execute(self, query: str, params: Any = None) -> Any:
        """Run one statement."""
        if not self._alone(query):
            return super().execute(query, params)
        with self.turn:
            return super().execute(query, params)

    def executemany(self, query: str, param_list: Any) -> Any:
        """Run one statement with many values."""
        if not self._alone(query):
            return super().executemany(query, param_list)
        with self.turn:
            return super().executemany(query, param_list)


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that has the turn from BEGIN IMMEDIATE to the end of the transaction."""

    turn: Turn | None = None

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Connect; a database in memory is no other process's, so there is no turn to take."""
        if not self.is_in_memory_db():
            self.turn = Turn(str(conn_params["database"]), conn_params.get("timeout", 5.0))
        return super().get_new_connection(conn_params)

    def create_cursor(self, name: str | None = None) -> Any:
        """A cursor that takes turns, where there are any."""
        if self.turn is None:
            return super().create_cursor(name)
        turn = self.turn
        return self.connection.cursor(factory=lambda connection: Cursor(connection, turn))

    def _start_transaction_under_autocommit(self) -> None:
        if self.turn is None or self.transaction_mode not in ("IMMEDIATE", "EXCLUSIVE"):
            super()._start_transaction_under_autocommit()
            return
        self.turn.take()
        try:
            super()._start_transaction_under_autocommit()
        except BaseException:
            self.turn.give_back()
            raise

    def _give_back(self) -> None:
        if self.turn is not None and not (self.connection and self.connection.in_transaction):
            self.turn.give_back()

    def _commit(self) -> None:
        try:
            super()._commit()
        finally:
            self._give_back()

    def _rollback(self) -> None:
        try:
            super()._rollback()
        finally:
            self._give_back()

    def _close(self) -> None:
        super()._close()
        if self.turn is not None:
            self.turn.close()
            self.turn = None
