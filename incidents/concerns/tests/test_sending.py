"""A concern comes in once, whole, and tells its road at once without a word of what it says."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from core.errors import Refused
from core.models import Notice
from core.notices import send_due, shown_to
from core.roles import Role
from incidents.concerns.selectors import on_the_road
from incidents.concerns.services.sending import Somebody, Told, concern_send
from incidents.concerns.tests.cases import a_concern, a_concern_crew, a_pupil_harmed, by, more_people
from incidents.models import (
    Action,
    ActionKind,
    Body,
    Category,
    Channel,
    Concern,
    DataBreach,
    DutyCover,
    PartIn,
    Referral,
    Share,
    Sort,
    Status,
    Urgency,
)
from incidents.tests.cases import recorded
from smgov.testing import a_person

pytestmark = pytest.mark.django_db
SECRET = "Quetzalcoatl"


@pytest.mark.clause("CIT-2.27", "STM-2.25")
def test_the_road_is_told_at_once_and_the_mail_says_nothing() -> None:
    crew = a_concern_crew()
    a_concern(crew, a_pupil_harmed(f"Kit {SECRET}"), what=f"{SECRET} said so", child_said=SECRET)
    send_due()
    assert [message.to for message in mail.outbox] == [[crew.dora.email]]
    text = mail.outbox[0].subject + mail.outbox[0].body
    assert SECRET not in text
    assert "Alice" not in text
    assert recorded("incidents.concern_sent") == 1


def test_the_same_page_sent_five_times_is_one_concern() -> None:
    crew = a_concern_crew()
    once = uuid4()
    found = {a_concern(crew, once=once).pk for _ in range(5)}
    assert len(found) == 1
    assert Notice.objects.filter(recipient=crew.dora).count() == 1


def test_the_page_sent_again_with_other_words_loses_nothing() -> None:
    crew = a_concern_crew()
    once = uuid4()
    first = a_concern(crew, once=once)
    second = a_concern(crew, once=once, what="And then they came to the gate")
    assert first.pk != second.pk
    assert Concern.objects.count() == 2


def test_somebody_elses_page_cannot_be_taken_over() -> None:
    crew = a_concern_crew()
    once = uuid4()
    a_concern(crew, once=once)
    with pytest.raises(Refused):
        a_concern(crew, actor=crew.mark, once=once)
    assert Concern.objects.count() == 1


def test_nobody_reports_at_a_school_that_is_not_theirs() -> None:
    crew, other = a_concern_crew(), a_concern_crew()
    with pytest.raises(PermissionDenied):
        a_concern(crew, actor=other.alice)


def test_a_volunteer_and_a_governor_may_report() -> None:
    crew = a_concern_crew()
    governor = a_person("Gus Gray", Role.GOVERNANCE, crew.school)
    assert a_concern(crew, actor=crew.carl).reporter == crew.carl
    assert a_concern(crew, actor=governor).reporter == governor


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"what": "  "}, "what"),
        ({"category": "nonsense"}, "category"),
        ({"happened_on": timezone.localdate() + timedelta(days=2)}, "happened_on"),
        ({"written_on": timezone.localdate() + timedelta(days=2)}, "written_on"),
        ({"people": (Somebody(PartIn.SUBJECT, Sort.STAFF),)}, "people"),
        ({"people": tuple(a_pupil_harmed(f"Child {n}") for n in range(13))}, "what"),
        ({"aware_at": timezone.now() + timedelta(days=1)}, "aware_on"),
    ],
)
def test_what_is_missing_or_cannot_be_is_said_beside_its_field(told: dict, field: str) -> None:
    crew = a_concern_crew()
    with pytest.raises(Refused) as refusal:
        concern_send(
            actor=crew.alice,
            school=crew.school,
            once=uuid4(),
            told=Told(**{"category": Category.OTHER, "what": "Something", **told}),
        )
    assert refusal.value.field == field
    assert not Concern.objects.exists()


def test_a_colleague_of_another_school_cannot_be_named() -> None:
    crew, other = a_concern_crew(), a_concern_crew()
    with pytest.raises(Refused):
        a_concern(crew, by(other.mark))


def test_what_is_urgent_stands_first() -> None:
    crew = a_concern_crew()
    assert a_concern(crew, in_danger=True).urgency == Urgency.NOW
    assert a_concern(crew).urgency == Urgency.SOON
    assert (
        a_concern(crew, by(sort="parent", words="A father"), category=Category.DEFAMATION).urgency
        == Urgency.LATER
    )


def test_each_person_keeps_their_own_part() -> None:
    crew = a_concern_crew()
    concern = a_concern(
        crew,
        a_pupil_harmed("Kit Kale"),
        a_pupil_harmed("Lou Lane"),
        by(sort="pupil", words="Max Moor"),
        Somebody(PartIn.DISCLOSER, Sort.PUPIL, "Nia Nash"),
        Somebody(PartIn.WITNESS, Sort.STAFF, "", crew.sue),
    )
    parts = [(part.part, part.shown) for part in concern.parts.all()]
    assert parts == [
        ("discloser", "Nia Nash"),
        ("subject", "Max Moor"),
        ("victim", "Kit Kale"),
        ("victim", "Lou Lane"),
        ("witness", "Sue Sand"),
    ]


# The safe path


def image(crew, *people: Somebody, **told) -> Concern:
    values = {"police_called_by": "Dora Dean", "police_called_at": timezone.now(), **told}
    return a_concern(
        crew, *people, category=Category.IMAGERY, image=True, what=values.pop("what", ""), **values
    )


@pytest.mark.clause("CBC-10.06", "CBC-10.07", "STM-8.09")
def test_the_safe_path_keeps_who_called_when_and_the_reference_and_nothing_else() -> None:
    crew = a_concern_crew()
    concern = image(crew, police_reference="CAD 12")
    call = Referral.objects.get(concern=concern)
    assert (call.body, call.made_by, call.reference) == (Body.POLICE, "Dora Dean", "CAD 12")
    assert concern.image
    assert concern.urgency == Urgency.NOW
    assert on_the_road(concern) == [crew.dora]


@pytest.mark.clause("CBC-10.02")
@pytest.mark.parametrize(
    "told",
    [
        {"done": "It is at https://bad.example/x"},
        {"what": "see bad.example/x?y=1"},
        {"police_reference": "https://bad.example"},
        {"people": (a_pupil_harmed("www.bad.example/kit"),)},
    ],
)
def test_on_the_safe_path_no_address_is_taken(told: dict) -> None:
    crew = a_concern_crew()
    people = told.pop("people", ())
    with pytest.raises(Refused):
        image(crew, *people, **told)
    assert not Concern.objects.exists()


def test_on_the_safe_path_somebody_called_or_it_is_said_why_not() -> None:
    crew = a_concern_crew()
    with pytest.raises(Refused) as refusal:
        image(crew, police_called_by="", police_called_at=None)
    assert refusal.value.field == "police_not_called"
    concern = image(crew, police_called_by="", police_called_at=None, police_not_called="The DSL decides")
    assert Referral.objects.get(concern=concern).not_made_because == "The DSL decides"


def test_a_call_in_the_future_is_refused() -> None:
    crew = a_concern_crew()
    with pytest.raises(Refused, match="future"):
        image(crew, police_called_at=timezone.now() + timedelta(hours=1))


# Without an account


def public(crew, **told) -> Concern:
    values = {"category": Category.OTHER, "what": "They write about me", "channel": Channel.PUBLIC, **told}
    return concern_send(actor=None, school=crew.school, once=uuid4(), told=Told(**values))


def test_without_an_account_a_concern_comes_in_where_the_school_opened_the_page() -> None:
    crew = a_concern_crew(public_reports=True)
    concern = public(crew, reporter_is="A pupil")
    assert concern.reporter is None
    assert "dsl" in {step.role for step in concern.road.all()}


def test_without_an_account_nothing_comes_in_where_it_is_closed() -> None:
    crew = a_concern_crew()
    with pytest.raises(Refused):
        public(crew)
    with pytest.raises(Refused):
        public(a_concern_crew(public_reports=True), channel=Channel.PORTAL)
    assert not Concern.objects.exists()


# What a concern brings with it


@pytest.mark.clause("BEC-4.32")
def test_where_the_policy_says_always_the_lado_is_due_within_one_working_day() -> None:
    crew = a_concern_crew("beckstone")
    concern = a_concern(crew, by(crew.mark), category=Category.MISUSE_STAFF)
    assert Action.objects.get(concern=concern).kind == ActionKind.LADO


def test_an_allegation_against_staff_about_a_child_asks_for_the_lado_everywhere() -> None:
    crew = a_concern_crew()
    with_child = a_concern(crew, by(crew.mark), a_pupil_harmed(), category=Category.STAFF_CONTACT)
    without_child = a_concern(crew, by(crew.mark), category=Category.DEFAMATION)
    assert Action.objects.filter(concern=with_child, kind=ActionKind.LADO).exists()
    assert not Action.objects.filter(concern=without_child, kind=ActionKind.LADO).exists()


@pytest.mark.clause("CIT-7.20")
def test_a_data_breach_is_decided_within_72_hours_of_awareness_weekend_or_not() -> None:
    crew = a_concern_crew()
    aware = timezone.now() - timedelta(hours=10)
    concern = a_concern(crew, by(sort="unknown"), category=Category.DATA_BREACH, aware_at=aware)
    assert DataBreach.objects.get(concern=concern).due_at == aware + timedelta(hours=72)
    assert Action.objects.get(concern=concern, kind=ActionKind.ICO).due_at == aware + timedelta(hours=72)


def test_a_complaint_about_data_protection_is_acknowledged_within_30_days() -> None:
    crew = a_concern_crew()
    more_people(crew)
    concern = a_concern(crew, by(sort="unknown"), category=Category.DATA_COMPLAINT)
    assert Action.objects.get(concern=concern).due_at == concern.at + timedelta(days=30)
    assert {user.full_name for user in on_the_road(concern)} == {"Pia Post"}


@pytest.mark.clause("BEC-4.25")
def test_where_the_profile_says_so_parents_are_to_be_told_of_a_contact_attempt() -> None:
    crew = a_concern_crew("beckstone")
    concern = a_concern(crew, by(sort="pupil", words="Kit"), category=Category.CONTACT_ATTEMPT)
    assert Action.objects.get(concern=concern).kind == ActionKind.PARENTS


def test_the_dsl_on_duty_is_let_in_until_their_duty_ends() -> None:
    crew = a_concern_crew()
    deputy = more_people(crew)["deputy"]
    today = timezone.localdate()
    DutyCover.objects.create(school=crew.school, user=deputy, starts=today, ends=today, set_by=crew.dora)
    concern = a_concern(crew)
    share = Share.objects.get(concern=concern)
    assert (share.user, share.why) == (deputy, Share.Why.DUTY)
    notices = Notice.objects.filter(recipient=deputy)
    assert len(shown_to(deputy, notices)) == 1


def test_the_dsl_on_duty_who_is_concerned_is_not_let_in() -> None:
    crew = a_concern_crew()
    deputy = more_people(crew)["deputy"]
    today = timezone.localdate()
    DutyCover.objects.create(school=crew.school, user=deputy, starts=today, ends=today, set_by=crew.dora)
    concern = a_concern(crew, by(deputy), a_pupil_harmed())
    assert not Share.objects.filter(concern=concern).exists()
    assert not Notice.objects.filter(recipient=deputy).exists()


def test_a_new_concern_is_unread_and_has_a_reference_that_does_not_count_up() -> None:
    crew = a_concern_crew()
    references = {a_concern(crew).reference for _ in range(5)}
    assert len(references) == 5
    assert all(len(one) == 9 and one.startswith("C-") for one in references)
    assert set(Concern.objects.values_list("status", flat=True)) == {Status.UNREAD}
