"""Every run of every task leaves its mark, and whether a sweep is in time is told from it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from types import SimpleNamespace
from typing import Any

import pytest
from celery import shared_task
from celery.schedules import crontab
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError
from django.utils import timezone

from core import background, backlogs, sweep_runs, tasks
from core.background import BROKEN, EXPECTED, IN_TIME, LATE, next_due, state_of, states
from core.backlogs import backlog
from core.models import SweepRun
from core.sweeps import sweep

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
HOURLY = {"task": "x", "schedule": 3600.0, "options": {"expires": 600}}


@shared_task(name="core.tests.some_rows")
def some_rows(keys: list[int]) -> int:
    """A task whose second row always fails."""
    return sweep("row", keys, lambda key: bool(1 / (key - 2)) or True)


@shared_task(name="core.tests.breaks")
def breaks() -> None:
    """A task that ends with an error which names a child."""
    raise ValueError("Peter Pupil")


@pytest.fixture(autouse=True)
def _registry() -> Iterator[None]:
    """What a test registers goes with it."""
    kept = dict(backlogs.BACKLOGS)
    yield
    backlogs.BACKLOGS.clear()
    backlogs.BACKLOGS.update(kept)


def the_run(name: str) -> SweepRun:
    return SweepRun.objects.get(name=name)


def test_a_run_leaves_when_it_began_and_ended_and_what_failed() -> None:
    backlog("core.tests.some_rows")
    for keys, failed in ([1, 2, 3, 4], 1), ([3], 0):
        some_rows.apply(args=[keys])
        run = the_run("core.tests.some_rows")
        assert run.started_at <= run.finished_at
        assert (run.changed, run.failed) == (len(keys) - failed, failed)


def test_of_a_quiet_task_and_of_one_that_nobody_registered_no_number_is_stored() -> None:
    some_rows.apply(args=[[1, 2, 3]])
    assert the_run("core.tests.some_rows").changed == the_run("core.tests.some_rows").failed == 0
    backlog("core.tests.some_rows", quiet=True)
    some_rows.apply(args=[[1, 2, 3]])
    assert the_run("core.tests.some_rows").changed == the_run("core.tests.some_rows").failed == 0


def test_an_error_leaves_its_kind_and_not_its_words() -> None:
    breaks.apply()
    run = the_run("core.tests.breaks")
    assert run.broke_at
    assert run.finished_at is None
    assert run.error == "ValueError"


def test_a_function_that_is_called_by_itself_writes_nothing() -> None:
    tasks.send_notices()
    assert not SweepRun.objects.exists()


def test_a_mark_that_cannot_be_written_does_not_stop_the_task(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*args: Any, **kwargs: Any) -> None:
        raise DatabaseError

    monkeypatch.setattr(SweepRun.objects, "bulk_create", fails)
    assert some_rows.apply(args=[[1, 3]]).get() == 2


def test_a_rows_quiet_backlog_is_refused() -> None:
    with pytest.raises(ValueError, match="quiet"):
        backlog("core.tests.some_rows", SweepRun.objects.all, quiet=True)


def test_backlogs_are_counted_in_one_query(django_assert_num_queries: Any) -> None:
    for name in "abc":
        SweepRun.objects.create(name=name)
    backlog("core.tests.one", SweepRun.objects.all)
    backlog(
        "core.tests.two",
        lambda: [SweepRun.objects.filter(name="a"), SweepRun.objects.exclude(name="a").order_by("name")],
    )
    with django_assert_num_queries(1):
        found = backlogs.counts()
    assert (found["core.tests.one"], found["core.tests.two"]) == (3, 3)


# In time or late


@pytest.mark.parametrize(
    ("run", "state"),
    [
        (None, LATE),
        ({}, LATE),
        ({"started_at": NOW - timedelta(minutes=50)}, EXPECTED),
        ({"started_at": NOW - timedelta(minutes=80)}, LATE),
        ({"finished_at": NOW - timedelta(minutes=69)}, IN_TIME),
        ({"finished_at": NOW - timedelta(minutes=71)}, LATE),
        ({"finished_at": NOW - timedelta(minutes=71), "started_at": NOW - timedelta(minutes=1)}, LATE),
        ({"finished_at": NOW - timedelta(minutes=9), "broke_at": NOW - timedelta(minutes=8)}, BROKEN),
        ({"finished_at": NOW - timedelta(minutes=7), "broke_at": NOW - timedelta(minutes=8)}, IN_TIME),
        ({"broke_at": NOW}, BROKEN),
    ],
)
def test_in_time_late_or_broken(run: dict | None, state: str) -> None:
    assert state_of(HOURLY, run if run is None else SweepRun(name="x", **run), NOW) == state


@pytest.mark.parametrize(
    ("last", "then"),
    [
        ("2026-12-01 09:10", "2026-12-01 10:10"),
        ("2026-12-01 17:10", "2026-12-02 07:10"),
        # The nights on which the clocks change: 7:10 in London before and after.
        ("2027-03-27 17:10", "2027-03-28 06:10"),
        ("2026-10-24 16:10", "2026-10-25 07:10"),
    ],
)
def test_a_sweep_by_day_comes_round_by_the_clock_of_london(last: str, then: str) -> None:
    by_day = crontab(minute=10, hour="7-17")
    found = next_due(by_day, datetime.fromisoformat(last).replace(tzinfo=UTC))
    assert found == datetime.fromisoformat(then).replace(tzinfo=UTC)


def test_every_scheduled_task_exists_and_has_a_description() -> None:
    for entry in settings.CELERY_BEAT_SCHEDULE.values():
        assert " " in background._title(entry["task"]), entry["task"]


def checked() -> tuple[int, str]:
    said = StringIO()
    try:
        call_command("background_check", stdout=said)
    except SystemExit as stopped:
        return stopped.code, said.getvalue()
    return 0, said.getvalue()


def test_the_check_names_what_is_late_and_nothing_else() -> None:
    assert checked()[0] == 1, "no clock has ever run"
    sweep_runs.wait_for_all(timezone.now())
    assert checked() == (0, "All sweeps run in time.\n")
    assert set(states(timezone.now()).values()) == {EXPECTED}
    SweepRun.objects.update(finished_at=timezone.now())
    SweepRun.objects.filter(name="core.tasks.send_notices").update(
        finished_at=timezone.now() - timedelta(minutes=7), failed=3
    )
    SweepRun.objects.filter(name="incidents.tasks.bans_over").update(
        broke_at=timezone.now() + timedelta(seconds=1), error="KeyError"
    )
    assert checked() == (1, "bans-over: stopped by an error\nsend-notices: late\n")


def test_the_clock_does_not_wait_for_a_moment_from_the_future(monkeypatch: pytest.MonkeyPatch) -> None:
    from smgov.beat import SteadyScheduler
    from smgov.celery import app

    clock = SteadyScheduler(app, lazy=True, schedule_filename=str(settings.VAR / "beat"))
    clock.setup_schedule()
    entry = clock.schedule["clear-kept-posts"]
    ahead = entry.default_now() + timedelta(days=1)
    entry.last_run_at = ahead
    monkeypatch.setattr(
        "smgov.beat.time", SimpleNamespace(time=iter([1e9, 9e8]).__next__, monotonic=lambda: 1.0)
    )
    monkeypatch.setattr(SteadyScheduler, "apply_entry", lambda *args, **kwargs: None)
    clock.tick()
    assert clock.schedule["clear-kept-posts"].last_run_at == ahead
    clock.tick()
    assert clock.schedule["clear-kept-posts"].last_run_at <= entry.default_now()
    clock.close()
