"""Whom a case concerns may change, and whoever is concerned loses sight of it in that moment."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from core.errors import Refused
from core.models import Notice
from core.notices import shown_to
from core.roles import Role
from incidents.concerns.access import action_rules, concern_rules, entry_rules, part_rules
from incidents.concerns.services.people import exclusion_lift, part_add, part_identify, part_mistaken, recuse
from incidents.concerns.services.sending import Somebody, let_in
from incidents.concerns.tests.cases import a_concern, a_concern_crew, a_pupil_harmed, by, more_people, read_by
from incidents.models import (
    Action,
    ActionKind,
    Category,
    Concern,
    ConcernGrant,
    EntryKind,
    Excluded,
    PartIn,
    Right,
    Share,
    Sort,
)
from people.models import User
from smgov.testing import a_person
from smgov.testing_consent import a_pupil

pytestmark = pytest.mark.django_db


def may(user: User, action: str, concern: Concern) -> bool:
    return concern_rules.allows(User.objects.get(pk=user.pk), action, concern)


@pytest.mark.clause("STM-8.05")
def test_the_headteacher_who_turns_out_to_be_the_subject_loses_sight_at_once() -> None:
    crew = a_concern_crew()
    concern = read_by(crew.bob, a_concern(crew, by(crew.mark), category=Category.HARASSMENT))
    concern.owner = crew.bob
    concern.save()
    Action.objects.create(concern=concern, text="Talk to Mark", owner=crew.bob, due_at=timezone.now())
    let_in(concern, crew.sue, Right.HANDLE, Share.Why.SHARED, by=crew.bob)
    part_add(actor=crew.sue, concern=concern, somebody=Somebody(PartIn.SUBJECT, Sort.STAFF, "", crew.bob))
    assert not may(crew.bob, "view", concern)
    assert may(crew.gina, "view", concern)
    concern.refresh_from_db()
    assert concern.owner is None
    assert not Action.objects.filter(owner=crew.bob, done_at=None).exists()
    assert shown_to(crew.bob, Notice.objects.filter(recipient=crew.bob)) == []
    assert Notice.objects.filter(recipient=crew.gina, kind="incidents.concern").count() == 1
    for rules in (entry_rules, part_rules, action_rules):
        assert not rules.visible_to(User.objects.get(pk=crew.bob.pk), "view").exists()


def test_whoever_was_let_in_by_name_and_turns_out_to_be_concerned_is_out() -> None:
    crew = a_concern_crew()
    concern = read_by(crew.dora, a_concern(crew))
    let_in(concern, crew.sue, Right.HANDLE, Share.Why.SHARED, by=crew.dora)
    assert may(crew.sue, "handle", concern)
    part_add(actor=crew.dora, concern=concern, somebody=Somebody(PartIn.VICTIM, Sort.STAFF, "", crew.sue))
    assert not may(crew.sue, "view", concern)
    assert not ConcernGrant.objects.filter(user=crew.sue).exists()
    let_in(concern, crew.sue, Right.READ, Share.Why.SHARED, by=crew.dora)  # even if it were given again
    assert not may(crew.sue, "view", concern)


def test_a_typed_name_that_is_a_colleagues_keeps_that_colleague_out_until_somebody_says_otherwise() -> None:
    crew = a_concern_crew()
    concern = read_by(crew.dora, a_concern(crew))
    let_in(concern, crew.sue, Right.HANDLE, Share.Why.SHARED, by=crew.dora)
    part_add(actor=crew.dora, concern=concern, somebody=Somebody(PartIn.SUBJECT, Sort.OTHER, "Sue Sand"))
    assert not may(crew.sue, "view", concern)
    with pytest.raises(Refused):
        exclusion_lift(actor=crew.dora, concern=concern, user=crew.sue, because=" ")
    exclusion_lift(actor=crew.dora, concern=concern, user=crew.sue, because="Another woman of that name")
    let_in(concern, crew.sue, Right.READ, Share.Why.SHARED, by=crew.dora)
    assert may(crew.sue, "view", concern)


def test_an_exclusion_because_of_a_part_is_not_lifted_as_a_namesake() -> None:
    crew = a_concern_crew()
    concern = read_by(crew.dora, a_concern(crew, by(crew.mark), a_pupil_harmed()))
    with pytest.raises(Refused):
        exclusion_lift(actor=crew.dora, concern=concern, user=crew.mark, because="No")
    assert not may(crew.mark, "view", concern)


def test_a_person_added_by_mistake_stays_on_record_and_counts_no_more() -> None:
    crew = a_concern_crew()
    concern = read_by(crew.dora, a_concern(crew))
    wrong = part_add(
        actor=crew.dora, concern=concern, somebody=Somebody(PartIn.SUBJECT, Sort.STAFF, "", crew.bob)
    )
    part_mistaken(actor=crew.dora, part=wrong, because="It was somebody else")
    wrong.refresh_from_db()
    assert wrong.mistaken_because == "It was somebody else"
    assert not Excluded.objects.filter(user=crew.bob, lifted_at=None).exists()
    with pytest.raises(Refused):
        part_mistaken(actor=crew.dora, part=wrong, because="Again")


def test_a_second_part_keeps_somebody_out_when_the_first_was_a_mistake() -> None:
    crew = a_concern_crew()
    concern = read_by(crew.dora, a_concern(crew, by(crew.bob), a_pupil_harmed()))
    again = part_add(
        actor=crew.dora, concern=concern, somebody=Somebody(PartIn.VICTIM, Sort.STAFF, "", crew.bob)
    )
    part_mistaken(actor=crew.dora, part=again, because="He was not harmed")
    assert not may(crew.bob, "view", concern)


def test_nobody_adds_themselves_as_concerned_but_stands_back() -> None:
    crew = a_concern_crew()
    concern = read_by(crew.dora, a_concern(crew))
    with pytest.raises(Refused, match="stand back"):
        part_add(
            actor=crew.dora, concern=concern, somebody=Somebody(PartIn.SUBJECT, Sort.STAFF, "", crew.dora)
        )
    recuse(actor=crew.dora, concern=concern, reason="The child is my nephew")
    assert not may(crew.dora, "view", concern)
    assert may(crew.gina, "view", concern)
    assert concern.entries.filter(kind=EntryKind.RECUSED).exists()


def test_when_a_deputy_is_left_the_case_stays_with_them_after_a_recusal() -> None:
    crew = a_concern_crew()
    second = a_person("Dot Drew", Role.DSL, crew.school)
    concern = read_by(crew.dora, a_concern(crew))
    recuse(actor=crew.dora, concern=concern, reason="A friend of the family")
    assert may(second, "handle", concern)
    assert not may(crew.gina, "view", concern)


def test_standing_back_needs_a_reason() -> None:
    crew = a_concern_crew()
    concern = read_by(crew.dora, a_concern(crew))
    with pytest.raises(Refused):
        recuse(actor=crew.dora, concern=concern, reason=" ")


def test_who_only_reads_adds_nobody() -> None:
    crew = a_concern_crew()
    concern = read_by(crew.dora, a_concern(crew))
    let_in(concern, crew.sue, Right.READ, Share.Why.SHARED, by=crew.dora)
    for actor in (crew.sue, crew.bob, crew.alice):
        with pytest.raises(PermissionDenied):
            part_add(actor=actor, concern=concern, somebody=a_pupil_harmed("Another child"))


def test_access_by_name_ends_at_its_moment_and_with_the_role() -> None:
    crew = a_concern_crew()
    concern = read_by(crew.dora, a_concern(crew))
    let_in(
        concern,
        crew.sue,
        Right.READ,
        Share.Why.SHARED,
        by=crew.dora,
        until=timezone.now() + timedelta(hours=1),
    )
    assert may(crew.sue, "view", concern)
    ConcernGrant.objects.update(until=timezone.now())
    assert not may(crew.sue, "view", concern)
    ConcernGrant.objects.update(until=None)
    crew.sue.memberships.update(ends=timezone.localdate() - timedelta(days=1))
    assert not may(crew.sue, "view", concern)


def test_a_pupil_of_the_register_is_linked_by_whoever_may_see_both() -> None:
    crew = a_concern_crew()
    concern = read_by(crew.dora, a_concern(crew))
    pupil = a_pupil(crew.school, "Kit Kale", class_name="9B")
    stranger = a_pupil(a_concern_crew().school, "Kit Kale", class_name="9B")
    part = concern.parts.get()
    with pytest.raises((Refused, PermissionDenied)):
        part_identify(actor=crew.dora, part=part, pupil=stranger)
    part_identify(actor=crew.dora, part=part, pupil=pupil)
    part.refresh_from_db()
    assert part.pupil == pupil
    with pytest.raises(PermissionDenied):
        part_identify(actor=crew.bob, part=part, pupil=pupil)


def test_a_child_added_later_brings_the_dsl_in() -> None:
    crew = a_concern_crew()
    concern = read_by(crew.bob, a_concern(crew, by(crew.mark), category=Category.HARASSMENT))
    assert not may(crew.dora, "view", concern)
    part_add(actor=crew.bob, concern=concern, somebody=a_pupil_harmed())
    assert may(crew.dora, "view", concern)
    assert Action.objects.filter(concern=concern, kind=ActionKind.LADO).exists()


def test_an_unread_case_is_opened_before_it_is_worked_on() -> None:
    crew = a_concern_crew()
    more_people(crew)
    with pytest.raises(Refused, match="read it first"):
        part_add(actor=crew.dora, concern=a_concern(crew), somebody=a_pupil_harmed("Another"))
