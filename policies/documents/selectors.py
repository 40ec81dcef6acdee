"""Reads of documents for pages and the to-do list: what is in force, what is due, what cites an older edition."""

from datetime import date, timedelta
from typing import Any

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Lower

from people.models import School
from policies.documents.access import document_rules
from policies.models import Citation, Document, GuidanceEdition, Version

SOON = timedelta(days=60)


def newer_editions() -> QuerySet[GuidanceEdition]:
    """Editions newer than that of an outer citation, known to its document's school or trust; newest first."""
    near = Q(guidance__school=OuterRef("document__school")) | Q(
        guidance__school__kind=School.Kind.CENTRAL,
        guidance__school__trust=OuterRef("document__school__trust"),
    )
    rows = GuidanceEdition.objects.annotate(low=Lower("guidance__name"))
    same = rows.filter(near, low=Lower(OuterRef("edition__guidance__name")))
    return same.filter(from_day__gt=OuterRef("edition__from_day")).order_by("-from_day", "-pk")


def citations_of(document: Document) -> QuerySet[Citation]:
    """What a document cites, each with the newest edition that the portal knows, if that is a newer one."""
    newer = newer_editions()
    return (
        document.citations.select_related("edition__guidance")
        .annotate(
            newer_edition=Subquery(newer.values("edition")[:1]),
            newer_from=Subquery(newer.values("from_day")[:1]),
        )
        .order_by(Lower("edition__guidance__name"), "-edition__from_day", "pk")
    )


def with_older(rows: QuerySet[Document]) -> QuerySet[Document]:
    """With `older`: whether an edition is recorded that is newer than one which the document cites."""
    same = (
        GuidanceEdition.objects.annotate(low=Lower("guidance__name"))
        .filter(low=Lower(OuterRef("edition__guidance__name")), from_day__gt=OuterRef("edition__from_day"))
        .order_by()
    )
    # Two questions instead of one with "or": each finds its guidance by the index on school and name.
    own = same.filter(guidance__school=OuterRef("document__school"))
    trusts = same.filter(
        guidance__school__kind=School.Kind.CENTRAL,
        guidance__school__trust=OuterRef("document__school__trust"),
    )
    old = Citation.objects.filter(Exists(own) | Exists(trusts), document=OuterRef("pk")).order_by()
    return rows.annotate(older=Exists(old))


def with_state(rows: QuerySet[Document]) -> QuerySet[Document]:
    """With `since`, the day from which its version is in force, and `older`."""
    now = Version.objects.filter(document=OuterRef("pk"), state=Version.State.IN_FORCE)
    return with_older(rows.annotate(since=Subquery(now.values("in_force_from")[:1])))


def cites_older(user: Any) -> QuerySet[Document]:
    """Documents that the user keeps and that cite an older edition: for the to-do list. No query by itself."""
    rows = document_rules.visible_to(user, "keep").filter(retired_at=None)
    return with_older(rows).filter(older=True)


def in_force(document: Document) -> Version | None:
    """The version that is in force, if there is one."""
    return document.versions.filter(state=Version.State.IN_FORCE).select_related("made_by").first()


def with_body(rows: QuerySet[Version]) -> list[Version]:
    """Versions, newest first, without their words but for `body`, the words of the one in force."""
    words = Case(
        When(state=Version.State.IN_FORCE, then=F("text")), default=Value(""), output_field=TextField()
    )
    return list(rows.defer("text").annotate(body=words).order_by("-number"))


def review_status(document: Document, today: date) -> str:
    """A value of core.statuses for the next review; it is overdue after its last day (subtle 92)."""
    if document.retired_at is not None or document.review_on is None:
        return ""
    if document.review_on < today:
        return "overdue"
    return "review_soon" if document.review_on <= today + SOON else ""


def usage(rows: QuerySet) -> QuerySet:
    """Guidance with its newest edition, and how many documents cite it and how many of these an older one."""
    newest = GuidanceEdition.objects.filter(guidance=OuterRef("pk")).order_by("-from_day", "-pk")
    cited = Citation.objects.filter(edition__guidance=OuterRef("pk"), document__retired_at=None)
    counted = cited.order_by().values("edition__guidance").annotate(n=Count("document", distinct=True))
    older = (
        cited.filter(edition__from_day__lt=OuterRef("newest_from"))
        .order_by()
        .values("edition__guidance")
        .annotate(n=Count("document", distinct=True))
    )
    rows = rows.annotate(
        newest=Subquery(newest.values("edition")[:1]),
        newest_from=Subquery(newest.values("from_day")[:1]),
        low_name=Lower(F("name")),
    )
    return rows.annotate(
        cited=Coalesce(Subquery(counted.values("n")[:1], output_field=IntegerField()), 0),
        older=Coalesce(Subquery(older.values("n")[:1], output_field=IntegerField()), 0),
    )
