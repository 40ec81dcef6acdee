"""Logging a comment by hand: what arrived, when it reached the account, and what follows from its kind."""

from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import IntegrityError
from django.utils import timezone

from accounts.access import account_rules
from accounts.models import SocialAccount
from core.audit import audited, record
from core.errors import Refused
from incidents.comments.access import comment_rules
from incidents.comments.hearers import first_hearers
from incidents.comments.services.clock import clock_advance
from incidents.comments.services.complaining import tell_settlers
from incidents.comments.services.correcting import comment_correct
from incidents.comments.services.offensive import Offence, offence_report
from incidents.comments.services.writing import (
    AHEAD,
    MOST_WORDS,
    Did,
    lead_on,
    received_in,
    step_write,
    tell,
    words_of,
)
from incidents.comments.terms import due_of, first_stage
from incidents.models import Comment
from people.governance.profile import Profile
from people.models import School, User
from people.selectors import profile_of


@dataclass(frozen=True)
class Arrived:
    """What arrived: on which account, by whom as shown, in which words, of which kind, and when (aware)."""

    account: SocialAccount
    author: str
    words: str
    kind: str
    received_at: datetime


def comment_log(
    *, actor: User, school: School, once: UUID, arrived: Arrived, offence: Offence | None = None
) -> Comment:
    """Log one comment; its due time is worked out now, from when it reached the account (RAV-4.02, subtle 52).

    A comment whose time has run out already is late at once. Whoever looks after the account is told, where
    somebody else logs it. The same page sent twice is one comment; sent again with other words it is another,
    with another time it corrects the time (`comment_correct`).
    Raises PermissionDenied, or Refused with what to do.
    """
    comment_rules.require_at(actor, "log", school)
    profile = profile_of(school)
    arrived = checked(actor, school, arrived)
    known = _known(actor, school, once)
    if known and not _same(known, arrived):
        words = [str(getattr(arrived, one.name)) for one in fields(arrived) if one.name != "received_at"]
        once = uuid5(once, repr(words))
        known = _known(actor, school, once)
    if known:
        if not _same_time(known, arrived):
            return comment_correct(actor=actor, comment=known, received_at=arrived.received_at)
        return known
    try:
        with audited():
            row = fresh(actor, school, once, arrived, profile, timezone.now())
            row.save(force_insert=True)
            step_write(row, Did.LOGGED, actor)
            record("incidents.comment_logged", actor=actor, school=school, subject=row)
            if lead_on(row, actor, profile):
                step_write(row, Did.PASSED, actor)
                tell_settlers(row, actor, profile)
            if offence:
                offence_report(row, actor=actor, offence=offence, profile=profile)
            late = row.due_at is not None and row.due_at <= row.logged_at
            if late:
                clock_advance(row, row.logged_at)
            elif row.kind != Comment.Kind.PRESS:
                tell(row, "incidents.comment_new", first_hearers(row, profile), key=str(row.pk), but=actor)
    except IntegrityError as error:
        if known := _known(actor, school, once):
            return known
        raise Refused("This page cannot be sent. Open it afresh and send it again.") from error
    return row


def fresh(
    actor: User, school: School, once: UUID, arrived: Arrived, profile: Profile, now: datetime, **more: Any
) -> Comment:
    """The row, not saved yet, with its due time and what the sweep does first."""
    due = due_of(profile, arrived.received_at)
    stage, next_at = first_stage(profile, due, now)
    return Comment(
        once=once,
        school=school,
        logged_by=actor,
        logged_at=now,
        due_at=due,
        stage=stage,
        next_at=next_at,
        **{one.name: getattr(arrived, one.name) for one in fields(arrived)},
        **more,
    )


def checked(actor: User, school: School, arrived: Arrived, *, seen: bool = False) -> Arrived:
    """What arrived, tidied; the moment in whole seconds. `seen`: the account was looked up already. Raises Refused."""
    arrived = replace(
        arrived,
        author=" ".join(arrived.author.split()),
        words=words_of(arrived.words, needed="Enter what was written", most=MOST_WORDS),
    )
    if not seen and not (
        account_rules.visible_to(actor, "view").filter(pk=arrived.account.pk, school=school).exists()
    ):
        raise Refused("Choose an account of this school.", field="account")
    if not arrived.author:
        raise Refused("Enter the name under which it was written.", field="author")
    if len(arrived.author) > 150:
        raise Refused("Shorten the name to 150 characters.", field="author")
    if arrived.kind not in Comment.Kind.values:
        raise Refused("Choose what it is.", field="kind")
    return replace(arrived, received_at=received_in(arrived.received_at))


def _known(actor: User, school: School, once: UUID) -> Comment | None:
    return Comment.objects.filter(once=once, logged_by=actor, school=school).first()


def _same(known: Comment, arrived: Arrived) -> bool:
    """Whether a stored comment says the same, at whatever time."""
    pairs = (
        (getattr(known, name), getattr(arrived, name)) for name in ("account", "author", "words", "kind")
    )
    return all(one == other for one, other in pairs)


def _same_time(known: Comment, arrived: Arrived) -> bool:
    """Whether it means the same time; "just now" is a moment later when a page is sent again."""
    just_now = known.logged_at - known.received_at <= AHEAD
    return known.received_at == arrived.received_at or (
        just_now and timezone.now() - arrived.received_at <= AHEAD
    )
