"""Ending one role at once."""

from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from core.errors import Refused
from people.models import Membership
from people.services.memberships import membership_end
from smgov.testing import Cast, sign_in_afresh


def url_of(row: Membership) -> str:
    return reverse("people:membership-end", args=[row.uuid])


def test_it_asks_then_ends(client, cast: Cast, actions):
    row = cast.alice.memberships.get()
    sign_in_afresh(client, cast.dan)
    text = client.get(url_of(row)).content.decode()
    assert "Alice Archer is “Member of staff” at Hilltop Primary." in text
    assert Membership.objects.get(pk=row.pk).ended_at is None
    assert client.post(url_of(row)).url == reverse("people:person-detail", args=[cast.alice.uuid])
    assert Membership.objects.get(pk=row.pk).ended_at is not None
    assert actions()[-1] == "people.membership_ended"


def test_twice_is_refused_in_words(client, cast):
    row = cast.alice.memberships.get()
    sign_in_afresh(client, cast.dan)
    client.post(url_of(row))
    again = client.post(url_of(row))
    assert again.status_code == 422
    assert "has ended already" in again.content.decode()


def test_nobody_ends_their_own(client, cast):
    row = cast.dan.memberships.get()
    sign_in_afresh(client, cast.dan)
    assert client.post(url_of(row)).status_code == 422
    with pytest.raises(Refused, match="your own role"):
        membership_end(actor=cast.dan, membership=row)


def test_who_only_looks_is_refused_and_strangers_see_nothing(client, cast):
    row = cast.alice.memberships.get()
    sign_in_afresh(client, cast.cora)
    assert client.post(url_of(row)).status_code == 403
    sign_in_afresh(client, cast.eve)
    assert client.post(url_of(row)).status_code == 404
    sign_in_afresh(client, cast.dan)
    for uuid in (uuid4(), cast.eve.memberships.get().uuid):
        assert client.post(reverse("people:membership-end", args=[uuid])).status_code == 404
    assert Membership.objects.get(pk=row.pk).ended_at is None


def test_a_trust_wide_role_is_ended_by_the_trust_only(client, cast):
    row = cast.cora.memberships.get()
    sign_in_afresh(client, cast.bob)
    assert client.post(url_of(row)).status_code == 403
    with pytest.raises(PermissionDenied):
        membership_end(actor=cast.bob, membership=row)
    sign_in_afresh(client, cast.elt)
    assert client.post(url_of(row)).status_code == 302
