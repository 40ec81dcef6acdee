"""The pages of what consent is asked for: who sees what, what is said, what is refused."""

from typing import Any

import pytest
from django.test import Client

from consent.models import Channel, Purpose
from core.models import Platform
from core.roles import Role
from people.models import School, User
from smgov.testing import a_person, a_school
from smgov.testing_consent import a_consent_school, a_contact, a_pupil, consent_chosen, says

pytestmark = pytest.mark.django_db
LIST = "/consent/questions/"


@pytest.fixture
def school() -> School:
    return consent_chosen(a_school("Hilltop", preset="st-marys"))


@pytest.fixture
def dpo(school: School, client: Client) -> User:
    person = a_person("Dee Dow", Role.DPO, school)
    client.force_login(person)
    return person


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


@pytest.mark.clause("STM-7.14", "STM-7.15")
def test_one_button_starts_the_set_and_the_page_says_that_each_is_answered_on_its_own(
    client: Client, dpo: User, school: School
) -> None:
    page = text(client.get(LIST))
    assert "Photographs on the school&#x27;s social media" in page
    assert "may agree to photographs and refuse videos" not in page
    page = text(client.post(f"{LIST}start/", {"school": str(school.uuid)}, follow=True))
    assert "asks about 2 things now" in page
    assert "may agree to photographs and refuse videos" in page
    assert "The trust&#x27;s social media accounts" in page, "closed by the settings"
    again = client.post(f"{LIST}start/", {"school": str(school.uuid)})
    assert again.status_code == 409
    assert Purpose.objects.count() == 2


def test_a_teacher_reads_the_questions_and_changes_none(client: Client) -> None:
    school, purposes = a_consent_school(preset="st-marys")
    client.force_login(a_person("Tess Thorn", Role.STAFF, school))
    page = text(client.get(LIST))
    assert "Lawful basis" in page
    assert "Change the words" not in page
    for address in (f"{LIST}add/", f"{LIST}{purposes[0].uuid}/words/", f"{LIST}{purposes[0].uuid}/stop/"):
        assert client.get(address).status_code == 403
        assert client.post(address).status_code == 403
    assert client.post(f"{LIST}start/", {"school": str(school.uuid)}).status_code == 403


def test_a_platform_is_asked_about_with_its_conditions(client: Client, dpo: User, school: School) -> None:
    instagram = Platform.objects.get(slug="instagram")
    values = {
        "medium": "video",
        "channel": "platform",
        "platform": str(instagram.pk),
        "conditions": ["group_only"],
        "basis": "consent",
        "text": "",
    }
    page = text(client.post(f"{LIST}add/", values, follow=True))
    assert "Your school asks about this now: Videos on Instagram, in a group only." in page
    assert "In a group only" in page
    twice = client.post(f"{LIST}add/", values)
    assert twice.status_code == 422
    assert "asks about this already" in text(twice)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"channel": ""}, "Choose where it is shown"),
        ({"channel": Channel.TRUST}, "Choose one of the answers"),
        ({"channel": Channel.PLATFORM}, "Choose the platform"),
        ({"channel": Channel.PLATFORM, "platform": "999999"}, "Choose one of the answers"),
        ({"basis": "public_task"}, "asks for consent before pupils are shown"),
        ({"text": "x" * 2001}, "2000 characters or fewer"),
    ],
)
def test_what_is_wrong_or_closed_is_said(client: Client, dpo: User, values: dict, message: str) -> None:
    sent = {"medium": "image", "channel": Channel.SCHOOL, "basis": "consent", **values}
    response = client.post(f"{LIST}add/", sent)
    assert response.status_code == 422
    assert message in text(response)
    assert not Purpose.objects.exists()


def test_new_words_show_the_old_ones_below(client: Client) -> None:
    school, (photos, _) = a_consent_school(preset="st-marys")
    client.force_login(User.objects.get(memberships__school=school))
    pupil = a_pupil(school)
    says(pupil, True, a_contact(pupil))
    page = text(client.get(f"{LIST}{photos.uuid}/words/"))
    assert "1 pupil has an answer" in page
    assert "Answers keep the words to which they were given" in page
    values = {"number": 1, "text": "<b>May we</b> show your child?"}
    page = text(client.post(f"{LIST}{photos.uuid}/words/", values, follow=True))
    assert "Words, version 2" in page
    assert "Version 1" in page
    assert "&lt;b&gt;May we&lt;/b&gt;" in page
    stale = client.post(f"{LIST}{photos.uuid}/words/", {"number": 1, "text": "Mine"})
    assert stale.status_code == 422
    assert "Somebody changed this meanwhile" in text(stale)


def test_what_is_stopped_stands_below_as_asked_in_earlier_times(client: Client) -> None:
    school, (photos, _) = a_consent_school(preset="st-marys")
    client.force_login(User.objects.get(memberships__school=school))
    assert "At the moment 0 pupils have a yes" in text(client.get(f"{LIST}{photos.uuid}/stop/"))
    page = text(client.post(f"{LIST}{photos.uuid}/stop/", follow=True))
    assert "Asked in earlier times" in page
    assert client.post(f"{LIST}{photos.uuid}/stop/").status_code == 422


def test_the_questions_of_another_school_do_not_exist(client: Client, dpo: User) -> None:
    other, (photos, _) = a_consent_school(preset="st-marys")
    assert client.get(f"{LIST}?school={other.uuid}").status_code == 404
    assert client.post(f"{LIST}start/", {"school": str(other.uuid)}).status_code == 404
    for step in ("words", "stop"):
        assert client.get(f"{LIST}{photos.uuid}/{step}/").status_code == 404
        assert client.post(f"{LIST}{photos.uuid}/{step}/").status_code == 404


def test_the_page_takes_as_many_queries_for_many_questions_as_for_few(
    client: Client, dpo: User, school: School, django_assert_max_num_queries
) -> None:
    for platform in Platform.objects.all()[:6]:
        for medium in ("image", "video"):
            Purpose.objects.create(
                school=school, medium=medium, channel="platform", platform=platform, created_by=dpo
            ).wordings.create(number=1, text="Words", by=dpo)
    client.get(LIST)
    with django_assert_max_num_queries(15):
        assert client.get(LIST).status_code == 200
