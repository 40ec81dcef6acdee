"""The chronology of a case: lines are added, and corrected by further ones."""

import hashlib
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from core.access import standing_of
from core.audit import audited, record
from core.errors import Refused
from core.notices import notify
from incidents.concerns.access import concern_rules, let_in, on_road
from incidents.concerns.moves import after
from incidents.concerns.selectors import on_the_road, without
from incidents.models import Concern, Entry, EntryKind, EntryText, GlassBreak, Status
from incidents.services.reports import refuse_address
from people.models import User

MOST_WORDS = 6000


def locked(concern: Concern, move: str = "work") -> Concern:
    """The row, locked, after its status was asked about the move. Raises Refused."""
    row = (
        Concern.objects.select_for_update(of=("self",), no_key=True)
        .select_related("school")
        .get(pk=concern.pk)
    )
    after(row.status, move)
    return row


def entry_write(
    concern: Concern,
    kind: EntryKind,
    *,
    by: User | None,
    text: str = "",
    happened_at: datetime | None = None,
    corrects: Entry | None = None,
    data: dict[str, Any] | None = None,
) -> Entry:
    """Write one line, inside the transaction of what it tells. Where an image is involved no address is taken."""
    text = text.strip()[:MOST_WORDS]
    if concern.image:
        refuse_address(text, "text")
    entry = Entry.objects.create(
        concern=concern,
        kind=kind,
        by=by,
        happened_at=happened_at,
        corrects=corrects,
        data=data or {},
        sha256=hashlib.sha256(text.encode()).hexdigest() if text else "",
    )
    if text:
        EntryText.objects.create(entry=entry, text=text)
    return entry


def note_add(
    *,
    actor: User,
    concern: Concern,
    text: str,
    happened_at: datetime | None = None,
    corrects: Entry | None = None,
) -> Entry:
    """Add a note, or correct an earlier line by a further one (nothing is ever edited). Raises Refused."""
    concern_rules.require(actor, "add", concern)
    if not text.strip():
        raise Refused("Write the note.", field="text")
    if happened_at is not None and happened_at > timezone.now():
        raise Refused("The time cannot be in the future.", field="happened_on")
    with audited():
        row = locked(concern, "add")
        if corrects is not None and corrects.concern_id != row.pk:
            raise Refused("Choose a line of this case.", field="text")
        kind = EntryKind.CORRECTION if corrects else EntryKind.NOTE
        entry = entry_write(
            row,
            kind,
            by=actor,
            text=text,
            happened_at=happened_at,
            corrects=corrects,
            data={"dsl_only": True} if _for_the_road(corrects) else None,
        )
        record("incidents.concern_noted", actor=actor, school=row.school, subject=row)
    return entry


def _for_the_road(line: Entry | None) -> bool:
    """Whether a line, or one that it corrects, is for the road alone: so is what corrects it."""
    while line is not None:
        if line.data.get("dsl_only"):
            return True
        line = line.corrects
    return False


def concern_read(*, actor: User, concern: Concern) -> None:
    """Record that somebody opened the case; the first time counts as the acknowledgement. Reading is an event."""
    concern_rules.require(actor, "view", concern)
    with audited():
        if concern.status == Status.UNREAD and concern_rules.allows(actor, "handle", concern):
            row = locked(concern, "read")
            if row.status == Status.UNREAD:
                row.status = after(row.status, "read")
                row.first_read_at, row.first_read_by = timezone.now(), actor
                row.save(update_fields=["status", "first_read_at", "first_read_by"])
                entry_write(row, EntryKind.READ, by=actor)
            for field in ("status", "first_read_at", "first_read_by"):
                setattr(concern, field, getattr(row, field))
        glass_noted(actor, concern)
        record("incidents.concern_read", actor=actor, school=concern.school, subject=concern)


def glass_noted(actor: User, concern: Concern) -> None:
    """Somebody reads a case by emergency access alone: its chronology says so, and its road is told.

    Once for each access, inside the transaction of the reading.
    """
    if getattr(concern, "handles", False):
        return
    standing = standing_of(actor)
    of_right = Concern.objects.filter(on_road(standing) | let_in(actor, standing), pk=concern.pk)
    if of_right.exists():
        return
    taken = GlassBreak.objects.filter(user=actor, school=concern.school_id, until__gt=timezone.now()).first()
    if taken is None:
        return
    # Locked before anything is written: two readings at once wait for each other.
    Concern.objects.select_for_update(of=("self",), no_key=True).get(pk=concern.pk)
    if concern.entries.filter(kind=EntryKind.GLASS, by=actor, at__gte=taken.at).exists():
        return
    entry_write(concern, EntryKind.GLASS, by=actor)
    notify(
        "incidents.glass",
        recipients=without(on_the_road(concern), actor),
        about=concern,
        key=f"{concern.pk}:glass:{taken.pk}",
        link=reverse("incidents:case", args=[concern.uuid]),
    )
