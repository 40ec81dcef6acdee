"""On SQLite writers take turns, so that none waits in vain beside one who writes all the time (quality D3)."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from django.db import connection, transaction

from core.models import SweepRun
from smgov.sqlite.base import Turn
from smgov.tests.racing import alone, shared_database
from smgov.tests.test_portal_command import wait_for

fcntl = pytest.importorskip("fcntl")
on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="about SQLite alone: in the other run")


def held(file: Path, which: str) -> bool:
    """Whether somebody writes ("writer"), or waits to be the next ("next")."""
    with Path(f"{file}-{which}").open("a") as opened:
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def test_whoever_waits_comes_before_whoever_has_just_written(tmp_path: Path) -> None:
    file, order = tmp_path / "portal.sqlite3", []
    busy, waiting = Turn(str(file), 60), Turn(str(file), 60)

    def write(turn: Turn, name: str) -> None:
        with turn:
            order.append(name)

    busy.take()
    other = threading.Thread(target=write, args=(waiting, "waiting"))
    other.start()
    wait_for(lambda: held(file, "next"), "somebody who waits")
    busy.give_back()
    write(busy, "busy")
    other.join()
    assert order == ["waiting", "busy"]
    assert not held(file, "writer")
    assert not held(file, "next")


def test_the_turn_of_a_killed_process_is_free(tmp_path: Path) -> None:
    file = tmp_path / "portal.sqlite3"
    code = (
        "import sys, time; from smgov.sqlite.base import Turn; turn = Turn(sys.argv[1], 1); "
        "turn.take(); print('mine', flush=True); time.sleep(600)"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(file)], stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stdout.readline() == b"mine\n"
        assert held(file, "writer")
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    assert not held(file, "writer")


def test_patience_ends_and_nobody_waits_on(tmp_path: Path) -> None:
    file = tmp_path / "portal.sqlite3"
    stuck, other = Turn(str(file), 60), Turn(str(file), 0)
    stuck.take()
    other.take()
    other.give_back()
    assert held(file, "writer"), "what is another's is not given back"
    assert not held(file, "next")


def test_where_no_file_can_be_locked_it_goes_on(tmp_path: Path) -> None:
    turn = Turn(str(tmp_path / "no such folder" / "portal.sqlite3"), 60)
    turn.take()
    turn.give_back()
    assert not turn.files


@on_sqlite
@pytest.mark.django_db(transaction=True)
def test_a_transaction_and_a_single_statement_take_the_turn_and_give_it_back(tmp_path: Path) -> None:
    file = tmp_path / "race.sqlite3"

    def work() -> None:
        SweepRun.objects.create(name="one")
        connection.connection.create_function("writing", 0, lambda: held(file, "writer"))
        with connection.cursor() as cursor:
            assert cursor.execute("SELECT writing()").fetchone() == (0,)
            cursor.execute("UPDATE core_sweeprun SET failed = writing()")
            cursor.executemany("UPDATE core_sweeprun SET changed = writing() WHERE name = %s", [["one"]])
        row = SweepRun.objects.get(name="one")
        assert (row.failed, row.changed) == (1, 1)
        assert not held(file, "writer")
        with transaction.atomic():
            assert held(file, "writer")
            with transaction.atomic():
                row.save()
            assert held(file, "writer")
        assert not held(file, "writer")
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            row.failed = 1 // 0
        assert not held(file, "writer")

    with shared_database(tmp_path):
        alone(work)
