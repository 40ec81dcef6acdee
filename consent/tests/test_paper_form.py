"""Consent forms on paper, from the same words that are asked by link."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consent.models import Channel, Medium, Reply
from consent.services.links import link_for, token_of
from consent.services.purposes import Asked, purpose_add, purpose_reword
from core.roles import Role
from smgov.testing import a_person, a_school, give
from smgov.testing_consent import a_consent_school, a_contact, a_pupil, consent_chosen, says

pytestmark = pytest.mark.django_db
PAPER = "/consent/paper-form/"


@pytest.fixture
def made():
    return a_consent_school("Hilltop Primary", preset="st-marys")


@pytest.fixture
def school(made):
    return made[0]


@pytest.fixture
def mia(school):
    return a_pupil(school, "Mia Marsh", class_name="5A")


@pytest.fixture
def office(client, school):
    person = a_person("Olga Ott", Role.OFFICE, school)
    client.force_login(person)
    return person


def sheets(response):
    """The sheets of a page."""
    assert response.status_code == 200
    return re.findall(r'<section class="app-sheet">.*?</section>', response.content.decode(), re.DOTALL)


def names(response):
    """The name on each sheet."""
    return [re.search(r"videos of ([^<,]+)", sheet).group(1) for sheet in sheets(response)]


@pytest.mark.clause("STM-7.01", "STM-7.14", "STM-7.15")
def test_a_sheet_has_the_words_two_boxes_for_each_question_and_says_that_they_stand_apart(
    client, office, made, mia
):
    school, purposes = made
    purpose_reword(
        actor=a_person("Dora", Role.DPO, school), purpose=purposes[0], text="The newest words", number=1
    )
    (sheet,) = sheets(client.get(PAPER, {"pupil": str(mia.uuid)}))
    text = " ".join(sheet.replace("&#x27;", "'").split())
    for words in (
        "Hilltop Primary",
        "Mia Marsh, class 5A",
        "you may agree to some and not to others, for example to photographs and not to videos",
        "The newest words",
        "version 2",
        "version 1",
        "Your relationship to the pupil",
        "I hold parental responsibility",
        "Signature",
        "Date",
        "write to the school office",
    ):
        assert words in text, words
    assert text.count('app-sheet__box">Yes<') == text.count('app-sheet__box">No<') == len(purposes) == 2
    for private in (str(mia.born.year), mia.upn):
        assert private not in text


def test_what_rests_on_public_task_is_printed_as_an_objection_and_any_way_of_telling_is_enough(client):
    school, _ = a_consent_school(preset="ravens-wood")
    pupil = a_pupil(school, "Ben Bell")
    client.force_login(a_person("Olga", Role.OFFICE, school))
    (sheet,) = sheets(client.get(PAPER, {"pupil": str(pupil.uuid)}))
    assert "We do this unless you object" in sheet
    assert "I do not object" in sheet
    assert "in any way" in sheet


def test_an_adult_pupil_signs_for_themselves(client, office, school):
    born = timezone.localdate() - timedelta(days=19 * 366)
    ada = a_pupil(school, "Ada Adams", born=born)
    (sheet,) = sheets(client.get(PAPER, {"pupil": str(ada.uuid)}))
    assert "parental responsibility" not in sheet
    assert "it means you" in sheet


def test_a_class_is_printed_without_those_who_left(client, office, school, mia):
    a_pupil(school, "Amy Able", class_name="5A")
    a_pupil(school, "Leo Left", class_name="5A", leaves_on=timezone.localdate() - timedelta(days=1))
    a_pupil(school, "Bob Bell", class_name="6B")
    assert names(client.get(PAPER, {"who": "class:5A"})) == ["Amy Able", "Mia Marsh"]
    page = client.get(PAPER).content.decode()
    assert "Class 5A" in page
    assert "app-sheet__title" not in page


def test_whoever_has_not_answered_and_cannot_be_written_to(client, office, school):
    reached = a_pupil(school, "Rea Reached")
    a_contact(reached, email="r@families.example")
    a_pupil(school, "Nat Nobody")
    silent = a_pupil(school, "Sam Silent")
    a_contact(silent, email="")
    only_uncle = a_pupil(school, "Una Uncle")
    a_contact(only_uncle, email="u@families.example", responsibility="no")
    answered = a_pupil(school, "Ann Answered")
    says(answered, True, a_contact(answered, email=""))
    grown = a_pupil(school, "Ed Email", email="ed@pupils.example")
    assert grown
    late = a_pupil(school, "Lou Late")
    says(late, True, a_contact(late, email=""), at=timezone.now() - timedelta(days=366))
    found = names(client.get(PAPER, {"who": "no_email"}))
    assert found == ["Lou Late", "Nat Nobody", "Sam Silent", "Una Uncle"]


def test_sixty_sheets_at_a_time_and_few_queries(client, office, school, django_assert_max_num_queries):
    for n in range(65):
        a_pupil(school, f"Child{n:02} Many", class_name="7")
    client.get(PAPER)
    with django_assert_max_num_queries(15):
        first = client.get(PAPER, {"who": "class:7"})
    assert len(sheets(first)) == 60
    assert "Forms 1 to 60" in first.content.decode()
    second = client.get(PAPER, {"who": "class:7", "page": "2"})
    assert len(sheets(second)) == 5
    assert "Forms 61 to 65" in second.content.decode()
    assert not set(names(first)) & set(names(second))
    for page in ("0", "-1", "x", "²", "9" * 400):
        assert len(sheets(client.get(PAPER, {"who": "class:7", "page": page}))) == 60
    beyond = client.get(PAPER, {"who": "class:7", "page": "99"})
    assert "No forms to print" in beyond.content.decode()


def test_a_choice_without_pupils_or_a_school_without_questions_says_so(client, office, school, mia):
    a_contact(mia)
    assert "No forms to print" in client.get(PAPER, {"who": "no_email"}).content.decode()
    assert sheets(client.get(PAPER, {"who": "class:<script>"})) == []
    new = consent_chosen(a_school("New"))
    give(office, Role.OFFICE, new)
    a_pupil(new, "Pip Pink")
    page = client.get(PAPER, {"school": str(new.uuid), "who": "no_email"})
    assert "asks about nothing yet" in page.content.decode()


def test_whoever_works_at_two_schools_chooses_and_a_pupil_brings_the_school_along(client, office, mia):
    other, _ = a_consent_school("Otherplace")
    give(office, Role.OFFICE, other)
    assert "Which school?" in client.get(PAPER).content.decode()
    assert names(client.get(PAPER, {"pupil": str(mia.uuid)})) == ["Mia Marsh"]
    page = client.get(PAPER, {"school": str(other.uuid), "who": "class:5A"})
    assert sheets(page) == []


def test_only_who_keys_answers_in_prints_and_only_for_their_school(client, school, mia):
    for role in (Role.STAFF, Role.HEADTEACHER, Role.IT):
        client.force_login(a_person("Somebody", role, school))
        assert client.get(PAPER, {"pupil": str(mia.uuid)}).status_code == 403
    other, _ = a_consent_school("Otherplace")
    client.force_login(a_person("Ola", Role.OFFICE, other))
    for unknown in (str(mia.uuid), "00000000-0000-4000-8000-000000000000", "x", "1 OR 1=1"):
        assert client.get(PAPER, {"pupil": unknown}).status_code == 404
    assert client.get(PAPER, {"school": str(school.uuid)}).status_code == 404
    assert sheets(client.get(PAPER, {"who": "class:5A"})) == []


def test_a_parent_prints_their_own_children_without_last_names(school, mia):
    purpose_add(
        actor=a_person("Dora", Role.DPO, school),
        school=school,
        asked=Asked(Medium.IMAGE, Channel.WEBSITE, group_only=True),
    )
    a_pupil(school, "Zoe Zeal")
    mother = a_contact(mia, a_pupil(school, "Max Marsh"))
    page = Client().get(reverse("consent:answer-paper", args=[token_of(link_for(contact=mother))]))
    assert names(page) == ["Max", "Mia"]
    text = page.content.decode()
    assert "Last name of the pupil" in text
    assert "Marsh" not in text
    assert "Zoe" not in text
    assert "only if other pupils are in it too" in text
    assert not Reply.objects.exists()
