"""Recording that somebody left a school."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.roles import Role
from people.models import Deputy, Invitation, PendingChange, User
from people.services.memberships import membership_give
from smgov.testing import Cast, a_person, give, sign_in_afresh


def url_of(person: User, school) -> str:
    return reverse("people:person-leave", args=[person.uuid, school.uuid])


@pytest.mark.clause("RAV-2.10")
def test_every_role_there_ends_and_roles_elsewhere_stay(client, cast: Cast, actions):
    give(cast.alice, Role.OFFICE, cast.hilltop)
    kept = give(cast.alice, Role.STAFF, cast.otherplace)
    sign_in_afresh(client, cast.dan)
    text = client.get(url_of(cast.alice, cast.hilltop)).content.decode()
    assert "“School office”, “Member of staff”" in text
    response = client.post(url_of(cast.alice, cast.hilltop))
    assert response.url == reverse("people:person-detail", args=[cast.alice.uuid])
    assert list(cast.alice.memberships.filter(ended_at=None)) == [kept]
    assert actions()[-3:] == ["people.left", "people.membership_ended", "people.membership_ended"]
    assert "2 roles have ended" in client.get(response.url).content.decode()


def test_deputies_on_both_sides_end_also_those_not_begun(client, cast):
    soon = timezone.localdate() + timedelta(days=5)
    for person, deputy in ((cast.bob, cast.alice), (cast.alice, cast.dan)):
        Deputy.objects.create(
            school=cast.hilltop, person=person, deputy=deputy, starts=soon, ends=soon, appointed_by=cast.bob
        )
    sign_in_afresh(client, cast.dan)
    client.post(url_of(cast.alice, cast.hilltop))
    assert not Deputy.objects.filter(ended_at=None).exists()


def test_a_role_that_waits_and_an_unused_invitation_go_too(client, cast):
    membership_give(actor=cast.dan, user=cast.alice, role=Role.DSL, school=cast.hilltop)
    Invitation.objects.create(user=cast.alice, school=cast.hilltop, invited_by=cast.dan)
    sign_in_afresh(client, cast.dan)
    client.post(url_of(cast.alice, cast.hilltop))
    assert PendingChange.objects.get().status == PendingChange.Status.WITHDRAWN
    assert Invitation.objects.get().revoked_at is not None


def test_twice_is_refused_and_a_page_without_roles_is_none(client, cast):
    sign_in_afresh(client, cast.dan)
    client.post(url_of(cast.alice, cast.hilltop))
    assert client.post(url_of(cast.alice, cast.hilltop)).status_code == 422
    assert client.get(url_of(cast.alice, cast.hilltop)).status_code == 404


def test_nobody_records_their_own_leaving(client, cast):
    sign_in_afresh(client, cast.dan)
    response = client.post(url_of(cast.dan, cast.hilltop))
    assert response.status_code == 422
    assert "your own leaving" in response.content.decode()


def test_wrong_school_wrong_role_wrong_person(client, cast):
    give(cast.alice, Role.STAFF, cast.otherplace)
    sign_in_afresh(client, cast.dan)
    assert client.post(url_of(cast.alice, cast.otherplace)).status_code == 404
    assert client.post(url_of(cast.eve, cast.hilltop)).status_code == 404
    sign_in_afresh(client, cast.cora)
    assert client.post(url_of(cast.alice, cast.hilltop)).status_code == 403
    sign_in_afresh(client, a_person("Olga", Role.OFFICE, cast.hilltop))
    assert client.get(url_of(cast.alice, cast.hilltop)).status_code == 403
    assert cast.alice.memberships.filter(ended_at=None).count() == 2
