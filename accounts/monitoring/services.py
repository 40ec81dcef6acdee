"""Monitoring reports: written as a draft, sent to whom the profile names, read, and followed up.

What is sent is frozen. How often is for the school: the policies say "regularly and frequently" (RAV-4.01) and name
no interval. A school may fix one (`monitor_every_days`): then the next report stands on the monitors' to-do list.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from accounts.access import account_rules
from accounts.models import (
    MonitoredAccount,
    MonitoringAction,
    MonitoringHearer,
    MonitoringRead,
    MonitoringReport,
    SocialAccount,
)
from accounts.monitoring.access import MONITORS, UNLESS_NAMED, action_rules, hearer_specs, monitoring_rules
from accounts.monitoring.written import TEXTS, Act, Written, draft_state, state_of, texts_of
from core.audit import audited, record
from core.errors import Refused, Stale
from core.notices import notify
from core.sweeps import sweep_due
from people.models import School, User
from people.selectors import employees_at, holders_of_any, profile_of

MOST_WORDS = 6000
MOST_ACTIONS = 12
LONGEST = timedelta(days=366)
FURTHEST_BACK = timedelta(days=3 * 366)
FURTHEST_DUE = timedelta(days=366)
REMIND_BEFORE = timedelta(days=3)
AGAIN = timedelta(days=7)
SEEN = (MonitoredAccount.Found.FINE, MonitoredAccount.Found.STALE, MonitoredAccount.Found.PROBLEM)
"""What an account is found to be once somebody has looked at it."""


def url_of(report: MonitoringReport) -> str:
    """The page of a report."""
    return reverse("accounts:monitoring-detail", args=[report.uuid])


def accounts_to_monitor(actor: User, school: School) -> Any:
    """The accounts of a school that are in use, as far as the person sees them; a trust's are its central team's."""
    rows = account_rules.visible_to(actor, "view").filter(school=school.pk)
    return rows.filter(status__in=SocialAccount.OPEN).order_by("name", "pk")


def report_start(*, actor: User, school: School, once: UUID, written: Written) -> MonitoringReport:
    """Begin a report, as a draft that its writer alone sees. The same page sent twice is one draft.

    Raises PermissionDenied, or Refused with what to do.
    """
    monitoring_rules.require_at(actor, "write", school)
    if known := MonitoringReport.objects.filter(once=once, by=actor, school=school).first():
        return known
    written = _checked(actor, school, written)
    try:
        with audited():
            report = MonitoringReport.objects.create(once=once, school=school, by=actor, **texts_of(written))
            _parts_save(report, written)
            record("accounts.monitoring_started", actor=actor, school=school, subject=report)
    except IntegrityError as error:
        if known := MonitoringReport.objects.filter(once=once, by=actor, school=school).first():
            return known
        raise Refused("This page cannot be sent. Open it afresh and send it again.") from error
    return report


def report_save(
    *, actor: User, report: MonitoringReport, written: Written, seen: str = ""
) -> MonitoringReport:
    """Write a draft anew. `seen`: the `draft_state` of the page, where it is known.

    Raises PermissionDenied, Refused with what to do, or Stale where the draft was saved in another window meanwhile.
    """
    monitoring_rules.require(actor, "edit", report)
    written = _checked(actor, report.school, written)
    with audited():
        row = _draft(report)
        now = draft_state(row)
        if seen and now != seen:
            if now == state_of(written):
                return row
            raise Stale(
                "This draft was saved in another window since you opened this page. Open it there, or copy what you "
                "wrote here and open it again."
            )
        for name, value in texts_of(written).items():
            setattr(row, name, value)
        row.save(update_fields=list(texts_of(written)))
        row.accounts.all().delete()
        row.actions.all().delete()
        _parts_save(row, written)
        record("accounts.monitoring_saved", actor=actor, school=row.school, subject=row)
    return row


def report_discard(*, actor: User, report: MonitoringReport) -> None:
    """Throw a draft away: nobody else has seen it. What was sent stays. Raises PermissionDenied or Stale."""
    monitoring_rules.require(actor, "edit", report)
    with audited():
        row = _draft(report)
        record("accounts.monitoring_discarded", actor=actor, school=row.school, subject=row)
        row.accounts.all().delete()
        row.actions.all().delete()
        row.delete()


def what_is_missing(report: MonitoringReport, looked: Iterable[MonitoredAccount]) -> str:
    """What must be written before a draft can be sent, in words; empty where nothing is missing (CIT-2.41)."""
    if not report.findings:
        return "First write what was looked at and found."
    if not report.mitigations and any(one.found == MonitoredAccount.Found.PROBLEM for one in looked):
        return "Something must change: first write what is done to lower the risks."
    return ""


def report_send(*, actor: User, report: MonitoringReport) -> MonitoringReport:
    """Send it: frozen from now on, as are the roles to which it goes (CIT-2.15, CIT-2.41). Tells them once.

    Raises PermissionDenied, Stale where it was sent meanwhile, or Refused with what to do.
    """
    monitoring_rules.require(actor, "send", report)
    with audited():
        row = _draft(report)
        if missing := what_is_missing(row, row.accounts.all()):
            raise Refused(missing)
        _check_owners(row.school, [one.owner for one in row.actions.select_related("owner")])
        specs, people = hearers_of(row.school, actor)
        if not people:
            raise Refused(
                "Nobody but you would receive this report. Ask whoever looks after the school’s settings "
                "to name who receives it."
            )
        row.sent_at = timezone.now()
        row.save(update_fields=["sent_at"])
        MonitoringHearer.objects.bulk_create(
            [MonitoringHearer(report=row, role=role, post=post) for role, _, post in _parted(specs)]
        )
        for action in row.actions.select_related("owner"):
            action.remind_on = _first_reminder(action.due_on, timezone.localdate())
            action.save(update_fields=["remind_on"])
        record("accounts.monitoring_sent", actor=actor, school=row.school, subject=row)
        notify("accounts.monitoring_sent", recipients=people, about=row, key=str(row.pk), link=url_of(row))
        owners = {one.owner_id: one.owner for one in row.actions.select_related("owner")}
        owners.pop(actor.pk, None)
        notify(
            "accounts.monitoring_action",
            recipients=owners.values(),
            about=row,
            key=str(row.pk),
            link=url_of(row),
        )
    return row


def hearers_of(school: School, writer: User) -> tuple[list[str], list[User]]:
    """The roles to which a report goes, and the people; headteacher and governors where nobody else is there."""
    specs = hearer_specs(profile_of(school))
    people = list(holders_of_any(school, specs).exclude(pk=writer.pk))
    if not people:
        specs = list(dict.fromkeys([*specs, *UNLESS_NAMED]))
        people = list(holders_of_any(school, specs).exclude(pk=writer.pk))
    return specs, people


def report_read(*, actor: User, report: MonitoringReport) -> None:
    """Say that one has read it; a second time changes nothing. Raises PermissionDenied."""
    monitoring_rules.require(actor, "read", report)
    with audited():
        row = _locked(report)
        if MonitoringRead.objects.filter(report=row, by=actor).exists():
            return
        MonitoringRead.objects.create(report=row, by=actor)
        record("accounts.monitoring_read", actor=actor, school=row.school, subject=row)


def action_done(*, actor: User, action: MonitoringAction, note: str) -> MonitoringAction:
    """Mark an action as done, and say what came of it. Raises PermissionDenied, Refused or Stale."""
    action_rules.require(actor, "do", action)
    note = " ".join(note.split())
    if not note:
        raise Refused("Say what was done.", field="note")
    if len(note) > 300:
        raise Refused("Shorten this to 300 characters.", field="note")
    with audited():
        rows = MonitoringAction.objects.select_for_update(of=("self",), no_key=True)
        row = rows.select_related("report__school").get(pk=action.pk)
        if row.done_at is not None:
            if row.done_by_id == actor.pk and row.note == note:
                return row
            raise Stale("It is marked as done already. Open the report again to see by whom.")
        row.done_at, row.done_by, row.note, row.remind_on = timezone.now(), actor, note, None
        row.save(update_fields=["done_at", "done_by", "note", "remind_on"])
        record(
            "accounts.monitoring_action_done",
            actor=actor,
            school=row.report.school,
            subject=row.report,
            data={"action": row.pk},
        )
    return row


def reports_exported(*, actor: User, school: School | None, count: int) -> None:
    """Record that somebody took the reports away as a file."""
    with audited():
        record("accounts.monitoring_exported", actor=actor, school=school, data={"reports": count})


def state_exported(*, actor: User, school: School | None, count: int) -> None:
    """Record that somebody took away as a file when each account was last looked at."""
    with audited():
        record("accounts.monitoring_state_exported", actor=actor, school=school, data={"accounts": count})


def due_actions() -> Any:
    """The actions of which somebody is reminded today or should have been. It asks no query by itself."""
    return MonitoringAction.objects.filter(
        remind_on__lte=timezone.localdate(), done_at=None, report__sent_at__isnull=False
    ).order_by("remind_on", "pk")


def actions_due(limit: int = 500) -> int:
    """Remind of actions 3 days before, then each week while they are overdue. Costs what is due; runs twice safely."""
    return sweep_due("monitoring action", due_actions(), _one_due, by="remind_on", limit=limit)


def _one_due(pk: int) -> bool:
    """One action: a run that was missed is made up for by one notice, for the newest stage."""
    today = timezone.localdate()
    with audited():
        rows = MonitoringAction.objects.select_for_update(of=("self",), no_key=True)
        row = rows.select_related("report__school", "owner").get(pk=pk)
        if row.done_at is not None or row.remind_on is None or row.remind_on > today:
            return False
        late = (today - row.due_on).days
        week = (late - 1) // AGAIN.days
        stage = "soon" if late <= 0 else f"late {week}"
        kind = "accounts.monitoring_action_due" if late <= 0 else "accounts.monitoring_action_late"
        notify(
            kind,
            recipients=_reminded(row),
            about=row.report,
            key=f"{row.pk} {stage}",
            link=url_of(row.report),
        )
        # The first day after the last one, then each week after that.
        row.remind_on = row.due_on + timedelta(days=1) + (0 if late <= 0 else week + 1) * AGAIN
        row.save(update_fields=["remind_on"])
    return True


def _first_reminder(due_on: date, today: date) -> date:
    """Three days before; later where that is no news, since its owner is told when the report is sent."""
    if due_on - REMIND_BEFORE > today:
        return due_on - REMIND_BEFORE
    return due_on + timedelta(days=1) if due_on >= today else today + AGAIN


def _reminded(action: MonitoringAction) -> list[User]:
    """The owner; where they have left, whoever monitors there, so that it is not lost."""
    school = action.report.school
    if employees_at(school).filter(pk=action.owner_id).exists():
        return [action.owner]
    return list(holders_of_any(school, [str(spec) for spec in profile_of(school).value(MONITORS) or ()]))


# Checks --------------------------------------------------------------------------------------


def _checked(actor: User, school: School, written: Written) -> Written:
    """What was written, without blanks around it. Raises Refused."""
    today = timezone.localdate()
    if written.ends_on < written.starts_on:
        raise Refused("The last day must not be before the first.", field="ends_on")
    if written.ends_on > today:
        raise Refused("The last day cannot be in the future.", field="ends_on")
    if written.ends_on - written.starts_on > LONGEST:
        raise Refused("A report covers a year at the most. Choose a later first day.", field="starts_on")
    if written.starts_on < today - FURTHEST_BACK:
        raise Refused("The first day must be within the last three years.", field="starts_on")
    texts = {name: getattr(written, name).strip() for name in TEXTS[2:]}
    for name, text in texts.items():
        if len(text) > MOST_WORDS:
            raise Refused(f"Shorten this to {MOST_WORDS} characters.", field=name)
    allowed = set(accounts_to_monitor(actor, school).values_list("pk", flat=True))
    accounts = {one: looked for one, looked in written.accounts.items() if one.pk in allowed}
    for one, looked in accounts.items():
        if looked.found not in MonitoredAccount.Found.values:
            raise Refused(f"Choose what was found on {one.name}.", field=f"found-{one.uuid}")
        if looked.found == MonitoredAccount.Found.PROBLEM and not looked.note.strip():
            raise Refused(f"Say in a few words what must change on {one.name}.", field=f"note-{one.uuid}")
    _check_actions(school, written.actions, today)
    return Written(written.starts_on, written.ends_on, **texts, accounts=accounts, actions=written.actions)


def _check_actions(school: School, actions: Iterable[Act], today: date) -> None:
    actions = list(actions)
    if len(actions) > MOST_ACTIONS:
        raise Refused(f"A report has {MOST_ACTIONS} actions at the most.")
    for place, one in enumerate(actions):
        if not one.what.strip():
            raise Refused("Say what is to be done.", field=f"what-{place}")
        if one.due_on > today + FURTHEST_DUE:
            raise Refused("The day must be within a year.", field=f"due-{place}")
    _check_owners(school, [one.owner for one in actions])


def _check_owners(school: School, owners: Iterable[User]) -> None:
    wanted = {one.pk: one for one in owners}
    there = set(employees_at(school).filter(pk__in=wanted).values_list("pk", flat=True))
    for pk, one in wanted.items():
        if pk not in there:
            raise Refused(
                f"{one.full_name} does not work here any more. Choose somebody else for the action."
            )


def _parts_save(report: MonitoringReport, written: Written) -> None:
    MonitoredAccount.objects.bulk_create(
        [
            MonitoredAccount(report=report, account=one, found=looked.found, note=looked.note.strip()[:500])
            for one, looked in written.accounts.items()
        ]
    )
    MonitoringAction.objects.bulk_create(
        [
            MonitoringAction(report=report, what=one.what.strip()[:300], owner=one.owner, due_on=one.due_on)
            for one in written.actions
        ]
    )


def _parted(specs: Iterable[str]) -> list[tuple[str, str, str]]:
    return [spec.partition("/") for spec in specs]


def _locked(report: MonitoringReport) -> MonitoringReport:
    rows = MonitoringReport.objects.select_for_update(of=("self",), no_key=True).select_related("school")
    row = rows.filter(pk=report.pk).first()
    if row is None:
        raise Stale("The draft was thrown away meanwhile.")
    return row


def _draft(report: MonitoringReport) -> MonitoringReport:
    row = _locked(report)
    if row.sent_at is not None:
        raise Stale("The report was sent meanwhile. It cannot be changed any more: write another one.")
    return row
