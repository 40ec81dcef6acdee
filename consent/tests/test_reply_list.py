"""Answers to check, and calls that wait for writing."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consent.models import Responsibility, Route
from consent.services.settling import reply_settle
from core.roles import Role
from people.models import School, User
from smgov.testing import a_person
from smgov.testing_consent import a_consent_school, a_contact, a_pupil, says

pytestmark = pytest.mark.django_db
LIST = "consent:reply-list"


@pytest.fixture
def school() -> School:
    """A school on the CIT preset: only what is in writing counts."""
    return a_consent_school("Hilltop")[0]


@pytest.fixture
def office(school: School) -> User:
    """Its office."""
    return a_person("Olga Ott", Role.OFFICE, school)


def shown(user: User, query: str = "") -> str:
    client = Client()
    client.force_login(user)
    response = client.get(reverse(LIST) + query)
    assert response.status_code == 200
    return response.content.decode().split("<main")[1]


def test_an_answer_waits_here_until_it_is_checked(school, office):
    pupil = a_pupil(school, "Kit Moss")
    uncle = a_contact(pupil, name="Uncle Bob", responsibility=Responsibility.UNKNOWN)
    reply = says(pupil, True, uncle)
    text = shown(office)
    assert "Kit Moss" in text
    assert "Uncle Bob" in text
    assert reverse("consent:reply-settle", args=[reply.uuid]) in text
    reply_settle(actor=office, reply=reply, holds=True)
    assert "Kit Moss" not in shown(office)


def test_a_call_waits_for_writing_until_the_same_person_writes(school, office):
    pupil = a_pupil(school, "Kit Moss")
    mother, father = a_contact(pupil, name="Mum Moss"), a_contact(pupil, name="Dad Moss")
    says(pupil, False, mother, route=Route.TELEPHONE)
    assert "Mum Moss" in shown(office, "?show=noted")
    assert "Kit Moss" not in shown(office)
    says(pupil, False, father)
    assert "Mum Moss" in shown(office, "?show=noted"), "another person’s letter is not theirs"
    says(pupil, False, mother, route=Route.LETTER)
    assert "Mum Moss" not in shown(office, "?show=noted")


def test_a_pupils_own_call_waits_too_and_old_ones_no_longer(school, office):
    young, old = a_pupil(school, "Kit Moss"), a_pupil(school, "Lou Dean")
    says(young, False, route=Route.TELEPHONE)
    says(old, False, route=Route.TELEPHONE, at=timezone.now() - timedelta(days=31))
    text = shown(office, "?show=noted")
    assert "Kit Moss" in text
    assert "Lou Dean" not in text
    says(young, False, route=Route.EMAIL)
    assert "Kit Moss" not in shown(office, "?show=noted")


def test_the_check_shows_what_is_known_of_the_contact_and_their_other_children(school, office):
    pupil, sister = a_pupil(school, "Kit Moss"), a_pupil(school, "Lou Moss", class_name="3B")
    uncle = a_contact(
        pupil, sister, name="Uncle Bob", email="bob@moss.example", responsibility=Responsibility.UNKNOWN
    )
    stranger = a_pupil(school, "Zed Zorn")
    a_contact(stranger, name="Someone Else")
    reply = says(pupil, True, uncle, words="I am the uncle")
    client = Client()
    client.force_login(office)
    text = client.get(reverse("consent:reply-settle", args=[reply.uuid])).content.decode()
    for words in ("bob@moss.example", "Lou Moss, 3B", "I am the uncle"):
        assert words in text
    assert "Zed Zorn" not in text


@pytest.mark.parametrize(
    "role", [Role.STAFF, Role.HEADTEACHER, Role.DSL, Role.HEAD_OF_COMMS, Role.GOVERNANCE]
)
def test_who_does_not_settle_has_no_list(school, role):
    client = Client()
    client.force_login(a_person("Olly Orr", role, school))
    assert client.get(reverse(LIST)).status_code == 403


def test_the_other_schools_answers_are_not_here(school):
    pupil = a_pupil(school, "Kit Moss")
    says(pupil, True, a_contact(pupil, responsibility=Responsibility.UNKNOWN))
    other = a_person("Eve Earl", Role.OFFICE, a_consent_school("Otherplace")[0])
    assert "Kit Moss" not in shown(other)


def test_the_list_takes_as_many_queries_for_many_rows_as_for_few(
    school, office, django_assert_max_num_queries
):
    for number in range(30):
        pupil = a_pupil(school, f"Kit{number} Moss")
        says(pupil, True, a_contact(pupil, responsibility=Responsibility.UNKNOWN), actor=office)
    client = Client()
    client.force_login(office)
    client.get(reverse(LIST))
    with django_assert_max_num_queries(15):
        page = client.get(reverse(LIST))
    assert page.context["page_obj"].paginator.num_pages == 2
