"""To whom a concern goes: the profile's road, the floor below it, and never whom it concerns."""

from typing import Any

import pytest

from core.errors import Refused
from core.roles import Post, Role
from incidents.concerns.access import concern_rules
from incidents.concerns.selectors import on_the_road, road_of
from incidents.concerns.services.sending import Somebody
from incidents.concerns.tests.cases import a_concern, a_concern_crew, a_pupil_harmed, by, more_people
from incidents.models import Category, Concern, PartIn, Sort, Source
from incidents.tests.cases import a_crew
from people.models import User
from smgov.testing import a_person, a_school, a_trust, give

pytestmark = pytest.mark.django_db


def hears(concern: Concern) -> set[str]:
    """First names of those who hear of it."""
    return {user.full_name.split()[0] for user in on_the_road(concern)}


def may_read(user: User, concern: Concern) -> bool:
    """Whether the rules let the person read it."""
    return concern_rules.allows(User.objects.get(pk=user.pk), "view", concern)


@pytest.mark.clause("CIT-8.06", "STM-8.06", "CIT-2.24", "STM-2.22")
def test_a_concern_about_a_pupil_reaches_the_dsl_and_nobody_else() -> None:
    crew = a_concern_crew()
    concern = a_concern(crew)
    assert road_of(concern) == ["dsl"]
    assert [user for user in crew.everybody() if may_read(user, concern)] == [crew.dora]


@pytest.mark.clause("RAV-2.04")
def test_a_profile_adds_others_to_the_dsl_and_never_replaces_them() -> None:
    crew = a_concern_crew("ravens-wood")
    assert {"dsl", "senior_leader"} <= set(road_of(a_concern(crew)))


@pytest.mark.clause("STM-8.03", "BEC-4.30")
@pytest.mark.parametrize("preset", ["st-marys", "cit", "beckstone", "cbc"])
def test_a_concern_about_a_member_of_staff_goes_to_the_headteacher(preset: str) -> None:
    crew = a_concern_crew(preset)
    concern = a_concern(crew, by(crew.mark), category=Category.HARASSMENT)
    assert hears(concern) == {"Bob"}
    assert not may_read(crew.mark, concern)


@pytest.mark.clause("STM-8.05")
def test_a_concern_about_the_headteacher_goes_to_the_chair() -> None:
    crew = a_concern_crew()
    concern = a_concern(crew, by(sort="head"), category=Category.HARASSMENT)
    assert hears(concern) == {"Gina"}
    assert not may_read(crew.bob, concern)


@pytest.mark.clause("CIT-8.05")
def test_in_the_trust_a_concern_about_the_headteacher_goes_to_the_director_of_hr() -> None:
    crew = a_concern_crew("cit", head_concern_recipient=["hr/hr_director"])
    people = more_people(crew)
    concern = a_concern(crew, by(crew.bob), category=Category.HARASSMENT)
    assert hears(concern) == {"Hal"}
    assert may_read(people["hr"], concern)
    assert not may_read(crew.bob, concern)


def test_the_headteacher_chosen_as_a_member_of_staff_is_still_the_headteacher() -> None:
    crew = a_concern_crew()
    assert hears(a_concern(crew, by(crew.bob))) == {"Gina"}


@pytest.mark.parametrize("words", ["Bob Barnes", "Mr Barnes", "the headteacher", "head teacher"])
def test_the_headteacher_typed_as_somebody_else_is_kept_out_too(words: str) -> None:
    crew = a_concern_crew()
    concern = a_concern(crew, by(sort="other", words=words), a_pupil_harmed())
    assert not may_read(crew.bob, concern)
    assert "Gina" in hears(concern)


@pytest.mark.clause("CIT-8.03", "CIT-2.30")
def test_in_the_support_hub_a_concern_about_staff_goes_to_the_executive_team() -> None:
    trust = a_trust()
    hub = a_school("Support Hub", trust=trust, kind="central")
    ella = a_person("Ella Tate", Role.SENIOR_LEADER, trust, post=Post.ELT)
    worker, reporter = a_person("Wim Webb", Role.STAFF, hub), a_person("Ron Reed", Role.STAFF, hub)
    crew = a_concern_crew()
    crew.school, crew.alice = hub, reporter
    assert on_the_road(a_concern(crew, by(worker), category=Category.HARASSMENT)) == [ella]
    assert on_the_road(a_concern(crew, by(worker), category=Category.MISUSE_STAFF)) == [ella]


@pytest.mark.clause("STM-2.25", "CIT-2.27", "BEC-6.04")
def test_misuse_is_told_to_whom_the_profile_names_at_once() -> None:
    crew = a_concern_crew()
    concern = a_concern(crew, by(sort="parent", words="A mother"), category=Category.MISUSE_PARENT)
    assert hears(concern) == {"Bob"}


@pytest.mark.clause("BEC-4.18")
def test_use_in_the_working_day_goes_to_the_dsl_where_the_profile_says_so() -> None:
    crew = a_concern_crew("beckstone")
    told: dict[str, Any] = {"category": Category.MISUSE_STAFF, "people": (by(sort="unknown"),)}
    assert hears(a_concern(crew, in_hours=True, **told)) == {"Dora"}
    assert hears(a_concern(crew, in_hours=False, **told)) == {"Bob"}


@pytest.mark.clause("CBC-11.05")
def test_bullying_of_a_member_of_staff_goes_to_the_headteacher() -> None:
    crew = a_concern_crew("cbc")
    concern = a_concern(crew, Somebody(PartIn.VICTIM, Sort.STAFF, "", crew.mark))
    assert hears(concern) == {"Bob"}


@pytest.mark.clause("CIT-10.04", "STM-10.04")
def test_bullying_by_a_member_of_staff_is_an_allegation_and_takes_its_road() -> None:
    crew = a_concern_crew()
    concern = a_concern(crew, by(crew.mark), a_pupil_harmed())
    assert hears(concern) == {"Bob", "Dora"}


@pytest.mark.clause("CIT-8.02", "STM-8.02")
def test_a_child_who_only_tells_of_another_makes_it_a_concern_for_the_dsl() -> None:
    crew = a_concern_crew()
    told = a_concern(crew, by(crew.mark), category=Category.HARASSMENT, source=Source.CHILD)
    assert "Dora" in hears(told)


def test_a_missing_setting_never_keeps_a_child_from_the_dsl() -> None:
    crew = a_crew("beckstone")
    concern = a_concern(crew, by(sort="head"), a_pupil_harmed())
    assert hears(concern) == {"Dora", "Gina"}


@pytest.mark.parametrize("preset", ["beckstone", "ravens-wood", "cbc"])
def test_where_the_policy_names_nobody_for_the_head_the_setting_comes_first(preset: str) -> None:
    crew = a_crew(preset)
    with pytest.raises(Refused, match="has not chosen who hears"):
        a_concern(crew, by(sort="head"), category=Category.HARASSMENT)
    assert not Concern.objects.exists()


def test_when_the_dsl_is_concerned_the_chair_hears_in_their_place() -> None:
    crew = a_concern_crew(head_concern_recipient=["dsl"])
    give(crew.dora, Role.STAFF, crew.school)
    concern = a_concern(crew, Somebody(PartIn.SUBJECT, Sort.STAFF, "", crew.dora), a_pupil_harmed())
    assert not may_read(crew.dora, concern)
    assert hears(concern) == {"Bob", "Gina"}


def test_a_victim_among_the_recipients_does_not_read_about_themselves() -> None:
    crew = a_concern_crew()
    concern = a_concern(crew, Somebody(PartIn.VICTIM, Sort.HEAD))
    assert not may_read(crew.bob, concern)
    assert hears(concern)


def test_a_superuser_sees_nothing_of_a_concern() -> None:
    crew = a_concern_crew()
    concern = a_concern(crew)
    root = User.objects.create_superuser("root@example.org", "Root", "x")
    assert not may_read(root, concern)
    give(root, Role.STAFF, crew.school)
    assert not may_read(root, concern)


def test_a_stranger_and_a_colleague_of_another_school_see_nothing() -> None:
    crew = a_concern_crew()
    other = a_concern_crew()
    concern = a_concern(crew)
    assert not any(may_read(user, concern) for user in other.everybody())


@pytest.mark.clause("CIT-2.11", "CIT-2.19", "STM-2.10")
def test_a_complaint_about_the_policy_goes_to_two_parties() -> None:
    crew = a_concern_crew()
    concern = a_concern(
        crew, Somebody(PartIn.WITNESS, Sort.PARENT, "A father"), category=Category.POLICY_COMPLAINT
    )
    assert hears(concern) == {"Bob", "Gina"}


@pytest.mark.clause("CIT-7.20", "STM-7.26")
def test_a_data_breach_goes_to_the_data_protection_officer() -> None:
    crew = a_concern_crew()
    more_people(crew)
    concern = a_concern(crew, by(sort="unknown"), category=Category.DATA_BREACH)
    assert {"Pia", "Bob"} <= hears(concern)


@pytest.mark.clause("CIT-6.05", "BEC-4.24", "STM-4.05", "STM-6.05")
def test_a_pupil_who_tries_to_follow_staff_is_told_to_the_headteacher() -> None:
    crew = a_concern_crew()
    concern = a_concern(crew, by(sort="pupil", words="Kit of 9B"), category=Category.CONTACT_ATTEMPT)
    assert hears(concern) == {"Bob", "Dora"}


def test_the_role_of_the_headteacher_is_on_no_road_about_them() -> None:
    crew = a_concern_crew()
    concern = a_concern(crew, by(sort="head"), category=Category.REPUTATION)
    assert "headteacher" not in road_of(concern)
    next_head = a_person("Nell Nye", Role.HEADTEACHER, crew.school)
    assert not may_read(next_head, concern)
    assert hears(concern) == {"Gina"}
