"""Links with pupils and parents: who hears, what is frozen, who may not, and what a birthday ends."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from core.audit import history_of
from core.errors import Refused, Stale
from core.models import Notice
from core.notices import KINDS
from core.roles import Role
from core.todo import awaited_by, for_user
from people.models import Membership
from policies.declarations.access import declaration_rules
from policies.declarations.relationships import birthdays_close, declaration_end, declaration_note
from policies.declarations.selectors import lifted_for
from policies.declarations.tests.cases import a_crew, a_declaration, hearers, titles, told_of
from policies.models import Declaration, DeclarationText
from smgov.testing import a_person, a_school, choose

pytestmark = pytest.mark.django_db
IN_A_MONTH = timedelta(days=30)


@pytest.mark.clause("CIT-4.03", "CIT-4.04")
def test_a_relative_is_declared_to_the_safeguarding_lead_alone_and_counts_as_allowed() -> None:
    crew = a_crew("cit")
    row = a_declaration(crew, contact=True)
    assert row.excepted
    assert hearers(row) == ["dsl"]
    assert told_of("policies.declaration_made") == ["Dora Dean"]
    assert titles(for_user(crew.dora)) == ["A declaration for you to note"]
    assert titles(awaited_by(crew.alice)) == ["Your declaration is to be noted"]
    for other in (crew.mark, crew.bob, crew.sue):
        assert not declaration_rules.visible_to(other).exists()


@pytest.mark.clause("CIT-4.09")
def test_the_ban_on_posting_is_lifted_once_it_is_noted_and_until_it_ends() -> None:
    crew = a_crew("cit")
    row = a_declaration(crew, relation="family_friend")
    a_declaration(crew, relation="other", person="Somebody Else")
    assert not lifted_for(crew.alice, crew.school).exists()
    for one in Declaration.objects.all():
        declaration_note(actor=crew.dora, declaration=one)
    assert [one.text.person for one in lifted_for(crew.alice, crew.school)] == ["Kit Quill"]
    assert not lifted_for(crew.mark, crew.school).exists()
    declaration_end(actor=crew.alice, declaration=row)
    assert not lifted_for(crew.alice, crew.school).exists()


def test_what_the_policy_allowed_on_that_day_stays_what_it_was() -> None:
    crew = a_crew("cit")
    row = a_declaration(crew)
    choose(crew.school.profile, contact_exception=[], contact_declaration_recipient=["senior_leader"])
    row.refresh_from_db()
    assert row.excepted
    assert hearers(row) == ["dsl"]
    assert not a_declaration(crew).excepted


@pytest.mark.clause("CBC-9.03", "CBC-9.05")
def test_a_social_contact_is_told_to_the_senior_leaders() -> None:
    crew = a_crew("cbc")
    row = a_declaration(crew, relation="social")
    assert hearers(row) == ["senior_leader"]
    assert told_of("policies.declaration_made") == ["Sue Sand"]


@pytest.mark.clause("CBC-5.09", "STM-4.04", "BEC-4.13")
@pytest.mark.parametrize("preset", ["cbc", "st-marys", "beckstone", "ravens-wood"])
def test_contact_that_the_policy_does_not_allow_always_reaches_the_safeguarding_lead(preset: str) -> None:
    crew = a_crew(preset, contact_declaration_recipient=["senior_leader"])
    row = a_declaration(crew, relation="other", contact=True)
    assert not row.excepted
    assert hearers(row) == ["dsl", "senior_leader"]
    without = a_declaration(crew, relation="other", contact=False)
    assert hearers(without) == ["senior_leader"]
    parent = a_declaration(crew, about="parent", relation="other", contact=True)
    assert hearers(parent) == ["senior_leader"]


def test_the_declarer_never_hears_their_own_and_the_next_in_the_road_does() -> None:
    crew = a_crew("cit")
    row = a_declaration(crew, actor=crew.dora)
    assert hearers(row) == ["dsl", "headteacher"]
    assert told_of("policies.declaration_made") == ["Bob Barnes"]
    assert not declaration_rules.allows(crew.dora, "hear", row)
    with pytest.raises(PermissionDenied):
        declaration_note(actor=crew.dora, declaration=row)
    assert titles(for_user(crew.dora)) == []
    Membership.objects.filter(user=crew.dora).update(role=Role.HEADTEACHER)
    Membership.objects.filter(user=crew.bob).delete()
    second = a_declaration(crew, actor=crew.dora)
    assert hearers(second) == ["dsl", "governance/chair"]


def test_a_road_that_leads_to_nobody_does_not_hide_behind_another() -> None:
    crew = a_crew("cbc")
    row = a_declaration(crew, actor=crew.dora, relation="other", contact=True)
    assert hearers(row) == ["dsl", "headteacher", "senior_leader"]
    Membership.objects.filter(user__in=[crew.bob, crew.gina]).delete()
    with pytest.raises(Refused, match="Nobody could hear this"):
        a_declaration(crew, actor=crew.dora, relation="other", contact=True)


def test_noting_with_advice_and_without_and_what_is_refused() -> None:
    crew = a_crew("cit")
    row = a_declaration(crew)
    with pytest.raises(PermissionDenied):
        declaration_note(actor=crew.bob, declaration=row)
    for _ in range(2):  # a double click
        declaration_note(actor=crew.dora, declaration=row)
    assert row.steps.count() == 1
    deputy = a_person("Dee Dunn", Role.DSL, crew.school)
    with pytest.raises(Stale, match="noted it already"):
        declaration_note(actor=deputy, declaration=row)
    declaration_note(actor=deputy, declaration=row, advice="Keep it off the class page")
    row.refresh_from_db()
    assert row.state == "advised"
    assert told_of("policies.declaration_noted") == ["Alice Archer", "Alice Archer"]
    assert titles(for_user(crew.dora)) == []
    with pytest.raises(PermissionDenied):
        declaration_end(actor=crew.dora, declaration=row)


def test_ending_it_does_not_take_it_away_from_whoever_has_not_noted_it() -> None:
    crew = a_crew("st-marys")
    row = a_declaration(crew, relation="other", contact=True)
    for _ in range(2):  # a double click
        declaration_end(actor=crew.alice, declaration=row)
    assert row.steps.count() == 1
    assert told_of("policies.declaration_ended") == ["Dora Dean"]
    assert titles(for_user(crew.dora)) == ["A declaration for you to note"]
    declaration_note(actor=crew.dora, declaration=row, advice="Tell me next time before you answer")
    row.refresh_from_db()
    assert row.state == "ended"
    assert titles(for_user(crew.dora)) == []


@pytest.mark.clause("BEC-4.08", "BEC-4.14")
def test_a_former_pupil_counts_until_the_day_after_the_eighteenth_birthday(monkeypatch) -> None:
    crew = a_crew("beckstone")
    birthday = timezone.localdate() + IN_A_MONTH
    row = a_declaration(crew, about="former", relation="former_pupil", eighteen_on=birthday, contact=True)
    unknown = a_declaration(crew, about="former", relation="former_pupil", person="No Day")
    for day, closed in ((birthday, 0), (birthday + timedelta(days=9), 1), (birthday + timedelta(days=9), 0)):
        monkeypatch.setattr(timezone, "localdate", lambda value=None, day=day: day)
        assert birthdays_close() == closed
    row.refresh_from_db()
    step = row.steps.get()
    assert (row.state, step.did, step.by) == ("ended", "ended", None)
    assert told_of("policies.declaration_over") == ["Alice Archer"]
    unknown.refresh_from_db()
    assert unknown.state == "sent"


@pytest.mark.parametrize(
    ("preset", "changes", "field"),
    [
        ("cit", {"about": "former"}, "about"),
        ("cit", {"relation": "social"}, "relation"),
        ("cit", {"person": " "}, "person"),
        ("cit", {"person": "n" * 151}, "person"),
        ("cit", {"eighteen_on": timezone.localdate() + IN_A_MONTH}, "eighteen_on"),
        ("beckstone", {"relation": "former_pupil"}, "relation"),
        ("beckstone", {"about": "former", "eighteen_on": timezone.localdate()}, "eighteen_on"),
    ],
)
def test_what_the_policy_does_not_ask_or_what_is_missing_is_refused(preset, changes, field) -> None:
    crew = a_crew(preset)
    with pytest.raises(Refused) as refusal:
        a_declaration(crew, **changes)
    assert refusal.value.field == field
    assert not Declaration.objects.exists()


def test_one_page_makes_one_declaration_and_keeps_its_answers() -> None:
    crew, once = a_crew("cit"), uuid4()
    first = a_declaration(crew, once=once)
    assert a_declaration(crew, once=once, person="  Kit   Quill ") == first
    with pytest.raises(Refused, match="sent already"):
        a_declaration(crew, once=once, person="Another")
    with pytest.raises(Refused, match="cannot be sent"):
        a_declaration(crew, actor=crew.mark, once=once)
    assert Declaration.objects.count() == DeclarationText.objects.count() == 1


def test_an_outsider_neither_declares_here_nor_reads_anything() -> None:
    crew = a_crew("cit")
    eve = a_person("Eve Earl", Role.DSL, a_school())
    row = a_declaration(crew)
    with pytest.raises(PermissionDenied):
        a_declaration(crew, actor=eve)
    for move in (declaration_note, declaration_end):
        with pytest.raises(PermissionDenied):
            move(actor=eve, declaration=row)
    Membership.objects.filter(user=crew.alice).delete()
    assert not declaration_rules.visible_to(crew.alice).exists()


def test_neither_a_notice_nor_the_log_holds_a_name_and_it_sees_no_such_mail() -> None:
    crew = a_crew("cit")
    row = a_declaration(crew, person="Zanzibar Quokka", details="Zanzibar")
    declaration_note(actor=crew.dora, declaration=row, advice="Zanzibar")
    declaration_end(actor=crew.alice, declaration=row, note="Zanzibar")
    for notice in Notice.objects.all():
        kind = KINDS[notice.kind]
        assert kind.quiet
        assert "Zanzibar" not in f"{notice.link} {notice.key} {kind.title} {kind.text}"
    assert history_of(row).count() == 3
    assert "Zanzibar" not in str([event.data for event in history_of(row)])
