"""A fresh password before roles are changed (quality, Sign-in)."""

import time

import pytest
from django.test import Client
from django.urls import reverse

from core.roles import Role
from people.models import Membership, User
from people.tests.conftest import PASSWORD
from people.tests.test_sign_in import WRONG, sign_in
from smgov.testing import Cast


@pytest.fixture
def dan(cast: Cast) -> User:
    cast.dan.set_password(PASSWORD)
    cast.dan.save()
    return cast.dan


def end_url(cast: Cast) -> str:
    return reverse("people:membership-end", args=[cast.alice.memberships.get().uuid])


def pages(cast: Cast) -> list[str]:
    """Every page that changes roles."""
    person = [cast.alice.uuid]
    return [
        end_url(cast),
        reverse("people:membership-give", args=person),
        reverse("people:person-leave", args=[*person, cast.hilltop.uuid]),
        reverse("people:person-email", args=person),
        reverse("people:person-invite", args=[cast.hilltop.uuid]),
        reverse("people:staff-import", args=[cast.hilltop.uuid]),
    ]


@pytest.mark.parametrize("number", range(6))
def test_a_page_that_changes_roles_asks_when_the_password_is_old(client, cast, dan, number):
    client.force_login(dan)
    assert 'name="password"' in client.get(pages(cast)[number]).content.decode()


def test_nothing_is_asked_just_after_sign_in(client, cast, dan):
    sign_in(client, dan.email)
    assert 'name="password"' not in client.get(end_url(cast)).content.decode()
    assert client.post(end_url(cast)).status_code == 302
    assert Membership.objects.get(user=cast.alice).ended_at is not None


def test_after_five_minutes_the_password_is_old(client, cast, dan, monkeypatch):
    sign_in(client, dan.email)
    later = time.time() + 301
    monkeypatch.setattr("people.fresh.time.time", lambda: later)
    response = client.post(end_url(cast))
    assert response.status_code == 422
    assert "Enter your password" in response.content.decode()
    assert Membership.objects.get(user=cast.alice).ended_at is None


def test_the_right_password_does_it_in_one_go_and_is_fresh_for_the_next(client, cast, dan, actions):
    client.force_login(dan)
    assert client.post(end_url(cast), {"password": PASSWORD}).status_code == 302
    assert actions()[-2:] == ["people.reauthenticated", "people.membership_ended"]
    page = client.get(reverse("people:membership-give", args=[cast.alice.uuid]))
    assert page.status_code == 200
    assert 'name="password"' not in page.content.decode()


def test_a_wrong_password_does_nothing_and_keeps_what_was_typed(client, cast, dan, actions):
    client.force_login(dan)
    url = reverse("people:person-email", args=[cast.alice.uuid])
    response = client.post(url, {"email": "new@hilltop.example.org", "password": WRONG})
    text = response.content.decode()
    assert response.status_code == 422
    assert "This is not your password" in text
    assert 'value="new@hilltop.example.org"' in text
    assert WRONG not in text
    assert actions()[-1] == "people.sign_in_failed"


def test_wrong_passwords_here_count_as_guesses_at_the_sign_in(client, cast, dan):
    client.force_login(dan)
    for _ in range(10):
        client.post(end_url(cast), {"password": WRONG})
    response = client.post(end_url(cast), {"password": PASSWORD})
    assert response.status_code == 422
    assert "Too many wrong tries" in response.content.decode()
    assert sign_in(Client(), dan.email).status_code == 422


def test_another_persons_fresh_password_is_of_no_use(client, cast, dan):
    sign_in(client, dan.email)
    client.force_login(cast.bob)
    assert 'name="password"' in client.get(end_url(cast)).content.decode()


def test_a_forged_session_mark_is_not_taken_from_the_form(client, cast, dan):
    client.force_login(dan)
    response = client.post(end_url(cast), {"account_authentication_methods": "password", "fresh": "yes"})
    assert response.status_code == 422
    assert cast.alice.memberships.get(role=Role.STAFF).ended_at is None
