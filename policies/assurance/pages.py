"""How the remits and the report of a term are shown. Who may see them is asked before."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from core.tables import Column, Link, Status, Table, date_text
from people.models import School
from policies.assurance.remits import Lead
from policies.assurance.sections import ShownSection, TermSection
from policies.assurance.spans import words_of
from policies.models import RemitConfirmation, TermStatement
from policies.terms import Span

EXPORTED = ("Part", "What", "This term", "Term before", "Note")
NOTHING = ""


def remit_columns() -> list[Column]:
    """The columns of the list of remits."""
    return [
        Column("school", "School", sortable=True, order_by="name"),
        Column("dsl", "Safeguarding lead now"),
        Column("at", "Last confirmed", sortable=True, order_by="remit_at"),
        Column("by", "By", sortable=True, order_by="remit_by"),
        Column("next", "Due", sortable=True, order_by="remit_due"),
        Column("state", "Status", sortable=True, order_by="remit"),
    ]


def remit_table(
    request: HttpRequest, columns: list[Column], rows: Iterable[Any], leads: Mapping[int, list[Lead]]
) -> Table:
    """One page of it."""
    return Table(
        columns,
        [
            {
                "school": Link(row.name, reverse("policies:remit-detail", args=[row.uuid])),
                "dsl": [one.name for one in leads.get(row.pk, [])],
                "at": row.remit_at,
                "by": row.remit_by,
                "next": row.remit_due,
                "state": Status(row.remit),
            }
            for row in rows
        ],
        "Remits",
        request,
        "school",
        caption_hidden=True,
    )


def confirmation_table(rows: Iterable[RemitConfirmation]) -> Table:
    """All confirmations of a school, with the words that were signed."""
    columns = [
        Column("at", "Confirmed"),
        Column("by", "By"),
        Column("words", "What was signed"),
        Column("next", "To be confirmed again by"),
    ]
    cells = [(row.at, row.by.full_name, row.signature.declaration, row.next_on) for row in rows]
    return Table(columns, cells, "All confirmations", caption_hidden=True)


def section_table(shown: ShownSection) -> Table:
    """The lines of a section beside those of the term before. A column stands to the right if it is of numbers alone."""
    rows = shown.section.rows
    earlier = any(row.before is not None for row in rows)
    notes = any(row.note for row in rows)
    columns = [
        Column("what", "What"),
        Column("now", "Now", numeric=_are_numbers(row.now for row in rows)),
        *([Column("before", "Before", numeric=_are_numbers(row.before for row in rows))] if earlier else []),
        *([Column("note", "Note")] if notes else []),
    ]
    cells = [{"what": row.label, "now": row.now, "before": row.before, "note": row.note} for row in rows]
    return Table(columns, cells, shown.title, caption_hidden=True, table_id=f"table-{shown.key}")


def _are_numbers(values: Iterable[int | str | None]) -> bool:
    return all(value is None or isinstance(value, int) for value in values)


def parts_of(sections: Iterable[ShownSection]) -> list[dict[str, Any]]:
    """The sections as the page draws them."""
    return [
        {
            "key": one.key,
            "title": one.title,
            "table": section_table(one),
            "chart": one.section.chart if one.section.chart and one.section.chart.says_something else None,
            "note": one.section.note,
            "url": one.section.url,
            "link": one.section.link,
        }
        for one in sections
    ]


def statement_parts(
    school: School, term: Span, rows: Iterable[TermStatement], allowed: set[str]
) -> list[dict[str, Any]]:
    """The three statements, those that were replaced, and where the reader writes one."""
    rows = list(rows)
    found = []
    for part in TermStatement.Part:
        mine = [row for row in rows if row.part == part]
        url = reverse("policies:statement-write", args=[school.uuid, part.value])
        found.append(
            {
                "title": part.label,
                "now": next((row for row in mine if row.replaced_at is None), None),
                "older": [row for row in mine if row.replaced_at is not None],
                "url": f"{url}?term={term.first:%Y-%m-%d}" if part in allowed else NOTHING,
            }
        )
    return found


def exported(
    school: School, term: Span, sections: Iterable[ShownSection], statements: Iterable[TermStatement]
) -> list[list[Any]]:
    """The report as lines of a file."""
    lines: list[list[Any]] = [["Report", school.name, words_of(term), "", ""]]
    lines += [
        [TermStatement.Part(row.part).label, row.text, "", "", f"{row.by.full_name}, {date_text(row.at)}"]
        for row in statements
        if row.replaced_at is None
    ]
    for one in sections:
        lines += _section_lines(one.title, one.section)
    return lines


def _section_lines(title: str, section: TermSection) -> list[list[Any]]:
    lines = [
        [title, row.label, row.now, "" if row.before is None else row.before, row.note]
        for row in section.rows
    ]
    return [*lines, [title, section.note, "", "", ""]] if section.note else lines
