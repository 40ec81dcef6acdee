"""Training: what was done is recorded, taken back with a reason, and asked for anew."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from core.audit import audited, record
from core.errors import Refused
from core.models import Platform
from core.notices import notify
from core.uploads import CleanFile, files_kept, store
from people.models import School, User
from people.selectors import holders_of_any, people_at, profile_of
from policies.education.periods import periods_work_out
from policies.models import EducationEvent, Refresh, Training, TrainingRecord, TrainingSession
from policies.training.access import ASKERS, TRAINERS, refresh_rules, session_rules, training_rules
from policies.training.duties import duties_work_out, work_out_everywhere

FURTHEST_BACK = timedelta(days=20 * 366)
FURTHEST_REFRESH = timedelta(days=366)
MOST_IN_A_SESSION = 500
NOT_ONESELF = "Nobody records their own training. Ask a colleague who may record it."
STALE_PAGE = "This page cannot be sent. Open it afresh and send it again."
OF_FAMILIES = (EducationEvent.Audience.PUPILS, EducationEvent.Audience.PARENTS)
"""Whose education a refresher may ask for besides the training of staff and governors."""
REFRESHABLE = (*(kind for kind in Training if kind != Training.DEVELOPMENT), *OF_FAMILIES)


@dataclass(frozen=True)
class What:
    """What was done: the same for one person and for a session. `until`: the last day on which it counts."""

    kind: str
    title: str
    on: date
    trainer: str
    platform: Platform | None = None
    until: date | None = None
    notes: str = ""


def training_record(
    *,
    actor: User,
    school: School,
    user: User,
    once: UUID,
    what: What,
    evidence: CleanFile | None = None,
    evidence_name: str = "",
) -> TrainingRecord:
    """Record one person's training (CIT-2.07, STM-2.05). The same page sent twice makes one record.

    Raises PermissionDenied, or Refused with what to do.
    """
    training_rules.require_at(actor, "record", school)
    known = TrainingRecord.objects.filter(once=once, by=actor, school=school, user=user).first()
    if known:
        return known
    what = checked(what)
    _check_people(actor, school, [user], field=None)
    try:
        with files_kept() as kept, audited():
            row = TrainingRecord(once=once, school=school, user=user, by=actor, **_columns(what))
            if evidence is not None:
                kept.append(store(row.evidence, evidence))
                row.evidence_name, row.evidence_type = evidence_name[:150], evidence.media_type
            row.save()
            record(
                "policies.training_recorded",
                actor=actor,
                school=school,
                subject=row,
                data={"user": user.pk, "kind": str(what.kind), "evidence": evidence is not None},
            )
            work_out_everywhere(school, [user.pk])
    except IntegrityError as error:
        known = TrainingRecord.objects.filter(once=once, by=actor, school=school, user=user).first()
        if known is None:
            raise Refused(STALE_PAGE) from error
        return known
    return row


def training_withdraw(*, actor: User, row: TrainingRecord, reason: str) -> TrainingRecord:
    """Take a mistaken record back, with the reason; it stays to be read. Raises PermissionDenied, or Refused."""
    training_rules.require(actor, "withdraw", row)
    reason = reason.strip()[:300]
    if not reason:
        raise Refused("Say what was wrong with it.", field="reason")
    if row.user_id == actor.pk:
        raise Refused("Nobody takes back a record about themselves. Ask a colleague who may.")
    with audited():
        found = TrainingRecord.objects.select_for_update(of=("self",), no_key=True).select_related(
            "school", "user"
        )
        row = found.get(pk=row.pk)
        if row.withdrawn_at is not None:
            raise Refused("This record was taken back already.")
        row.withdrawn_at, row.withdrawn_by, row.withdrawn_because = timezone.now(), actor, reason
        row.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_because"])
        data = {"user": row.user_id, "kind": row.kind}
        record("policies.training_withdrawn", actor=actor, school=row.school, subject=row, data=data)
        work_out_everywhere(row.school, [row.user_id])
    return row


def evidence_opened(*, actor: User, row: TrainingRecord) -> None:
    """Record that somebody took the evidence of a training away."""
    with audited():
        record("policies.training_evidence_opened", actor=actor, school=row.school, subject=row)


def training_exported(*, actor: User, school: School | None, count: int, filters: Iterable[str]) -> None:
    """Record that somebody took the list away as a file."""
    with audited():
        data = {"lines": count, "filters": sorted(filters)}
        record("policies.training_exported", actor=actor, school=school, data=data)


# Sessions ------------------------------------------------------------------------------------


def session_hold(
    *, actor: User, school: School, once: UUID, what: What, people: Iterable[User]
) -> TrainingSession:
    """Record a session with everybody who was there; each gets a record (CIT-3.16, STM-3.15, RAV-2.01).

    Raises PermissionDenied, or Refused.
    """
    session_rules.require_at(actor, "record", school)
    known = TrainingSession.objects.filter(once=once, by=actor, school=school).first()
    if known:
        return known
    what, people = checked(what), list(people)
    if not people:
        raise Refused("Tick at least one person who was there.", field="people")
    _check_people(actor, school, people)
    try:
        with audited():
            row = TrainingSession.objects.create(
                once=once,
                school=school,
                kind=what.kind,
                platform=what.platform,
                title=what.title,
                on=what.on,
                trainer=what.trainer,
                notes=what.notes,
                by=actor,
            )
            data = {"people": sorted(one.pk for one in people), "kind": str(what.kind)}
            record("policies.session_recorded", actor=actor, school=school, subject=row, data=data)
            _add_people(actor, row, what, people)
    except IntegrityError as error:
        known = TrainingSession.objects.filter(once=once, by=actor, school=school).first()
        if known is None:
            raise Refused(STALE_PAGE) from error
        return known
    return row


def session_join(*, actor: User, session: TrainingSession, people: Iterable[User]) -> int:
    """Add people who were there after all; who stands there already is left alone. Returns how many were added.

    Raises PermissionDenied, or Refused.
    """
    session_rules.require(actor, "record", session)
    people = list(people)
    if not people:
        raise Refused("Tick at least one person who was there.", field="people")
    _check_people(actor, session.school, people)
    with audited():
        found = TrainingSession.objects.select_for_update(of=("self",), no_key=True)
        row = found.select_related("school", "platform").get(pk=session.pk)
        there = set(row.records.filter(withdrawn_at=None).values_list("user", flat=True))
        new = [one for one in people if one.pk not in there]
        if new:
            data = {"people": sorted(one.pk for one in new)}
            record("policies.session_joined", actor=actor, school=row.school, subject=row, data=data)
            last = row.records.exclude(until=None).values_list("until", flat=True).first()
            what = What(row.kind, row.title, row.on, row.trainer, row.platform, last)
            _add_people(actor, row, what, new)
    return len(new)


def _add_people(actor: User, session: TrainingSession, what: What, people: list[User]) -> None:
    """One record each. Who was taken back once and is added again gets a record with another key."""
    again = session.records.count()
    TrainingRecord.objects.bulk_create(
        [
            TrainingRecord(
                once=uuid5(session.once, f"{one.uuid}:{again}"),
                school=session.school,
                user=one,
                session=session,
                by=actor,
                **_columns(what),
            )
            for one in people
        ]
    )
    work_out_everywhere(session.school, [one.pk for one in people])


# Refreshing ----------------------------------------------------------------------------------


def refresh_ask(
    *, actor: User, school: School, kinds: Iterable[str], reason: str, once: UUID, due_on: date | None = None
) -> Refresh:
    """Ask for training to be refreshed after a significant incident or change (CIT-11.03, STM-11.08).

    From today on older training of these kinds counts no more; it is due again after the days that the profile
    gives, or on `due_on`. The reason is read by many and must not tell of a case. Raises PermissionDenied, or
    Refused.
    """
    refresh_rules.require_at(actor, "ask", school)
    known = Refresh.objects.filter(once=once, by=actor, school=school).first()
    if known:
        return known
    kinds, reason, today = (
        list(dict.fromkeys(map(str, kinds))),
        " ".join(reason.split())[:300],
        timezone.localdate(),
    )
    profile = profile_of(school)
    if not profile.training_refresh:
        raise Refused(
            "Your school’s settings do not say that training is refreshed. Change “Refreshing training” there first."
        )
    if not kinds or not set(kinds) <= set(REFRESHABLE):
        raise Refused("Choose which training is to be refreshed.", field="kinds")
    if not reason:
        raise Refused("Say in general words why.", field="reason")
    due_on = due_on or today + timedelta(days=profile.refresh_days)
    if not today <= due_on <= today + FURTHEST_REFRESH:
        raise Refused("The last day must be today or later, and within a year.", field="due_on")
    try:
        with audited():
            row = Refresh.objects.create(
                once=once, school=school, kinds=kinds, reason=reason, since=today, due_on=due_on, by=actor
            )
            record("policies.refresh_asked", actor=actor, school=school, subject=row, data={"kinds": kinds})
            _tell("policies.refresh_asked", actor, row)
            _work_out(row)
    except IntegrityError as error:
        known = Refresh.objects.filter(once=once, by=actor, school=school).first()
        if known is None:
            raise Refused(STALE_PAGE) from error
        return known
    return row


def refresh_call_off(*, actor: User, refresh: Refresh, because: str) -> Refresh:
    """Older training counts again. The refresher stays to be read. Raises PermissionDenied, or Refused."""
    refresh_rules.require(actor, "call_off", refresh)
    because = because.strip()[:300]
    if not because:
        raise Refused("Say why it is called off.", field="because")
    with audited():
        row = (
            Refresh.objects.select_for_update(of=("self",), no_key=True)
            .select_related("school")
            .get(pk=refresh.pk)
        )
        if row.called_off_at is not None:
            raise Refused("It was called off already.")
        row.called_off_at, row.called_off_by, row.called_off_because = timezone.now(), actor, because
        row.save(update_fields=["called_off_at", "called_off_by", "called_off_because"])
        record("policies.refresh_called_off", actor=actor, school=row.school, subject=row)
        _tell("policies.refresh_called_off", actor, row)
        _work_out(row)
    return row


def _work_out(row: Refresh) -> None:
    duties_work_out(row.school)
    if set(row.kinds) & set(OF_FAMILIES):
        periods_work_out(row.school)


def _tell(kind: str, actor: User, row: Refresh) -> None:
    """Whoever asks and whoever trains; everybody else is reminded of what they owe themselves."""
    trainers = [str(spec) for spec in profile_of(row.school).value(TRAINERS) or ()]
    people = holders_of_any(row.school, [*(str(role) for role in ASKERS), *trainers]).exclude(pk=actor.pk)
    notify(kind, recipients=people, about=row, key=str(row.pk), link=reverse("policies:refresh-list"))


# Shared --------------------------------------------------------------------------------------


def _columns(what: What) -> dict[str, Any]:
    return {
        "kind": what.kind,
        "platform": what.platform,
        "title": what.title,
        "done_on": what.on,
        "until": what.until,
        "trainer": what.trainer,
    }


def checked(what: What) -> What:
    """What was done, without blanks around it. Raises Refused."""
    title, trainer = " ".join(what.title.split())[:200], " ".join(what.trainer.split())[:150]
    today = timezone.localdate()
    if what.kind not in Training.values:
        raise Refused("Choose what kind of training it was.", field="kind")
    if not title:
        raise Refused("Say what it was called.", field="title")
    if not trainer:
        raise Refused("Say who gave it.", field="trainer")
    if what.on > today:
        raise Refused("The day cannot be in the future. Record it once it was held.", field="on")
    if what.on < today - FURTHEST_BACK:
        raise Refused("That is too long ago. Check the day.", field="on")
    if what.until is not None and what.until < what.on:
        raise Refused("The last day on which it counts cannot be before the training.", field="until")
    platform = what.platform if what.kind == Training.PLATFORM else None
    return What(str(what.kind), title, what.on, trainer, platform, what.until, what.notes.strip())


def _check_people(actor: User, school: School, people: list[User], field: str | None = "people") -> None:
    """Colleagues of this school, and not oneself. Raises Refused."""
    keys = {one.pk for one in people}
    if actor.pk in keys:
        raise Refused(NOT_ONESELF, field=field)
    if len(keys) > MOST_IN_A_SESSION:
        raise Refused(f"A session has at most {MOST_IN_A_SESSION} people. Make two of it.", field=field)
    if people_at(school).filter(pk__in=keys).count() != len(keys):
        raise Refused("Choose people who have a role at this school now.", field=field)
