"""How reading is shown: columns and rows. Who may see them is asked before."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from core.tables import Column, Link, Status, Table, date_text
from people.models import User
from policies.models import CommunityNotice, Version
from policies.reading.selectors import CODES
from policies.reading.services import url_of

MINE = [
    Column("title", "Document", sortable=True, order_by="document__title"),
    Column("kind", "What it is"),
    Column("school", "School", sortable=True, order_by="document__school__name"),
    Column("version", "Version"),
    Column("from", "In force from", sortable=True, order_by="in_force_from"),
    Column("state", "Status", sortable=True, order_by="read_at"),
]
OVERVIEW = [
    Column("title", "Document", sortable=True, order_by="document__title"),
    Column("kind", "What it is"),
    Column("school", "School", sortable=True, order_by="document__school__name"),
    Column("version", "Version"),
    Column("from", "In force from", sortable=True, order_by="in_force_from"),
    Column("read", "Who has read it or was told"),
]
BY_SCHOOL = [
    Column("school", "School"),
    Column("asked", "Are asked", numeric=True),
    Column("read", "Have read it", numeric=True),
    Column("missing", "Have not", numeric=True),
]
EXPORTED = ("Name", "School", "Document", "Version", "Status", "Said on")
WHOLE_TRUST = "Whole trust"


def state_of(version: Version) -> str:
    """A value of core.statuses for a version that a person reads; it has `read_at`."""
    if version.state != Version.State.IN_FORCE:
        return "superseded"
    return "read_understood" if version.read_at else "to_read"


def place_of(version: Version) -> str:
    """The school of a document, or that it holds for the whole trust."""
    school = version.document.school
    return f"{school.name} (whole trust)" if version.document.for_trust else school.name


def mine_table(request: HttpRequest, rows: Iterable[Version]) -> Table:
    """One page of one's own list."""
    shown = [
        {
            "title": Link(row.document.title, url_of(row), f", version {row.number}"),
            "kind": row.document.get_kind_display(),
            "school": place_of(row),
            "version": version_words(row),
            "from": row.in_force_from,
            "state": [Status(state_of(row)), *([date_text(row.read_at)] if row.read_at else [])],
        }
        for row in rows
    ]
    return Table(MINE, shown, "What you are asked to read", request, caption_hidden=True)


def version_words(version: Version) -> str:
    """The number, and what the document calls it."""
    return f"{version.number} ({version.edition})" if version.edition else str(version.number)


def overview_table(
    request: HttpRequest,
    rows: Iterable[Version],
    told: Mapping[int, CommunityNotice],
    sees_notices: bool,
    named: Collection[int],
) -> Table:
    """One page of the documents with how many have read each, or when a code was told.

    `named` are the versions whose readers the person may see by name; the others lead to the document.
    """
    shown = [
        {
            "title": Link(
                row.document.title,
                reverse("policies:reading-status", args=[row.document.uuid])
                if row.pk in named
                else row.document.get_absolute_url(),
            ),
            "kind": row.document.get_kind_display(),
            "school": place_of(row),
            "version": version_words(row),
            "from": row.in_force_from,
            "read": _how_far(row, told.get(row.document_id), sees_notices),
        }
        for row in rows
    ]
    return Table(OVERVIEW, shown, "Documents and their readers", request, "title", caption_hidden=True)


def _how_far(row: Version, told: CommunityNotice | None, sees_notices: bool) -> list[Any]:
    found: list[Any] = [f"{row.have_read} of {row.asked}"] if row.document.readers else []
    if row.document.kind in CODES and sees_notices:
        found += [told_words(told)] if told else []
        found += [] if told and told.version_id == row.pk else [Status("not_told")]
    return found


def told_words(told: CommunityNotice) -> str:
    """When a code was last told, to whom and by whom."""
    who, by = told.get_audience_display().lower(), told.sent_by.full_name if told.sent_by else "somebody"
    return f"Version {told.version.number} was told to {who} on {date_text(told.sent_on)} by {by}, {told.school.name}"


def people_columns(trust: bool) -> list[Column]:
    """The columns of the people."""
    return [
        Column("name", "Name", sortable=True, order_by="full_name"),
        *([Column("school", "School", sortable=True, order_by="place")] if trust else []),
        Column("state", "Status"),
        Column("at", "Said on", sortable=True, order_by="read_at"),
    ]


def person_state(user: User, others: bool) -> str:
    """A value of core.statuses for one person of the list."""
    if others:
        return "read_understood" if user.belongs and user.is_active else "left"
    return "read_understood" if user.read_at else "not_read"


def people_table(request: HttpRequest, columns: list[Column], people: Iterable[User], others: bool) -> Table:
    """One page of the people."""
    shown = [
        {
            "name": user.full_name,
            "school": "" if others else user.place or WHOLE_TRUST,
            "state": Status(person_state(user, others)),
            "at": user.read_at,
        }
        for user in people
    ]
    rows = [{column.key: row[column.key] for column in columns} for row in shown]
    return Table(columns, rows, "People and whether they have read it", request, "name", caption_hidden=True)


def school_table(request: HttpRequest, rows: Iterable[Mapping[str, Any]], url: str) -> Table:
    """One page of the numbers by school."""
    shown = [
        {
            "school": Link(row["name"], f"{url}?school={row['school__uuid']}")
            if row["name"]
            else WHOLE_TRUST,
            "asked": row["asked"],
            "read": row["have_read"],
            "missing": row["asked"] - row["have_read"],
        }
        for row in rows
    ]
    return Table(BY_SCHOOL, shown, "By school", request)


def exported(user: User, version: Version, others: bool) -> tuple[Any, ...]:
    """One line of the file."""
    words = {"read_understood": "Read and understood", "not_read": "Not read yet", "left": "Left"}
    return (
        user.full_name,
        "" if others else user.place or WHOLE_TRUST,
        version.document.title,
        version_words(version),
        words[person_state(user, others)],
        date_text(user.read_at) if user.read_at else "",
    )
