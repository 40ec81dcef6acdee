"""Evidence: files, words and addresses with the time, the date and the place of what was seen (CBC-11.04).

The original is kept byte for byte; what is shown is a picture written anew from its pixels. Nothing is ever
fetched, changed or deleted (CBC-11.03). The same services serve a concern and an entry of the abuse log.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models.fields.files import FieldFile
from django.utils import timezone

from core.audit import audited, record
from core.errors import Refused
from core.uploads import OriginalFile, files_kept, store
from incidents.abuse.access import abuse_rules
from incidents.concerns.access import concern_rules, evidence_rules
from incidents.concerns.holds import investigation_is_held
from incidents.concerns.services.chronology import entry_write, glass_noted, locked
from incidents.models import (
    AbuseEntry,
    Concern,
    Custody,
    EntryKind,
    Evidence,
    EvidenceBody,
    EvidenceKind,
)
from people.models import User

MOST_TEXT = 20_000
MOST_ADDRESS = 2_000
MOST_PLACE = 500
MOST_NAME = 150
MOST_TITLE = 200
FURTHEST_BACK = timedelta(days=20 * 366)
LOOKING = timedelta(minutes=5)
"""Looking at a page and at its picture is one look."""
NO_FILE = (
    "No file or address is taken, because it could involve an indecent image of a child. "
    "Leave everything as it is, and tell the police by word of mouth."
)
HELD = "Advice from HR is awaited. Nothing is looked into until it is recorded, so no evidence is added now."


@dataclass(frozen=True)
class Seen:
    """The facts that every piece of evidence has: what it shows, where, when, and who captured it."""

    place: str
    captured_at: datetime
    captured_by: str
    title: str


def evidence_add_file(
    *,
    actor: User,
    upload: OriginalFile,
    place: str,
    captured_at: datetime,
    captured_by: str,
    title: str,
    concern: Concern | None = None,
    abuse: AbuseEntry | None = None,
    kept: list[FieldFile] | None = None,
) -> Evidence:
    """Keep a file for a concern or an entry of the abuse log. The same file sent twice is kept once.

    A caller with a transaction of its own passes the list of its `files_kept()` block, so that the files go
    again when it fails. Raises PermissionDenied, or Refused.
    """
    _may_add(actor, concern, abuse)
    seen = _checked(place, captured_at, captured_by, title)
    with files_kept() as mine, audited():
        _lock(actor, concern, abuse)
        before = _same(actor, concern, abuse, EvidenceKind.FILE, upload.data, seen)
        if before is not None:
            return before
        row = _row(actor, concern, abuse, EvidenceKind.FILE, upload.data, seen, upload.media_type)
        body = _body(row, seen, original_name=upload.name)
        mine.append(store(body.original, upload))
        if upload.shown is not None:
            mine.append(store(body.shown, upload.shown))
        if kept is not None:
            kept.extend(mine)
        _added(actor, row, body)
    return row


def evidence_add_text(
    *,
    actor: User,
    text: str,
    place: str,
    captured_at: datetime,
    captured_by: str,
    title: str,
    concern: Concern | None = None,
    abuse: AbuseEntry | None = None,
) -> Evidence:
    """Keep words that were copied as they stood. Raises PermissionDenied, or Refused."""
    if not text.strip():
        raise Refused("Copy the words, as they stood there.", field="text")
    if len(text) > MOST_TEXT:
        raise Refused(f"The text must be {MOST_TEXT:,} characters or fewer.", field="text")
    return _add_words(
        actor, concern, abuse, EvidenceKind.TEXT, text, (place, captured_at, captured_by, title)
    )


def evidence_add_link(
    *,
    actor: User,
    address: str,
    place: str,
    captured_at: datetime,
    captured_by: str,
    title: str,
    concern: Concern | None = None,
    abuse: AbuseEntry | None = None,
) -> Evidence:
    """Keep an address as text: it is never fetched and never a link. Raises PermissionDenied, or Refused."""
    address = address.strip()
    if not address:
        raise Refused("Enter the address.", field="address")
    if len(address) > MOST_ADDRESS:
        raise Refused(f"The address must be {MOST_ADDRESS:,} characters or fewer.", field="address")
    facts = (place, captured_at, captured_by, title)
    return _add_words(actor, concern, abuse, EvidenceKind.LINK, address, facts)


def _add_words(
    actor: User,
    concern: Concern | None,
    abuse: AbuseEntry | None,
    kind: EvidenceKind,
    words: str,
    facts: tuple[str, datetime, str, str],
) -> Evidence:
    _may_add(actor, concern, abuse)
    seen = _checked(*facts)
    data = words.encode()
    with audited():
        _lock(actor, concern, abuse)
        before = _same(actor, concern, abuse, kind, data, seen)
        if before is not None:
            return before
        row = _row(actor, concern, abuse, kind, data, seen)
        _added(actor, row, _body(row, seen, text=words))
    return row


def _may_add(actor: User, concern: Concern | None, abuse: AbuseEntry | None) -> None:
    """Whoever may add to the case, or act on the entry. An image of a child is taken by no road (CBC-10.03)."""
    if (concern is None) == (abuse is None):
        raise ValueError("Evidence belongs to one concern, or to one entry of the abuse log.")
    if concern is not None:
        concern_rules.require(actor, "add", concern)
        return
    abuse_rules.require(actor, "act", abuse)
    if Concern.objects.filter(abuse=abuse, image=True).exists():
        raise Refused(NO_FILE)


def _lock(actor: User, concern: Concern | None, abuse: AbuseEntry | None) -> None:
    """Lock the record; judge the case as it is now, whatever the page showed."""
    if concern is None:
        AbuseEntry.objects.select_for_update(of=("self",), no_key=True).get(pk=abuse.pk)
        return
    row = locked(concern, "add")
    if row.image:
        raise Refused(NO_FILE)
    if investigation_is_held(row):
        raise Refused(HELD)
    glass_noted(actor, row)


def _checked(place: str, captured_at: datetime, captured_by: str, title: str) -> Seen:
    """All three facts, and who captured it. Raises Refused."""
    seen = Seen(_line(place), captured_at, _line(captured_by), _line(title))
    if not seen.place:
        raise Refused("Enter the site, app or place where it was seen.", field="place")
    if not seen.captured_by:
        raise Refused("Enter the name of whoever captured it.", field="captured_by")
    if not seen.title:
        raise Refused("Say in a few words what it shows.", field="title")
    for name, most in (("place", MOST_PLACE), ("captured_by", MOST_NAME), ("title", MOST_TITLE)):
        if len(getattr(seen, name)) > most:
            raise Refused(f"This must be {most} characters or fewer.", field=name)
    now = timezone.now()
    if captured_at is None or captured_at > now:
        raise Refused(
            "It cannot have been captured in the future. Check the day and time.", field="captured_on"
        )
    if captured_at < now - FURTHEST_BACK:
        raise Refused("Check the day: it is too long ago.", field="captured_on")
    return seen


def _line(words: str) -> str:
    return " ".join(words.split())


def _same(
    actor: User,
    concern: Concern | None,
    abuse: AbuseEntry | None,
    kind: EvidenceKind,
    data: bytes,
    seen: Seen,
) -> Evidence | None:
    """What the same form, sent before, has made."""
    return Evidence.objects.filter(
        concern=concern,
        abuse=abuse,
        kind=kind,
        sha256=hashlib.sha256(data).hexdigest(),
        captured_at=seen.captured_at,
        by=actor,
        body__place=seen.place,
    ).first()


def _row(
    actor: User,
    concern: Concern | None,
    abuse: AbuseEntry | None,
    kind: EvidenceKind,
    data: bytes,
    seen: Seen,
    media_type: str = "",
) -> Evidence:
    return Evidence.objects.create(
        concern=concern,
        abuse=abuse,
        kind=kind,
        captured_at=seen.captured_at,
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
        media_type=media_type,
        by=actor,
    )


def _body(row: Evidence, seen: Seen, **more: Any) -> EvidenceBody:
    return EvidenceBody(
        evidence=row, place=seen.place, captured_by=seen.captured_by, title=seen.title, **more
    )


def _added(actor: User, row: Evidence, body: EvidenceBody) -> None:
    """The rest of a row that was just written: its words, its custody, its line, its event."""
    body.save()
    Custody.objects.create(evidence=row, did=Custody.Did.ADDED, by=actor)
    owner = row.concern or row.abuse
    if row.concern is not None:
        entry_write(row.concern, EntryKind.EVIDENCE, by=actor, data={"evidence": str(row.uuid)})
    record(
        "incidents.evidence_added",
        actor=actor,
        school=owner.school,
        subject=owner,
        data={"evidence": str(row.uuid)},
    )


# Looking at it, and taking it


def evidence_seen(*, actor: User, evidence: Evidence) -> None:
    """Record that somebody looked at it. Raises PermissionDenied."""
    evidence_rules.require(actor, "view", evidence)
    lately = Custody.objects.filter(evidence=evidence, by=actor, at__gt=timezone.now() - LOOKING).exclude(
        did=Custody.Did.ADDED
    )
    if lately.exists():
        return
    with audited():
        _handled(actor, evidence, Custody.Did.SEEN)
        record(
            "incidents.evidence_seen",
            actor=actor,
            school=owner_of(evidence).school,
            subject=owner_of(evidence),
            data={"evidence": str(evidence.uuid)},
        )
        if evidence.concern is not None:
            glass_noted(actor, evidence.concern)


def evidence_take(*, actor: User, evidence: Evidence) -> FieldFile:
    """Hand out the original, byte for byte, once it is known to be what was added.

    Raises PermissionDenied; Refused where the file is not there, or is not the one that was added.
    """
    evidence_rules.require(actor, "take", evidence)
    if evidence.kind != EvidenceKind.FILE:
        raise Refused("There is no file to download. The words are on the page.")
    problem = problem_of(evidence)
    if problem:
        raise Refused(f"This file cannot be handed out: {problem}. Tell whoever looks after the portal.")
    with audited():
        _handled(actor, evidence, Custody.Did.TAKEN)
        record(
            "incidents.evidence_taken",
            actor=actor,
            school=owner_of(evidence).school,
            subject=owner_of(evidence),
            data={"evidence": str(evidence.uuid)},
        )
    return evidence.body.original


def _handled(actor: User, evidence: Evidence, did: Custody.Did) -> None:
    Custody.objects.create(evidence=evidence, did=did, by=actor)


def owner_of(evidence: Evidence) -> Concern | AbuseEntry:
    """The record that it belongs to."""
    return evidence.concern or evidence.abuse


# Whether everything is still what it was


def problem_of(evidence: Evidence) -> str:
    """Why a piece of evidence is not what was added, or ""."""
    try:
        body = evidence.body
        if evidence.kind == EvidenceKind.FILE:
            found = hashlib.sha256()
            with body.original.open("rb") as file:
                for chunk in file.chunks():
                    found.update(chunk)
            same = found.hexdigest() == evidence.sha256
        else:
            same = hashlib.sha256(body.text.encode()).hexdigest() == evidence.sha256
    except EvidenceBody.DoesNotExist:
        return "its row is gone"
    except (OSError, ValueError):
        return "its file is missing or cannot be read"
    return "" if same else "it is not what was added"


def evidence_verify() -> Iterator[tuple[Evidence, str]]:
    """Every piece of evidence with what is wrong with it, "" where nothing is."""
    rows = Evidence.objects.select_related("body").order_by("pk")
    for row in rows.iterator(chunk_size=200):
        yield row, problem_of(row)
