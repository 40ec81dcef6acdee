"""Use of the school's name, logo and published material: permission before use, its end and its reminder."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from core.errors import Refused, Stale
from core.roles import Role
from core.todo import for_user
from policies.declarations.access import name_use_rules
from policies.declarations.name_use import (
    in_force,
    name_use_end,
    name_use_withdraw,
    reminders_send,
    state_of,
)
from policies.declarations.tests.cases import a_crew, a_use, titles, told_of
from policies.models import NameUse
from smgov.testing import a_person, a_school, decide

pytestmark = pytest.mark.django_db


@pytest.mark.clause("CBC-5.02", "CBC-5.03")
@pytest.mark.parametrize("preset", ["cbc", "cit"])
def test_the_headteacher_permits_a_use_on_paper_as_on_the_internet(preset: str) -> None:
    crew = a_crew(preset)
    row = a_use(crew, where="both")
    assert [step.spec for step in row.approval.steps.all()] == ["headteacher"]
    assert not in_force(row)
    assert titles(for_user(crew.bob)) == ["Use of logo"]
    decide(row.approval, crew.bob)
    row.refresh_from_db()
    assert in_force(row)
    assert state_of(row) == "permitted"


@pytest.mark.clause("STM-15.30", "STM-15.34")
def test_both_signers_of_the_form_must_agree_where_the_policy_names_both() -> None:
    crew = a_crew("st-marys")
    row = a_use(crew)
    decide(row.approval, crew.cora)
    row.refresh_from_db()
    assert not in_force(row)
    decide(row.approval, crew.bob)
    row.refresh_from_db()
    assert in_force(row)


def test_the_headteacher_s_own_request_goes_to_the_chair() -> None:
    crew = a_crew("cbc")
    row = a_use(crew, actor=crew.bob)
    with pytest.raises(Refused, match="cannot sign this"):
        decide(row.approval, crew.bob)
    decide(row.approval, crew.gina)
    row.refresh_from_db()
    assert in_force(row)


def test_a_use_that_has_begun_is_told_as_such_and_a_no_permits_nothing() -> None:
    crew = a_crew("cbc")
    row = a_use(crew, begun=True, until=None)
    warnings = [
        one["warning"]
        for section in row.approval.rounds.get().snapshot["sections"]
        for one in section["rows"]
        if one.get("warning")
    ]
    assert warnings == ["The use has begun without permission. Permission comes before use."]
    decide(row.approval, crew.bob, "refused")
    row = NameUse.objects.select_related("approval").get()
    assert not in_force(row)
    assert state_of(row) == "refused"


def test_the_asker_is_reminded_once_two_weeks_before_the_last_day(monkeypatch) -> None:
    crew, today = a_crew("cbc"), timezone.localdate()
    row = a_use(crew, until=today + timedelta(days=40))
    soon = a_use(crew, until=today + timedelta(days=3))
    good = a_use(crew, until=None)
    refused = a_use(crew, until=today + timedelta(days=40))
    for one in (row, soon, good):
        decide(one.approval, crew.bob)
    decide(refused.approval, crew.bob, "refused")
    for days, sent in ((25, 0), (33, 1), (33, 0)):
        monkeypatch.setattr(timezone, "localdate", lambda value=None, days=days: today + timedelta(days=days))
        assert reminders_send() == sent
    assert told_of("policies.name_use_runs_out") == ["Alice Archer"]


def test_nobody_is_reminded_of_a_last_day_that_has_passed(monkeypatch) -> None:
    crew, today = a_crew("cbc"), timezone.localdate()
    row = a_use(crew)
    decide(row.approval, crew.bob)
    monkeypatch.setattr(timezone, "localdate", lambda value=None: today + timedelta(days=90))
    assert reminders_send() == 1
    assert told_of("policies.name_use_runs_out") == []
    row.refresh_from_db()
    assert row.remind_on is None
    assert state_of(row) == "run_out"


def test_a_permission_is_ended_with_a_reason_by_whoever_gives_it() -> None:
    crew = a_crew("cbc")
    row = a_use(crew)
    with pytest.raises(Refused, match="no permission in force"):
        name_use_end(actor=crew.bob, use=row, because="Not needed")
    decide(row.approval, crew.bob)
    with pytest.raises(Refused) as refusal:
        name_use_end(actor=crew.bob, use=row, because=" ")
    assert refusal.value.field == "because"
    for other in (crew.alice, crew.sue, crew.mark):
        with pytest.raises(PermissionDenied):
            name_use_end(actor=other, use=row, because="Mine")
    for _ in range(2):  # a double click
        name_use_end(actor=crew.bob, use=row, because="The logo has changed")
    assert told_of("policies.name_use_ended") == ["Alice Archer"]
    with pytest.raises(Stale):
        name_use_end(actor=crew.bob, use=row, because="Another reason")
    row.refresh_from_db()
    assert (in_force(row), row.remind_on) == (False, None)


def test_the_asker_alone_withdraws_before_a_decision() -> None:
    crew = a_crew("cbc")
    row = a_use(crew)
    with pytest.raises(PermissionDenied):
        name_use_withdraw(actor=crew.bob, use=row)
    name_use_withdraw(actor=crew.alice, use=row)
    with pytest.raises(Stale):
        name_use_withdraw(actor=crew.alice, use=row)
    assert not for_user(crew.bob)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"what": []}, "what"),
        ({"what": ["crest"]}, "what"),
        ({"where": "moon"}, "where"),
        ({"purpose": " "}, "purpose"),
        ({"until": timezone.localdate() - timedelta(days=1)}, "until"),
    ],
)
def test_what_is_missing_or_past_is_refused(changes, field) -> None:
    with pytest.raises(Refused) as refusal:
        a_use(a_crew("cbc"), **changes)
    assert refusal.value.field == field
    assert not NameUse.objects.exists()


def test_one_page_asks_once_and_others_neither_ask_nor_read() -> None:
    crew, once = a_crew("cbc"), uuid4()
    row = a_use(crew, once=once)
    assert a_use(crew, once=once) == row
    with pytest.raises(Refused, match="sent already"):
        a_use(crew, once=once, purpose="Another leaflet")
    eve = a_person("Eve Earl", Role.HEADTEACHER, a_school())
    for reader in (eve, crew.mark, crew.hugo):
        assert not name_use_rules.visible_to(reader).filter(pk=row.pk).exists()
    with pytest.raises(PermissionDenied):
        a_use(crew, actor=eve)
