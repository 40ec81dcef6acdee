"""Cases of a kind of their own: data protection breaches, complaints about the policy or about data protection."""

from datetime import datetime, timedelta

from django.utils import timezone

from core.access import standing_of
from core.audit import audited, record
from core.errors import Refused
from core.roles import Role
from incidents.concerns.access import concern_rules
from incidents.concerns.selectors import excluded_from
from incidents.concerns.services.chronology import entry_write, locked
from incidents.concerns.services.deadlines import breach_clock, duty_done
from incidents.concerns.told import FURTHEST_BACK
from incidents.models import ActionKind, Category, Concern, DataBreach, EntryKind, Hearing
from incidents.roads import CHAIR, ELT
from incidents.services.reports import refuse_address
from people.models import User
from people.selectors import holders

A_MOMENT = timedelta(minutes=2)
TWICE = "This is recorded already. Open the page again."


def breach_aware(*, actor: User, concern: Concern, aware_at: datetime | None) -> DataBreach:
    """Since when the school is aware of a breach: the 72 hours run from there. Raises Refused."""
    concern_rules.require(actor, "handle", concern)
    _check_time(aware_at, "aware_on")
    with audited():
        row = locked(concern)
        due = row.actions.filter(kind=ActionKind.ICO, done_at=None).exists()
        if row.category != Category.DATA_BREACH and not due:
            raise Refused("This is for a data protection breach. Change the category of the case first.")
        if DataBreach.objects.filter(concern=row).exists():
            raise Refused(TWICE)
        breach = breach_clock(row, aware_at)
        entry_write(row, EntryKind.BREACH, by=actor, happened_at=aware_at, data={"step": "aware"})
        record("incidents.concern_breach", actor=actor, school=row.school, subject=row)
    return breach


def breach_decide(
    *,
    actor: User,
    concern: Concern,
    report_it: bool | None,
    reasons: str,
    people_told: bool | None = None,
) -> DataBreach:
    """Decide whether the breach is reported to the ICO, with reasons. May be changed until it was reported.

    After that, only whether the people are told may still be decided.

    The deadline is met by a decision not to report; else by the report. Raises PermissionDenied, or Refused.
    """
    concern_rules.require(actor, "handle", concern)
    if report_it is None:
        raise Refused("Choose whether it is reported to the ICO.", field="report_it")
    if not reasons.strip():
        raise Refused("Give the reasons for the decision.", field="reasons")
    with audited():
        row = locked(concern)
        breach = _breach(row)
        if breach.reported_at is not None and not (report_it and breach.people_told is None):
            raise Refused("It was reported to the ICO already.")
        if (breach.report_it, breach.people_told) == (report_it, people_told):
            raise Refused(TWICE)
        breach.report_it, breach.people_told = report_it, people_told
        breach.decided_at, breach.decided_by = timezone.now(), actor
        breach.save(update_fields=["report_it", "people_told", "decided_at", "decided_by"])
        data = {"step": "decided", "report_it": report_it, "people_told": people_told}
        entry_write(row, EntryKind.BREACH, by=actor, text=reasons, data=data)
        if not report_it:
            duty_done(row, ActionKind.ICO, actor)
        record("incidents.concern_breach", actor=actor, school=row.school, subject=row)
    return breach


def breach_reported(
    *, actor: User, concern: Concern, reported_at: datetime | None, ico_reference: str = ""
) -> DataBreach:
    """It was reported to the ICO. Raises PermissionDenied, or Refused."""
    concern_rules.require(actor, "handle", concern)
    _check_time(reported_at, "reported_on")
    with audited():
        row = locked(concern)
        breach = _breach(row)
        if not breach.report_it:
            raise Refused("Record first the decision to report it.")
        if breach.reported_at is not None:
            raise Refused(TWICE)
        if reported_at < breach.aware_at:
            raise Refused("Check the day and time: the school was not aware of it yet.", field="reported_on")
        if row.image:
            refuse_address(ico_reference, "ico_reference")
        breach.reported_at = reported_at
        breach.ico_reference = " ".join(ico_reference.split())[:80]
        breach.save(update_fields=["reported_at", "ico_reference"])
        data = {"step": "reported", "late": reported_at > breach.due_at}
        entry_write(row, EntryKind.BREACH, by=actor, happened_at=reported_at, data=data)
        duty_done(row, ActionKind.ICO, actor)
        record("incidents.concern_breach", actor=actor, school=row.school, subject=row)
    return breach


def hearers(concern: Concern, party: str) -> list[str]:
    """The role specs that hear a complaint for a party; the executive team where nobody else is left.

    The headteacher, in the trust's own team the executive team, with the board (CIT-2.11, CIT-2.19, STM-2.10).
    """
    if party == Hearing.Party.BOARD:
        wanted = [str(Role.GOVERNANCE), CHAIR]
    else:
        wanted = [ELT] if concern.school.is_central else [str(Role.HEADTEACHER)]
    out = excluded_from(concern)
    if any(holders(concern.school, spec).exclude(pk__in=out).exists() for spec in wanted):
        return wanted
    return [ELT]


def hearing_record(*, actor: User, concern: Concern, party: str, words: str) -> Hearing:
    """One of the two parties has heard the complaint: by somebody of that party, and not by the same person.

    Raises PermissionDenied, or Refused.
    """
    concern_rules.require(actor, "handle", concern)
    if party not in Hearing.Party.values:
        raise Refused("Choose for whom you heard the complaint.", field="party")
    if not words.strip():
        raise Refused("Say what was heard and what you think of it.", field="words")
    with audited():
        row = locked(concern)
        if row.category != Category.POLICY_COMPLAINT:
            raise Refused("This is for a complaint about the policy. Change the category of the case first.")
        if row.school_id not in standing_of(actor).schools(hearers(row, party)):
            name = Hearing.Party(party).label.lower()
            raise Refused(f"You do not hear complaints for the {name}. Let them record it.", field="party")
        heard = list(row.hearings.all())
        if any(one.party == party for one in heard):
            raise Refused(TWICE)
        if any(one.by_id == actor.pk for one in heard):
            raise Refused("Two different people must hear the complaint, one for each party.", field="party")
        hearing = Hearing.objects.create(concern=row, party=party, by=actor)
        entry_write(row, EntryKind.HEARING, by=actor, text=words, data={"party": str(party)})
        record("incidents.concern_heard", actor=actor, school=row.school, subject=row)
    return hearing


def acknowledge(*, actor: User, concern: Concern, acknowledged_at: datetime | None, words: str = "") -> None:
    """A complaint about data protection was acknowledged, which is due within 30 days. Raises Refused."""
    concern_rules.require(actor, "handle", concern)
    _check_time(acknowledged_at, "acknowledged_on")
    with audited():
        row = locked(concern)
        due = row.actions.filter(kind=ActionKind.ACKNOWLEDGE, done_at=None).first()
        if due is None and row.category != Category.DATA_COMPLAINT:
            raise Refused("This is for a complaint about data protection.")
        if row.entries.filter(kind=EntryKind.ACKNOWLEDGED).exists():
            raise Refused(TWICE)
        late = due is not None and acknowledged_at > due.due_at
        entry_write(
            row,
            EntryKind.ACKNOWLEDGED,
            by=actor,
            text=words,
            happened_at=acknowledged_at,
            data={"late": late},
        )
        duty_done(row, ActionKind.ACKNOWLEDGE, actor)
        record("incidents.concern_acknowledged", actor=actor, school=row.school, subject=row)


def countdown(due_at: datetime, now: datetime) -> str:
    """How much time is left, in words; what is late is said plainly."""
    left = due_at - now
    if left < timedelta(0):
        return f"late by {_hours(-left)}"
    return f"{_hours(left)} left"


def _hours(span: timedelta) -> str:
    minutes = int(span.total_seconds() // 60)
    hours = minutes // 60
    if hours >= 48:
        return f"{hours // 24} days"
    count, unit = (hours, "hour") if hours else (minutes, "minute")
    return f"{count} {unit}{'' if count == 1 else 's'}"


def _breach(concern: Concern) -> DataBreach:
    breach = DataBreach.objects.select_for_update(of=("self",), no_key=True).filter(concern=concern).first()
    if breach is None:
        raise Refused("Record first when the school became aware of the breach.")
    return breach


def _check_time(at: datetime | None, field: str) -> None:
    now = timezone.now()
    if at is None or not now - FURTHEST_BACK <= at <= now + A_MOMENT:
        raise Refused("Check the day and time: it cannot be in the future.", field=field)
