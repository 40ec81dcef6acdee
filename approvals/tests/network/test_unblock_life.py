"""Decided with reasons, opened by the technician, reminded of, over, blocked again (STM-9.07, STM-13.07-13.11)."""

import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from approvals.models import Stage, UnblockRequest
from approvals.network import timed
from approvals.network.timed import (
    MOVES,
    may_carry_out,
    opening_end,
    opening_opened,
    opening_shut,
    openings_due,
)
from approvals.network.unblock import note_add, unblock_change, unblock_withdraw
from approvals.tests.network.cases import a_st_marys
from core.clock import end_of_day
from core.errors import Refused, Stale
from core.models import AuditEvent, Notice
from core.roles import Role
from core.todo import for_user
from smgov.testing import UNBLOCK, a_person, an_unblock, decide, give

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return a_st_marys()


@pytest.fixture
def row(people):
    return an_unblock(people.alice, people.school)


def allowed(row, people):
    decide(row.approval, people.bob, reasons="Good for the lesson")
    row.refresh_from_db()
    return row


def at(monkeypatch, moment):
    monkeypatch.setattr(timezone, "now", lambda: moment)


def told(kind):
    rows = Notice.objects.filter(kind=f"approvals.{kind}").select_related("recipient")
    return sorted(notice.recipient.full_name for notice in rows if notice.recipient)


@pytest.mark.clause("STM-13.08")
@pytest.mark.parametrize("outcome", ["approved", "refused"])
def test_reasons_are_needed_for_yes_and_for_no(people, row, outcome):
    with pytest.raises(Refused, match="reasons") as refusal:
        decide(row.approval, people.bob, outcome, reasons=" ")
    assert refusal.value.field == "reasons"
    row.refresh_from_db()
    assert row.stage == Stage.ASKED


@pytest.mark.clause("STM-9.07", "STM-13.07", "STM-13.08", "STM-13.09", "STM-13.10", "STM-13.11")
def test_the_headteacher_signs_with_name_time_and_declaration(client, people, row):
    allowed(row, people)
    decision = row.approval.steps.get().decisions.get()
    assert (decision.decided_by, decision.outcome) == (people.bob, "approved")
    assert decision.reasons == "Good for the lesson"
    assert decision.at >= row.created_at
    assert decision.signature.typed_name == "Bob Barnes"
    assert "control measures" in decision.signature.declaration
    client.force_login(people.alice)
    page = client.get(timed.url_of(row)).content.decode()
    assert "Good for the lesson" in page
    assert "signed Bob Barnes" in page


@pytest.mark.clause("STM-9.07")
def test_nobody_else_decides(people, row):
    for person in (people.dan, people.dsl, people.alice, people.chair):
        with pytest.raises((PermissionDenied, Refused)):
            decide(row.approval, person, reasons="Yes")


@pytest.mark.clause("STM-9.07")
def test_whoever_gave_the_technical_view_does_not_decide(people, row):
    give(people.bob, Role.IT, people.school)
    with pytest.raises(Refused, match="You decide"):
        note_add(actor=people.bob, request=row, once=uuid.uuid4(), text="Safe")
    note_add(actor=people.dan, request=row, once=uuid.uuid4(), text="Safe")
    give(people.dan, Role.HEADTEACHER, people.school)
    with pytest.raises(Refused, match="technical view"):
        decide(row.approval, people.dan, reasons="Yes")


def test_the_technical_view_stands_beside_the_decision(client, people, row):
    note_add(actor=people.dan, request=row, once=uuid.uuid4(), text="The filter calls it games")
    client.force_login(people.bob)
    page = client.get(reverse("approvals:request-detail", args=[row.approval.uuid])).content.decode()
    assert "The filter calls it games" in page
    assert "Needed for a yes and for a no" in page


def test_a_note_is_written_once_is_not_empty_and_comes_before_the_decision(people, row):
    once = uuid.uuid4()
    for _ in range(3):
        note_add(actor=people.dan, request=row, once=once, text="View")
    assert row.notes.count() == 1
    with pytest.raises(Refused, match="Write"):
        note_add(actor=people.dan, request=row, once=uuid.uuid4(), text="  ")
    for person in (people.alice, people.eve, people.bob):
        with pytest.raises(PermissionDenied):
            note_add(actor=person, request=row, once=uuid.uuid4(), text="View")
    allowed(row, people)
    with pytest.raises(Refused, match="decision has been made"):
        note_add(actor=people.dan, request=row, once=uuid.uuid4(), text="Late")


@pytest.mark.clause("STM-9.06")
def test_after_a_yes_the_technician_opens_it_and_says_so(client, people, row):
    allowed(row, people)
    assert row.stage == Stage.TO_OPEN
    assert told("network_to_open") == ["Dan Dale"]
    assert any("Open on the network" in item.title for item in for_user(people.dan))
    client.force_login(people.dan)
    url = reverse("approvals:unblock-opened", args=[row.uuid])
    assert client.get(url).status_code == 200
    assert client.post(url, {"note": "For 9B only"}).status_code == 302
    row.refresh_from_db()
    assert (row.stage, row.opened_by, row.opened_note) == (Stage.OPEN, people.dan, "For 9B only")
    assert told("network_opened") == ["Alice Archer"]
    assert "For 9B only" in client.get(timed.url_of(row)).content.decode()


def test_who_decided_does_not_carry_it_out(people, row):
    give(people.bob, Role.IT, people.school)
    allowed(row, people)
    assert not may_carry_out(people.bob, row)
    with pytest.raises(Refused, match="somebody else carries it out"):
        opening_opened(actor=people.bob, row=row)
    assert told("network_to_open") == ["Dan Dale"]
    assert not any("Open on the network" in item.title for item in for_user(people.bob))


def test_only_a_receiver_carries_it_out(people, row):
    allowed(row, people)
    for person in (people.alice, people.dsl, people.eve, people.chair):
        with pytest.raises(PermissionDenied):
            opening_opened(actor=person, row=row)


def test_a_step_out_of_turn_is_refused_in_words(client, people, row):
    with pytest.raises(Stale, match="moved on"):
        opening_opened(actor=people.dan, row=row)
    allowed(row, people)
    opening_opened(actor=people.dan, row=row)
    with pytest.raises(Stale):
        opening_opened(actor=people.dan, row=row)
    with pytest.raises(Stale):
        opening_shut(actor=people.dan, row=row)
    client.force_login(people.dan)
    response = client.post(reverse("approvals:unblock-opened", args=[row.uuid]), {"note": ""})
    assert response.status_code == 422
    assert "moved on" in response.content.decode()


def test_it_is_reminded_of_a_week_before_ends_by_itself_and_is_blocked_again(monkeypatch, people, row):
    allowed(row, people)
    opening_opened(actor=people.dan, row=row)
    assert openings_due() == 0
    at(monkeypatch, end_of_day(row.until) - timedelta(days=7))
    assert openings_due() == 1
    assert openings_due() == 0, "safe to run twice"
    assert told("network_ends_soon") == ["Alice Archer", "Dan Dale"]
    at(monkeypatch, end_of_day(row.until) - timedelta(seconds=1))
    assert openings_due() == 0
    at(monkeypatch, end_of_day(row.until) + timedelta(seconds=1))
    assert openings_due() == 1
    row.refresh_from_db()
    assert row.stage == Stage.TO_SHUT
    assert told("network_over") == ["Alice Archer", "Dan Dale"]
    assert any("Block again" in item.title for item in for_user(people.dan))
    at(monkeypatch, end_of_day(row.until) + timedelta(days=9))
    assert openings_due() == 1, "the technician is asked again until it is done"
    assert told("network_over") == ["Alice Archer", "Dan Dale", "Dan Dale"]
    opening_shut(actor=people.dan, row=row)
    row.refresh_from_db()
    assert (row.stage, row.shut_by, row.next_at) == (Stage.SHUT, people.dan, None)
    at(monkeypatch, end_of_day(row.until) + timedelta(days=99))
    assert openings_due() == 0


def test_a_short_access_is_reminded_of_the_day_before(monkeypatch, people):
    row = an_unblock(people.alice, people.school, until=timezone.localdate() + timedelta(days=3))
    allowed(row, people)
    opening_opened(actor=people.dan, row=row)
    at(monkeypatch, end_of_day(row.until) - timedelta(hours=15))
    assert openings_due() == 1
    assert told("network_ends_soon") == ["Alice Archer", "Dan Dale"]


def test_what_was_never_opened_lapses_on_its_last_day(monkeypatch, people, row):
    allowed(row, people)
    at(monkeypatch, end_of_day(row.until) + timedelta(seconds=1))
    with pytest.raises(Refused, match="stay blocked"):
        opening_opened(actor=people.dan, row=row)
    openings_due()
    row.refresh_from_db()
    assert row.stage == Stage.CLOSED
    assert told("network_unopened") == ["Alice Archer"]


def test_a_yes_after_the_last_day_is_refused(monkeypatch, people, row):
    at(monkeypatch, end_of_day(row.until) + timedelta(seconds=1))
    with pytest.raises(Refused, match="has passed"):
        decide(row.approval, people.bob, reasons="Yes")
    row.refresh_from_db()
    assert row.stage == Stage.ASKED


@pytest.mark.parametrize("who", ["alice", "bob", "dan", "dsl"])
def test_access_may_be_ended_early_with_a_reason(people, row, who):
    allowed(row, people)
    opening_opened(actor=people.dan, row=row)
    with pytest.raises(Refused, match="Say why"):
        opening_end(actor=getattr(people, who), row=row, because=" ")
    opening_end(actor=getattr(people, who), row=row, because="Not needed any more")
    row.refresh_from_db()
    assert (row.stage, row.over_because) == (Stage.TO_SHUT, "Not needed any more")


def test_others_do_not_end_it(people, row):
    allowed(row, people)
    for person in (people.eve, people.chair, a_person("Carl Cole", Role.STAFF, people.school)):
        with pytest.raises(PermissionDenied):
            opening_end(actor=person, row=row, because="Because")


def test_it_comes_back_with_a_question_is_changed_and_sent_again(client, people, row):
    decide(row.approval, people.bob, "returned", "Which lessons?")
    row.refresh_from_db()
    assert row.stage == Stage.ASKED
    assert any("Sent back to you" in item.title for item in for_user(people.alice))
    client.force_login(people.alice)
    url = reverse("approvals:unblock-change", args=[row.uuid])
    assert "Which lessons?" in client.get(url).content.decode()
    values = {**UNBLOCK, "reasons": "Lessons 3 and 4", "until": row.until}
    unblock_change(actor=people.alice, request=row, values=values)
    with pytest.raises(Refused, match="no longer be changed"):
        unblock_change(actor=people.alice, request=row, values=values)
    client.force_login(people.bob)
    page = client.get(reverse("approvals:request-detail", args=[row.approval.uuid])).content.decode()
    assert "Lessons 3 and 4" in page
    assert "Year 9 history, two lessons" in page, "what changed is shown"


@pytest.mark.clause("STM-13.07")
def test_what_was_sent_is_frozen_and_the_decision_is_closed_to_the_asker(client, people, row):
    with pytest.raises(Refused, match="no longer be changed"):
        unblock_change(actor=people.alice, request=row, values={**UNBLOCK, "until": row.until})
    client.force_login(people.alice)
    url = reverse("approvals:request-detail", args=[row.approval.uuid])
    data = {"outcome": "approved", "reasons": "Mine", "typed_name": "Alice Archer"}
    assert client.post(url, data).status_code in (403, 422)
    row.refresh_from_db()
    assert row.stage == Stage.ASKED
    client.force_login(people.dan)
    assert client.post(reverse("approvals:unblock-change", args=[row.uuid]), {}).status_code == 403


def test_it_can_be_withdrawn_until_it_is_decided(people, row):
    with pytest.raises(PermissionDenied):
        unblock_withdraw(actor=people.dan, request=row)
    unblock_withdraw(actor=people.alice, request=row)
    row.refresh_from_db()
    assert row.stage == Stage.CLOSED
    with pytest.raises(Stale):
        unblock_withdraw(actor=people.alice, request=row)


def test_a_refusal_ends_it(people, row):
    decide(row.approval, people.bob, "refused", "Adverts")
    row.refresh_from_db()
    assert (row.stage, row.next_at) == (Stage.CLOSED, None)


def test_every_step_leaves_an_event(people, row):
    allowed(row, people)
    opening_opened(actor=people.dan, row=row)
    opening_end(actor=people.alice, row=row, because="Done")
    opening_shut(actor=people.dan, row=row)
    actions = set(AuditEvent.objects.values_list("action", flat=True))
    assert actions >= {
        f"approvals.unblock_{word}" for word in ("asked", "allowed", "opened", "ended", "shut")
    }


def test_the_table_of_moves_knows_every_stage():
    assert set(MOVES) == set(Stage)
    assert {stage for targets in MOVES.values() for stage in targets} <= set(Stage)


def test_a_broken_row_does_not_stop_the_sweep(monkeypatch, people, row):
    allowed(row, people)
    second = allowed(an_unblock(people.alice, people.school, addresses="https://b.example/"), people)
    UnblockRequest.objects.update(next_at=timezone.now() - timedelta(minutes=1))
    real = timed._nag

    def breaks(one):
        if one.pk == row.pk:
            raise RuntimeError("broken")
        real(one)

    monkeypatch.setattr(timed, "_nag", breaks)
    assert openings_due() == 1
    second.refresh_from_db()
    assert second.next_at > timezone.now()
