"""Laws and guidance that documents cite, each with its edition: CIT-1.01, STM-1.01, CBC-12.01.

What is newest is what somebody recorded: the file of suggestions makes nothing older by itself.
"""

import csv
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from django.db import IntegrityError
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from core.audit import audited, record
from core.errors import Refused
from people.models import School, User
from policies.documents.access import document_rules, guidance_rules
from policies.documents.services import in_use, locked
from policies.models import Citation, Document, Guidance, GuidanceEdition

FILE = Path(__file__).resolve().parent.parent / "data" / "guidance.csv"
FIRST_LAW = date(1800, 1, 1)
YEARS_AHEAD = 3
MOST_CITED = 60


@dataclass(frozen=True)
class Edition:
    """An edition of a law or guidance, as people type it or as the file suggests it."""

    name: str
    kind: str
    edition: str
    from_day: date

    @property
    def words(self) -> str:
        """As a list offers it."""
        return f"{self.name}: {self.edition}"


@lru_cache(maxsize=1)
def suggestions() -> tuple[Edition, ...]:
    """The editions of the file, by name, the newest first."""
    with FILE.open(encoding="utf-8", newline="") as file:
        found = [
            Edition(row["name"], row["kind"], row["edition"], date.fromisoformat(row["from_day"]))
            for row in csv.DictReader(file)
        ]
    found.sort(key=lambda one: one.from_day, reverse=True)
    return tuple(sorted(found, key=lambda one: one.name.casefold()))


def shared_with(school: School) -> Q:
    """Guidance of a school, and of its trust's central team: both serve its documents."""
    own = Q(school=school)
    if not school.trust_id:
        return own
    return own | Q(school__kind=School.Kind.CENTRAL, school__trust=school.trust_id)


def editions_for(school: School) -> list[GuidanceEdition]:
    """The editions that a document of the school may cite without recording a new one."""
    rows = GuidanceEdition.objects.filter(guidance__in=Guidance.objects.filter(shared_with(school)))
    return list(rows.select_related("guidance").order_by(Lower("guidance__name"), "-from_day", "-pk"))


def edition_record(*, actor: User, school: School, edition: Edition) -> GuidanceEdition:
    """Record an edition at a school, or at a trust's central team for all its schools.

    Every document there that cites an older one is flagged from now on (subtle 94). Raises PermissionDenied, or
    Refused.
    """
    guidance_rules.require_at(actor, "keep", school)
    edition = _checked(edition)
    with audited():
        known = _find(Q(school=school), edition)
        if known is not None:
            raise Refused("This edition is recorded already.", field="edition")
        return _put(actor, school, edition)


def citation_add(
    *, actor: User, document: Document, edition: Edition, instead: Citation | None = None
) -> Citation:
    """Say that a document cites an edition; `instead` is a citation that it takes the place of.

    An edition that nobody recorded at the school or its trust is recorded at the school. Raises PermissionDenied,
    or Refused.
    """
    document_rules.require(actor, "keep", document)
    edition = _checked(edition)
    with audited():
        row = locked(document)
        in_use(row)
        if instead is not None:
            row.citations.filter(pk=instead.pk).delete()
        found = _find(shared_with(row.school), edition) or _put(actor, row.school, edition)
        if known := row.citations.filter(edition=found).first():
            return known
        if row.citations.count() >= MOST_CITED:
            raise Refused(f"A document cites at most {MOST_CITED} laws and guidance.")
        citation = Citation.objects.create(document=row, edition=found)
        data = {"edition": found.pk, "instead": instead.edition_id if instead else None}
        record("policies.citation_added", actor=actor, school=row.school, subject=row, data=data)
    return citation


def citation_remove(*, actor: User, citation: Citation) -> None:
    """The document does not cite it any more. Raises PermissionDenied, or Refused where it is retired."""
    document_rules.require(actor, "keep", citation.document)
    with audited():
        row = locked(citation.document)
        in_use(row)
        gone, _ = Citation.objects.filter(pk=citation.pk).delete()
        if gone:
            data = {"edition": citation.edition_id}
            record("policies.citation_removed", actor=actor, school=row.school, subject=row, data=data)


def _find(where: Q, edition: Edition) -> GuidanceEdition | None:
    rows = GuidanceEdition.objects.filter(
        guidance__in=Guidance.objects.filter(where, name__iexact=edition.name),
        edition__iexact=edition.edition,
    )
    return rows.order_by("pk").first()


def _put(actor: User, school: School, edition: Edition) -> GuidanceEdition:
    """The edition as a new row, under the guidance of this name. Inside the transaction. Raises Refused."""
    try:
        with audited():
            guidance = Guidance.objects.filter(school=school, name__iexact=edition.name).first()
            if guidance is None:
                guidance = Guidance.objects.create(school=school, name=edition.name, kind=edition.kind)
            row = GuidanceEdition.objects.create(
                guidance=guidance, edition=edition.edition, from_day=edition.from_day, by=actor
            )
            data = {"edition": row.pk}
            record("policies.edition_recorded", actor=actor, school=school, subject=guidance, data=data)
    except IntegrityError as error:
        raise Refused(
            "Somebody has recorded it meanwhile. Open this page afresh.", field="edition"
        ) from error
    return row


def _checked(edition: Edition) -> Edition:
    name, words = " ".join(edition.name.split())[:200], " ".join(edition.edition.split())[:80]
    if not name:
        raise Refused("Enter the name of the law or guidance.", field="name")
    if not words:
        raise Refused("Enter the edition, for example 2025.", field="edition")
    if edition.kind not in Guidance.Kind.values:
        raise Refused("Choose whether it is a law, statutory guidance or other guidance.", field="kind")
    if edition.from_day is None:
        raise Refused("Enter the day from which it is in force.", field="from_day")
    last = timezone.localdate().year + YEARS_AHEAD
    if edition.from_day < FIRST_LAW or edition.from_day.year > last:
        raise Refused("Check the year from which it is in force.", field="from_day")
    return Edition(name, edition.kind, words, edition.from_day)
