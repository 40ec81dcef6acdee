"""Triage and work on a case: who has it, how urgent it is, what it waits for, and what was decided and why."""

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils import timezone

from core.audit import audited, record
from core.errors import Refused
from incidents.concerns.access import concern_rules
from incidents.concerns.selectors import readers_of, without
from incidents.concerns.services.chronology import entry_write, locked, note_add
from incidents.concerns.services.deadlines import duty_is_open, police_due
from incidents.concerns.services.people import keep_out, road_renew
from incidents.concerns.services.sending import let_in, tell
from incidents.models import (
    ActionKind,
    Category,
    Concern,
    Entry,
    EntryKind,
    Excluded,
    Right,
    Share,
    Urgency,
    Waiting,
)
from people.models import User
from people.selectors import profile_of
from policies.reference import clause_titles

TWICE = timedelta(minutes=2)
"""The same words by the same person within this time are one click too many."""
MOST_CLAUSES = 30


def refuse_twice(concern: Concern, actor: User, kind: EntryKind, text: str) -> None:
    """A double click, or a page sent again: inside the transaction, with the row locked. Raises Refused."""
    digest = hashlib.sha256(text.strip().encode()).hexdigest()
    again = Entry.objects.filter(
        concern=concern, kind=kind, by=actor, sha256=digest, at__gte=timezone.now() - TWICE
    )
    if again.exists():
        raise Refused("You have just added this. It stands in the chronology already.", field="text")


def note_write(
    *,
    actor: User,
    concern: Concern,
    text: str,
    happened_at: datetime | None = None,
    corrects: Entry | None = None,
) -> Entry:
    """A note, or the correction of an earlier line, once for one click. Raises PermissionDenied, or Refused."""
    concern_rules.require(actor, "add", concern)
    with audited():
        row = locked(concern, "add")
        kind = EntryKind.CORRECTION if corrects else EntryKind.NOTE
        refuse_twice(row, actor, kind, text)
        return note_add(actor=actor, concern=row, text=text, happened_at=happened_at, corrects=corrects)


def case_assign(*, actor: User, concern: Concern, user: User) -> Concern:
    """Give the case to somebody who may read it already, so that they handle it. Raises Refused.

    Whoever only reads it handles it from now on, which is the road's to say, as long as it is shared with
    them. Nobody whom it concerns can
    be chosen: they are none of its readers.
    """
    concern_rules.require(actor, "handle", concern)
    with audited():
        row = locked(concern)
        if user.pk not in {one.pk for one in readers_of(row)}:
            raise Refused("Choose somebody who may read the case, or share it with them first.", field="user")
        if row.owner_id == user.pk:
            raise Refused("It is assigned to them already.", field="user")
        if not concern_rules.allows(user, "handle", row):
            if not concern_rules.allows(actor, "road", row):
                raise Refused(
                    "They may only read it. Ask somebody on its road to let them handle it.", field="user"
                )
            let_in(row, user, Right.HANDLE, Share.Why.ASSIGNED, by=actor, until=_ends(row, user))
        row.owner = user
        row.save(update_fields=["owner"])
        entry_write(row, EntryKind.ASSIGNED, by=actor, data={"user": str(user.uuid)})
        record("incidents.concern_assigned", actor=actor, school=row.school, subject=row)
        tell(row, "incidents.concern_changed", without([user], actor), key=f":assigned:{row.entries.count()}")
    return row


def _ends(concern: Concern, user: User) -> datetime | None:
    """When what they have of the case by name ends; None: it does not, or they have nothing."""
    running = Share.objects.filter(concern=concern, user=user, ended_at=None, until__gt=timezone.now())
    return running.order_by("until").values_list("until", flat=True).last()


def case_classify(
    *, actor: User, concern: Concern, category: str, urgency: int | str, reason: str
) -> Concern:
    """Change what it is about, or how urgent it is. Its road is laid again from there. Raises Refused.

    A case becomes one of an indecent image by `case_image` alone, which closes it to files and addresses.
    """
    concern_rules.require(actor, "handle", concern)
    if category not in Category.values:
        raise Refused("Choose what it is about.", field="category")
    if str(urgency) not in {str(one) for one in Urgency.values}:
        raise Refused("Choose how urgent it is.", field="urgency")
    if not reason.strip():
        raise Refused("Say why.", field="reason")
    with audited():
        row = locked(concern)
        if category == Category.IMAGERY and not row.image:
            raise Refused("Use “An indecent image of a child could be involved”.", field="category")
        if int(urgency) != Urgency.NOW and duty_is_open(row, ActionKind.POLICE):
            raise Refused("The police are to be called at once. It stays urgent until then.", field="urgency")
        was = {"category": row.category, "urgency": row.urgency}
        now = {"category": str(category), "urgency": int(urgency)}
        if was == now:
            raise Refused("Choose another category or another urgency. These are in force already.")
        row.category, row.urgency = now["category"], now["urgency"]
        row.save(update_fields=["category", "urgency"])
        entry_write(row, EntryKind.CATEGORY, by=actor, text=reason, data={**now, "was": was})
        if category == Category.OWN_MISTAKE and row.reporter is not None:
            keep_out(row, row.reporter, Excluded.Because.PART, by=actor)
        if was["category"] != now["category"]:
            road_renew(row, actor)
        record("incidents.concern_classified", actor=actor, school=row.school, subject=row)
    return row


def case_wait(*, actor: User, concern: Concern, waiting_for: str) -> Concern:
    """Say for whose answer the case waits, or that it waits no longer. Raises Refused."""
    concern_rules.require(actor, "handle", concern)
    if waiting_for not in Waiting.values:
        raise Refused("Choose for whom the case waits.", field="waiting_for")
    with audited():
        row = locked(concern)
        if row.waiting_for == waiting_for:
            raise Refused("That is recorded already.", field="waiting_for")
        row.waiting_for = waiting_for
        row.save(update_fields=["waiting_for"])
        entry_write(row, EntryKind.WAITING, by=actor, data={"waiting": str(waiting_for)})
        record("incidents.concern_waiting", actor=actor, school=row.school, subject=row)
    return row


def case_policy(*, actor: User, concern: Concern, governed_by: str, clauses: Iterable[str]) -> Concern:
    """The policy under which it is handled (CIT-8.07), and the clauses that were breached. Raises Refused."""
    concern_rules.require(actor, "handle", concern)
    governed_by = " ".join(governed_by.split())[:200]
    refs = list(dict.fromkeys(ref.strip().upper() for ref in clauses if ref.strip()))
    if not governed_by:
        raise Refused("Choose the policy under which the case is handled.", field="policy")
    if len(refs) > MOST_CLAUSES:
        raise Refused(f"Name {MOST_CLAUSES} clauses at most.", field="clauses")
    unknown = [ref for ref in refs if ref not in clause_titles()]
    if unknown:
        raise Refused(
            f"There is no clause {unknown[0][:20]}. Write its reference as the policy page shows it.",
            field="clauses",
        )
    with audited():
        row = locked(concern)
        if (row.governed_by, row.clauses) == (governed_by, refs):
            raise Refused("That is recorded already.", field="policy")
        row.governed_by, row.clauses = governed_by, refs
        row.save(update_fields=["governed_by", "clauses"])
        entry_write(row, EntryKind.POLICY, by=actor, text=governed_by, data={"clauses": refs})
        record("incidents.concern_policy", actor=actor, school=row.school, subject=row)
    return row


def case_reference(*, actor: User, concern: Concern, reference: str) -> Concern:
    """The reference of the case in the school's child protection system. Raises Refused."""
    concern_rules.require(actor, "handle", concern)
    reference = " ".join(reference.split())[:80]
    if not reference:
        raise Refused("Enter the reference.", field="reference")
    with audited():
        row = locked(concern)
        if row.external_reference == reference:
            raise Refused("That is recorded already.", field="reference")
        row.external_reference = reference
        row.save(update_fields=["external_reference"])
        entry_write(row, EntryKind.REFERENCE, by=actor, text=reference)
        record("incidents.concern_reference", actor=actor, school=row.school, subject=row)
    return row


def case_image(*, actor: User, concern: Concern, reason: str) -> Concern:
    """Mark that an indecent image of a child may be involved; it cannot be undone (CBC-10.01 to 10.07).

    From now on no file, no address and no preview has a place in the case, and the police are to be called at
    once where the school does not leave that to the DSL. Raises Refused.
    """
    concern_rules.require(actor, "handle", concern)
    if not reason.strip():
        raise Refused("Say in a few words why, without describing the picture.", field="reason")
    with audited():
        row = locked(concern)
        if row.image:
            raise Refused("The case is marked already.")
        row.image, row.urgency = True, Urgency.NOW
        row.save(update_fields=["image", "urgency"])
        try:
            entry_write(row, EntryKind.IMAGE, by=actor, text=reason)
        except Refused as refusal:
            raise Refused(refusal.message, field="reason") from refusal
        police_due(row, profile_of(row.school))
        record("incidents.concern_image", actor=actor, school=row.school, subject=row)
        tell(row, "incidents.concern_changed", without(readers_of(row), actor), key=":image")
    return row


def decision_add(*, actor: User, concern: Concern, decision: str, reasons: str) -> Entry:
    """A decision with its reasons (CIT-8.04, STM-8.04). It stays as it was written. Raises Refused."""
    concern_rules.require(actor, "handle", concern)
    if not decision.strip():
        raise Refused("Say what was decided.", field="decision")
    if not reasons.strip():
        raise Refused("Give the reasons.", field="reasons")
    text = f"{decision.strip()}\n\nReasons: {reasons.strip()}"
    with audited():
        row = locked(concern)
        refuse_twice(row, actor, EntryKind.DECISION, text)
        entry = entry_write(row, EntryKind.DECISION, by=actor, text=text)
        record("incidents.concern_decided", actor=actor, school=row.school, subject=row)
    return entry
