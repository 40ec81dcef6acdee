"""Documents of a school or a trust: added, described anew, linked, and ended (CIT-0.01, CIT-1.02, RAV-1.01)."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import IntegrityError
from django.utils import timezone

from core.audit import audited, record
from core.errors import Refused
from core.uploads import files_kept
from people.models import School, User
from policies.documents.access import adopted, document_rules, trust_documents
from policies.documents.services import (
    MOST_CHANGES,
    MOST_REASON,
    ON_READERS,
    OPEN_REVIEW,
    NamedFile,
    brought_into_force,
    clean_text,
    edited,
    first_reminder,
    in_use,
    locked,
    put_content,
    review_day,
)
from policies.models import (
    Document,
    DocumentKind,
    DocumentLink,
    Policy,
    Readers,
    Review,
    Version,
)

OLDEST = date(1990, 1, 1)
MOST_MONTHS = 120
MOST_LINKS = 50


@dataclass(frozen=True)
class Facts:
    """What is said about a document. `interval_months`: any number of months, or None (subtle 92)."""

    kind: str
    title: str
    code: str = ""
    readers: tuple[str, ...] = ()
    follows: Policy | None = None
    interval_months: int | None = None
    supplements: Document | None = None


@dataclass(frozen=True)
class First:
    """The first version. With `in_force_from` it was in force before it was entered here; without it is a draft.

    `edition` says how the document calls it, and when and by whom it was adopted (CBC-0.01).
    """

    text: str = ""
    file: NamedFile | None = None
    edition: str = ""
    changes: str = ""
    in_force_from: date | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing was given yet."""
        return not self.text.strip() and self.file is None


def document_add(
    *,
    actor: User,
    school: School,
    once: UUID,
    facts: Facts,
    first: First | None = None,
    for_trust: bool = False,
    review_on: date | None = None,
    by_month: bool = False,
) -> Document:
    """Add a document, with its first version where there is one. The same page sent twice makes one.

    `review_on` is a day, the month around it, or None. Raises PermissionDenied, or Refused with what to do.
    """
    document_rules.require_at(actor, "keep", school)
    if known := _known(actor, school, once):
        return known
    if for_trust and not school.is_central:
        raise Refused("Only the central team of a trust adds what holds for every school of it.")
    facts = _checked(actor, school, facts, for_trust=for_trust)
    due, month = review_day(review_on, by_month)
    try:
        with files_kept() as kept, audited():
            row = Document.objects.create(
                once=once,
                school=school,
                for_trust=for_trust,
                review_on=due,
                review_by_month=month,
                remind_on=first_reminder(due),
                created_by=actor,
                **_columns(facts),
            )
            record("policies.document_added", actor=actor, school=school, subject=row)
            if first is not None and first.in_force_from:
                _never_had_one(row)
            if first is not None and (first.in_force_from or not first.is_empty):
                _first_version(actor, row, first, kept)
    except IntegrityError as error:
        if known := _known(actor, school, once):
            return known
        raise Refused("This page cannot be sent. Open it afresh and send it again.") from error
    return row


def _never_had_one(document: Document) -> None:
    """Raise Refused where the school has, or had, another document of the kind in force, its supplements included.

    What was in force before the portal is entered once. Otherwise a policy could be retired and "entered" anew in
    other words, without the review and ratification that a new version needs (CIT-12.01). Other policies have no
    kind of their own, and nothing hangs on them.
    """
    if document.kind == DocumentKind.OTHER:
        return
    # Two at once: one after the other.
    School.objects.select_for_update(of=("self",), no_key=True).get(pk=document.school_id)
    same = Document.objects.filter(adopted(), school=document.school_id, kind=document.kind)
    if same.exclude(pk=document.pk).exists():
        raise Refused(
            "A document of this kind is or was in force here, so a new one comes into force through a review. "
            "Add it as a draft, or write a new version of the one that you have.",
            field="in_force_from",
        )


def _first_version(actor: User, document: Document, first: First, kept: list) -> None:
    """The first version: a draft, or what was in force already, which is recorded as entered so."""
    words = clean_text(first.text, first.file)
    since = first.in_force_from
    if since is not None:
        if since > timezone.localdate():
            raise Refused(
                "The day cannot be in the future. Leave the draft here until it is ratified.",
                field="in_force_from",
            )
        if since < OLDEST:
            raise Refused("Check the year.", field="in_force_from")
    version = Version(
        document=document,
        number=1,
        edition=" ".join(first.edition.split())[:80],
        changes=first.changes.strip()[:MOST_CHANGES],
        made_by=actor,
        state=Version.State.IN_FORCE if since else Version.State.DRAFT,
        in_force_from=since,
    )
    put_content(version, words, first.file, kept)
    version.save()
    if since:
        data = {"version": version.pk, "from": since}
        record("policies.entered_in_force", actor=actor, school=document.school, subject=document, data=data)
        brought_into_force(version, document, actor)
    else:
        data = {"version": version.pk, "sha256": version.sha256}
        record("policies.draft_written", actor=actor, school=document.school, subject=document, data=data)
        edited(version, actor)


def document_change(*, actor: User, document: Document, facts: Facts) -> Document:
    """Say something else about a document. Its words change through a version alone.

    Its kind is settled once a version was in force or a review is open: what must be read, and who decides on it,
    hangs on the kind. Whoever is to read it from now on is told of the version in force (`ON_READERS`). Raises
    PermissionDenied, or Refused.
    """
    document_rules.require(actor, "keep", document)
    facts = _checked(actor, document.school, facts, for_trust=document.for_trust, but=document)
    with audited():
        row = locked(document)
        in_use(row)
        fresh = _columns(facts)
        changed = [name for name, value in fresh.items() if getattr(row, name) != value]
        if not changed:
            return row
        if "kind" in changed:
            _kind_is_open(row)
        for name in changed:
            setattr(row, name, fresh[name])
        row.save(update_fields=changed)
        record(
            "policies.document_changed",
            actor=actor,
            school=row.school,
            subject=row,
            data={"fields": changed},
        )
        if "readers" in changed:
            for tell in ON_READERS:
                tell(row, actor)
    return row


def _kind_is_open(document: Document) -> None:
    """Raise Refused where the kind of a document, which is locked, is settled."""
    if document.versions.filter(in_force_from__isnull=False).exists():
        raise Refused(
            "A version of this document is or was in force, so it stays of its kind. Add a new document instead.",
            field="kind",
        )
    if Review.objects.filter(document=document, state__in=OPEN_REVIEW).exists():
        raise Refused(
            "A review of this document is open, so it stays of its kind. Add a new document instead.",
            field="kind",
        )


def document_retire(*, actor: User, document: Document, reason: str) -> Document:
    """End the use of a document: nobody is asked to read or review it any more. It stays here to be read.

    The same page sent twice ends it once. Raises PermissionDenied, or Refused while a review is open.
    """
    document_rules.require(actor, "keep", document)
    because = " ".join(reason.split())
    if not because:
        raise Refused("Say why it is not used any more.", field="reason")
    if len(because) > MOST_REASON:
        raise Refused(f"Shorten the reason to {MOST_REASON} characters.", field="reason")
    with audited():
        row = locked(document)
        if (row.retired_by_id, row.retired_because) == (actor.pk, because):
            return row
        in_use(row)
        if Review.objects.filter(document=row, state__in=OPEN_REVIEW).exists():
            raise Refused("A review of it is open. Finish it or give it up first.")
        today = timezone.localdate()
        row.retired_at, row.retired_by, row.retired_because = timezone.now(), actor, because
        row.remind_on = None
        row.save(update_fields=["retired_at", "retired_by", "retired_because", "remind_on"])
        row.versions.filter(state=Version.State.IN_FORCE).update(
            state=Version.State.PAST, in_force_until=today, chase_on=None
        )
        row.versions.filter(state=Version.State.DRAFT).update(state=Version.State.DROPPED)
        record("policies.document_retired", actor=actor, school=row.school, subject=row)
    return row


def link_add(
    *, actor: User, document: Document, other: Document | None = None, title: str = ""
) -> DocumentLink:
    """Say that a document works together with another policy: one kept here, or a title (STM-1.02).

    Raises PermissionDenied, or Refused.
    """
    document_rules.require(actor, "keep", document)
    name = "" if other else " ".join(title.split())[:200]
    if other is None and not name:
        raise Refused("Choose a document, or enter the title of the other policy.", field="title")
    if other is not None:
        if other.pk == document.pk:
            raise Refused("Choose another document: this is the same one.", field="other")
        if not linkable(actor, document).filter(pk=other.pk).exists():
            raise Refused("Choose a document of the same school or trust.", field="other")
    with audited():
        row = locked(document)
        in_use(row)
        same = row.links.filter(other=other) if other else row.links.filter(other=None, title__iexact=name)
        if known := same.first():
            return known
        if row.links.count() >= MOST_LINKS:
            raise Refused(f"A document has at most {MOST_LINKS} linked policies.")
        link = DocumentLink.objects.create(document=row, other=other, title=name)
        record(
            "policies.link_added",
            actor=actor,
            school=row.school,
            subject=row,
            data={"other": other.pk if other else None},
        )
    return link


def link_remove(*, actor: User, link: DocumentLink) -> None:
    """Take a linked policy away. Raises PermissionDenied, or Refused where the document is retired."""
    document_rules.require(actor, "keep", link.document)
    with audited():
        row = locked(link.document)
        in_use(row)
        gone, _ = DocumentLink.objects.filter(pk=link.pk).delete()
        if gone:
            record("policies.link_removed", actor=actor, school=row.school, subject=row)


def linkable(actor: User, document: Document) -> Any:
    """The documents that a document may be linked with: of its own school or trust, as the actor sees them."""
    school = document.school
    rows = document_rules.visible_to(actor, "view").filter(retired_at=None).exclude(pk=document.pk)
    own = rows.filter(school=school)
    return own | rows.filter(for_trust=True, school__trust=school.trust_id) if school.trust_id else own


def export_recorded(*, actor: User, school: School | None, count: int) -> None:
    """Record that somebody took the list of documents away as a file."""
    with audited():
        record("policies.documents_exported", actor=actor, school=school, data={"documents": count})


def _known(actor: User, school: School, once: UUID) -> Document | None:
    return Document.objects.filter(once=once, created_by=actor, school=school).first()


def _columns(facts: Facts) -> dict[str, Any]:
    fields = {name: getattr(facts, name) for name in facts.__dataclass_fields__}
    return {**fields, "readers": list(facts.readers)}


def _checked(
    actor: User, school: School, facts: Facts, *, for_trust: bool, but: Document | None = None
) -> Facts:
    """The facts without blanks around them. Raises Refused."""
    title = " ".join(facts.title.split())[:200]
    if not title:
        raise Refused("Enter the title of the document.", field="title")
    if facts.kind not in DocumentKind.values:
        raise Refused("Choose what kind of document it is.", field="kind")
    if set(facts.readers) - set(Readers.values):
        raise Refused("Choose who must read it from the list.", field="readers")
    months = facts.interval_months
    if months is not None and not 1 <= months <= MOST_MONTHS:
        raise Refused(f"Enter a number of months from 1 to {MOST_MONTHS}, or none.", field="interval_months")
    above = facts.supplements
    if above is not None:
        if for_trust:
            raise Refused("A document of the whole trust is no supplement.", field="supplements")
        known = trust_documents(school).filter(pk=above.pk)
        if not (but and but.supplements_id == above.pk) and not known.exists():
            raise Refused("Choose a document that holds for your whole trust.", field="supplements")
    readers = tuple(value for value in Readers.values if value in facts.readers)
    return Facts(
        facts.kind,
        title,
        " ".join(facts.code.split())[:40],
        readers,
        facts.follows,
        months,
        above,
    )
