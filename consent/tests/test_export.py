"""What the school holds about one child, and nothing of another (item 9)."""

import csv
import io
import json

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consent.models import (
    Assessment,
    AssessmentWords,
    CheckedPupil,
    CheckWords,
    ConsentCheck,
    PostSearch,
    Scan,
)
from consent.services.exports import MORE, pupil_export
from consent.services.flags import flag_set
from core.models import AuditEvent
from core.roles import Role
from people.models import School, User
from smgov.testing import a_person, an_unblock
from smgov.testing_consent import a_consent_school, a_contact, a_pupil, says

pytestmark = pytest.mark.django_db


@pytest.fixture
def school() -> School:
    """A school on the CIT preset."""
    return a_consent_school("Hilltop", unblock_approver=["headteacher"])[0]


@pytest.fixture
def dpo(school: School) -> User:
    """Its DPO."""
    return a_person("Dora Dart", Role.DPO, school)


def get(user: User, pupil, form: str = "") -> str:
    client = Client()
    client.force_login(user)
    response = client.get(
        reverse("consent:pupil-export", args=[pupil.uuid]) + (f"?as={form}" if form else "")
    )
    assert response.status_code == 200
    return response.content.decode()


def a_whole_child(school: School):
    """A child of whom everything is held, with a sister who shares the mother."""
    pupil = a_pupil(school, "Kit Moss", preferred_name="Kitty", local_id="L77", email="kit@pupils.example")
    sister = a_pupil(school, "Quokka Moss", class_name="Wombat", upn="Z999999999999")
    mother = a_contact(pupil, sister, name="Mum Moss", email="mum@moss.example")
    reply = says(pupil, True, mother, words="Please ask us first")
    says(sister, False, mother, words="Numbat words of the sister")
    Scan.objects.create(
        reply=reply, media_type="application/pdf", size=123, sha256="f00d" * 16, by=reply.recorded_by
    )
    other = says(sister, True, mother)
    Scan.objects.create(reply=other, media_type="image/png", size=9, sha256="beef" * 16, by=reply.recorded_by)
    assessed = Assessment.objects.create(
        pupil=pupil, competent=True, assessed_on=timezone.localdate(), by=reply.recorded_by
    )
    AssessmentWords.objects.create(assessment=assessed, text="Talked it through")
    check = ConsentCheck.objects.create(
        once=reply.once,
        school=school,
        by=reply.recorded_by,
        medium="image",
        channel="school",
        in_group=True,
        first_name=False,
    )
    CheckWords.objects.create(check_row=check, what="Sports day")
    for one in (pupil, sister):
        CheckedPupil.objects.create(check_row=check, pupil=one, may=True, reason="yes")
    says(pupil, False, mother)
    return pupil


@pytest.mark.parametrize("form", ["", "json", "csv"])
def test_everything_about_the_child_is_in_it_and_nothing_of_the_sister(school, dpo, form):
    pupil = a_whole_child(school)
    text = get(dpo, pupil, form)
    for words in (
        *("Kit", "Kitty", "L77", "kit@pupils.example", pupil.upn, "Mum Moss", "Mother"),
        *("Please ask us first", "f00d" * 16, "Talked it through"),
        *("Consent given", "Consent withdrawn", "Hilltop"),
    ):
        assert words in text, words
    wording = pupil.replies.first().answers.first().wording.text.splitlines()[0]
    assert wording[:30] in text.replace("&#x27;", "'")
    for words in ("Quokka", "Sports day", "Wombat", "Z999999999999", "Numbat", "beef" * 16):
        assert words not in text, words


@pytest.mark.parametrize("form", ["", "json", "csv"])
def test_contacts_are_named_without_their_addresses(school, dpo, form):
    assert "mum@moss.example" not in get(dpo, a_whole_child(school), form)


@pytest.mark.clause("RAV-9.08")
@pytest.mark.parametrize("form", ["", "json", "csv"])
def test_nothing_shows_whether_there_is_a_flag(school, dpo, form):
    pupil = a_pupil(school, "Kit Moss")
    says(pupil, True, a_contact(pupil, name="Mum Moss"))
    before = without_time(get(dpo, pupil, form))
    flag_set(actor=a_person("Dina Dell", Role.DSL, school), pupil=pupil, reason="A secret")
    assert PostSearch.objects.filter(pupil=pupil).exists()
    after = without_time(get(dpo, pupil, form))
    assert before == after
    assert MORE.split(".")[0] in "".join(before)


def without_time(text: str) -> list[str]:
    return [
        line
        for line in text.splitlines()
        if not any(word in line for word in ("Made ", '"made"', "csrfmiddlewaretoken"))
    ]


def test_a_request_that_names_the_child_is_mentioned_without_its_words(school, dpo):
    a_person("Ivo Ives", Role.IT, school)
    a_person("Hal Hill", Role.HEADTEACHER, school)
    pupil = a_pupil(school, "Kit Moss")
    an_unblock(a_person("Tess Thorn", Role.STAFF, school), school, who_in_words="Kit Moss and Quokka Moss")
    text = get(dpo, pupil)
    assert "Request for a blocked site" in text
    assert "Quokka" not in text


def test_each_time_leaves_an_event(school, dpo):
    pupil = a_pupil(school)
    for form in ("", "json", "csv", "nonsense"):
        get(dpo, pupil, form)
    events = AuditEvent.objects.filter(action="consent.pupil_exported").order_by("number")
    assert [one.data["as"] for one in events] == ["page", "json", "csv", "page"]


def test_the_files_can_be_read_by_programs_and_hold_no_formula(school, dpo):
    pupil = a_pupil(school, "=cmd Moss")
    found = json.loads(get(dpo, pupil, "json"))
    assert {"What": "First name", "Held": "=cmd"} in found["sections"][0]["rows"]
    rows = list(csv.reader(io.StringIO(get(dpo, pupil, "csv").lstrip("\ufeff"))))
    assert ["The child", "First name", "'=cmd"] in rows


@pytest.mark.parametrize("role", [Role.OFFICE, Role.HEADTEACHER, Role.DSL, Role.STAFF])
def test_only_the_dpo_and_the_keeper_give_it_out(school, role):
    pupil = a_pupil(school)
    other = a_person("Olly Orr", role, school)
    with pytest.raises(PermissionDenied):
        pupil_export(actor=other, pupil=pupil, form="page")
    client = Client()
    client.force_login(other)
    assert client.get(reverse("consent:pupil-export", args=[pupil.uuid])).status_code == 403


def test_it_takes_as_many_queries_for_much_as_for_little(school, dpo, django_assert_max_num_queries):
    pupil = a_whole_child(school)
    mother = pupil.ties.first().contact
    for number in range(12):
        says(pupil, bool(number % 2), mother, words=f"Words {number}")
    client = Client()
    client.force_login(dpo)
    with django_assert_max_num_queries(35):
        client.get(reverse("consent:pupil-export", args=[pupil.uuid]))
