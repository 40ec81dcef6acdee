"""The pages of rounds: what they show to whom, and what they refuse."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from consent.models import Ask, Round
from consent.services.rounds import round_close
from consent.tests.test_rounds import many, opened
from core.models import Notice
from core.roles import Role
from people.models import School, User
from smgov.testing import a_person, a_school, give
from smgov.testing_consent import a_consent_school, a_contact, a_pupil, says

pytestmark = pytest.mark.django_db


@pytest.fixture
def school() -> School:
    return a_consent_school("Hilltop", preset="st-marys")[0]


@pytest.fixture
def office(school: School, client: Client) -> User:
    person = a_person("Olga Ott", Role.OFFICE, school)
    client.force_login(person)
    return person


def form_of(**values: Any) -> dict[str, Any]:
    last = timezone.localdate() + timedelta(days=14)
    return {
        "once": "7c9e6679-7425-40de-944b-e07fc1f90ae7",
        "title": "Autumn round",
        "year": "this",
        "answer_by_day": last.day,
        "answer_by_month": last.month,
        "answer_by_year": last.year,
        "remind_every": "7",
        **values,
    }


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


@pytest.mark.clause("STM-7.01")
def test_the_office_opens_a_round_and_sees_how_it_stands(
    client: Client, office: User, school: School
) -> None:
    pupil = a_pupil(school, "Ivy Iris")
    a_contact(pupil, name="Mona Iris")
    a_pupil(school, "Paul Paper")
    page = text(client.get("/consent/rounds/open/"))
    assert "2 pupils have no full answer for it yet." in page
    assert "Academic year" in page
    response = client.post("/consent/rounds/open/", form_of(), follow=True)
    assert response.status_code == 200
    page = text(response)
    assert "The round is open" in page
    assert "0 of 2" in page
    assert "Mona Iris" in page
    assert "Ivy Iris" in page
    row = Round.objects.get()
    paper = text(client.get(f"/consent/rounds/{row.uuid}/?show=paper"))
    assert "Paul Paper" in paper
    assert "Print a paper form" in paper
    assert "Mona Iris" not in paper


def test_sent_twice_it_is_one_round(client: Client, office: User, school: School) -> None:
    a_contact(a_pupil(school))
    first = client.post("/consent/rounds/open/", form_of())
    again = client.post("/consent/rounds/open/", form_of())
    assert first.url == again.url
    other = client.post("/consent/rounds/open/", form_of(title="Other"))
    assert other.status_code == 422
    assert "sent already" in text(other)
    assert Round.objects.count() == 1


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"title": ""}, "Enter a name for the round"),
        ({"answer_by_year": "2001"}, "must be"),
        ({"answer_by_day": "31", "answer_by_month": "2"}, "Enter a real date"),
        ({"remind_every": "1"}, "Choose one of the answers"),
        ({"year": "never"}, "Choose one of the answers"),
        ({"once": "x"}, "valid"),
        ({"title": "x" * 81}, "80 characters"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    client: Client, office: User, school: School, values: dict, message: str
) -> None:
    a_contact(a_pupil(school))
    response = client.post("/consent/rounds/open/", form_of(**values))
    assert response.status_code == 422
    assert message in text(response)
    assert not Round.objects.exists()


def test_a_whole_time_profile_is_not_asked_for_a_year(client: Client) -> None:
    school = a_consent_school(preset="cit")[0]
    client.force_login(a_person("Olga Ott", Role.OFFICE, school))
    a_contact(a_pupil(school))
    page = text(client.get("/consent/rounds/open/"))
    assert "Academic year" not in page
    assert "1 pupil has no full answer for it yet." in page
    values = form_of()
    del values["year"]
    assert client.post("/consent/rounds/open/", values).status_code == 302
    assert Round.objects.get().until is None


@pytest.mark.parametrize("preset", ["st-marys", "ravens-wood"])
def test_the_page_says_why_no_round_can_be_opened(client: Client, preset: str) -> None:
    chosen = {"consent_permission_record": False} if preset == "ravens-wood" else {}
    school = a_consent_school(preset=preset, **chosen)[0]
    dpo = User.objects.get(memberships__school=school)
    client.force_login(dpo)
    page = text(client.get("/consent/rounds/open/"))
    assert ("nobody to ask" if preset == "st-marys" else "permissions are not recorded") in page
    assert "<form method" not in page.split("<main")[1]
    assert client.post("/consent/rounds/open/", form_of()).status_code == 422
    a_contact(a_pupil(school))
    if preset == "st-marys":
        opened(dpo, school)
        assert "A round is open already" in text(client.get("/consent/rounds/open/"))


def test_until_the_settings_are_complete_nothing_is_asked(client: Client) -> None:
    school = a_school(preset="st-marys")
    client.force_login(a_person("Hal Hill", Role.HEADTEACHER, school))
    assert "not open yet" in text(client.get("/consent/rounds/open/"))
    assert client.post("/consent/rounds/open/", form_of()).status_code == 409


def test_whoever_has_several_schools_chooses_and_another_school_is_not_found(
    client: Client, office: User, school: School
) -> None:
    second = a_consent_school("Second", preset="st-marys")[0]
    give(office, Role.OFFICE, second)
    page = text(client.get("/consent/rounds/open/"))
    assert "Hilltop" in page
    assert "Second" in page
    foreign = a_consent_school(preset="st-marys")[0]
    assert client.get(f"/consent/rounds/open/?school={foreign.uuid}").status_code == 404
    assert client.post("/consent/rounds/open/", form_of(school=str(foreign.uuid))).status_code == 404
    assert client.post("/consent/rounds/open/", form_of()).status_code == 404


def test_the_button_reminds_and_says_who_was_left_alone(client: Client, office: User, school: School) -> None:
    pupil = a_pupil(school)
    a_contact(pupil)
    late = a_contact(pupil)
    row = opened(office, school)
    Ask.objects.filter(contact=late).update(written_at=timezone.now() - timedelta(days=4))
    page = text(client.post(f"/consent/rounds/{row.uuid}/remind/", follow=True))
    assert "1 person is reminded now. 1 person was written to within the last 3 days and left alone." in page
    says(pupil, True, late)
    refused = client.post(f"/consent/rounds/{row.uuid}/remind/")
    assert refused.status_code == 409
    assert client.get(f"/consent/rounds/{row.uuid}/remind/").status_code == 405


def test_a_round_is_closed_on_a_page_that_says_what_follows(
    client: Client, office: User, school: School
) -> None:
    a_contact(a_pupil(school))
    row = opened(office, school)
    assert "The links that were sent keep working" in text(client.get(f"/consent/rounds/{row.uuid}/close/"))
    assert "The round is closed." in text(client.post(f"/consent/rounds/{row.uuid}/close/", follow=True))
    stale = client.post(f"/consent/rounds/{row.uuid}/close/")
    assert stale.status_code == 422
    assert "closed meanwhile" in text(stale)
    page = text(client.get(f"/consent/rounds/{row.uuid}/"))
    assert "Remind those who" not in page


def test_a_mail_that_did_not_arrive_is_shown(client: Client, office: User, school: School) -> None:
    parent = a_contact(a_pupil(school), name="Una Undelivered")
    a_contact(a_pupil(school), name="Rae Reached")
    row = opened(office, school)
    Notice.objects.filter(address=parent.email).update(last_error="SMTPRecipientsRefused")
    page = text(client.get(f"/consent/rounds/{row.uuid}/?show=failed"))
    assert "Una Undelivered" in page
    assert "Could not be delivered yet" in page
    assert "Rae Reached" not in page


@pytest.mark.parametrize("address", ["/consent/rounds/{}/", "/consent/rounds/{}/close/"])
def test_a_round_of_another_school_does_not_exist(client: Client, office: User, address: str) -> None:
    other = a_consent_school(preset="st-marys")[0]
    a_contact(a_pupil(other))
    row = opened(a_person("Dee Dow", Role.DPO, other), other)
    assert client.get(address.format(row.uuid)).status_code == 404
    assert client.post(f"/consent/rounds/{row.uuid}/remind/").status_code == 404
    assert "Autumn" not in text(client.get("/consent/rounds/"))


def test_the_pages_take_as_many_queries_for_two_hundred_families_as_for_one(
    client: Client, office: User, school: School, django_assert_max_num_queries
) -> None:
    many(school, 200)
    row = opened(office, school)
    client.get("/consent/rounds/")
    for show in ("waiting", "paper", "failed"):
        with django_assert_max_num_queries(15):
            assert client.get(f"/consent/rounds/{row.uuid}/?show={show}&page=2").status_code == 200
    round_close(actor=office, round=row)
    for address in ("/consent/rounds/", "/consent/rounds/open/"):
        with django_assert_max_num_queries(15):
            assert client.get(address).status_code == 200


def test_strange_addresses_do_no_harm(client: Client, office: User, school: School) -> None:
    a_contact(a_pupil(school))
    row = opened(office, school)
    for query in ("?show=%00&page=-1", "?page=x&sort=<b>", "?show[]=waiting", "?page=99999999999999999999"):
        assert client.get(f"/consent/rounds/{row.uuid}/{query}").status_code == 200
        assert client.get(f"/consent/rounds/{query}").status_code == 200
