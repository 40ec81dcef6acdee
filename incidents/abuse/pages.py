"""How the log of abuse is shown: columns, rows, facts and what happened. Who may see it is asked before."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest

from core.audit import history_of
from core.tables import Column, Link, Status, Table, date_text
from incidents.abuse.figures import Figures, month_name
from incidents.abuse.services import url_of
from incidents.models import AbuseAct, AbuseEntry
from incidents.services.reports import without_addresses

SHORT = 80
EXPORTED = (
    "Seen",
    "School",
    "Where",
    "Author as shown",
    "What was written or shown",
    "What it is",
    "Against",
    "Address",
    "Logged",
    "Logged by",
    "What was done",
    "Status",
)
TURNS = {
    "incidents.abuse_closed": "Marked as done",
    "incidents.abuse_opened_again": "Opened again",
}


def log_columns(with_school: bool) -> list[Column]:
    """The columns of the log."""
    return [
        Column("seen", "Seen", sortable=True, order_by="seen_at"),
        Column("author", "Author", sortable=True),
        Column("where", "Where"),
        Column("nature", "What it is", sortable=True),
        Column("against", "Against", sortable=True),
        *([Column("school", "School", sortable=True, order_by="school__name")] if with_school else []),
        Column("state", "Status", sortable=True, order_by="done_at"),
    ]


def log_table(request: HttpRequest, columns: list[Column], rows: Iterable[AbuseEntry]) -> Table:
    """One page of the log."""
    return Table(
        columns,
        [
            {
                "seen": Link(
                    date_text(row.seen_at), url_of(row), f"by {_short(shown_words(row, row.author))}"
                ),
                "author": _short(shown_words(row, row.author)),
                "where": _short(shown_words(row, row.where)),
                "nature": row.get_nature_display(),
                "against": row.get_against_display(),
                "school": row.school.name,
                "state": Status(state_of(row)),
            }
            for row in rows
        ],
        "Log of abuse",
        request,
        "-seen",
        caption_hidden=True,
    )


def shown_words(entry: AbuseEntry, text: str) -> str:
    """Words of an entry, without addresses where it is `withheld` (`selectors.with_withheld`)."""
    return without_addresses(text) if entry.withheld else text


def _short(text: str) -> str:
    return text if len(text) <= SHORT else f"{text[: SHORT - 1]}…"


def state_of(entry: AbuseEntry) -> str:
    """A value of core.statuses."""
    return "done" if entry.done_at else "open"


def facts_of(entry: AbuseEntry) -> list[dict[str, Any]]:
    """What was logged. An address is text and never a link."""
    where = f"{entry.account.name} ({entry.account.platform.name})" if entry.account_id else entry.elsewhere
    return [
        {"key": "Where", "value": shown_words(entry, where)},
        {"key": "Seen", "value": entry.seen_at},
        {"key": "Author as shown", "value": shown_words(entry, entry.author)},
        {"key": "What it is", "value": entry.get_nature_display()},
        {"key": "Against", "value": entry.get_against_display()},
        {"key": "Address, as text", "value": "" if entry.withheld else entry.address},
        {"key": "Logged by", "value": entry.by.full_name},
        {"key": "Logged", "value": entry.at},
    ]


def events_of(entry: AbuseEntry, acts: Iterable[AbuseAct]) -> list[dict[str, Any]]:
    """What happened, oldest first. Marked as done and opened again are told by the history."""
    events = [{"title": "Logged", "when": entry.at, "by": entry.by.full_name}]
    events += [
        {
            "title": act.get_did_display(),
            "when": act.at,
            "by": act.by.full_name,
            "text": shown_words(entry, act.note),
        }
        for act in acts
    ]
    events += [
        {"title": TURNS[event.action], "when": event.at, "by": event.actor.full_name if event.actor else ""}
        for event in history_of(entry).filter(action__in=TURNS)
    ]
    return sorted(events, key=lambda event: event["when"])


def exported(entry: AbuseEntry) -> list[str]:
    """One line of the file; its acts were read before."""
    acts = [
        f"{date_text(act.at)}, {act.by.full_name}: {act.get_did_display()}"
        + (f" ({shown_words(entry, act.note)})" if act.note else "")
        for act in entry.acts.all()
    ]
    return [
        date_text(entry.seen_at),
        entry.school.name,
        shown_words(entry, entry.where),
        shown_words(entry, entry.author),
        shown_words(entry, entry.words),
        entry.get_nature_display(),
        entry.get_against_display(),
        "" if entry.withheld else entry.address,
        date_text(entry.at),
        entry.by.full_name,
        "\n".join(acts),
        "Done" if entry.done_at else "Open",
    ]


def figures_table(figures: Figures, first: str, total: Figures) -> Table:
    """Counts by month, as a table: categories down, months across, the number of entries below."""
    months = [Column(f"m{n}", month_name(month), numeric=True) for n, month in enumerate(figures.months)]
    rows: list[list[object]] = [[name, *counts, sum(counts)] for name, counts in figures.rows.items()]
    rows.append(["All entries", *total.totals, total.total])
    columns = [Column("name", first), *months, Column("total", "Year", numeric=True)]
    return Table(columns, rows, "The figures by month", stack=False, caption_hidden=True)
