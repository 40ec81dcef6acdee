"""Versions of a document, and when it is reviewed next: what the review of a document builds on.

Reviewed is not ratified (CIT-12.01): a draft comes into force through a review, by `version_into_force`, and in
no other way. The first version of a document that was in force before the portal is entered by `library`.
"""

import calendar
import hashlib
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import Max
from django.db.models.fields.files import FieldFile
from django.utils import timezone

from core.audit import audited, record
from core.errors import Refused, Stale
from core.uploads import CleanFile, files_kept, store
from people.models import User
from policies.documents.access import document_rules
from policies.models import DateChange, Document, DraftEdit, Review, Version

MOST_TEXT = 200_000
MOST_CHANGES = 2000
MOST_REASON = 300
FIRST_REMINDER = timedelta(days=60)
"""How long before the last day for a review its people are reminded first."""
FURTHEST = timedelta(days=20 * 366)

ON_FORCE: list[Callable[[Version, User], None]] = []
"""Called in the transaction in which a version comes into force, with whoever brought it there."""
ON_DRAFT: list[Callable[[Version, User], None]] = []
"""Called in the transaction in which the words or the file of a draft were changed: what was signed is void."""

ON_READERS: list[Callable[[Document, User], None]] = []
"""Called in the transaction in which it is said anew who must read a document, with whoever said so."""


class NamedFile(NamedTuple):
    """A file that may be kept, and the name under which it came."""

    clean: CleanFile
    name: str


def version_draft(
    *,
    actor: User,
    document: Document,
    text: str = "",
    file: NamedFile | None = None,
    edition: str = "",
    changes: str = "",
    seen: str | None = None,
) -> Version:
    """Write the one draft of a document, or write it anew: as words or as a file, not both.

    The version in force stays as it is. Keepers and the reviewers of the profile may do it. A draft that waits to
    be ratified does not change any more. `seen` is the hash of the draft that the writer had before them, "" for
    none. What says the same as the draft, such as the same page sent twice, changes nothing. Raises PermissionDenied,
    Stale, or Refused with what to do.
    """
    document_rules.require(actor, "write", document)
    words = clean_text(text, file)
    with files_kept() as kept, audited():
        row = locked(document)
        in_use(row)
        draft = row.versions.select_for_update().filter(state=Version.State.DRAFT).first()
        if draft is not None:
            not_being_ratified(draft)
        version = draft or Version(document=row, number=next_number(row))
        edition, changes = " ".join(edition.split())[:80], changes.strip()[:MOST_CHANGES]
        if draft and (draft.sha256, draft.edition, draft.changes) == (hash_of(words, file), edition, changes):
            return draft
        if seen is not None and seen != version.sha256:
            raise Stale("Somebody has changed the draft meanwhile. Open this page afresh and look at it.")
        old_file = version.file.name
        version.made_by, version.made_at = actor, timezone.now()
        version.edition, version.changes = edition, changes
        put_content(version, words, file, kept)
        version.save()
        if old_file:
            transaction.on_commit(partial(version.file.storage.delete, old_file))
        record(
            "policies.draft_written",
            actor=actor,
            school=row.school,
            subject=row,
            data={"version": version.pk, "sha256": version.sha256},
        )
        edited(version, actor)
        for tell in ON_DRAFT:
            tell(version, actor)
    return version


def version_drop(*, actor: User, version: Version) -> Version:
    """Put a draft aside for good; it stays in the history as not adopted. Raises Refused."""
    document_rules.require(actor, "write", version.document)
    with audited():
        locked(version.document)
        row = Version.objects.select_for_update(of=("self",), no_key=True).get(pk=version.pk)
        if row.state != Version.State.DRAFT:
            raise Refused("This is not a draft any more.")
        if Review.objects.filter(proposed=row, state__in=OPEN_REVIEW).exists():
            raise Refused("A review proposes this draft. Finish the review or give it up first.")
        row.state = Version.State.DROPPED
        row.save(update_fields=["state"])
        record(
            "policies.draft_dropped",
            actor=actor,
            school=version.document.school,
            subject=version.document,
            data={"version": row.pk},
        )
    return row


def version_into_force(*, actor: User, version: Version, on: date) -> Version:
    """A ratified draft comes into force on a day in London; the one before ends the day before (CIT-12.01).

    It asks no rule: the review asked who may, and calls this inside the transaction of its decision. `on` is not
    after today. Raises RuntimeError outside a transaction, Refused where it is no draft.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a version comes into force in the transaction of its ratification")
    with audited():
        document = locked(version.document)
        row = Version.objects.select_for_update(of=("self",), no_key=True).get(pk=version.pk)
        if row.state != Version.State.DRAFT:
            raise Refused("This version is not a draft any more.")
        in_use(document)
        if on > timezone.localdate():
            raise Refused("A version comes into force on the day of its ratification or before.", field="on")
        old = document.versions.filter(state=Version.State.IN_FORCE).first()
        if old is not None:
            if on < old.in_force_from:
                raise Refused("The version before it came into force after that day.", field="on")
            old.state = Version.State.PAST
            old.in_force_until = max(old.in_force_from, on - timedelta(days=1))
            old.chase_on = None
            old.save(update_fields=["state", "in_force_until", "chase_on"])
        row.state, row.in_force_from = Version.State.IN_FORCE, on
        row.save(update_fields=["state", "in_force_from"])
        brought_into_force(row, document, actor)
    return row


def document_dates_set(
    *, actor: User, document: Document, review_on: date | None, by_month: bool, reason: str
) -> Document:
    """Move the next review by hand: its last day, a month (`by_month`, its last day), or none.

    It never moves by itself. Keepers, and the reviewers and ratifiers of the profile, may do it; the reason is
    kept (subtle 92). Raises PermissionDenied, or Refused.
    """
    document_rules.require(actor, "review", document)
    return review_date_put(
        actor=actor, document=document, review_on=review_on, by_month=by_month, reason=reason
    )


def review_date_put(
    *, actor: User, document: Document, review_on: date | None, by_month: bool, reason: str
) -> Document:
    """As `document_dates_set` for a finished review, whose rules were asked already. Raises Refused."""
    because = " ".join(reason.split())
    if not because:
        raise Refused("Say why the date moves.", field="reason")
    if len(because) > MOST_REASON:
        raise Refused(f"Shorten the reason to {MOST_REASON} characters.", field="reason")
    with audited():
        row = locked(document)
        in_use(row)
        new = review_day(review_on, by_month)
        was = (row.review_on, row.review_by_month)
        if new == was:
            return row
        row.review_on, row.review_by_month = new
        row.remind_on = first_reminder(row.review_on)
        row.save(update_fields=["review_on", "review_by_month", "remind_on"])
        DateChange.objects.create(
            document=row,
            was_on=was[0],
            was_by_month=was[1],
            to_on=new[0],
            to_by_month=new[1],
            because=because,
            by=actor,
        )
        record(
            "policies.review_date_moved",
            actor=actor,
            school=row.school,
            subject=row,
            data={"from": was[0], "to": new[0], "by_month": new[1]},
        )
    document.review_on, document.review_by_month, document.remind_on = *new, row.remind_on
    return row


# What the services of this part share

OPEN_REVIEW = (Review.State.OPEN, Review.State.RATIFYING)


def locked(document: Document) -> Document:
    """The row itself, held until the end of the transaction; its school is there too."""
    rows = Document.objects.select_for_update(of=("self",), no_key=True).select_related("school")
    return rows.get(pk=document.pk)


def in_use(document: Document) -> None:
    """Raise Refused where the document is retired."""
    if document.retired_at is not None:
        raise Refused("This document is not used any more, so nothing of it changes.")


def not_being_ratified(draft: Version) -> None:
    """Raise Refused while somebody decides on just these words."""
    if Review.objects.filter(proposed=draft, state=Review.State.RATIFYING).exists():
        raise Refused("This draft waits to be ratified, so it cannot change now. Give the review up first.")


def next_number(document: Document) -> int:
    """The number of the next version; the document is locked."""
    return (document.versions.aggregate(most=Max("number"))["most"] or 0) + 1


def clean_text(text: str, file: NamedFile | None) -> str:
    """The words of a version with plain line ends. Raises Refused unless there are words or a file."""
    words = "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    words = words.strip("\n")
    if "\x00" in words:
        raise Refused("The text holds a character that cannot be kept. Paste it as plain text.", field="text")
    if len(words) > MOST_TEXT:
        raise Refused(f"The text is longer than {MOST_TEXT:,} characters. Add it as a file.", field="text")
    # Blanks, and characters that nobody sees, say nothing.
    is_said = any(letter.isprintable() and not letter.isspace() for letter in words)
    if is_said and file is not None:
        raise Refused("Give the words or a file, not both.", field="file")
    if not is_said and file is None:
        raise Refused("Enter the words of the document, or choose a file.", field="text")
    return words if is_said else ""


def hash_of(words: str, file: NamedFile | None) -> str:
    """The SHA-256 of what a reader gets: of the words in UTF-8, or of the file."""
    return hashlib.sha256(file.clean.data if file else words.encode()).hexdigest()


def put_content(version: Version, words: str, file: NamedFile | None, kept: list[FieldFile]) -> None:
    """Put the words or the file into a version that is saved afterwards."""
    version.sha256 = hash_of(words, file)
    version.text, version.file, version.file_name, version.media_type = words, "", "", ""
    if file is not None:
        version.text, version.media_type = "", file.clean.media_type
        version.file_name = bare_name(file.name)
        kept.append(store(version.file, file.clean))


def edited(version: Version, actor: User) -> None:
    """Keep that the actor wrote or changed a draft; inside the transaction (CIT-12.01)."""
    DraftEdit.objects.create(version=version, sha256=version.sha256, by=actor)


def makers_of(version: Version) -> list[User]:
    """Everybody who wrote or changed a version, in the order of their first edit; whoever did so last is among them."""
    found = {one.by_id: one.by for one in version.edits.select_related("by").order_by("pk")}
    found.setdefault(version.made_by_id, version.made_by)
    return list(found.values())


def bare_name(name: str) -> str:
    """The name of an uploaded file without its folders and without characters that nobody sees."""
    bare = "".join(letter for letter in name.replace("\\", "/").rpartition("/")[2] if letter.isprintable())
    return bare.strip()[:150] or "document"


def brought_into_force(version: Version, document: Document, actor: User) -> None:
    """Record it and tell the parts that act on it. Inside the transaction."""
    record(
        "policies.version_in_force",
        actor=actor,
        school=document.school,
        subject=document,
        data={"version": version.pk, "from": version.in_force_from, "sha256": version.sha256},
    )
    version.document = document
    for tell in ON_FORCE:
        tell(version, actor)


def review_day(review_on: date | None, by_month: bool) -> tuple[date | None, bool]:
    """The last day for a review; of a month it is the month's last day. Raises Refused."""
    if review_on is None:
        return None, False
    if abs(review_on - timezone.localdate()) > FURTHEST:
        raise Refused("Check the year: it is more than 20 years away.", field="review")
    if by_month:
        return review_on.replace(day=calendar.monthrange(review_on.year, review_on.month)[1]), True
    return review_on, False


def first_reminder(review_on: date | None) -> date | None:
    """The day on which the sweep of reviews looks at a document first."""
    return review_on - FIRST_REMINDER if review_on else None
