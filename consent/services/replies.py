"""Recording what somebody answers for a pupil: from a link, from paper, from a letter, from a call."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone

from consent.access import pupil_rules
from consent.ages import is_adult
from consent.models import (
    Answer,
    Assessment,
    Basis,
    Contact,
    Effect,
    PostSearch,
    Pupil,
    Purpose,
    Reply,
    ReplyWords,
    Responsibility,
    Round,
    Standing,
    Tie,
    Weight,
    Wording,
)
from consent.services.effects import positions_change, search_raise
from consent.services.links import confirm
from consent.terms import Terms, terms_of
from core.audit import audited, record
from core.errors import Refused
from core.notices import notify
from core.roles import Role
from people.governance.profile import Profile
from people.models import User
from people.selectors import holders_of_any, profile_of

OF_RESPONSIBILITY = {
    Responsibility.YES: Standing.PARENTAL,
    Responsibility.UNKNOWN: Standing.UNPROVEN,
    Responsibility.NO: Standing.NONE,
}
SENT_BEFORE = "This page was sent before with other answers. Open it again and answer once more."
SPEAKS_ALONE = "This pupil is 18 and answers for themselves. Ask the pupil."


@dataclass(frozen=True)
class Said:
    """What one person said for one pupil.

    Attributes:
        pupil: whom it is about.
        answers: yes or no by id of the purpose.
        contact: who answers; None for the pupil.
        capable: of a pupil under 18 who answers: whether they understand what it means.
        wordings: id of the wording shown, by purpose; the newest where it is not given.
        words: what else was said, kept apart from the ledger.
    """

    pupil: Pupil
    answers: Mapping[int, bool]
    contact: Contact | None = None
    capable: bool = False
    wordings: Mapping[int, int] = field(default_factory=dict)
    words: str = ""


def reply_key(*, actor: User, said: Said, once: uuid.UUID, route: str, received_at: datetime) -> Reply:
    """Key in an answer that reached the school (CIT-7.10, STM-7.10).

    `received_at` is when it reached the school, an aware moment, not in the future. Raises PermissionDenied,
    and Refused where the person cannot answer for the pupil.
    """
    pupil_rules.require(actor, "record", said.pupil)
    if received_at > timezone.now():
        raise Refused("Enter a day that is not in the future.", field="received_on")
    return reply_add(said=said, once=once, route=route, received_at=received_at, actor=actor)


def reply_add(
    *, said: Said, once: uuid.UUID, route: str, received_at: datetime, actor: User | None = None
) -> Reply:
    """Add an answer to the ledger; the same `once` adds it one time. Callers have asked who may do so.

    The standing is worked out from the register and frozen. Raises Refused where the person cannot answer.
    """
    with audited():
        pupil = Pupil.objects.select_for_update(of=("self",)).select_related("school").get(pk=said.pupil.pk)
        before = Reply.objects.filter(once=once).first()
        if before is not None:
            same = (before.pupil_id, before.contact_id) == (
                pupil.pk,
                said.contact.pk if said.contact else None,
            )
            if not same or dict(before.answers.values_list("purpose_id", "allows")) != dict(said.answers):
                raise Refused(SENT_BEFORE)
            return before
        profile = profile_of(pupil.school)
        terms = terms_of(profile)
        day = timezone.localdate(received_at)
        purposes = _purposes_asked(pupil, said.answers)
        standing = standing_for(pupil, said.contact, said.capable, terms, day)
        reply = Reply.objects.create(
            once=once,
            school=pupil.school,
            pupil=pupil,
            contact=said.contact,
            standing=standing,
            route=route,
            weight=_weight(standing, route, terms),
            received_at=received_at,
            recorded_by=actor,
        )
        if said.words:
            ReplyWords.objects.create(reply=reply, text=said.words)
        _add_lines(reply, said, purposes, terms, day)
        stopped = positions_change(pupil, [reply], terms)
        record(
            "consent.reply_recorded",
            actor=actor,
            school=pupil.school,
            subject=pupil,
            data={"reply": str(reply.uuid), "route": route, "weight": reply.weight},
        )
        _tell(reply, profile, actor)
        confirm(reply)
        if stopped:
            search_raise(pupil, profile, why=_why(reply), reply=reply)
    return reply


def _purposes_asked(pupil: Pupil, answers: Mapping[int, bool]) -> dict[int, Purpose]:
    """The purposes answered, all of the pupil's school and all still asked about. Raises Refused."""
    if not answers:
        raise Refused("Answer at least one question.")
    found = Purpose.objects.filter(pk__in=answers, school=pupil.school, retired_at=None).in_bulk()
    if len(found) != len(answers):
        raise Refused("The questions have changed meanwhile. Look at the new ones and answer again.")
    return found


def standing_for(pupil: Pupil, contact: Contact | None, capable: bool, terms: Terms, day: date) -> str:
    """In what capacity somebody answered on the day on which it reached the school (CIT-7.05 to 7.07, STM-7.06).

    Raises Refused for a contact who is none of the pupil's, or of a pupil of 18 who speaks alone.
    """
    adult = terms.at_18 and is_adult(pupil.born, day)
    latest = Assessment.objects.filter(pupil=pupil).order_by("-at", "-pk").first() if adult else None
    if contact is None:
        if adult and (latest is None or latest.competent):
            return Standing.ADULT
        return Standing.CAPABLE if capable else Standing.PUPIL
    tie = Tie.objects.filter(pupil=pupil, contact=contact, active=True).first()
    if tie is None:
        raise Refused("This person is no contact of the pupil.", field="contact")
    if not adult:
        return OF_RESPONSIBILITY[Responsibility(tie.responsibility)]
    if latest is None or latest.competent:
        raise Refused(SPEAKS_ALONE, field="contact")
    return Standing.FOR_ADULT if tie.responsibility == Responsibility.YES else Standing.UNPROVEN


def _weight(standing: str, route: str, terms: Terms) -> str:
    weight = terms.weight_of(route)
    if weight == Weight.COUNTS and standing in (Standing.UNPROVEN, Standing.NONE):
        return Weight.TO_CHECK
    return weight


def _add_lines(
    reply: Reply, said: Said, purposes: dict[int, Purpose], terms: Terms, day: date
) -> list[Answer]:
    """The lines of a reply, each with the wording shown and the last day on which a yes holds."""
    wordings = _wordings(purposes, said.wordings)
    spoken = _last_words(reply, purposes)
    open_round = Round.objects.filter(school=reply.school, closed_at=None).first()
    asked = open_round is not None and reply.received_at >= open_round.opened_at
    until = terms.valid_until(day, open_round.until if asked else None)
    return Answer.objects.bulk_create(
        [
            Answer(
                reply=reply,
                pupil=reply.pupil,
                purpose=purpose,
                wording_id=wordings.get(pk),
                kind=_kind(said.answers[pk], spoken.get(pk), purpose),
                allows=said.answers[pk],
                contact=reply.contact,
                standing=reply.standing,
                weight=reply.weight,
                received_at=reply.received_at,
                recorded_at=reply.recorded_at,
                valid_until=until,
            )
            for pk, purpose in purposes.items()
        ]
    )


def _wordings(purposes: dict[int, Purpose], shown: Mapping[int, int]) -> dict[int, int]:
    """The wording that each answer rests on. Raises Refused where what was shown is no wording of it."""
    found: dict[int, int] = {}
    for pk, purpose in (
        Wording.objects.filter(purpose__in=purposes).order_by("number").values_list("pk", "purpose_id")
    ):
        if shown.get(purpose, pk) == pk:
            found[purpose] = pk
    if set(shown) - set(found):
        raise Refused("The questions have changed meanwhile. Look at the new ones and answer again.")
    return found


def _last_words(reply: Reply, purposes: Mapping[int, Purpose]) -> dict[int, bool]:
    """What the same person said before, by purpose."""
    rows = Answer.objects.filter(pupil=reply.pupil, contact=reply.contact, purpose__in=purposes)
    rows = rows.exclude(weight=Weight.NOTED).exclude(kind=Effect.SET_ASIDE).order_by("received_at", "pk")
    return dict(rows.values_list("purpose_id", "allows"))


def _kind(allows: bool, before: bool | None, purpose: Purpose) -> str:
    if allows:
        return Effect.AMENDED if before is False else Effect.GIVEN
    if purpose.basis == Basis.PUBLIC_TASK:
        return Effect.OBJECTION
    return Effect.WITHDRAWN if before else Effect.REFUSED


def _tell(reply: Reply, profile: Profile, actor: User | None) -> None:
    """Tell who receives withdrawals of a change, and the office of an answer to be checked."""
    if reply.weight == Weight.NOTED:
        return
    recipients = holders_of_any(reply.school, profile.withdrawal_recipient or [Role.OFFICE])
    if actor is not None:
        recipients = recipients.exclude(pk=actor.pk)
    link = reverse("consent:pupil-detail", args=[reply.pupil.uuid])
    if reply.answers.filter(kind__in=[Effect.WITHDRAWN, Effect.OBJECTION, Effect.AMENDED]).exists():
        notify(
            "consent.withdrawn", recipients=recipients, about=reply.pupil, key=f"reply:{reply.pk}", link=link
        )
    if reply.weight == Weight.TO_CHECK:
        link = reverse("consent:reply-settle", args=[reply.uuid])
        notify("consent.to_check", recipients=recipients, about=reply, key=f"reply:{reply.pk}", link=link)


def _why(reply: Reply) -> str:
    objected = reply.answers.filter(kind=Effect.OBJECTION).exists()
    return PostSearch.Why.OBJECTION if objected else PostSearch.Why.WITHDRAWN
