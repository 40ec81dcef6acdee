"""Correcting a name, and asking for another sign-in address."""

import pytest
from allauth.account.models import EmailAddress
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from core.errors import Refused
from core.roles import Post, Role
from people.models import Invitation, PendingChange, User
from people.services.changes import change_decide
from people.services.details import email_change_ask, name_change
from people.services.invitations import by_token, person_invite, token_of
from people.tests.conftest import PASSWORD
from people.tests.test_sign_in import sign_in
from smgov.testing import Cast, a_person, a_school, give, sign_in_afresh

NEW = "alice.new@hilltop.example.org"


def url_of(name: str, person: User) -> str:
    return reverse(f"people:{name}", args=[person.uuid])


def test_a_name_is_corrected(client, cast: Cast, actions):
    client.force_login(cast.dan)
    assert 'value="Alice Archer"' in client.get(url_of("person-name", cast.alice)).content.decode()
    client.post(url_of("person-name", cast.alice), {"full_name": "  Alice   Arrow "})
    cast.alice.refresh_from_db()
    assert cast.alice.full_name == "Alice Arrow"
    assert actions()[-1] == "people.details_changed"


def test_an_empty_or_endless_name_is_refused(client, cast):
    client.force_login(cast.dan)
    for name in ("", "   ", "x" * 151):
        assert client.post(url_of("person-name", cast.alice), {"full_name": name}).status_code == 422


def test_an_address_changes_when_a_second_person_confirms(client, cast, actions):
    cast.alice.set_password(PASSWORD)
    cast.alice.save()
    old = cast.alice.email
    sign_in_afresh(client, cast.dan)
    response = client.post(url_of("person-email", cast.alice), {"email": NEW.upper()})
    change = PendingChange.objects.get()
    assert response.url == reverse("people:change-detail", args=[change.uuid])
    assert sign_in(Client(), old).status_code == 302
    change_decide(actor=cast.bob, change=change, confirm=True)
    assert sign_in(Client(), old).status_code == 422
    assert sign_in(Client(), NEW).status_code == 302
    assert "people.details_changed" in actions()


def test_the_old_address_signs_in_no_more_even_if_the_library_remembers_it(cast):
    cast.alice.set_password(PASSWORD)
    cast.alice.save()
    old = cast.alice.email
    EmailAddress.objects.create(user=cast.alice, email=old, verified=True, primary=True)
    change_decide(
        actor=cast.bob, change=email_change_ask(actor=cast.dan, user=cast.alice, email=NEW), confirm=True
    )
    assert sign_in(Client(), old).status_code == 422
    assert sign_in(Client(), NEW).status_code == 302


def test_a_link_sent_to_a_wrong_address_dies_and_the_right_one_gets_its_own(cast):
    user, _ = person_invite(
        actor=cast.dan,
        email="typo@hilltop.example.org",
        full_name="Nia",
        role=Role.STAFF,
        school=cast.hilltop,
    )
    first = user.invitations.get()
    change = email_change_ask(actor=cast.dan, user=user, email="nia@hilltop.example.org")
    change_decide(actor=cast.bob, change=change, confirm=True)
    assert by_token(token_of(first)) is None
    assert by_token(token_of(Invitation.objects.get(revoked_at=None))).user.email == "nia@hilltop.example.org"


def test_a_taken_or_wrong_address_is_refused(client, cast):
    sign_in_afresh(client, cast.dan)
    for bad in (cast.bob.email, "no address", ""):
        assert client.post(url_of("person-email", cast.alice), {"email": bad}).status_code == 422
    assert not PendingChange.objects.exists()


def test_taken_meanwhile_it_is_refused_and_still_waits(cast):
    change = email_change_ask(actor=cast.dan, user=cast.alice, email=NEW)
    User.objects.create_user(NEW, "Quick Quinn")
    with pytest.raises(Refused, match="already"):
        change_decide(actor=cast.bob, change=change, confirm=True)
    change.refresh_from_db()
    assert change.status == PendingChange.Status.AWAITING


def test_nobody_changes_their_own_address(client, cast):
    sign_in_afresh(client, cast.dan)
    assert client.post(url_of("person-email", cast.dan), {"email": NEW}).status_code == 422


def test_somebody_of_the_whole_trust_is_confirmed_at_the_trust(cast):
    give(cast.cora, Role.STAFF, cast.hilltop)
    change = email_change_ask(actor=cast.dan, user=cast.cora, email=NEW)
    assert change.trust == cast.trust
    with pytest.raises(PermissionDenied):
        change_decide(actor=cast.bob, change=change, confirm=True)
    second = a_person("Sia Second", Role.SENIOR_LEADER, cast.trust, post=Post.ELT)
    change_decide(actor=second, change=change, confirm=True)


@pytest.mark.parametrize("name", ["person-name", "person-email"])
def test_wrong_school_and_wrong_role(client, cast, name):
    sign_in_afresh(client, cast.dan)
    assert client.get(url_of(name, cast.eve)).status_code == 404
    assert client.get(url_of(name, cast.cora)).status_code == 403
    sign_in_afresh(client, cast.chair)
    assert client.post(url_of(name, cast.alice), {"full_name": "X", "email": NEW}).status_code == 403
    cast.alice.refresh_from_db()
    assert cast.alice.full_name == "Alice Archer"


@pytest.mark.django_db
def test_inviting_a_head_of_another_school_gives_no_power_over_their_sign_in_or_name() -> None:
    here, there = a_school("Here"), a_school("There")
    lead = a_person("Ida Itt", Role.IT, here)
    a_person("Hal Hill", Role.HEADTEACHER, here)
    victim = a_person("Vic Vale", Role.HEADTEACHER, there)
    give(victim, Role.STAFF, here)
    with pytest.raises(Refused, match="another school"):
        email_change_ask(actor=lead, user=victim, email="mine@hilltop.example.org")
    with pytest.raises(Refused, match="another school"):
        name_change(actor=lead, user=victim, full_name="Somebody Else")
