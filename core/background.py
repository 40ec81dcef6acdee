"""How the work behind the pages runs: each sweep against its schedule, and mails that could not be delivered.

Read by IT (and, for the whole portal, by a superuser) and by `manage.py background_check`. IT may be whom a
concern is about, so nothing here may hang on a concern: figures of quiet tasks are neither stored nor shown
(`core.backlogs`), mails of quiet kinds are neither listed nor counted (`core.notices.NoticeKind.quiet`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from celery.schedules import crontab
from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.module_loading import import_string

from core import backlogs
from core.access import Rules
from core.models import Notice, SweepRun
from core.notices import MAX_ATTEMPTS, open_kinds
from core.roles import Role

PATIENCE = timedelta(minutes=5)
"""How much later than its schedule says a sweep may end before it counts as late, at the least."""
WAITING_LONG = timedelta(hours=1)
"""After this a mail that nobody has tried to send yet is listed too: the worker may be down."""
BROKEN, LATE, IN_TIME, EXPECTED = "sweep_broken", "sweep_late", "sweep_in_time", "sweep_expected"
GIVEN_UP, FAILING, UNTRIED = "mail_given_up", "mail_failing", "mail_waiting"

_colleagues: Callable[[set[int]], Any] | None = None


def register_colleagues(provider: Callable[[set[int]], Any]) -> None:
    """`people` tells the ground floor who belongs to these schools and to no other: their keys, as a subquery.

    A mail does not say which school it is about, so IT reads those alone that are about their own schools.
    """
    global _colleagues
    _colleagues = provider


def _for_colleagues(schools: set[int]) -> Q:
    return Q(pk__in=[]) if _colleagues is None else Q(recipient__in=_colleagues(schools))


sweep_rules = Rules(
    SweepRun, {"view": (Role.IT,)}, at_schools=lambda schools: Q(), superuser=frozenset({"view"})
)
"""The sweeps are the whole portal's: whoever is IT anywhere may see how they run."""

mail_rules = Rules(
    Notice,
    {"view": (Role.IT,), "retry": (Role.IT,)},
    at_schools=_for_colleagues,
    superuser=frozenset({"view", "retry"}),
)
"""Mails to people of one's own schools alone, as far as `undelivered` lists them."""


@dataclass(frozen=True)
class Sweep:
    """One scheduled task as the page shows it. `backlog` and `failed` are None where there is no figure.

    Of a `quiet` one no figure is ever told.
    """

    name: str
    task: str
    title: str
    state: str
    last: datetime | None
    broke_at: datetime | None
    error: str
    backlog: int | None
    failed: int | None
    quiet: bool


def next_due(schedule: Any, last: datetime) -> datetime:
    """When a schedule of Celery's (seconds, a timedelta or a crontab) comes round after `last`, in UTC."""
    if isinstance(schedule, crontab):
        start, delta, _ = schedule.remaining_delta(last)
        return (start + delta).astimezone(UTC)
    return last + (schedule if isinstance(schedule, timedelta) else timedelta(seconds=float(schedule)))


def state_of(entry: dict[str, Any], run: SweepRun | None, now: datetime) -> str:
    """Whether the sweep of a schedule entry is in time, late, broken, or has not run yet.

    A run that never ended counts from the one before it. Before the first run, `started_at` says since when
    it is waited for (`core.sweep_runs`); without even that no clock has ever run.
    """
    if run is None:
        return LATE
    if run.broke_at and (run.finished_at is None or run.finished_at < run.broke_at):
        return BROKEN
    since = run.finished_at or run.started_at
    if since is None:
        return LATE
    expires = timedelta(seconds=entry.get("options", {}).get("expires") or 0)
    if now > next_due(entry["schedule"], since) + max(PATIENCE, expires):
        return LATE
    return IN_TIME if run.finished_at else EXPECTED


def states(now: datetime) -> dict[str, str]:
    """The state of every scheduled sweep, by its name in the schedule."""
    runs = {run.name: run for run in SweepRun.objects.all()}
    return {
        name: state_of(entry, runs.get(entry["task"]), now)
        for name, entry in sorted(settings.CELERY_BEAT_SCHEDULE.items())
    }


def sweeps() -> list[Sweep]:
    """Every scheduled sweep, those in trouble first; in two queries."""
    now = timezone.now()
    runs = {run.name: run for run in SweepRun.objects.all()}
    due = backlogs.counts()
    found = [
        _sweep(name, entry, runs.get(entry["task"]), due, now)
        for name, entry in settings.CELERY_BEAT_SCHEDULE.items()
    ]
    order = (BROKEN, LATE, IN_TIME, EXPECTED)
    return sorted(found, key=lambda one: (order.index(one.state), one.title))


def _sweep(
    name: str, entry: dict[str, Any], run: SweepRun | None, due: dict[str, int], now: datetime
) -> Sweep:
    task = entry["task"]
    return Sweep(
        name=name,
        task=task,
        title=_title(task),
        state=state_of(entry, run, now),
        last=run and run.finished_at,
        broke_at=run and run.broke_at,
        error=run.error if run else "",
        backlog=due.get(task),
        failed=None if backlogs.is_quiet(task) or run is None else run.failed,
        quiet=backlogs.is_quiet(task),
    )


def _title(task: str) -> str:
    """What a task does: the first sentence of its own description, or its name if there is no such task."""
    try:
        text = (import_string(task).__doc__ or task).strip().partition("\n")[0]
    except ImportError:
        return task
    return text.partition(". ")[0].rstrip(".")


def undelivered(user: Any) -> QuerySet[Notice]:
    """The mails that could not be delivered, as far as the person may know of them.

    Given up, tried in vain so far, or not tried for an hour; never of a quiet kind.
    """
    tried = Q(attempts__gte=MAX_ATTEMPTS) | ~Q(last_error="")
    return waiting_mails(mail_rules.visible_to(user, "view")).filter(
        tried | Q(created_at__lt=timezone.now() - WAITING_LONG)
    )


def waiting_mails(rows: QuerySet[Notice]) -> QuerySet[Notice]:
    """Those of `rows` that are still to be mailed and may be told of."""
    return rows.filter(sent_at=None, dropped_at=None, kind__in=open_kinds())


def mail_state(notice: Notice) -> str:
    """How it stands with a mail that is not delivered."""
    if notice.attempts >= MAX_ATTEMPTS:
        return GIVEN_UP
    return FAILING if notice.last_error else UNTRIED
