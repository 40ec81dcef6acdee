"""Signing in and out (quality, Sign-in)."""

import re
from unittest import mock

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import hashers
from django.test import Client
from django.urls import reverse

from core.models import AuditEvent
from core.roles import Role
from people.models import User
from people.tests.conftest import PASSWORD
from smgov.testing import Cast, a_person, give

URL = "/sign-in/"
WRONG = "nobody ever chose this"


@pytest.fixture
def alice(cast: Cast) -> User:
    cast.alice.set_password(PASSWORD)
    cast.alice.save()
    return cast.alice


def sign_in(client: Client, email: str, password: str = PASSWORD, **more):
    return client.post(URL, {"login": email, "password": password, **more})


def test_the_right_password_signs_in_and_leads_home(client, alice, actions):
    response = sign_in(client, alice.email.upper())
    assert (response.status_code, response.url) == (302, "/")
    assert client.session["_auth_user_id"] == str(alice.pk)
    assert actions() == ["people.signed_in"]
    assert not EmailAddress.objects.exists()


def test_the_session_is_renewed_at_sign_in(client, alice):
    session = client.session
    session["planted"] = "before"
    session.save()
    before = session.session_key
    sign_in(client, alice.email)
    assert client.session.session_key != before


def test_a_person_goes_where_they_were_going(client, alice):
    wanted = reverse("people:deputy-list")
    response = client.get(wanted)
    assert response.url == f"{URL}?next={wanted}"
    page = client.get(response.url)
    assert f'name="next" value="{wanted}"' in page.content.decode()
    assert sign_in(client, alice.email, next=wanted).url == wanted


@pytest.mark.parametrize(
    "away",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "https:evil.example",
        "javascript:alert(1)",
        "http://testserver@evil.example/",
        "///evil.example",
        "\thttps://evil.example",
    ],
)
def test_next_never_leads_off_the_site(client, alice, away):
    assert sign_in(client, alice.email, next=away).url == "/"
    assert client.get(URL, {"next": away}).url == "/"  # signed in already
    assert client.post("/sign-out/", {"next": away}).url == URL


@pytest.mark.parametrize("email", ["nobody@hilltop.example.org", "ALICE"])
def test_a_wrong_password_and_an_unknown_address_answer_alike(client, alice, email, actions):
    typed = alice.email if email == "ALICE" else email
    response = sign_in(client, typed, WRONG)
    assert response.status_code == 422
    text = response.content.decode()
    assert "The e-mail address or the password is not right" in text
    assert WRONG not in text
    assert actions() == ["people.sign_in_failed"]


def _skeleton(response, typed: str) -> str:
    """The answer without what was typed and what is new in every answer."""
    text = response.content.decode().replace(typed, "TYPED")
    return re.sub(r'(csrfmiddlewaretoken" value=)"\w+"', r'\1""', text)


@pytest.mark.parametrize("kind", ["unknown", "invited", "closed", "known"])
def test_no_difference_between_known_and_unknown_in_answer_or_work(alice, kind, django_assert_num_queries):
    people = {
        "known": alice.email,
        "unknown": "nobody@hilltop.example.org",
        "invited": a_person("Ina New").email,
        "closed": User.objects.create_user(
            "closed@hilltop.example.org", "Cy Closed", PASSWORD, is_active=False
        ).email,
    }
    client = Client()
    hasher = hashers.get_hasher()
    with mock.patch.object(type(hasher), "encode", autospec=True, side_effect=type(hasher).encode) as hashing:
        response = sign_in(client, people[kind], WRONG)
    assert hashing.call_count == 1
    base = sign_in(Client(), "somebody@else.example.org", WRONG)
    assert response.status_code == base.status_code
    assert _skeleton(response, people[kind]) == _skeleton(base, "somebody@else.example.org")


def test_an_unknown_address_leaves_an_event_without_the_address(client, alice):
    sign_in(client, "nobody@hilltop.example.org", WRONG)
    event = AuditEvent.objects.get()
    assert (event.actor, event.subject, event.data) == (None, "", {})


def test_a_known_address_leaves_an_event_about_the_person_and_by_nobody(client, alice):
    sign_in(client, alice.email, WRONG)
    event = AuditEvent.objects.get()
    assert (event.actor, event.subject) == (None, f"people.user:{alice.pk}")


def test_ten_wrong_guesses_close_the_address_for_everybody_and_every_name_of_the_site(
    client, alice, settings
):
    settings.ALLOWED_HOSTS = ["testserver", "other.example"]
    for number in range(10):
        host = "testserver" if number % 2 else "other.example"
        answer = client.post(URL, {"login": alice.email, "password": WRONG}, headers={"host": host})
        assert "is not right" in answer.content.decode()
    refused = sign_in(Client(), alice.email)
    assert refused.status_code == 422
    assert "Too many wrong tries" in refused.content.decode()


def test_unknown_addresses_are_closed_just_so(client, alice):
    for _ in range(10):
        sign_in(client, "nobody@hilltop.example.org", WRONG)
    assert "Too many wrong tries" in sign_in(client, "NOBODY@hilltop.example.org", WRONG).content.decode()


def test_thirty_colleagues_on_the_same_address_sign_in_while_one_account_is_guessed(cast, alice):
    people = []
    for number in range(30):
        person = a_person(f"Colleague {number}", Role.STAFF, cast.hilltop)
        person.set_password(PASSWORD)
        person.save()
        people.append(person)
    guesser = Client()
    for person in people:
        sign_in(guesser, alice.email, WRONG)
        assert sign_in(Client(), person.email).status_code == 302
    assert "Too many wrong tries" in sign_in(guesser, alice.email, WRONG).content.decode()


def test_right_passwords_are_not_counted_as_guesses(alice):
    for _ in range(15):
        assert sign_in(Client(), alice.email).status_code == 302


def test_a_refused_form_leaves_an_event_too(client, alice, actions):
    assert sign_in(client, "", "").status_code == 422
    for _ in range(10):
        sign_in(client, alice.email, WRONG)
    sign_in(client, alice.email)
    assert actions() == [
        "people.sign_in_step_refused",
        *["people.sign_in_failed"] * 10,
        "people.sign_in_step_refused",
    ]


def test_a_closed_sign_in_with_the_right_password_is_told_so(client, alice):
    User.objects.filter(pk=alice.pk).update(is_active=False)
    response = sign_in(client, alice.email)
    assert response.url == "/sign-in/closed/"
    assert client.get(response.url).status_code == 200
    assert "_auth_user_id" not in client.session


def test_somebody_without_a_role_is_signed_out_and_told(client, db):
    nobody = User.objects.create_user("gone@hilltop.example.org", "Gone Long", PASSWORD)
    assert sign_in(client, nobody.email).status_code == 302
    response = client.get("/", follow=True)
    assert response.redirect_chain[-1][0] == f"{URL}?next=/"
    assert "You have no role in this portal at present" in response.content.decode()


def test_sign_out_asks_on_get_and_signs_out_on_post(client, cast, actions):
    client.force_login(cast.alice)
    page = client.get("/sign-out/")
    assert page.status_code == 200
    assert "_auth_user_id" in client.session
    assert client.post("/sign-out/").url == URL
    assert "_auth_user_id" not in client.session
    assert "You have signed out" in client.get(URL).content.decode()
    assert actions() == ["people.signed_in", "people.signed_out"]


def test_a_sign_out_by_nobody_leaves_an_event_too(client, db, actions):
    assert client.post("/sign-out/").url == URL
    assert actions() == ["people.signed_out"]


def test_nobody_signs_up(client, db):
    for method in (client.get, client.post):
        assert method("/sign-up/").status_code == 404


def test_sign_in_needs_the_token_of_the_page(alice):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(URL, {"login": alice.email, "password": PASSWORD}).status_code == 403
    assert "_auth_user_id" not in strict.session


def test_the_pages_speak_html_whatever_is_asked_for(client, alice):
    response = client.post(
        URL, {"login": alice.email, "password": WRONG}, headers={"x-requested-with": "XMLHttpRequest"}
    )
    assert response.headers["Content-Type"].startswith("text/html")


def test_the_password_is_asked_again_and_that_is_an_event(client, cast, alice, actions):
    client.force_login(alice)
    assert client.get("/sign-in/again/").status_code == 200
    assert client.post("/sign-in/again/", {"password": WRONG}).status_code == 422
    wanted = reverse("people:deputy-list")
    assert client.post("/sign-in/again/", {"password": PASSWORD, "next": wanted}).url == wanted
    assert client.post("/sign-in/again/", {"password": PASSWORD, "next": "//evil.example"}).url == "/"
    assert actions()[1:] == ["people.sign_in_failed", "people.reauthenticated", "people.reauthenticated"]


def test_a_role_in_the_trust_alone_is_a_role(client, cast):
    boss = a_person("Tia Trust")
    give(boss, Role.SENIOR_LEADER, cast.trust)
    boss.set_password(PASSWORD)
    boss.save()
    sign_in(client, boss.email)
    assert client.get("/").status_code == 200
