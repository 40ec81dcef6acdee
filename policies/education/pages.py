"""How the calendar is shown: columns, rows and facts. Who may see it is asked before."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from core.tables import MONTHS, Column, Link, Status, Table, date_text
from policies.education.law import PARENTS, PUPILS
from policies.education.services import url_of
from policies.models import EducationEvent, EducationPeriod
from policies.terms import Span

EXPORTED = (
    *("School", "Term", "Day", "For whom", "In which way", "What it is about", "Year groups or classes"),
    *("Led by", "Status", "Invited", "Came", "What it covered", "Why called off", "Material"),
)
SHOWN_AS = {"planned": "planned", "held": "held", "off": "off"}
STATE_WORDS = {
    "met": "Held",
    "missed": "Missed",
    "due": "Still to be held",
    "due_soon": "Still to be held soon",
}
SOON = 30


def term_name(term: Span) -> str:
    """ "September to December 2026"."""
    first, last = term
    year = "" if first.year == last.year else f" {first.year}"
    return f"{MONTHS[first.month - 1]}{year} to {MONTHS[last.month - 1]} {last.year}"


def columns() -> list[Column]:
    """The columns of the calendar."""
    return [
        Column("title", "What it is about", sortable=True),
        Column("on", "Day", sortable=True),
        Column("audience", "For whom", sortable=True),
        Column("medium", "In which way", sortable=True),
        Column("attended", "Came", sortable=True, numeric=True),
        Column("state", "Status", sortable=True),
    ]


def event_table(request: HttpRequest, rows: Iterable[EducationEvent]) -> Table:
    """One page of events."""
    lines = [
        {
            "title": Link(row.title, url_of(row)),
            "on": row.on,
            "audience": row.get_audience_display(),
            "medium": row.get_medium_display(),
            "attended": row.attended,
            "state": Status(event_state(row)),
        }
        for row in rows
    ]
    return Table(columns(), lines, "Events", request, "on", caption_hidden=True)


def event_state(row: EducationEvent) -> str:
    """A value of core.statuses: what was planned for a day that is past waits for an answer."""
    if row.state == EducationEvent.State.PLANNED and row.on < timezone.localdate():
        return "to_close"
    return SHOWN_AS[row.state]


def period_state(row: EducationPeriod) -> str:
    """A value of core.statuses."""
    today = timezone.localdate()
    if row.met_by_id:
        return "met"
    if row.due_on < today:
        return "missed"
    return "due_soon" if (row.due_on - today).days <= SOON else "due"


def terms_table(
    terms: Sequence[Span], numbers: dict[date, dict[str, int]], periods: Iterable[EducationPeriod]
) -> Table:
    """Each term with how much is planned and held in it, and what the policy asks for in it."""
    by_end: dict[date, dict[str, EducationPeriod]] = {}
    for row in periods:
        if row.refresh:
            continue
        by_end.setdefault(row.due_on, {})[row.audience] = row
    shown = [
        Column("term", "Term"),
        Column("planned", "Planned", numeric=True),
        Column("held", "Held", numeric=True),
        Column(PUPILS, "Pupils"),
        Column(PARENTS, "Parents"),
    ]
    lines = []
    for term in terms:
        found = by_end.get(term.last, {})
        counted = numbers.get(term.first, {})
        lines.append(
            {
                "term": term_name(term),
                "planned": counted.get("planned", 0),
                "held": counted.get("held", 0),
                **{who: _asked_in(term, found.get(who)) for who in (PUPILS, PARENTS)},
            }
        )
    return Table(shown, lines, "Terms", caption_hidden=True)


def _asked_in(term: Span, row: EducationPeriod | None) -> Any:
    """How far a period that ends with a term is met. One that began before the term says by when it is asked for."""
    if row is None:
        return ""
    state = Status(period_state(row))
    by = f"Once by {MONTHS[row.due_on.month - 1]} {row.due_on.year}"
    return [state, by] if row.starts_on < term.first else state


def others(terms: Sequence[Span], periods: Iterable[EducationPeriod]) -> list[dict[str, Any]]:
    """What is asked for in other stretches: by refreshers, or under terms that have changed since."""
    ends = {term.last for term in terms}
    return [
        {
            "key": row.get_audience_display(),
            "value": [f"{date_text(row.starts_on)} to {date_text(row.due_on)}", Status(period_state(row))],
        }
        for row in periods
        if row.refresh or row.due_on not in ends
    ]


def facts_of(row: EducationEvent) -> list[dict[str, Any]]:
    """What is known about one event."""
    facts: list[tuple[str, Any]] = [
        ("For whom", row.get_audience_display()),
        ("Year groups or classes", row.for_whom),
        ("In which way", row.get_medium_display()),
        ("Day", row.on),
        ("Led by", row.led_by),
        ("Planned by", row.by.full_name),
    ]
    if row.state == EducationEvent.State.HELD:
        facts += [("Invited", row.invited), ("Came", row.attended), ("What it covered", row.notes)]
    if row.state == EducationEvent.State.OFF:
        facts.append(("Why called off", row.off_because))
    if row.reopened_by:
        said = f"{date_text(row.reopened_at)}, {row.reopened_by.full_name}: {row.reopened_because}"
        facts.append(("Opened again", said))
    if row.closed_by:
        facts.append(("Recorded", f"{date_text(row.closed_at)}, {row.closed_by.full_name}"))
    return [{"key": key, "value": value} for key, value in facts]


def exported(row: EducationEvent, term: Span) -> list[Any]:
    """One line of the file; its material was read before."""
    return [
        row.school.name,
        term_name(term),
        date_text(row.on),
        row.get_audience_display(),
        row.get_medium_display(),
        row.title,
        row.for_whom,
        row.led_by,
        row.get_state_display(),
        *((row.invited, row.attended, row.notes) if row.state == EducationEvent.State.HELD else ("", "", "")),
        row.off_because,
        "\n".join(one.title for one in row.resources.all() if one.removed_at is None),
    ]
