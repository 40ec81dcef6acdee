"""The evidence of a case."""

from django.urls import reverse

from core.tables import Column, Link, Table, date_text
from incidents.concerns.sections import Case, Section, case_section
from incidents.models import EvidenceKind

COLUMNS = [
    Column("title", "What it shows"),
    Column("kind", "Kind"),
    Column("place", "Where it was seen"),
    Column("captured", "Captured"),
    Column("by", "Added by"),
]
WITHHELD = [Column("kind", "Kind"), Column("added", "Added"), Column("sha256", "SHA-256")]


@case_section(30)
def evidence(case: Case) -> Section:
    """Files, words and addresses. Where an image of a child may be involved, only that they exist."""
    rows = list(case.concern.evidence.select_related("body", "by"))
    withheld = case.concern.image
    if withheld:
        cells = [[row.get_kind_display(), date_text(row.at), row.sha256] for row in rows]
        table = Table(WITHHELD, cells, "Evidence, not shown", caption_hidden=True)
    else:
        shown = [
            [
                Link(row.body.title, reverse("incidents:evidence-detail", args=[row.uuid])),
                EvidenceKind(row.kind).label,
                row.body.place,
                date_text(row.captured_at),
                row.by.full_name,
            ]
            for row in rows
        ]
        table = Table(COLUMNS, shown, "Evidence", caption_hidden=True)
    return Section(
        "evidence",
        "Evidence",
        "incidents/concerns/_evidence.html",
        {
            "table": table if rows else None,
            "withheld": withheld,
            "add": "" if withheld else reverse("incidents:evidence-add", args=[case.concern.uuid]),
            "pack": reverse("incidents:concern-pack", args=[case.concern.uuid])
            if case.concern.on_road and case.concern.status != "unread"
            else "",
        },
    )
