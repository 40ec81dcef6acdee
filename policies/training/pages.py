"""How training is shown: columns, rows and facts. Who may see it is asked before."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from core.shares import percent
from core.tables import Column, Link, Status, Table, date_text
from policies.models import Refresh, Training, TrainingDuty, TrainingRecord, TrainingSession
from policies.training.forms import KIND_WORDS
from policies.training.law import FOREVER
from policies.training.selectors import state_of

EXPORTED = ("Name", "School", "Training", "Status", "To be done by", "Last done")
STATE_WORDS = {"overdue": "Overdue", "due_soon": "Due soon", "due": "Due", "met": "Up to date"}
GOOD = "Does not run out"


def person_url(user: Any) -> str:
    """The page of somebody's training."""
    return reverse("policies:training-person", args=[user.uuid])


def due_words(duty: TrainingDuty) -> Any:
    """The day by which it is to be done next."""
    return GOOD if duty.due_on == FOREVER else duty.due_on


def duty_columns(with_school: bool) -> list[Column]:
    """The columns of the list of who owes what."""
    return [
        Column("name", "Name", sortable=True, order_by="user__full_name"),
        Column("kind", "Training", sortable=True),
        *([Column("school", "School", sortable=True, order_by="school__name")] if with_school else []),
        Column("due", "To be done by", sortable=True, order_by="due_on"),
        Column("last", "Last done"),
        Column("state", "Status"),
    ]


def duty_table(request: HttpRequest, columns: list[Column], rows: Iterable[TrainingDuty]) -> Table:
    """One page of the list."""
    return Table(
        columns,
        [
            {
                "name": Link(row.user.full_name, person_url(row.user), f": {row.get_kind_display()}"),
                "kind": row.get_kind_display(),
                "school": row.school.name,
                "due": due_words(row),
                "last": row.met_by.done_on if row.met_by_id else "",
                "state": Status(state_of(row)),
            }
            for row in rows
        ],
        "Who is asked for which training",
        request,
        "due",
        caption_hidden=True,
    )


def exported(row: TrainingDuty) -> list[str]:
    """One line of the file."""
    return [
        row.user.full_name,
        row.school.name,
        row.get_kind_display(),
        STATE_WORDS[state_of(row)],
        GOOD if row.due_on == FOREVER else date_text(row.due_on),
        date_text(row.met_by.done_on) if row.met_by_id else "",
    ]


def own_duties(rows: Iterable[TrainingDuty], with_school: bool) -> Table:
    """What one person is asked for."""
    columns = [column for column in duty_columns(with_school) if column.key != "name"]
    lines = [
        {
            "kind": row.get_kind_display(),
            "school": row.school.name,
            "due": due_words(row),
            "last": row.met_by.done_on if row.met_by_id else "",
            "state": Status(state_of(row)),
        }
        for row in rows
    ]
    return Table(columns, lines, "Training that is asked for", caption_hidden=True)


def record_rows(
    records: Iterable[TrainingRecord], *, withdraws: set[int], reads_sessions: set[int]
) -> list[dict[str, Any]]:
    """Each record with what may be done about it. `withdraws`: the schools where the reader may take it back."""
    return [
        {
            "record": row,
            "facts": [
                {"key": "Training", "value": kind_words(row)},
                {"key": "Day", "value": row.done_on},
                {"key": "Given by", "value": row.trainer},
                *([{"key": "Counts until", "value": row.until}] if row.until else []),
                {"key": "School", "value": row.school.name},
                {"key": "Recorded", "value": f"{date_text(row.at)}, {row.by.full_name}"},
                *(
                    [
                        {
                            "key": "Taken back",
                            "value": f"{date_text(row.withdrawn_at)}: {row.withdrawn_because}",
                        }
                    ]
                    if row.withdrawn_at
                    else []
                ),
            ],
            "may_withdraw": row.withdrawn_at is None and row.school_id in withdraws,
            "session": row.session if row.session_id and row.school_id in reads_sessions else None,
        }
        for row in records
    ]


def kind_words(row: TrainingRecord | TrainingSession) -> str:
    """The kind, and the platform where there is one."""
    return f"{row.get_kind_display()} ({row.platform.name})" if row.platform_id else row.get_kind_display()


def session_table(request: HttpRequest, columns: list[Column], rows: Iterable[TrainingSession]) -> Table:
    """One page of the sessions."""
    lines = [
        {
            "title": Link(row.title, reverse("policies:session-detail", args=[row.uuid])),
            "on": row.on,
            "kind": kind_words(row),
            "trainer": row.trainer,
            "school": row.school.name,
            "people": row.people,
        }
        for row in rows
    ]
    return Table(columns, lines, "Training sessions", request, "-on", caption_hidden=True)


def session_columns(with_school: bool) -> list[Column]:
    """The columns of the list of sessions."""
    return [
        Column("title", "Session", sortable=True),
        Column("on", "Day", sortable=True),
        Column("kind", "Training", sortable=True),
        Column("trainer", "Given by", sortable=True),
        *([Column("school", "School", sortable=True, order_by="school__name")] if with_school else []),
        Column("people", "People", numeric=True),
    ]


def kinds_words(kinds: Iterable[str]) -> list[str]:
    """Kinds of a refresher in words."""
    labels = {**dict(Training.choices), **KIND_WORDS}
    return [str(labels.get(kind, kind)) for kind in kinds]


def refresh_rows(rows: Iterable[Refresh], call_off: set[int]) -> list[dict[str, Any]]:
    """Each refresher with its facts."""
    return [
        {
            "refresh": row,
            "status": "off" if row.called_off_at else "in_force",
            "may_call_off": row.called_off_at is None and row.school_id in call_off,
            "facts": [
                {"key": "What is refreshed", "value": kinds_words(row.kinds)},
                {"key": "Why", "value": row.reason},
                {"key": "Training counts from", "value": row.since},
                {"key": "To be done by", "value": row.due_on},
                {"key": "School", "value": row.school.name},
                {"key": "Asked for by", "value": row.by.full_name},
                *(
                    [
                        {
                            "key": "Called off",
                            "value": f"{date_text(row.called_off_at)}: {row.called_off_because}",
                        }
                    ]
                    if row.called_off_at
                    else []
                ),
            ],
        }
        for row in rows
    ]


def figures_table(counts: dict[str, dict[str, int]]) -> Table:
    """Numbers by kind of training."""
    columns = [
        Column("kind", "Training"),
        Column("met", "Up to date", numeric=True),
        Column("due", "Due", numeric=True),
        Column("overdue", "Overdue", numeric=True),
        Column("share", "Not overdue", numeric=True),
    ]
    lines = [
        {"kind": Training(kind).label, **numbers, "share": _share(numbers)}
        for kind, numbers in counts.items()
    ]
    return Table(columns, lines, "Training in numbers", caption_hidden=True)


def _share(numbers: dict[str, int]) -> str:
    whole = sum(numbers.values())
    return f"{percent(whole - numbers['overdue'], whole)}%" if whole else ""
