"""Every run of every task leaves its mark: when it began, when it ended, what failed, when it broke.

Celery's own signals write it, so that no task has to; a function of a task that is called by itself (by a test,
by a command) writes nothing. A mark is one statement, made before and after the task and outside its
transaction; where it cannot be written the task goes on. Two workers may run the same sweep: the later wins.
"""

import logging
from datetime import datetime
from typing import Any

from celery import signals
from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone

from core.backlogs import is_quiet
from core.models import SweepRun
from core.sweeps import begin_count, failed_rows

logger = logging.getLogger(__name__)
MOST = 2**31 - 1


def _mark(name: str, **values: Any) -> None:
    """Write these values into the row of a task, which is made if there is none."""
    try:
        SweepRun.objects.bulk_create(
            [SweepRun(name=name[:80], **values)],
            update_conflicts=True,
            unique_fields=["name"],
            update_fields=list(values),
        )
    except DatabaseError as error:  # the task matters more than its mark
        logger.error("the mark of %s could not be written: %s", name, type(error).__name__)


@signals.task_prerun.connect(dispatch_uid="core.sweep_runs.begun")
def begun(sender: Any = None, **kwargs: Any) -> None:
    """A run begins."""
    begin_count()
    _mark(sender.name, started_at=timezone.now())


@signals.task_success.connect(dispatch_uid="core.sweep_runs.done")
def done(sender: Any = None, result: Any = None, **kwargs: Any) -> None:
    """A run is over. Of a quiet task no number is stored, so that none can be shown."""
    quiet = is_quiet(sender.name)
    changed = result if isinstance(result, int) and not quiet else 0
    _mark(
        sender.name,
        finished_at=timezone.now(),
        changed=min(max(changed, 0), MOST),
        failed=0 if quiet else min(failed_rows(), MOST),
    )


@signals.task_failure.connect(dispatch_uid="core.sweep_runs.broke")
def broke(sender: Any = None, exception: BaseException | None = None, **kwargs: Any) -> None:
    """A run ended with an error: its kind is kept, never its words, which may hold a name."""
    _mark(sender.name, broke_at=timezone.now(), error=type(exception).__name__[:200])


@signals.beat_init.connect(dispatch_uid="core.sweep_runs.expected")
def expected(**kwargs: Any) -> None:
    """A clock starts: sweeps that have never run are waited for from now on.

    Until its first run the `started_at` of a row says since when.
    """
    wait_for_all(timezone.now())


def wait_for_all(now: datetime) -> None:
    """Make the row of every scheduled task that has none."""
    rows = [SweepRun(name=name, started_at=now) for name in sorted(scheduled())]
    try:
        SweepRun.objects.bulk_create(rows, ignore_conflicts=True)
    except DatabaseError as error:
        logger.error("the marks of the sweeps could not be made: %s", type(error).__name__)


def scheduled() -> set[str]:
    """The names of all tasks that the clock wakes."""
    return {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
