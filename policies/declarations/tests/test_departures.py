"""Departures from the policy: who answers, HR's advice, and what cannot be answered."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from core.errors import Refused, Stale
from core.roles import Role
from core.todo import awaited_by, for_user
from people.models import Membership
from policies.declarations.access import departure_rules
from policies.declarations.departures import (
    departure_advise,
    departure_answer,
    departure_ask_hr,
    departure_withdraw,
    refs_in,
)
from policies.declarations.tests.cases import a_crew, a_departure, hearers, titles, told_of
from policies.models import Departure
from smgov.testing import a_person, a_school

pytestmark = pytest.mark.django_db


@pytest.mark.clause("CBC-6.04", "CBC-6.05")
def test_the_headteacher_hears_what_was_done_or_is_proposed_with_its_reasons() -> None:
    crew = a_crew("cbc")
    done = a_departure(crew, clauses=("CBC-5.09", "CBC-9.05"))
    week = timezone.localdate() + timedelta(days=7)
    proposed = a_departure(crew, when="proposed", on=week)
    assert hearers(done) == hearers(proposed) == ["headteacher"]
    assert told_of("policies.departure_made") == ["Bob Barnes", "Bob Barnes"]
    items = for_user(crew.bob)
    assert titles(items) == ["Answer a departure from the policy"] * 2
    assert [bool(item.due_at) for item in items] == [True, False]
    assert len(awaited_by(crew.alice)) == 2
    departure_answer(actor=crew.bob, departure=done, outcome="noted")
    departure_answer(actor=crew.bob, departure=proposed, outcome="not_agreed", note="Ring them instead")
    assert set(Departure.objects.values_list("state", flat=True)) == {"noted", "not_agreed"}
    assert told_of("policies.departure_answered") == ["Alice Archer", "Alice Archer"]
    assert not for_user(crew.bob)


def test_where_nobody_is_named_the_headteacher_hears() -> None:
    assert hearers(a_departure(a_crew("ravens-wood"))) == ["headteacher"]


def test_nobody_answers_their_own_and_a_headteacher_s_goes_to_the_chair() -> None:
    crew = a_crew("cbc", departure_recipient=["head_of_comms"])
    row = a_departure(crew, actor=crew.bob)
    assert hearers(row) == ["governance/chair"]
    with pytest.raises(PermissionDenied):
        departure_answer(actor=crew.bob, departure=row, outcome="agreed")
    assert hearers(a_departure(crew, actor=crew.cora)) == ["head_of_comms", "headteacher"]
    departure_answer(actor=crew.gina, departure=row, outcome="agreed")
    Membership.objects.filter(user=crew.gina).delete()
    with pytest.raises(Refused, match="Nobody could hear this"):
        a_departure(crew, actor=crew.bob)


@pytest.mark.clause("CBC-6.06")
def test_hr_is_asked_reads_it_and_advises_without_answering() -> None:
    crew = a_crew("cbc")
    row = a_departure(crew)
    assert not departure_rules.visible_to(crew.hugo).exists()
    departure_ask_hr(actor=crew.bob, departure=row, question="May I agree?")
    assert hearers(row) == ["headteacher", "hr"]
    assert titles(for_user(crew.hugo)) == ["Advise on a departure from the policy"]
    assert not for_user(crew.bob)
    with pytest.raises(PermissionDenied):
        departure_answer(actor=crew.hugo, departure=row, outcome="agreed")
    with pytest.raises(PermissionDenied):
        departure_advise(actor=crew.bob, departure=row, advice="Mine")
    for _ in range(2):  # a double click
        departure_advise(actor=crew.hugo, departure=row, advice="You may")
    row.refresh_from_db()
    assert row.state == "sent"
    assert [step.did for step in row.steps.all()] == ["advice", "sent"]
    assert titles(for_user(crew.bob)) == ["Answer a departure from the policy"]
    with pytest.raises(Stale):
        departure_advise(actor=crew.hugo, departure=row, advice="And again")


def test_hr_is_not_asked_where_the_profile_does_not_say_so_or_nobody_is_free() -> None:
    crew = a_crew("cit")
    with pytest.raises(Refused, match="HR is not asked"):
        departure_ask_hr(actor=crew.bob, departure=a_departure(crew), question="May I?")
    crew = a_crew("cbc")
    own = a_departure(crew, actor=crew.hugo)
    with pytest.raises(Refused, match="Nobody in HR is free"):
        departure_ask_hr(actor=crew.bob, departure=own, question="May I?")


def test_whoever_asks_for_advice_does_not_give_it_too() -> None:
    crew = a_crew("cbc")
    row = a_departure(crew)
    Membership.objects.create(
        user=crew.bob, role=Role.HR, school=crew.school, starts=timezone.localdate() - timedelta(days=9)
    )
    departure_ask_hr(actor=crew.bob, departure=row, question="May I?")
    with pytest.raises(Refused, match="somebody else in HR"):
        departure_advise(actor=crew.bob, departure=row, advice="I may")


def test_what_cannot_be_answered_and_what_is_settled_stays_settled() -> None:
    crew = a_crew("cbc")
    proposed = a_departure(crew, when="proposed")
    for outcome, note, field in (("noted", "", "outcome"), ("not_agreed", "", "note"), ("", "", "outcome")):
        with pytest.raises(Refused) as refusal:
            departure_answer(actor=crew.bob, departure=proposed, outcome=outcome, note=note)
        assert refusal.value.field == field
    for _ in range(2):  # a double click
        departure_answer(actor=crew.bob, departure=proposed, outcome="agreed")
    assert proposed.steps.count() == 1
    with pytest.raises(Stale, match="agreed"):
        departure_answer(actor=crew.bob, departure=proposed, outcome="not_agreed", note="No")
    with pytest.raises(Stale, match="answered meanwhile"):
        departure_withdraw(actor=crew.alice, departure=proposed)


def test_the_teller_alone_withdraws_before_an_answer() -> None:
    crew = a_crew("cbc")
    row = a_departure(crew)
    for other in (crew.mark, crew.bob):
        with pytest.raises(PermissionDenied):
            departure_withdraw(actor=other, departure=row)
    for _ in range(2):
        departure_withdraw(actor=crew.alice, departure=row)
    assert row.steps.count() == 1
    assert told_of("policies.departure_withdrawn") == ["Bob Barnes"]
    with pytest.raises(Stale):
        departure_answer(actor=crew.bob, departure=row, outcome="agreed")


def test_a_clause_must_be_one_of_the_school_s_own_policy() -> None:
    crew = a_crew("cbc")
    assert refs_in(" cbc-5.09,\nCBC-9.05 cbc-5.09") == ("CBC-5.09", "CBC-9.05")
    for refs in (("STM-4.04",), ("CBC-5.09", "CBC-99.99"), ("<script>",)):
        with pytest.raises(Refused) as refusal:
            a_departure(crew, clauses=refs)
        assert refusal.value.field == "clauses"
    assert not Departure.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"when": "done", "on": timezone.localdate() + timedelta(days=1)}, "on"),
        ({"when": "proposed", "on": timezone.localdate() - timedelta(days=1)}, "on"),
        ({"when": "never"}, "when"),
        ({"what": " "}, "what"),
        ({"why": ""}, "why"),
        ({"why": "w" * 4001}, "why"),
    ],
)
def test_days_and_words_are_checked(changes, field) -> None:
    with pytest.raises(Refused) as refusal:
        a_departure(a_crew("cbc"), **changes)
    assert refusal.value.field == field


def test_one_page_tells_once_and_an_outsider_neither_tells_nor_reads() -> None:
    crew, once = a_crew("cbc"), uuid4()
    row = a_departure(crew, once=once)
    assert a_departure(crew, once=once) == row
    with pytest.raises(Refused, match="sent already"):
        a_departure(crew, once=once, why="Other reasons")
    eve = a_person("Eve Earl", Role.HEADTEACHER, a_school())
    assert not departure_rules.visible_to(eve).exists()
    with pytest.raises(PermissionDenied):
        a_departure(crew, actor=eve)
    with pytest.raises(PermissionDenied):
        departure_answer(actor=eve, departure=row, outcome="agreed")
