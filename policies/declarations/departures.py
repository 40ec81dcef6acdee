"""Justified departures from the policy: told, advised on, answered, withdrawn (CBC-6.04 to CBC-6.06).

A step says what the departure became: `advice` when HR was asked, `sent` when HR had answered, then the answer.
"""

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from django.db import IntegrityError
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from core.audit import audited, record
from core.errors import Refused, Stale
from core.notices import notify
from core.roles import Post, Role
from people.governance.profile import Profile
from people.models import School, User
from people.selectors import holders, holders_of_any, profile_of
from policies.declarations.access import departure_rules
from policies.declarations.relationships import SENT_BEFORE, SENT_LONG_AGO, said_in
from policies.declarations.roads import CHAIR, departure_road, rows_of, specs_of
from policies.models import Clause, Departure, DepartureHearer, DepartureNote, DepartureStep

State, When = Departure.State, Departure.When
WAITING = (State.SENT, State.ADVICE)
ANSWERS = (State.AGREED, State.NOT_AGREED, State.NOTED)
MOST_TEXT, MOST_NOTE, MOST_CLAUSES = 4000, 1000, 20
FURTHEST = timedelta(days=731)
HR_DIRECTOR = f"{Role.HR}/{Post.HR_DIRECTOR}"


@dataclass(frozen=True)
class Case:
    """What somebody does or did otherwise than the policy says, on which day, and why."""

    when: str
    on: date
    what: str
    why: str
    clauses: tuple[str, ...] = ()


def url_of(row: Departure) -> str:
    """The page of a departure."""
    return reverse("policies:departure-detail", args=[row.uuid])


def refs_in(text: str) -> tuple[str, ...]:
    """The references that somebody typed, apart by blanks, commas or lines, each once."""
    return tuple(dict.fromkeys(ref.upper() for ref in re.split(r"[\s,;]+", text) if ref))


def answerers_of(row: Departure) -> QuerySet[User]:
    """Who answers it now, by the roles that were frozen. Never its own teller."""
    return holders_of_any(row.school, specs_of(row.hearers.filter(advises=False))).exclude(pk=row.by_id)


def advisers_at(school: School, row: Departure, asker: User) -> QuerySet[User]:
    """Who in HR is free to advise on it: neither its teller nor whoever asks."""
    return holders(school, adviser_of(row)).exclude(pk__in=[row.by_id, asker.pk])


def adviser_of(row: Departure) -> str:
    """The role that advises on it: where its road begins with the chair, the HR director and nobody below.

    It is the headteacher's own then, and HR staff of the school work for them. Who is led in later changes nothing.
    """
    road = specs_of(row.hearers.filter(advises=False))
    return HR_DIRECTOR if road[:1] == [CHAIR] else str(Role.HR)


def departure_make(*, actor: User, school: School, once: UUID, case: Case) -> Departure:
    """Tell of a departure, proposed or done, and who answers it. The same page sent twice is one.

    Raises PermissionDenied; Refused where a clause is not of the school's policy or nobody could answer.
    """
    departure_rules.require_at(actor, "make", school)
    case = replace(case, what=case.what.strip(), why=case.why.strip())
    if known := _known(actor, school, once, case):
        return known
    profile = profile_of(school)
    _check(profile, case)
    road = departure_road(profile, school, actor)
    try:
        with audited():
            row = Departure.objects.create(
                once=once,
                school=school,
                by=actor,
                when=case.when,
                on=case.on,
                what=case.what,
                why=case.why,
                clauses=list(case.clauses),
            )
            DepartureHearer.objects.bulk_create(
                [DepartureHearer(departure=row, **one) for one in rows_of(road)]
            )
            record("policies.departure_made", actor=actor, school=school, subject=row)
            notify(
                "policies.departure_made",
                recipients=answerers_of(row),
                about=row,
                key=str(row.pk),
                link=url_of(row),
            )
    except IntegrityError as error:
        if known := _known(actor, school, once, case):
            return known
        raise Refused("This page cannot be sent. Open it afresh and send it again.") from error
    return row


def departure_ask_hr(*, actor: User, departure: Departure, question: str) -> Departure:
    """Whoever answers asks HR first, where the profile lets them (CBC-6.06). HR may then read it.

    Raises PermissionDenied, Refused or Stale.
    """
    departure_rules.require(actor, "answer", departure)
    question = _note(question, "question", "Say what you ask HR.")
    with audited():
        row = _locked(departure)
        last = row.steps.order_by("pk").last()
        if last and (last.by_id, last.did, said_in(last)) == (actor.pk, State.ADVICE, question):
            return row
        if not profile_of(row.school).departure_hr_advice:
            raise Refused("At your school HR is not asked about departures from the policy.")
        if row.state != State.SENT:
            raise Stale(f"This has moved on meanwhile: {row.get_state_display().lower()}.")
        people = advisers_at(row.school, row, actor)
        if not people.exists():
            raise Refused(
                "Nobody in HR is free to advise on this. Ask whoever looks after the portal to give somebody "
                "the role, or answer it yourself."
            )
        [adviser] = rows_of([adviser_of(row)])
        DepartureHearer.objects.get_or_create(departure=row, advises=True, **adviser)
        _move(row, State.ADVICE, actor, question)
        record("policies.departure_advice_asked", actor=actor, school=row.school, subject=row)
        _tell("policies.departure_advice_asked", people, row)
    return row


def departure_advise(*, actor: User, departure: Departure, advice: str) -> Departure:
    """HR's words, for whoever answers and not for whoever departed. Raises PermissionDenied, Refused or Stale."""
    departure_rules.require(actor, "advise", departure)
    advice = _note(advice, "advice", "Write your advice.")
    with audited():
        row = _locked(departure)
        last = row.steps.order_by("pk").last()
        if last and (last.by_id, last.did, said_in(last)) == (actor.pk, State.SENT, advice):
            return row
        if row.state != State.ADVICE:
            raise Stale("This no longer waits for advice.")
        if last and last.by_id == actor.pk:
            raise Refused("You asked for this advice yourself, so somebody else in HR gives it.")
        _move(row, State.SENT, actor, advice)
        record("policies.departure_advised", actor=actor, school=row.school, subject=row)
        _tell("policies.departure_advised", answerers_of(row), row)
    return row


def departure_answer(*, actor: User, departure: Departure, outcome: str, note: str = "") -> Departure:
    """Agree, do not agree (with reasons), or note what has happened. The teller is told.

    Raises PermissionDenied, Refused or Stale.
    """
    departure_rules.require(actor, "answer", departure)
    note = note.strip()
    if outcome not in ANSWERS:
        raise Refused("Choose your answer.", field="outcome")
    if outcome == State.NOTED and departure.when != When.DONE:
        raise Refused("Only what has happened can be noted. Agree to it, or do not.", field="outcome")
    if outcome == State.NOT_AGREED and not note:
        raise Refused("Give your reasons. Whoever told you of it will read them.", field="note")
    if len(note) > MOST_NOTE:
        raise Refused(f"Shorten this to {MOST_NOTE} characters.", field="note")
    with audited():
        row = _locked(departure)
        last = row.steps.order_by("pk").last()
        if last and (last.by_id, last.did, said_in(last)) == (actor.pk, outcome, note):
            return row
        if row.state not in WAITING:
            raise Stale(f"This was settled meanwhile: {row.get_state_display().lower()}.")
        _move(row, outcome, actor, note)
        record("policies.departure_answered", actor=actor, school=row.school, subject=row)
        _tell("policies.departure_answered", [row.by], row)
    return row


def departure_withdraw(*, actor: User, departure: Departure) -> Departure:
    """The teller takes it back while nobody has answered. Raises PermissionDenied or Stale."""
    departure_rules.require(actor, "withdraw", departure)
    with audited():
        row = _locked(departure)
        if row.state == State.WITHDRAWN:
            return row
        if row.state not in WAITING:
            raise Stale(f"It was answered meanwhile: {row.get_state_display().lower()}.")
        _move(row, State.WITHDRAWN, actor, "")
        record("policies.departure_withdrawn", actor=actor, school=row.school, subject=row)
        _tell("policies.departure_withdrawn", answerers_of(row), row)
    return row


def _tell(kind: str, people: QuerySet[User] | list[User], row: Departure) -> None:
    """A notice for this stage of the departure."""
    stage = row.steps.order_by("pk").last()
    notify(kind, recipients=people, about=row, key=f"{row.pk}:{stage.pk}", link=url_of(row))


def _move(row: Departure, state: str, actor: User, note: str) -> None:
    """Move a locked row on, with its step, whose words stand in a row of their own."""
    row.state = state
    if state not in WAITING:
        row.ended_at = timezone.now()
    row.save(update_fields=["state", "ended_at"])
    step = DepartureStep.objects.create(departure=row, did=state, by=actor)
    if note:
        DepartureNote.objects.create(step=step, text=note)


def _note(text: str, field: str, missing: str) -> str:
    text = text.strip()
    if not text:
        raise Refused(missing, field=field)
    if len(text) > MOST_NOTE:
        raise Refused(f"Shorten this to {MOST_NOTE} characters.", field=field)
    return text


def _check(profile: Profile, case: Case) -> None:
    """Whether it can be told. Raises Refused with the field at fault."""
    today = timezone.localdate()
    if case.when not in When.values:
        raise Refused("Choose whether it has happened.", field="when")
    if case.when == When.DONE and not today - FURTHEST <= case.on <= today:
        raise Refused("Enter the day on which it happened, within the last two years.", field="on")
    if case.when == When.PROPOSED and not today <= case.on <= today + FURTHEST:
        raise Refused("Enter the day on which it is to happen, today or later.", field="on")
    for field, text in (("what", case.what), ("why", case.why)):
        if not text:
            raise Refused("Say what is or was done, and why it is right.", field=field)
        if len(text) > MOST_TEXT:
            raise Refused(f"Shorten this to {MOST_TEXT} characters.", field=field)
    if len(case.clauses) > MOST_CLAUSES:
        raise Refused(f"Name at most {MOST_CLAUSES} clauses.", field="clauses")
    own = Clause.objects.filter(ref__in=case.clauses, policy__preset=profile.preset.slug)
    unknown = set(case.clauses) - set(own.values_list("ref", flat=True))
    if unknown:
        first = next(ref for ref in case.clauses if ref in unknown)
        raise Refused(
            f"“{first[:20]}” is no clause of your school's policy. Look it up there, or leave it out.",
            field="clauses",
        )


def _known(actor: User, school: School, once: UUID, case: Case) -> Departure | None:
    """What this page made when it was sent before. Raises Refused where it said something else then."""
    row = Departure.objects.filter(once=once, by=actor, school=school).first()
    if row is None:
        return None
    if row.shut_at:
        raise Refused(SENT_LONG_AGO)
    if Case(row.when, row.on, row.what, row.why, tuple(row.clauses)) != case:
        raise Refused(SENT_BEFORE)
    return row


def _locked(row: Departure) -> Departure:
    return (
        Departure.objects.select_for_update(of=("self",), no_key=True)
        .select_related("school", "by")
        .get(pk=row.pk)
    )
