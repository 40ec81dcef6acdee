"""What consent is asked for: the set of the profile, additions, new words, an end; and every refusal."""

import uuid
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from consent.models import Basis, Channel, Medium, Purpose, Reply, Wording
from consent.services.purposes import (
    Asked,
    closed_channels,
    purpose_add,
    purpose_retire,
    purpose_reword,
    purposes_start,
)
from consent.services.replies import Said, reply_add
from consent.terms import terms_of
from core.errors import Refused
from core.models import AuditEvent, Platform
from core.roles import Role
from people.models import School, User
from people.selectors import profile_of
from smgov.testing import a_person, a_school
from smgov.testing_consent import a_consent_school, a_contact, a_pupil, consent_chosen, says

pytestmark = pytest.mark.django_db


@pytest.fixture
def school() -> School:
    return consent_chosen(a_school(preset="cit"))


@pytest.fixture
def dpo(school: School) -> User:
    return a_person("Dee Dow", Role.DPO, school)


def titles(school: School) -> list[str]:
    return [str(one) for one in Purpose.objects.filter(school=school, retired_at=None)]


# The set of the profile


@pytest.mark.clause("CIT-7.04", "STM-7.14")
@pytest.mark.parametrize(
    ("preset", "chosen", "asked"),
    [
        (
            "cit",
            {},
            [
                "Photographs on the school's social media",
                "Videos on the school's social media",
                "Photographs on the trust's social media",
                "Videos on the trust's social media",
            ],
        ),
        (
            "st-marys",
            {},
            ["Photographs on the school's social media", "Videos on the school's social media"],
        ),
        (
            "st-marys",
            {"consent_separable": False},
            ["Photographs and videos on the school's social media"],
        ),
        (
            "cbc",
            {},
            ["Photographs inside the school only", "Videos inside the school only"],
        ),
        ("st-marys", {"consent_scopes": ["images"]}, ["Photographs on the school's social media"]),
    ],
)
def test_each_profile_gives_its_own_set(preset: str, chosen: dict, asked: list[str]) -> None:
    school, _ = a_consent_school(preset=preset, **chosen)
    assert titles(school) == asked
    assert set(Purpose.objects.filter(school=school).values_list("basis", flat=True)) == {Basis.CONSENT}
    assert Wording.objects.filter(purpose__school=school, number=1).count() == len(asked)


def test_an_opt_out_profile_asks_on_the_ground_of_public_task() -> None:
    _, purposes = a_consent_school(preset="ravens-wood")
    assert {one.basis for one in purposes} == {Basis.PUBLIC_TASK}


def test_the_offered_words_name_no_year(school: School, dpo: User) -> None:
    purposes_start(actor=dpo, school=consent_chosen(school, consent_validity="academic_year"))
    words = " ".join(Wording.objects.values_list("text", flat=True))
    assert "the end of the academic year that we ask about" in words
    assert not any(character.isdigit() for character in words)


def test_the_set_is_started_once(school: School, dpo: User) -> None:
    purposes_start(actor=dpo, school=school)
    with pytest.raises(Refused, match="something already"):
        purposes_start(actor=dpo, school=school)


# Adding


def test_one_more_thing_is_asked_about_with_words_of_its_own(school: School, dpo: User) -> None:
    instagram = Platform.objects.get(slug="instagram")
    asked = Asked(Medium.IMAGE, Channel.PLATFORM, instagram, group_only=True, no_first_name=True)
    purpose = purpose_add(actor=dpo, school=school, asked=asked)
    assert str(purpose) == "Photographs on Instagram, in a group only, without the first name"
    text = purpose.wordings.get().text
    assert "Instagram" in text
    assert "in a group only" in text
    own = purpose_add(actor=dpo, school=school, asked=Asked(Medium.WORK, Channel.WEBSITE), text="  May we?  ")
    assert own.wordings.get().text == "May we?"
    assert own.order > purpose.order
    assert AuditEvent.objects.filter(action="consent.purpose_added").count() == 2


@pytest.mark.parametrize(
    ("preset", "asked", "field"),
    [
        ("cit", {"channel": Channel.PLATFORM}, "platform"),
        ("cit", {"channel": Channel.SCHOOL, "platform": True}, "platform"),
        ("st-marys", {"channel": Channel.TRUST}, "channel"),
        ("cbc", {"channel": Channel.SCHOOL}, "channel"),
        ("cbc", {"channel": Channel.PRESS}, "channel"),
        ("cit", {"channel": Channel.SCHOOL, "basis": Basis.PUBLIC_TASK}, "basis"),
        ("cit", {"channel": Channel.PLATFORM, "platform": True, "basis": Basis.PUBLIC_TASK}, "basis"),
    ],
    ids=[
        "a platform without its name",
        "a name without a platform",
        "trust accounts where the policy covers the school's",
        "publishing where pictures stay inside",
        "the press where pictures stay inside",
        "public task on social media under opt-in",
        "public task on a platform under opt-in",
    ],
)
def test_what_the_profile_closes_is_refused(preset: str, asked: dict[str, Any], field: str) -> None:
    school, _ = a_consent_school(preset=preset)
    if asked.get("platform"):
        asked = {**asked, "platform": Platform.objects.first()}
    before = titles(school)
    with pytest.raises(Refused) as refusal:
        purpose_add(
            actor=a_person("Dee Dow", Role.DPO, school), school=school, asked=Asked(Medium.IMAGE, **asked)
        )
    assert refusal.value.field == field
    assert titles(school) == before


@pytest.mark.parametrize(
    ("preset", "channel"), [("ravens-wood", Channel.SCHOOL), ("cit", Channel.NEWSLETTER)]
)
def test_public_task_holds_where_the_policy_assumes_it_and_off_social_media(
    preset: str, channel: str
) -> None:
    school, _ = a_consent_school(preset=preset)
    asked = Asked(Medium.VOICE, channel, basis=Basis.PUBLIC_TASK)
    made = purpose_add(actor=a_person("Dee Dow", Role.DPO, school), school=school, asked=asked)
    assert "You may object at any time" in made.wordings.get().text


def test_the_same_thing_is_asked_about_once_and_again_after_it_was_stopped(school: School, dpo: User) -> None:
    asked = Asked(Medium.IMAGE, Channel.NEWSLETTER)
    first = purpose_add(actor=dpo, school=school, asked=asked)
    with pytest.raises(Refused, match="already"):
        purpose_add(actor=dpo, school=school, asked=asked)
    purpose_retire(actor=dpo, purpose=first)
    assert purpose_add(actor=dpo, school=school, asked=asked).pk != first.pk


def test_the_database_itself_keeps_a_thing_from_being_asked_twice(school: School, dpo: User) -> None:
    purpose = purpose_add(actor=dpo, school=school, asked=Asked(Medium.IMAGE, Channel.NEWSLETTER))
    purpose.pk, purpose.uuid = None, uuid.uuid4()
    with pytest.raises(IntegrityError), transaction.atomic():
        purpose.save(force_insert=True)


def test_while_a_setting_is_open_nothing_is_asked_about() -> None:
    school = a_school(preset="cit")
    dpo = a_person("Dee Dow", Role.DPO, school)
    with pytest.raises(Refused, match="not complete"):
        purposes_start(actor=dpo, school=school)
    with pytest.raises(Refused, match="not complete"):
        purpose_add(actor=dpo, school=school, asked=Asked(Medium.IMAGE, Channel.WEBSITE))


def test_the_closed_places_are_named(school: School) -> None:
    inside = a_consent_school(preset="cbc")[0]
    assert closed_channels(terms_of(profile_of(school))) == []
    assert len(closed_channels(terms_of(profile_of(inside)))) == 6


# New words


def test_new_words_are_a_new_version_and_answers_keep_the_old(school: School, dpo: User) -> None:
    photos = purposes_start(actor=dpo, school=school)[0]
    pupil = a_pupil(school)
    reply = says(pupil, {photos: True}, a_contact(pupil))
    new = purpose_reword(actor=dpo, purpose=photos, text=" Clearer words ", number=1)
    assert (new.number, new.text) == (2, "Clearer words")
    assert reply.answers.get().wording.number == 1
    assert says(pupil, {photos: False}, a_contact(pupil)).answers.get().wording.number == 2
    assert AuditEvent.objects.get(action="consent.purpose_reworded").data == {"number": 2}


@pytest.mark.parametrize(
    ("text", "number", "says_why"),
    [("Other", 7, "meanwhile"), ("  ", 1, "Enter the words"), (None, 1, "in use already")],
)
def test_new_words_are_refused(
    school: School, dpo: User, text: str | None, number: int, says_why: str
) -> None:
    photos = purposes_start(actor=dpo, school=school)[0]
    text = photos.wordings.get().text if text is None else text
    with pytest.raises(Refused, match=says_why):
        purpose_reword(actor=dpo, purpose=photos, text=text, number=number)
    assert photos.wordings.count() == 1


def test_a_stale_page_does_not_overwrite_the_words_of_a_colleague(school: School, dpo: User) -> None:
    photos = purposes_start(actor=dpo, school=school)[0]
    purpose_reword(actor=dpo, purpose=photos, text="Hers", number=1)
    with pytest.raises(Refused, match="meanwhile"):
        purpose_reword(actor=dpo, purpose=photos, text="His", number=1)


# The end


def test_what_is_stopped_stays_in_the_record_and_takes_no_more_answers(school: School, dpo: User) -> None:
    photos = purposes_start(actor=dpo, school=school)[0]
    pupil = a_pupil(school)
    mother = a_contact(pupil)
    says(pupil, {photos: True}, mother)
    purpose_retire(actor=dpo, purpose=photos)
    assert Reply.objects.count() == 1
    said, at = Said(pupil, {photos.pk: True}, mother), Reply.objects.get().received_at
    with pytest.raises(Refused, match="changed meanwhile"):
        reply_add(said=said, once=uuid.uuid4(), route="paper", received_at=at, actor=dpo)
    with pytest.raises(Refused, match="no more"):
        purpose_retire(actor=dpo, purpose=photos)
    with pytest.raises(Refused, match="meanwhile"):
        purpose_reword(actor=dpo, purpose=photos, text="New", number=1)


# Who


@pytest.mark.parametrize(
    "role", [Role.STAFF, Role.OFFICE, Role.DSL, Role.HEAD_OF_COMMS, Role.IT, Role.GOVERNANCE]
)
def test_who_does_not_look_after_the_questions_changes_none(school: School, dpo: User, role: Role) -> None:
    photos = purposes_start(actor=dpo, school=school)[0]
    refused(a_person("Nell Nye", role, school), school, photos)


def test_the_dpo_of_another_school_changes_none(school: School, dpo: User) -> None:
    photos = purposes_start(actor=dpo, school=school)[0]
    refused(a_person("Ed East", Role.DPO, a_school(preset="cit")), school, photos)


def refused(person: User, school: School, purpose: Purpose) -> None:
    """Every step is closed to this person."""
    asked = Asked(Medium.IMAGE, Channel.WEBSITE)
    with pytest.raises(PermissionDenied):
        purposes_start(actor=person, school=school)
    with pytest.raises(PermissionDenied):
        purpose_add(actor=person, school=school, asked=asked)
    with pytest.raises(PermissionDenied):
        purpose_reword(actor=person, purpose=purpose, text="New", number=1)
    with pytest.raises(PermissionDenied):
        purpose_retire(actor=person, purpose=purpose)
