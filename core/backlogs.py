"""What each sweep has before it: every room says of its own tasks which rows are due.

    backlog("approvals.tasks.chase_decisions", due_requests)

Figures are closed unless a room opens them: of a task that nobody registered, or that is registered as
`quiet`, the portal stores and shows only whether it runs. Whom a concern is about could otherwise learn of it
by a number (quality A4), so sweeps that touch concerns, reports, evidence or declarations stay quiet.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db.models import CharField, Count, QuerySet, Value

Due = QuerySet | Sequence[QuerySet]
"""Rows that are due: of one table, or of several."""


@dataclass(frozen=True)
class Backlog:
    """What may be told of one task: the rows that are due for it, and whether its figures are shown."""

    rows: Callable[[], Due] | None = None
    quiet: bool = False


BACKLOGS: dict[str, Backlog] = {}
_QUIET = Backlog(quiet=True)


def backlog(task: str, rows: Callable[[], Due] | None = None, *, quiet: bool = False) -> None:
    """Open the figures of a task, named as Celery names it ("room.tasks.verb").

    `rows` gives the rows that are due now, by an index and without a query of its own; without it only the
    failures of the last run are shown. Raises ValueError for rows of a quiet task.
    """
    if quiet and rows is not None:
        raise ValueError(f"{task} is quiet: its backlog would be shown to nobody")
    BACKLOGS[task] = Backlog(rows, quiet)


def is_quiet(task: str) -> bool:
    """Whether of this task only that it runs may be stored and shown."""
    return BACKLOGS.get(task, _QUIET).quiet


def counts() -> dict[str, int]:
    """How many rows are due for each task that says so, in one query."""
    found = [
        _counted(task, rows)
        for task, one in sorted(BACKLOGS.items())
        if one.rows
        for rows in _each(one.rows())
    ]
    if not found:
        return {}
    first, *others = found
    due: Counter[str] = Counter()
    for task, number in first.union(*others, all=True) if others else first:
        due[task] += number
    return due


def _each(due: Due) -> Sequence[QuerySet]:
    return [due] if isinstance(due, QuerySet) else due


def _counted(task: str, rows: QuerySet) -> QuerySet:
    """One line: the task, and how many rows there are."""
    inside = rows.model._default_manager.filter(pk__in=rows.order_by().values("pk"))
    named = inside.order_by().annotate(task=Value(task, output_field=CharField()))
    return named.values_list("task").annotate(due=Count("pk"))
