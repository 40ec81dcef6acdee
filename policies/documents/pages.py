"""How documents and their versions are shown: columns, rows, facts. Who may see them is asked before."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify

from core.tables import MONTHS, Column, Link, Status, Table, date_text
from people.governance.who import joined
from policies.documents.selectors import review_status
from policies.documents.services import makers_of
from policies.models import Citation, DateChange, Document, Guidance, Readers, Version

EXPORTED = (
    "Title",
    "School",
    "Kind",
    "Reference",
    "In force since",
    "Next review",
    "Months between reviews",
    "Status",
    "Must be read by",
)


def review_text(review_on: date | None, by_month: bool) -> str:
    """The next review as the document states it: a day, a month, or none (subtle 92)."""
    if review_on is None:
        return "No date"
    return f"{MONTHS[review_on.month - 1]} {review_on.year}" if by_month else date_text(review_on)


def state_of(document: Document) -> str:
    """A value of core.statuses; the row carries `since`."""
    if document.retired_at is not None:
        return "retired"
    return "version_in_force" if document.since else "only_draft"


def version_status(version: Version) -> str:
    """A value of core.statuses."""
    return f"version_{version.state}"


def readers_text(document: Document) -> str:
    """Who must read it."""
    named = dict(Readers.choices)
    return "; ".join(named[value] for value in document.readers if value in named)


def document_columns(with_school: bool) -> list[Column]:
    """The columns of the list."""
    return [
        Column("title", "Document", sortable=True),
        Column("kind", "Kind", sortable=True),
        *([Column("school", "School", sortable=True, order_by="school__name")] if with_school else []),
        Column("since", "In force since", sortable=True),
        Column("review", "Next review", sortable=True, order_by="review_on"),
        Column("state", "Status"),
    ]


def document_table(request: HttpRequest, columns: list[Column], rows: Iterable[Document]) -> Table:
    """One page of the list."""
    today = timezone.localdate()
    return Table(
        columns,
        [
            {
                "title": Link(row.title, row.get_absolute_url()),
                "kind": row.get_kind_display(),
                "school": f"{row.school} (whole trust)" if row.for_trust else row.school.name,
                "since": row.since,
                "review": _shown_review(row, today),
                "state": _shown_state(row),
            }
            for row in rows
        ],
        "Documents",
        request,
        "title",
        caption_hidden=True,
    )


def _shown_review(row: Document, today: date) -> Any:
    words, status = review_text(row.review_on, row.review_by_month), review_status(row, today)
    if row.retired_at is not None:
        return None
    return [words, Status(status)] if status else words


def _shown_state(row: Document) -> Any:
    state = Status(state_of(row))
    return [state, Status("newer_edition")] if row.older and row.retired_at is None else state


def exported(row: Document) -> list[str]:
    """One line of the file."""
    status = review_status(row, timezone.localdate())
    said = {"retired": "No longer used", "version_in_force": "In force", "only_draft": "Draft only"}
    words = [said[state_of(row)]]
    words += ["Review overdue"] if status == "overdue" else []
    words += ["Newer edition known"] if row.older and row.retired_at is None else []
    return [
        row.title,
        row.school.name,
        row.get_kind_display(),
        row.code,
        date_text(row.since) if row.since else "",
        review_text(row.review_on, row.review_by_month),
        str(row.interval_months or ""),
        ", ".join(words),
        readers_text(row),
    ]


def facts_of(document: Document, now: Version | None) -> list[dict[str, Any]]:
    """What is said about a document."""
    status = review_status(document, timezone.localdate())
    review = review_text(document.review_on, document.review_by_month)
    months = document.interval_months
    rows = [
        {"key": "Kind", "value": document.get_kind_display()},
        {"key": "Reference", "value": document.code},
        {"key": "Holds for", "value": _holds_for(document)},
        {"key": "In force since", "value": now.in_force_from if now else None},
        {"key": "Edition", "value": now.edition if now else ""},
        {"key": "Next review", "value": [review, Status(status)] if status else review},
        {"key": "Reviewed", "value": f"every {months} months" if months else "at no fixed interval"},
        {"key": "Must be read by", "value": readers_text(document)},
        {"key": "Follows", "value": document.follows.name if document.follows_id else ""},
    ]
    if document.retired_at is not None:
        rows += [
            {"key": "No longer used since", "value": document.retired_at},
            {"key": "Why", "value": document.retired_because},
        ]
    return rows


def _holds_for(document: Document) -> str:
    return f"Every school of {document.school.trust}" if document.for_trust else document.school.name


def version_table(document: Document, versions: list[Version]) -> Table:
    """The versions, newest first, each with the way to compare it with the one before."""
    rows = []
    for place, row in enumerate(versions):
        older = next((one for one in versions[place + 1 :] if one.state != Version.State.DROPPED), None)
        compare = (
            Link(
                f"Compare with version {older.number}",
                f"{reverse('policies:version-compare', args=[row.uuid])}?with={older.uuid}",
                f"(version {row.number})",
            )
            if older
            else None
        )
        rows.append(
            {
                "number": Link(f"Version {row.number}", version_url(row)),
                "edition": row.edition,
                "from": row.in_force_from,
                "until": row.in_force_until,
                "state": Status(version_status(row)),
                "compare": compare,
            }
        )
    columns = [
        Column("number", "Version"),
        Column("edition", "Edition"),
        Column("from", "In force from"),
        Column("until", "Until"),
        Column("state", "Status"),
        Column("compare", "What changed"),
    ]
    return Table(columns, rows, "Versions", caption_hidden=True)


def version_url(version: Version) -> str:
    """The page of a version."""
    return reverse("policies:version-detail", args=[version.uuid])


def file_stem(version: Version) -> str:
    """What a version is called as a file, without the ending: never as whoever brought it called it."""
    return f"{slugify(version.document.title)[:60] or 'document'}-version-{version.number}"


def version_facts(version: Version) -> list[dict[str, Any]]:
    """What is known about a version; the hash lets anybody check that a copy is the same. One query."""
    return [
        {"key": "Edition", "value": version.edition},
        {"key": "In force from", "value": version.in_force_from},
        {"key": "In force until", "value": version.in_force_until},
        {"key": "What changed", "value": version.changes},
        {"key": "Written by", "value": joined(maker.full_name for maker in makers_of(version))},
        {"key": "Last changed", "value": version.made_at},
        {"key": "Checksum (SHA-256)", "value": version.sha256},
    ]


def date_events(changes: Iterable[DateChange]) -> list[dict[str, Any]]:
    """How the next review moved, oldest first."""
    return [
        {
            "title": f"From {review_text(one.was_on, one.was_by_month)} to {review_text(one.to_on, one.to_by_month)}",
            "when": one.at,
            "by": one.by.full_name,
            "text": one.because,
        }
        for one in changes
    ]


class Cited(NamedTuple):
    """A citation as its page shows it."""

    citation: Citation
    words: str
    kind: str
    newer: str


def cited(citations: Iterable[Citation]) -> list[Cited]:
    """What a document cites, and the newest edition that the portal knows where that is a newer one."""
    named = dict(Guidance.Kind.choices)
    return [
        Cited(
            one,
            f"{one.edition.guidance.name}: {one.edition.edition}",
            named[one.edition.guidance.kind],
            f"{one.newer_edition}, in force from {date_text(one.newer_from)}" if one.newer_edition else "",
        )
        for one in citations
    ]


class Part(NamedTuple):
    """A heading or a paragraph of a text."""

    heading: bool
    text: str


def parts_of(text: str) -> list[Part]:
    """Plain text as headings ("# ...") and paragraphs, which keep their line ends."""
    found: list[Part] = []
    for chunk in re.split(r"\n[ \t]*\n", text):
        lines: list[str] = []
        for line in chunk.split("\n"):
            if heading := re.fullmatch(r"#{1,6} +(.+)", line):
                if lines:
                    found.append(Part(False, "\n".join(lines)))
                    lines = []
                found.append(Part(True, heading[1].strip()))
            elif line.strip() or lines:
                lines.append(line)
        if lines:
            found.append(Part(False, "\n".join(lines)))
    return found
