"""Sending an invitation again."""

from uuid import uuid4

import pytest
from django.core import mail
from django.urls import reverse

from core.errors import Refused
from core.notices import send_due
from core.roles import Role
from people.models import Invitation
from people.services.invitations import by_token, invitation_send_again, person_invite, token_of
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
    return user.invitations.get()


def url_of(invitation: Invitation) -> str:
    return reverse("people:invitation-again", args=[invitation.uuid])


def test_the_old_link_dies_and_a_new_one_is_sent(client, cast, invited, actions):
    client.force_login(cast.bob)
    assert "Send the invitation again?" in client.get(url_of(invited)).content.decode()
    assert client.post(url_of(invited)).url == reverse("people:person-detail", args=[invited.user.uuid])
    new = Invitation.objects.get(revoked_at=None)
    assert by_token(token_of(invited)) is None
    assert by_token(token_of(new)) == new
    assert actions()[-1] == "people.invitation_sent_again"
    assert send_due() == 1
    assert mail.outbox[0].to == ["nia@hilltop.example.org"]


def test_pressed_five_times_it_is_sent_once(client, cast, invited):
    client.force_login(cast.bob)
    assert [client.post(url_of(invited)).status_code for _ in range(5)] == [302] + [422] * 4
    assert Invitation.objects.count() == 2


def test_not_after_joining(cast, invited):
    Invitation.objects.update(accepted_at=invited.created_at)
    with pytest.raises(Refused, match="joined already"):
        invitation_send_again(actor=cast.dan, invitation=invited)


def test_others_are_refused_and_strangers_see_nothing(client, cast, invited):
    for person in (cast.alice, cast.cora, cast.eve):
        client.force_login(person)
        assert client.post(url_of(invited)).status_code == 404
    client.force_login(cast.bob)
    assert client.get(reverse("people:invitation-again", args=[uuid4()])).status_code == 404
    assert Invitation.objects.count() == 1


def test_an_invitation_into_the_whole_trust_belongs_to_its_managers(client, cast):
    user, _ = person_invite(
        actor=cast.elt,
        email="t@hilltop.example.org",
        full_name="Tia",
        role=Role.HEAD_OF_COMMS,
        trust=cast.trust,
    )
    row = user.invitations.get()
    client.force_login(cast.dan)
    assert client.get(url_of(row)).status_code == 404
    client.force_login(cast.elt)
    assert client.post(url_of(row)).status_code == 302
