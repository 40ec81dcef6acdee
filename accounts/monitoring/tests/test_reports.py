"""Monitoring reports: written as a draft, sent to whom the profile names, read and followed up."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.models import MonitoringAction, MonitoringReport
from accounts.monitoring.access import monitoring_rules
from accounts.monitoring.services import (
    action_done,
    actions_due,
    report_discard,
    report_read,
    report_save,
    report_send,
    report_start,
)
from accounts.monitoring.tests.cases import a_report, a_sent_report, an_account, an_act, looked, written
from core.errors import Refused, Stale
from core.models import AuditEvent, Notice
from core.roles import Post, Role
from core.tables import date_text
from core.todo import for_user
from smgov.testing import a_cit_trust, a_person, a_school, give

pytestmark = pytest.mark.django_db


def told(kind: str) -> list[str]:
    """Who was told of something, by name."""
    rows = Notice.objects.filter(kind=kind).values_list("recipient__full_name", flat=True)
    return sorted(rows)


def names_of(items: list) -> list[str]:
    """The titles on a to-do list."""
    return [item.title for item in items]


@pytest.mark.clause("CIT-2.41")
@pytest.mark.clause("CIT-2.15")
def test_the_report_of_the_head_of_comms_goes_to_headteacher_board_and_elt_and_not_to_its_writer():
    cast = a_cit_trust()
    trustee = a_person("Tess Trustee", Role.GOVERNANCE, cast.trust)
    elsewhere = a_person("Other Head", Role.HEADTEACHER, cast.otherplace)
    report = a_sent_report(cast.cora, cast.hilltop)
    assert told("accounts.monitoring_sent") == sorted(
        one.full_name for one in (cast.bob, cast.chair, cast.elt, trustee)
    )
    assert {str(one) for one in report.hearers.all()} == {
        "head_of_comms",
        "headteacher",
        "governance",
        "senior_leader/elt",
    }
    for one in (cast.bob, cast.chair, cast.elt, trustee, cast.cora):
        assert monitoring_rules.allows(one, "view", report)
    for one in (elsewhere, cast.alice, cast.eve, cast.dan):
        assert not monitoring_rules.allows(one, "view", report)
    assert not monitoring_rules.allows(cast.cora, "read", report)


@pytest.mark.clause("CIT-2.15")
def test_the_headteachers_report_goes_to_the_head_of_comms():
    cast = a_cit_trust()
    a_sent_report(cast.bob, cast.hilltop)
    assert "Cora Clay" in told("accounts.monitoring_sent")
    assert "Bob Barnes" not in told("accounts.monitoring_sent")


@pytest.mark.clause("STM-2.14")
@pytest.mark.clause("RAV-2.09")
@pytest.mark.parametrize(
    ("preset", "monitor"), [("st-marys", Role.HEADTEACHER), ("ravens-wood", Role.HEAD_OF_COMMS)]
)
def test_where_nobody_is_named_it_goes_to_headteacher_and_governors(preset, monitor):
    school = a_school(preset=preset)
    writer = a_person("Mona Monitor", monitor, school)
    a_person("Greta Governor", Role.GOVERNANCE, school)
    a_sent_report(writer, school)
    assert told("accounts.monitoring_sent") == ["Greta Governor"]


def test_a_report_that_nobody_but_its_writer_would_receive_is_not_sent():
    school = a_school(preset="st-marys")
    head = a_person("Only Head", Role.HEADTEACHER, school)
    report = a_report(head, school)
    with pytest.raises(Refused, match="Nobody but you"):
        report_send(actor=head, report=report)
    report.refresh_from_db()
    assert report.sent_at is None


def test_the_monitor_whom_the_profile_names_writes_and_nobody_else():
    cast = a_cit_trust()
    for one in (cast.alice, cast.chair, cast.elt, cast.dan, cast.eve):
        with pytest.raises(PermissionDenied):
            a_report(one, cast.hilltop)
    with pytest.raises(PermissionDenied):
        a_report(cast.bob, cast.otherplace)
    a_report(cast.cora, cast.otherplace)
    a_report(cast.cora, cast.hub)


def test_a_draft_is_its_writers_alone_and_may_be_thrown_away():
    cast = a_cit_trust()
    account = an_account(cast.hilltop)
    report = a_report(cast.cora, cast.hilltop, accounts={account: looked()}, actions=(an_act(cast.alice),))
    assert not monitoring_rules.allows(cast.bob, "view", report)
    assert not monitoring_rules.allows(cast.alice, "view", report)
    with pytest.raises(PermissionDenied):
        report_send(actor=cast.bob, report=report)
    with pytest.raises(PermissionDenied):
        report_discard(actor=cast.bob, report=report)
    report_discard(actor=cast.cora, report=report)
    assert not MonitoringReport.objects.exists()
    assert not MonitoringAction.objects.exists()


def test_the_same_page_sent_twice_is_one_draft():
    cast = a_cit_trust()
    once = uuid4()
    first, second = (
        report_start(actor=cast.cora, school=cast.hilltop, once=once, written=written()) for _ in range(2)
    )
    assert first == second
    assert AuditEvent.objects.filter(action="accounts.monitoring_started").count() == 1
    with pytest.raises(Refused):
        report_start(actor=cast.bob, school=cast.hilltop, once=once, written=written())


def test_what_was_sent_is_frozen():
    cast = a_cit_trust()
    report = a_sent_report(cast.cora, cast.hilltop)
    for act in (
        lambda: report_save(actor=cast.cora, report=report, written=written(findings="Otherwise")),
        lambda: report_send(actor=cast.cora, report=report),
        lambda: report_discard(actor=cast.cora, report=report),
    ):
        with pytest.raises((PermissionDenied, Stale)):
            act()
    report.refresh_from_db()
    assert report.findings == "Looked at every account twice"
    assert Notice.objects.filter(kind="accounts.monitoring_sent").count() == 3


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"ends_on": -40}, "ends_on"),
        ({"ends_on": 1}, "ends_on"),
        ({"starts_on": -500}, "starts_on"),
        ({"findings": "x" * 6001}, "findings"),
    ],
)
def test_a_report_that_cannot_be_is_refused_beside_its_field(changes, field):
    cast = a_cit_trust()
    today = timezone.localdate()
    days = {key: today + timedelta(days=value) for key, value in changes.items() if isinstance(value, int)}
    with pytest.raises(Refused) as refusal:
        a_report(cast.cora, cast.hilltop, **{**changes, **days})
    assert refusal.value.field == field


def test_what_must_change_needs_a_note_and_a_mitigation():
    cast = a_cit_trust()
    account = an_account(cast.hilltop)
    with pytest.raises(Refused, match="must change"):
        a_report(cast.cora, cast.hilltop, accounts={account: looked("problem")})
    report = a_report(
        cast.cora, cast.hilltop, accounts={account: looked("problem", "Old head")}, mitigations=""
    )
    with pytest.raises(Refused, match="lower the risks"):
        report_send(actor=cast.cora, report=report)


def test_accounts_of_another_school_are_left_out_and_outsiders_own_no_action():
    cast = a_cit_trust()
    foreign = an_account(cast.otherplace)
    report = a_report(cast.cora, cast.hilltop, accounts={foreign: looked()})
    assert not report.accounts.exists()
    with pytest.raises(Refused, match="does not work here"):
        a_report(cast.cora, cast.hilltop, actions=(an_act(cast.eve),))


def test_to_whom_it_went_says_once_that_they_have_read_it():
    cast = a_cit_trust()
    report = a_sent_report(cast.cora, cast.hilltop)
    line = f"Read a monitoring report, up to {date_text(report.ends_on)}"
    assert line in names_of(for_user(cast.bob))
    report_read(actor=cast.bob, report=report)
    report_read(actor=cast.bob, report=report)
    assert report.reads.count() == 1
    assert line not in names_of(for_user(cast.bob))
    for one in (cast.cora, cast.alice):
        with pytest.raises(PermissionDenied):
            report_read(actor=one, report=report)


@pytest.mark.clause("CIT-2.41")
def test_an_action_is_its_owners_to_do_and_stays_with_who_did_it():
    cast = a_cit_trust()
    report = a_sent_report(cast.cora, cast.hilltop, actions=(an_act(cast.alice),))
    action = report.actions.get()
    assert "Renew the password" in names_of(for_user(cast.alice))
    assert monitoring_rules.allows(cast.alice, "view", report)
    for one in (cast.chair, cast.dan):
        with pytest.raises(PermissionDenied):
            action_done(actor=one, action=action, note="Done")
    with pytest.raises(Refused, match="Say what was done"):
        action_done(actor=cast.alice, action=action, note="  ")
    action_done(actor=cast.alice, action=action, note="Renewed")
    action_done(actor=cast.alice, action=action, note="Renewed")
    with pytest.raises(Stale):
        action_done(actor=cast.cora, action=action, note="Me too")
    assert AuditEvent.objects.filter(action="accounts.monitoring_action_done").count() == 1
    assert "Renew the password" not in names_of(for_user(cast.alice))


# Time


def test_an_owner_is_reminded_three_days_before_and_each_week_after_exactly_once(monkeypatch):
    cast = a_cit_trust()
    today = timezone.localdate()
    due = today + timedelta(days=10)
    a_sent_report(cast.cora, cast.hilltop, actions=(an_act(cast.alice, due),))
    seen = []
    for day in range(35):
        monkeypatch.setattr(timezone, "localdate", lambda *a, day=day: today + timedelta(days=day))
        if actions_due() + actions_due():
            seen.append(day)
    assert seen == [7, 11, 18, 25, 32]
    assert Notice.objects.filter(kind="accounts.monitoring_action_due").count() == 1
    assert Notice.objects.filter(kind="accounts.monitoring_action_late").count() == 4


def test_a_sweep_that_missed_a_month_tells_once():
    cast = a_cit_trust()
    today = timezone.localdate()
    a_sent_report(cast.cora, cast.hilltop, actions=(an_act(cast.alice, today - timedelta(days=40)),))
    MonitoringAction.objects.update(remind_on=today - timedelta(days=43))
    assert (actions_due(), actions_due()) == (1, 0)
    assert Notice.objects.filter(kind="accounts.monitoring_action_late").count() == 1
    assert MonitoringAction.objects.get().remind_on > today


def test_what_a_leaver_owned_comes_back_to_whoever_monitors():
    cast = a_cit_trust()
    mover = a_person("Lee Leaver", Role.STAFF, cast.hilltop)
    a_sent_report(cast.cora, cast.hilltop, actions=(an_act(mover),))
    mover.memberships.update(ended_at=timezone.now())
    MonitoringAction.objects.update(remind_on=timezone.localdate())
    actions_due()
    assert told("accounts.monitoring_action_due") == ["Bob Barnes", "Cora Clay"]


def test_a_monitor_who_is_one_no_more_cannot_send_their_draft():
    cast = a_cit_trust()
    report = a_report(cast.bob, cast.hilltop)
    cast.bob.memberships.update(role=Role.STAFF)
    with pytest.raises(PermissionDenied):
        report_send(actor=cast.bob, report=report)


def test_a_deputy_headteacher_does_not_hear_for_the_headteacher():
    cast = a_cit_trust()
    deputy = a_person("Dee Deputy")
    give(deputy, Role.HEADTEACHER, cast.hilltop, post=Post.DEPUTY)
    report = a_sent_report(cast.cora, cast.hilltop)
    assert not monitoring_rules.allows(deputy, "view", report)
