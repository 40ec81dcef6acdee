"""Joining by the link of an invitation."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core import mail, signing
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEvent
from core.notices import send_due
from core.roles import Role
from people.models import Invitation, User
from people.services.invitations import SALT, by_token, person_invite, token_of
from people.tests.conftest import PASSWORD
from people.tests.test_sign_in import sign_in
from smgov.testing import Cast


@pytest.fixture
def invited(cast: Cast) -> Invitation:
    user, _ = person_invite(
        actor=cast.dan,
        email="nia@hilltop.example.org",
        full_name="Nia North",
        role=Role.STAFF,
        school=cast.hilltop,
    )
    return Invitation.objects.get(user=user)


def url_of(invitation: Invitation) -> str:
    return reverse("people:invitation-accept", args=[token_of(invitation)])


def test_the_link_of_the_mail_leads_home_with_one_password(client, invited, actions):
    send_due()
    link = re.search(r"http\S+/join/\S+", mail.outbox[0].body).group().split("8000")[-1]
    page = client.get(link)
    text = page.content.decode()
    for words in ("Welcome, Nia North", "Hilltop Primary has invited you", "At least 12 characters"):
        assert words in text
    assert text.count('type="password"') == 1
    response = client.post(link, {"password": PASSWORD})
    assert (response.status_code, response.url) == (302, "/")
    assert "Welcome, Nia North" in client.get("/").content.decode()
    invited.refresh_from_db()
    assert invited.accepted_at
    assert invited.user.joined_at
    assert actions()[-2:] == ["people.joined", "people.signed_in"]
    assert sign_in(Client(), "nia@hilltop.example.org").status_code == 302


def test_looking_at_the_page_changes_nothing(client, invited):
    before = AuditEvent.objects.count()
    client.get(url_of(invited))
    invited.refresh_from_db()
    assert invited.accepted_at is None
    assert AuditEvent.objects.count() == before


def _broken(invited: Invitation) -> dict[str, str]:
    """Every kind of link that no longer works."""
    token = token_of(invited)
    return {
        "flipped": token[:-1] + ("A" if token[-1] != "A" else "B"),
        "made up": "nonsense",
        "of nobody": signing.dumps(str(uuid4()), salt=SALT),
        "another salt": signing.dumps(str(invited.uuid), salt="another"),
        "number": signing.dumps(str(invited.pk), salt="another"),
    }


@pytest.mark.parametrize("method", ["get", "post"])
def test_every_dead_link_has_the_same_friendly_answer(invited, method, cast):
    tokens = list(_broken(invited).values())
    revoked, used, late, gone = (
        person_invite(
            actor=cast.dan,
            email=f"{name}@hilltop.example.org",
            full_name=name,
            role=Role.STAFF,
            school=cast.hilltop,
        )[0].invitations.get()
        for name in ("revoked", "used", "late", "gone")
    )
    Invitation.objects.filter(pk=revoked.pk).update(revoked_at=timezone.now())
    Invitation.objects.filter(pk=used.pk).update(accepted_at=timezone.now())
    Invitation.objects.filter(pk=late.pk).update(expires_at=timezone.now())
    User.objects.filter(pk=gone.user_id).update(is_active=False)
    tokens += [token_of(row) for row in (revoked, used, late, gone)]
    answers = set()
    for token in tokens:
        url = reverse("people:invitation-accept", args=[token])
        client = Client()
        response = client.get(url) if method == "get" else client.post(url, {"password": PASSWORD})
        assert response.status_code == 404
        answers.add(response.content)
        assert "_auth_user_id" not in client.session
    assert len(answers) == 1
    assert b"This link does not work" in answers.pop()


def test_each_flipped_bit_of_the_link_is_refused(invited):
    token = token_of(invited)
    for place in range(len(token)):
        for bit in range(7):
            other = token[:place] + chr(ord(token[place]) ^ (1 << bit)) + token[place + 1 :]
            if other != token:
                assert by_token(other) is None


def test_the_link_works_once(client, invited):
    url = url_of(invited)
    client.post(url, {"password": PASSWORD})
    assert Client().post(url, {"password": "another four garden words"}).status_code == 404
    assert User.objects.get(pk=invited.user_id).check_password(PASSWORD)


@pytest.mark.parametrize("bad", ["", "short", "123456789012345", "nia north 2026", "q1w2e3r4t5y6"])
def test_a_weak_password_is_refused_in_words_and_the_link_stays(client, invited, bad):
    response = client.post(url_of(invited), {"password": bad})
    assert response.status_code == 422
    assert "There is a problem" in response.content.decode()
    assert client.get(url_of(invited)).status_code == 200


def test_whoever_was_signed_in_as_somebody_else_is_then_the_invited_person(client, cast, invited):
    client.force_login(cast.bob)
    before = client.session.session_key
    client.post(url_of(invited), {"password": PASSWORD})
    assert client.session["_auth_user_id"] == str(invited.user_id)
    assert client.session.session_key != before


def test_a_role_that_still_waits_is_said_so_and_nobody_is_signed_in(client, cast):
    user, _ = person_invite(
        actor=cast.dan,
        email="d@hilltop.example.org",
        full_name="Dee Sall",
        role=Role.DSL,
        school=cast.hilltop,
    )
    response = client.post(url_of(user.invitations.get()), {"password": PASSWORD}, follow=True)
    assert response.redirect_chain == [("/sign-in/", 302)]
    assert "as soon as your role is confirmed" in response.content.decode()
    assert "_auth_user_id" not in client.session


def test_the_link_is_stored_nowhere_and_a_late_notice_sends_none(invited):
    Invitation.objects.update(expires_at=timezone.now() - timedelta(days=1))
    assert send_due() == 0
    assert mail.outbox == []
