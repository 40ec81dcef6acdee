"""What is told is always heard by somebody, and by nobody whom it concerns."""

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from core.errors import Refused
from core.roles import Role
from people.models import User
from policies.declarations.access import declaration_rules, departure_rules
from policies.declarations.departures import departure_answer
from policies.declarations.relationships import declaration_note, hearers_of
from policies.declarations.sweeps import lead_on
from policies.declarations.tests.cases import a_crew, a_declaration, a_departure, hearers, told_of
from smgov.testing import a_person, give

pytestmark = pytest.mark.django_db


def leaves(user: User) -> None:
    """Somebody holds nothing any more."""
    user.memberships.update(ended_at=timezone.now())


@pytest.mark.clause("CIT-4.04")
def test_a_declaration_that_nobody_is_left_to_hear_goes_to_the_next_in_the_road() -> None:
    crew = a_crew("cit", contact_declaration_recipient=["dsl"])
    row = a_declaration(crew)
    assert lead_on() == 0
    leaves(crew.dora)
    assert lead_on() == 1
    assert lead_on() == 0
    assert hearers(row) == ["dsl", "headteacher"]
    assert "Bob Barnes" in told_of("policies.declaration_made")
    leaves(crew.bob)
    assert lead_on() == 1
    assert declaration_note(actor=crew.gina, declaration=row).state == "noted"
    leaves(crew.gina)
    assert lead_on() == 0  # it was heard


def test_where_the_teller_alone_holds_the_role_it_goes_on_and_they_never_hear_their_own() -> None:
    crew = a_crew("cit", contact_declaration_recipient=["dsl"])
    row = a_declaration(crew)
    leaves(crew.dora)
    give(crew.alice, Role.DSL, crew.school)
    assert lead_on() == 1
    assert list(hearers_of(row)) == [crew.bob]


@pytest.mark.clause("CBC-6.05")
def test_a_departure_that_nobody_is_left_to_answer_goes_on_but_the_heads_to_the_chair_alone() -> None:
    crew = a_crew("cbc", departure_recipient=["dsl"])
    row, heads = a_departure(crew), a_departure(crew, crew.bob)
    leaves(crew.dora)
    assert lead_on() == 1
    assert hearers(row) == ["dsl", "headteacher"]
    assert departure_answer(actor=crew.bob, departure=row, outcome="noted").state == "noted"
    leaves(crew.gina)
    a_person("Hedda Hill", Role.HEADTEACHER, crew.school)
    assert lead_on() == 0
    assert hearers(heads) == ["governance/chair"]
    assert not departure_rules.allows(crew.bob, "answer", heads)


def test_a_hearer_who_is_the_named_parent_never_hears_it_and_the_next_does() -> None:
    crew = a_crew("cit", contact_declaration_recipient=["dsl"])
    row = a_declaration(crew, about="parent", person=" dora  DEAN")
    assert hearers(row) == ["dsl", "headteacher"]
    assert told_of("policies.declaration_made") == ["Bob Barnes"]
    assert not declaration_rules.allows(crew.dora, "view", row)
    with pytest.raises(PermissionDenied):
        declaration_note(actor=crew.dora, declaration=row)
    assert declaration_note(actor=crew.bob, declaration=row).state == "noted"
    give(crew.mark, Role.DSL, crew.school)
    second = a_declaration(crew, about="parent", person="Dora Dean")
    assert hearers(second) == ["dsl"]
    assert list(hearers_of(second)) == [crew.mark]
    leaves(crew.mark)
    assert lead_on() == 1  # whom it names counts as nobody
    pupil = a_declaration(crew, person="Dora Dean")
    assert crew.dora in hearers_of(pupil)


def test_where_only_the_named_parent_could_hear_it_it_says_what_to_do() -> None:
    crew = a_crew("cit", contact_declaration_recipient=["dsl"])
    for one in (crew.bob, crew.gina):
        leaves(one)
    with pytest.raises(Refused, match="or is named in it"):
        a_declaration(crew, about="parent", person="Dora Dean")


def test_contact_that_is_not_allowed_goes_on_when_no_safeguarding_lead_is_left_behind_another_role() -> None:
    crew = a_crew("cit", contact_declaration_recipient=["senior_leader"])
    row = a_declaration(crew, contact=True, relation="other")
    assert hearers(row) == ["dsl", "senior_leader"]
    leaves(crew.dora)
    assert lead_on() == 1
    assert hearers(row) == ["dsl", "headteacher", "senior_leader"]
    assert lead_on() == 0
