"""Asking for a new link without an account, and the office's two buttons."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from consent.models import AnswerLink, LinkAsked
from consent.services.links import link_for, links_asked_send, token_of
from core.models import AuditEvent, Notice
from core.notices import send_due
from core.roles import Role
from core.throttle import within
from smgov.testing import a_person
from smgov.testing_consent import a_consent_school, a_contact, a_pupil

pytestmark = pytest.mark.django_db
ASK = "/consent/link/"


@pytest.fixture(autouse=True)
def _fresh_counts():
    cache.clear()


@pytest.fixture
def school():
    return a_consent_school("Hilltop")[0]


@pytest.fixture
def mia(school):
    return a_pupil(school, "Mia Marsh")


@pytest.fixture
def mother(mia):
    return a_contact(mia, name="Mary Marsh", email="mary@families.example")


@pytest.fixture
def office(client, school):
    person = a_person("Olga Ott", Role.OFFICE, school)
    client.force_login(person)
    return person


def ask(email, place="203.0.113.1"):
    return Client(REMOTE_ADDR=place).post(ASK, {"email": email}, follow=True)


def test_the_answer_and_the_work_are_the_same_for_a_known_and_an_unknown_address(mother):
    ask("warm@up.example")
    with CaptureQueriesContext(connection) as known:
        first = ask(mother.email)
    with CaptureQueriesContext(connection) as unknown:
        second = ask("nobody@nowhere.example")
    assert len(known) == len(unknown)
    assert first.content == second.content
    assert "Look at your e-mails" in first.content.decode()
    assert "mary@" not in first.content.decode()
    assert not AnswerLink.objects.exists(), "the links are made by the sweep"
    links_asked_send()
    send_due()
    assert [message.to for message in mail.outbox] == [[mother.email]]


def test_one_address_is_written_down_three_times_an_hour_and_the_answer_stays_the_same(mother):
    answers = {ask(mother.email, f"203.0.113.{n}").content for n in range(6)}
    assert len(answers) == 1
    assert LinkAsked.objects.count() == 3


def test_many_tries_from_one_place_have_to_wait_while_others_go_on(mother):
    for n in range(60):
        assert ask(f"p{n}@families.example").status_code == 200
    assert ask("p61@families.example").status_code == 429
    assert ask(mother.email, "203.0.113.2").status_code == 200
    assert LinkAsked.objects.count() == 61


def test_what_is_no_address_is_refused_beside_the_field_and_kept():
    response = ask("mary at families")
    assert response.status_code == 422
    assert "Enter an e-mail address in the right form" in response.content.decode()
    assert 'value="mary at families"' in response.content.decode()
    assert "Enter your e-mail address" in ask("").content.decode()
    assert ask("a" * 300 + "@families.example").status_code == 422
    assert not LinkAsked.objects.exists()


def test_counting_starts_again_with_the_next_stretch_of_time(monkeypatch):
    now = 1_000_000 * 60
    monkeypatch.setattr("core.throttle.time.time", lambda: now)
    assert [within("x", "key", 2, 60) for _ in range(3)] == [True, True, False]
    assert within("x", "other", 2, 60)
    now += 60
    assert within("x", "key", 2, 60)


def test_the_office_sends_the_link_of_a_contact_once_an_hour(client, office, mia, mother):
    address = reverse("consent:link-send", args=[mother.uuid])
    response = client.post(address)
    assert response["Location"] == reverse("consent:pupil-detail", args=[mia.uuid])
    assert Notice.objects.filter(kind="consent.link", address=mother.email).count() == 1
    response = client.post(address)
    assert response.status_code == 409
    assert "within the last hour" in response.content.decode()
    assert client.get(address).status_code == 405


def test_the_office_stops_a_link_on_a_page_of_its_own(client, office, mia, mother):
    address = reverse("consent:link-revoke", args=[mother.uuid])
    assert "Mary Marsh has no link that works" in client.get(address).content.decode()
    token = token_of(link_for(contact=mother))
    page = client.get(address).content.decode()
    assert "Stop this link" in page
    assert token not in page
    assert AnswerLink.objects.get().revoked_at is None, "looking stops nothing"
    client.post(address)
    assert AnswerLink.objects.get().revoked_at is not None
    assert Client().get(reverse("consent:answer-overview", args=[token])).status_code == 404
    assert client.post(address).status_code == 409
    assert AuditEvent.objects.filter(action="consent.link_revoked").count() == 1


def test_the_link_of_an_adult_pupil_is_sent_and_stopped_in_the_same_way(client, office, school):
    born = timezone.localdate() - timedelta(days=19 * 366)
    ada = a_pupil(school, "Ada Adams", born=born, email="ada@pupils.example")
    assert client.post(reverse("consent:pupil-link-send", args=[ada.uuid])).status_code == 302
    assert Notice.objects.get(kind="consent.link").address == "ada@pupils.example"
    assert (
        "Stop this link" in client.get(reverse("consent:pupil-link-revoke", args=[ada.uuid])).content.decode()
    )
    assert client.post(reverse("consent:pupil-link-revoke", args=[ada.uuid])).status_code == 302
    assert AnswerLink.objects.get().revoked_at is not None


def test_a_contact_of_nobody_who_is_left_leads_back_to_the_first_page(client, office, mother):
    mother.ties.update(active=False)
    response = client.post(reverse("consent:link-send", args=[mother.uuid]))
    assert response.status_code == 409
    assert f'href="{reverse("consent:home")}"' in response.content.decode()


@pytest.mark.parametrize(("role", "status"), [(Role.STAFF, 404), (Role.HEADTEACHER, 403), (Role.DPO, 200)])
def test_who_may_not_key_answers_in_may_not_touch_links(client, school, mother, role, status):
    client.force_login(a_person("Somebody", role, school))
    assert client.get(reverse("consent:link-revoke", args=[mother.uuid])).status_code == status
    sent = client.post(reverse("consent:link-send", args=[mother.uuid])).status_code
    assert sent == (302 if status == 200 else status)


def test_another_schools_contact_does_not_exist(client, mother):
    other, _ = a_consent_school("Otherplace")
    client.force_login(a_person("Ola Otherplace", Role.OFFICE, other))
    for name in ("link-send", "link-revoke"):
        assert client.post(reverse(f"consent:{name}", args=[mother.uuid])).status_code == 404
