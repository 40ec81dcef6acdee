"""A session that ends in the middle of work: nothing typed is lost, and nothing is sent by itself."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEvent, KeptPost
from people.models import Invitation
from people.tests.conftest import PASSWORD
from people.tests.test_sign_in import sign_in
from smgov.testing import Cast, sign_in_afresh

HOME = {"origin": "http://testserver"}
TYPED = {"full_name": "Nia North", "email": "nia@hilltop.example.org", "role": "staff"}


def away(client: Client, *, minutes: int = 0, hours: int = 0) -> None:
    """The person was away so long."""
    session = client.session
    passed = timedelta(minutes=minutes, hours=hours).total_seconds()
    if minutes:
        session["last_seen"] = timezone.now().timestamp() - passed
    if hours:
        session["signed_in"] = timezone.now().timestamp() - passed
    session.save()


@pytest.fixture
def dan(client, cast: Cast):
    cast.dan.set_password(PASSWORD)
    cast.dan.save()
    sign_in_afresh(client, cast.dan)
    client.get("/deputies/")
    return cast.dan


@pytest.fixture
def url(cast) -> str:
    return reverse("people:person-invite", args=[cast.hilltop.uuid])


def test_what_was_typed_comes_back_after_sign_in_and_is_not_sent(client, dan, url, cast):
    away(client, minutes=31)
    response = client.post(url, TYPED, headers=HOME)
    assert response.status_code == 302
    assert response.url.startswith("/sign-in/?next=")
    wanted = client.get(response.url).context["redirect_field_value"]
    assert wanted.startswith(f"{url}?kept=")
    assert sign_in(client, dan.email, next=wanted).url == wanted
    page = client.get(wanted)
    text = page.content.decode()
    assert "You were signed out before this was sent" in text
    assert 'value="Nia North"' in text
    assert 'value="nia@hilltop.example.org"' in text
    assert not Invitation.objects.exists()
    assert client.post(url, {**TYPED, **_today()}).status_code == 302
    assert Invitation.objects.get().user.full_name == "Nia North"


def _today() -> dict:
    today = timezone.localdate()
    return {"starts_day": today.day, "starts_month": today.month, "starts_year": today.year}


def test_it_comes_back_once_and_to_nobody_else(client, dan, url, cast):
    away(client, minutes=31)
    wanted = client.get(client.post(url, TYPED, headers=HOME).url).context["redirect_field_value"]
    other = Client()
    other.force_login(cast.bob)
    assert "Nia North" not in other.get(wanted).content.decode()
    sign_in(client, dan.email)
    assert "Nia North" in client.get(wanted).content.decode()
    assert "Nia North" not in client.get(wanted).content.decode()


def test_a_form_of_another_site_is_not_kept(client, dan, url):
    away(client, minutes=31)
    client.post(url, TYPED, headers={"origin": "https://evil.example"})
    client.post(url, TYPED)
    assert not KeptPost.objects.exists()


@pytest.mark.parametrize("field", ["password", "password1", "oldpassword", "new_password"])
def test_passwords_are_never_kept(client, dan, field, monkeypatch):
    away(client, minutes=31)
    seen = []
    monkeypatch.setattr("core.kept_posts.Fernet.encrypt", lambda self, data: seen.append(data) or b"sealed")
    client.post("/password/", {field: "three plain garden words", "other": "kept"}, headers=HOME)
    assert seen == [b"other=kept"]


def test_what_is_kept_is_not_readable_in_the_database(client, dan, url):
    away(client, minutes=31)
    client.post(url, TYPED, headers=HOME)
    assert b"Nia" not in bytes(KeptPost.objects.get().sealed)


def test_twenty_nine_minutes_are_not_too_long(client, dan, url):
    away(client, minutes=29)
    assert client.get(url).status_code == 200


def test_twelve_hours_in_all_are_enough_however_busy_one_was(client, dan, url):
    away(client, hours=13)
    assert client.post(url, TYPED, headers=HOME).url.startswith("/sign-in/?next=")
    assert KeptPost.objects.count() == 1
    assert "_auth_user_id" not in client.session


def test_a_page_with_filters_is_found_again(client, dan):
    away(client, minutes=31)
    wanted = "/people/?state=joined&q=alice"
    response = client.get(wanted)
    assert client.get(response.url).context["redirect_field_value"] == wanted


def test_signing_out_after_a_long_rest_simply_signs_out(client, dan):
    away(client, minutes=31)
    assert client.post("/sign-out/", headers=HOME).url == "/sign-in/"


def test_the_end_of_a_session_is_in_the_log(client, dan, url):
    away(client, minutes=31)
    client.get(url)
    assert AuditEvent.objects.order_by("-number").first().action == "people.signed_out"


def test_a_button_pressed_too_late_asks_its_question_again(client, dan, cast):
    page = reverse("people:membership-end", args=[cast.alice.memberships.get().uuid])
    away(client, minutes=31)
    response = client.post(page, headers=HOME)
    wanted = client.get(response.url).context["redirect_field_value"]
    sign_in(client, dan.email)
    assert "End this role?" in client.get(wanted).content.decode()
    assert cast.alice.memberships.get().ended_at is None
