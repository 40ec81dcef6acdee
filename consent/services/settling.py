"""Checking who answered: whether they hold parental responsibility, and what follows for their answers."""

import uuid
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils import timezone

from consent.access import reply_rules
from consent.models import (
    Answer,
    Contact,
    Effect,
    PostSearch,
    Pupil,
    Reply,
    ReplyWords,
    Responsibility,
    Standing,
    Tie,
    Weight,
)
from consent.services.effects import positions_change, search_raise
from consent.terms import terms_of
from core.audit import audited, record
from core.errors import Refused
from people.models import User
from people.selectors import profile_of

BY_MISTAKE = timedelta(days=30)
"""A last day at the school that is taken back within this time was a mistake."""


def waiting_replies() -> Exists:
    """Whether a reply still waits to be checked: none settles it."""
    return ~Exists(Reply.objects.filter(settles=OuterRef("pk")))


def reply_settle(*, actor: User, reply: Reply, holds: bool, words: str = "") -> list[Reply]:
    """Say whether whoever answered holds parental responsibility for the pupil (STM-7.06, CIT-7.07).

    Every answer of theirs for this pupil that waits is settled with it, and the register remembers it.
    Raises Refused when nothing waits any more.
    """
    reply_rules.require(actor, "settle", reply)
    with audited():
        pupil = Pupil.objects.select_for_update(of=("self",)).select_related("school").get(pk=reply.pupil_id)
        if not _waiting(pupil, reply.contact).filter(pk=reply.pk).exists():
            raise Refused("This answer was checked meanwhile.")
        if holds and not _answers(pupil, reply.contact):
            raise Refused("This person is no contact of the pupil any more, so their answer cannot count.")
        wanted = Responsibility.YES if holds else Responsibility.NO
        Tie.objects.filter(pupil=pupil, contact=reply.contact).update(responsibility=wanted)
        anyone = profile_of(pupil.school).withdrawal_by != "family"
        settled = settle_waiting(
            actor=actor, pupil=pupil, contact=reply.contact, holds=holds, keep_noes=anyone
        )
        if words:
            ReplyWords.objects.create(reply=settled[0], text=words)
    return settled


def settle_waiting(
    *, actor: User, pupil: Pupil, contact: Contact, holds: bool, keep_noes: bool = True
) -> list[Reply]:
    """Settle all that waits from a contact for a pupil, whose row is locked. Inside an `audited()` block.

    Where they hold parental responsibility and are still a contact, the same answer counts from when it was
    received; where not, a yes is set aside, and a no only where `keep_noes` is false: a person decided it, and
    the policy does not respect anybody's wish (RAV-9.03).
    """
    profile = profile_of(pupil.school)
    holds = holds and _answers(pupil, contact)
    waiting = _waiting(pupil, contact).order_by("received_at", "pk")
    added = [_settle(actor, old, holds, keep_noes) for old in waiting]
    if added and positions_change(pupil, added, terms_of(profile)):
        search_raise(pupil, profile, why=PostSearch.Why.WITHDRAWN, reply=added[-1])
    for reply in added:
        record(
            "consent.reply_settled",
            actor=actor,
            school=pupil.school,
            subject=pupil,
            data={"reply": str(reply.settles.uuid), "counts": holds},
        )
    return added


def _waiting(pupil: Pupil, contact: Contact | None) -> Any:
    return Reply.objects.filter(waiting_replies(), pupil=pupil, contact=contact, weight=Weight.TO_CHECK)


def _answers(pupil: Pupil, contact: Contact | None) -> bool:
    """Whether somebody is a contact of the pupil still."""
    return Tie.objects.filter(pupil=pupil, contact=contact, active=True).exists()


def _settle(actor: User, old: Reply, holds: bool, keep_noes: bool) -> Reply:
    lines = list(old.answers.all())
    counting = {line.pk for line in lines if holds or (keep_noes and not line.allows)}
    return _add_again(actor, old, lines, holds, counting, received_at=old.received_at, settles=old)


def _add_again(
    actor: User,
    old: Reply,
    lines: list[Answer],
    holds: bool,
    counting: set[int],
    *,
    received_at: datetime,
    settles: Reply | None,
) -> Reply:
    """The same lines once more: counting now (`counting`, by id), or set aside."""
    standing = Standing.PARENTAL if holds and old.standing != Standing.FOR_ADULT else old.standing
    new = Reply.objects.create(
        once=uuid.uuid4(),
        school=old.school,
        pupil=old.pupil,
        contact=old.contact,
        standing=standing,
        route=old.route,
        weight=Weight.COUNTS,
        received_at=received_at,
        recorded_by=actor,
        settles=settles,
    )
    Answer.objects.bulk_create(
        [
            Answer(
                reply=new,
                pupil_id=line.pupil_id,
                purpose_id=line.purpose_id,
                wording_id=line.wording_id,
                kind=line.kind if line.pk in counting else Effect.SET_ASIDE,
                allows=line.allows and line.pk in counting,
                contact_id=line.contact_id,
                standing=standing,
                weight=Weight.COUNTS,
                received_at=received_at,
                recorded_at=new.recorded_at,
                valid_until=line.valid_until,
            )
            for line in lines
        ]
    )
    return new


def responsibility_change(*, actor: User, tie: Tie, responsibility: str) -> None:
    """Record whether a contact holds parental responsibility, with what follows for their answers.

    What waits is settled when it is known; a yes that counted no longer does once they do not hold it. A no
    stays respected. Inside an `audited()` block, with the pupil's row locked; the tie is written here.
    """
    was, tie.responsibility = tie.responsibility, responsibility
    tie.save(update_fields=["responsibility"])
    if responsibility == was:
        return
    pupil = tie.pupil
    if responsibility != Responsibility.UNKNOWN:
        settle_waiting(
            actor=actor, pupil=pupil, contact=tie.contact, holds=responsibility == Responsibility.YES
        )
    if was == Responsibility.YES:
        yes_set_aside(actor=actor, pupil=pupil, contact=tie.contact)


def after_dates_changed(*, actor: User, pupil: Pupil, left_on: date | None, born: date | None) -> None:
    """What follows for consent when a pupil's last day or date of birth was changed; both are the old values.

    Consent ended with leaving (CIT-7.03), so whoever comes back is asked again; a no stays. Whoever was marked
    as a leaver by mistake, for a month at most, keeps it. A new date of birth is read by the ledger itself.
    Inside an `audited()` block, with the pupil's row locked and saved.
    """
    today = timezone.localdate()
    if left_on is None or left_on >= today - BY_MISTAKE or pupil.has_left(today):
        return
    rows = Answer.objects.filter(pupil=pupil, weight=Weight.COUNTS, allows=True).select_related("contact")
    for contact in {row.contact for row in rows}:
        yes_set_aside(actor=actor, pupil=pupil, contact=contact, ask_to_look=False)


def yes_set_aside(*, actor: User, pupil: Pupil, contact: Contact | None, ask_to_look: bool = True) -> None:
    """Somebody's yes stops counting from now on: they no longer answer for the pupil, or it ended."""
    rows = Answer.objects.filter(pupil=pupil, contact=contact, weight=Weight.COUNTS)
    last = {line.purpose_id: line for line in rows.select_related("reply").order_by("received_at", "pk")}
    lines = [line for line in last.values() if line.allows]
    if not lines:
        return
    profile = profile_of(pupil.school)
    new = _add_again(actor, lines[-1].reply, lines, False, set(), received_at=timezone.now(), settles=None)
    record(
        "consent.reply_settled",
        actor=actor,
        school=pupil.school,
        subject=pupil,
        data={"reply": str(new.uuid), "counts": False},
    )
    if positions_change(pupil, [new], terms_of(profile)) and ask_to_look:
        search_raise(pupil, profile, why=PostSearch.Why.WITHDRAWN, reply=new)
