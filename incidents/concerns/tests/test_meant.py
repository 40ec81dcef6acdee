"""Whom typed words mean, and that what is about the headteacher never comes back to that role."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from core.errors import Refused
from core.roles import Post, Role
from incidents.concerns.access import concern_rules
from incidents.concerns.meant import meant_people
from incidents.concerns.selectors import on_the_road, road_of
from incidents.concerns.services.casework import case_classify
from incidents.concerns.services.glass import glass_take
from incidents.concerns.services.people import exclusion_lift, part_add, part_identify, part_mistaken
from incidents.concerns.services.sending import Somebody, let_in
from incidents.concerns.services.widening import unread_widen
from incidents.concerns.tests.cases import a_concern, a_concern_crew, a_pupil_harmed, by, read_by
from incidents.models import Category, Concern, PartIn, Right, Share, Sort
from incidents.tests.cases import a_report, whom
from people.models import Membership, User
from smgov.testing import a_person, give
from smgov.testing_consent import a_pupil

pytestmark = pytest.mark.django_db


def may_read(user: User, concern: Concern) -> bool:
    return concern_rules.allows(User.objects.get(pk=user.pk), "view", concern)


@pytest.mark.parametrize(
    "words",
    ["the head", "Head", "Headmaster", "our headmistress", "head-teacher", "the Principal", "Head of School",
     "Mr Barnes", "Bob Barnes junior", "mr barnes’ office"],
)  # fmt: skip
def test_the_headteacher_is_meant_however_they_are_called(words: str) -> None:
    crew = a_concern_crew()
    assert crew.bob in meant_people(crew.school, Sort.OTHER, words)


def test_the_schools_own_title_means_the_headteacher_too() -> None:
    crew = a_concern_crew(role_titles={"headteacher": "Director of Learning"})
    assert crew.bob in meant_people(crew.school, Sort.OTHER, "the director of learning")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Ana García López", "Mrs Garcia"),
        ("Tim O'Brien", "Mr OBrien"),
        ("Sue Smith-Jones", "Ms Smith"),
        ("Sue Smith-Jones", "Smith Jones"),
        ("Ian McDonald", "Mr Mc Donald"),
        ("Ian Lindqvist", "Mr Lindquist"),
    ],
)
def test_a_name_is_known_however_it_is_written(name: str, words: str) -> None:
    crew = a_concern_crew()
    person = a_person(name, Role.STAFF, crew.school)
    assert person in meant_people(crew.school, Sort.OTHER, words)


def test_other_words_mean_nobody() -> None:
    crew = a_concern_crew()
    for words in ("A father of a pupil", "The head boy", "somebody from the chat", "a girl with a headache"):
        assert meant_people(crew.school, Sort.OTHER, words) == []


def test_whoever_comes_later_or_has_lately_left_is_known_by_name() -> None:
    crew = a_concern_crew()
    coming = a_person("Nell Newbold", Role.STAFF, crew.school)
    coming.memberships.update(starts=timezone.localdate() + timedelta(days=9))
    gone = a_person("Guy Goneby", Role.STAFF, crew.school)
    gone.memberships.update(ends=timezone.localdate() - timedelta(days=30))
    assert meant_people(crew.school, Sort.OTHER, "Mrs Newbold and Goneby") == [coming, gone]


def test_a_name_beside_a_pupils_never_takes_the_dsl_away() -> None:
    crew = a_concern_crew()
    concern = a_concern(crew, a_pupil_harmed("Kit Kale, who told Dora Dean"))
    assert may_read(crew.dora, concern)
    assert "dsl" in road_of(concern)


def test_where_the_dsl_is_concerned_the_deputy_hears_and_the_next_dsl_too() -> None:
    crew = a_concern_crew()
    deputy = a_person("Debbie Dunn", Role.DSL, crew.school, post=Post.DEPUTY)
    concern = a_concern(crew, by(crew.dora), a_pupil_harmed(), category=Category.EXPLOITATION)
    assert may_read(deputy, concern)
    assert not may_read(crew.dora, concern)
    assert may_read(a_person("Nora New", Role.DSL, crew.school), concern)


def test_the_next_headteacher_reads_nothing_about_the_one_before() -> None:
    crew = a_concern_crew()
    concern = read_by(crew.gina, a_concern(crew, by(sort="head"), category=Category.HARASSMENT))
    Membership.objects.filter(user=crew.bob).update(ends=timezone.localdate() - timedelta(days=1))
    after = a_person("Nell Nye", Role.HEADTEACHER, crew.school)
    witness = Somebody(PartIn.WITNESS, Sort.OTHER, "A neighbour")
    part_add(actor=crew.gina, concern=concern, somebody=witness)
    assert not may_read(after, concern)
    assert after not in on_the_road(concern)
    glass_take(actor=after, school=crew.school, reason="To see what there is")
    assert not may_read(after, concern)


def test_a_second_head_and_a_deputy_are_out_once_the_head_turns_out_to_be_the_subject() -> None:
    crew = a_concern_crew()
    second = a_person("Sam Second", Role.HEADTEACHER, crew.school)
    deputy = a_person("Dee Deputy", Role.HEADTEACHER, crew.school, post=Post.DEPUTY)
    concern = read_by(second, a_concern(crew, by(crew.mark), category=Category.HARASSMENT))
    part = part_add(
        actor=second, concern=concern, somebody=Somebody(PartIn.SUBJECT, Sort.STAFF, "", crew.bob)
    )
    assert not may_read(second, concern)
    Concern.objects.update(status="unread", first_read_at=None, read_due_at=timezone.now())
    unread_widen()
    assert not may_read(deputy, concern)
    assert may_read(crew.gina, concern)
    concern.refresh_from_db()
    read_by(crew.gina, concern)
    part_mistaken(actor=crew.gina, part=part, because="It was another man")
    assert may_read(second, concern)


def test_a_lifted_exclusion_lays_the_road_again_and_only_the_road_lifts_it() -> None:
    crew = a_concern_crew()
    concern = read_by(crew.dora, a_concern(crew, by(sort="other", words="Mr Moor"), a_pupil_harmed()))
    assert not may_read(crew.mark, concern)
    let_in(concern, crew.sue, Right.HANDLE, Share.Why.SHARED, by=crew.dora)
    with pytest.raises(PermissionDenied):
        exclusion_lift(actor=crew.sue, concern=concern, user=crew.mark, because="Another Moor")
    exclusion_lift(actor=crew.dora, concern=concern, user=crew.mark, because="Another Moor")
    assert not concern.excluded.filter(user=crew.mark, lifted_at=None).exists()


def test_whom_a_report_named_is_kept_out_of_the_concern_made_of_it() -> None:
    crew = a_concern_crew()
    report = a_report(crew, who=whom("head"))
    concern = a_concern(crew, by(sort="unknown"), category=Category.HARASSMENT, report=report)
    assert not may_read(crew.bob, concern)
    assert "headteacher" not in road_of(concern)


def test_a_person_is_added_once_and_a_pupil_is_not_exchanged() -> None:
    crew = a_concern_crew()
    concern = read_by(crew.dora, a_concern(crew))
    witness = Somebody(PartIn.WITNESS, Sort.OTHER, "A neighbour")
    part_add(actor=crew.dora, concern=concern, somebody=witness)
    with pytest.raises(Refused, match="already"):
        part_add(actor=crew.dora, concern=concern, somebody=witness)
    part = concern.parts.get(part=PartIn.VICTIM)
    part_identify(actor=crew.dora, part=part, pupil=a_pupil(crew.school, "Kit Kale", class_name="9B"))
    with pytest.raises(Refused, match="linked already"):
        part_identify(actor=crew.dora, part=part, pupil=a_pupil(crew.school, "Lou Lane", class_name="9B"))


def test_nobody_writes_their_own_name_down_as_concerned() -> None:
    crew = a_concern_crew()
    concern = read_by(crew.dora, a_concern(crew))
    with pytest.raises(Refused, match="stand back"):
        part_add(actor=crew.dora, concern=concern, somebody=Somebody(PartIn.SUBJECT, Sort.OTHER, "Dora Dean"))


def test_a_case_that_becomes_the_reporters_own_mistake_is_closed_to_them() -> None:
    crew = a_concern_crew()
    give(crew.alice, Role.HEADTEACHER, crew.school)
    concern = read_by(
        crew.bob, a_concern(crew, by(sort="parent", words="A father"), category=Category.MISUSE_PARENT)
    )
    assert may_read(crew.alice, concern)
    case_classify(
        actor=crew.bob, concern=concern, category=Category.OWN_MISTAKE, urgency=3, reason="Hers, after all"
    )
    assert not may_read(crew.alice, concern)
