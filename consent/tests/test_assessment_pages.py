"""The pages of the eighteenth birthday."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from consent.models import Assessment, Pupil
from core.models import KeptPost
from core.roles import Role
from people.models import School, User
from smgov.testing import a_person
from smgov.testing_consent import a_consent_school, a_pupil

pytestmark = pytest.mark.django_db
LIST = "/consent/eighteen/"


@pytest.fixture
def school() -> School:
    return a_consent_school("Hilltop", preset="cit")[0]


@pytest.fixture
def dsl(school: School, client: Client) -> User:
    person = a_person("Dot Dean", Role.DSL, school)
    client.force_login(person)
    return person


def turning_18(school: School, days: int, name: str = "Sam Sand", **facts: Any) -> Pupil:
    """A pupil who turns 18 in so many days."""
    birthday = timezone.localdate() + timedelta(days=days)
    day = birthday if (birthday.month, birthday.day) != (2, 29) else birthday + timedelta(days=1)
    return a_pupil(school, name, born=date(day.year - 18, day.month, day.day), **facts)


def sent(**values: Any) -> dict[str, Any]:
    today = timezone.localdate()
    return {
        "competent": "yes",
        "assessed_on_day": today.day,
        "assessed_on_month": today.month,
        "assessed_on_year": today.year,
        "words": "Ms Dean spoke with the pupil",
        **values,
    }


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


def url(pupil: Pupil) -> str:
    return f"/consent/pupils/{pupil.uuid}/assessment/"


@pytest.mark.clause("CIT-7.05")
def test_who_turns_18_stands_on_the_list_and_is_assessed(client: Client, dsl: User, school: School) -> None:
    pupil = turning_18(school, 30)
    turning_18(school, 95, "Too Young")
    page = text(client.get(LIST))
    assert "Sam Sand" in page
    assert "To be assessed" in page
    assert "Too Young" not in page
    page = text(client.post(url(pupil), sent(), follow=True))
    assert "The assessment is recorded." in page
    assert "Understands" in page
    assert "No e-mail address" in page
    assert "Sam Sand" not in text(client.get(f"{LIST}?state=missing"))
    assert "Sam Sand" in text(client.get(f"{LIST}?state=done&q=sánd"))
    page = text(client.get(url(pupil)))
    assert "Ms Dean spoke with the pupil" in page


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"competent": ""}, "Choose whether the pupil understands"),
        ({"competent": "maybe"}, "Choose one of the answers"),
        ({"words": ""}, "Say on what the assessment rests"),
        ({"assessed_on_year": "2001"}, "or a later day"),
        ({"assessed_on_year": "2099"}, "or earlier"),
    ],
)
def test_what_is_wrong_is_said(client: Client, dsl: User, school: School, values: dict, message: str) -> None:
    response = client.post(url(turning_18(school, 30)), sent(**values))
    assert response.status_code == 422
    assert message in text(response)
    assert not Assessment.objects.exists()


def test_the_page_says_why_nothing_can_be_recorded(client: Client, dsl: User, school: School) -> None:
    young, unknown = turning_18(school, 95), a_pupil(school, born=None)
    for pupil, why in ((young, "can be assessed from"), (unknown, "date of birth of this pupil")):
        page = text(client.get(url(pupil)))
        assert why in page
        assert "Record the assessment" not in page
        assert client.post(url(pupil), sent()).status_code == 422


def test_the_capacity_is_recorded_where_the_profile_says_so(
    client: Client, dsl: User, school: School
) -> None:
    assert "as given for a pupil of 18 who cannot decide" in text(client.get(url(turning_18(school, 30))))


def test_nobody_else_reads_birthdays_or_words(client: Client, dsl: User, school: School) -> None:
    pupil = turning_18(school, 30)
    client.post(url(pupil), sent())
    for role in (Role.STAFF, Role.HEAD_OF_COMMS, Role.SENIOR_LEADER):
        client.force_login(a_person("Nell Nye", role, school))
        assert client.get(LIST).status_code == 403
        assert client.get(url(pupil)).status_code == 403
        assert client.post(url(pupil), sent()).status_code == 403
    client.force_login(a_person("Ed East", Role.DSL, a_consent_school(preset="cit")[0]))
    assert client.get(url(pupil)).status_code == 404
    assert client.get(f"{LIST}?school={school.uuid}").status_code == 404


def test_what_was_typed_is_not_kept_aside(dsl: User, school: School) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(dsl)
    assert strict.post(url(turning_18(school, 30)), sent()).status_code == 403
    assert not KeptPost.objects.exists()


def test_a_long_list_takes_few_queries(
    client: Client, dsl: User, school: School, django_assert_max_num_queries
) -> None:
    for number in range(40):
        turning_18(school, 30, f"Pupil {number}")
    client.get(LIST)
    with django_assert_max_num_queries(15):
        assert client.get(f"{LIST}?page=2&sort=-name").status_code == 200
