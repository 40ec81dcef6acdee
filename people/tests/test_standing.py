"""A role taken away, or a leaver, with a live session: refused at the next request (quality A7)."""

import pytest
from django.test import Client
from django.urls import reverse

from core.roles import Post, Role
from people.models import User
from people.services.leavers import end_passed_memberships
from people.services.memberships import membership_end, person_leaves
from smgov.testing import Cast, a_person, give, sign_in_afresh


def live(user: User) -> Client:
    client = Client()
    client.force_login(user)
    assert client.get("/").status_code == 200
    return client


@pytest.mark.clause("RAV-2.10")
def test_a_leaver_is_refused_at_the_next_request(cast: Cast):
    client = live(cast.alice)
    person_leaves(actor=cast.dan, user=cast.alice, school=cast.hilltop)
    response = client.get("/deputies/")
    assert response.status_code == 302
    assert response.url == "/sign-in/?next=/deputies/"
    assert "_auth_user_id" not in client.session


def test_a_leaver_cannot_post_either(cast):
    person = a_person("Olga Office", Role.HEADTEACHER, cast.hilltop)
    client = live(person)
    person_leaves(actor=cast.dan, user=person, school=cast.hilltop)
    client.post(reverse("people:person-name", args=[cast.alice.uuid]), {"full_name": "Somebody Else"})
    cast.alice.refresh_from_db()
    assert cast.alice.full_name == "Alice Archer"


def test_a_role_taken_away_closes_its_pages_at_once_and_leaves_the_others(cast):
    give(cast.alice, Role.OFFICE, cast.hilltop)
    client = live(cast.alice)
    assert client.get("/people/").status_code == 200
    membership_end(actor=cast.dan, membership=cast.alice.memberships.get(role=Role.OFFICE))
    assert client.get("/people/").status_code == 403
    assert client.get("/deputies/").status_code == 200


def test_a_role_in_the_whole_trust_taken_away_closes_every_school(cast):
    boss = a_person("Tia Trust", Role.SENIOR_LEADER, cast.trust, post=Post.ELT)
    give(boss, Role.STAFF, cast.hilltop)
    client = live(boss)
    url = reverse("people:person-invite", args=[cast.otherplace.uuid])
    assert client.get(url).status_code == 200
    membership_end(actor=cast.elt, membership=boss.memberships.get(role=Role.SENIOR_LEADER))
    assert client.get(url).status_code == 404


def test_a_closed_sign_in_is_refused_at_once(cast):
    client = live(cast.alice)
    User.objects.filter(pk=cast.alice.pk).update(is_active=False)
    assert client.get("/deputies/").url == "/sign-in/?next=/deputies/"


def test_the_last_day_ends_at_midnight_before_any_sweep(cast):
    row = cast.alice.memberships.get()
    client = live(cast.alice)
    row.ends = row.starts
    row.save()
    assert client.get("/deputies/").status_code == 302
    assert end_passed_memberships() == 1


def test_the_page_itself_takes_the_role_away(cast):
    victim = live(cast.alice)
    manager = Client()
    sign_in_afresh(manager, cast.dan)
    url = reverse("people:membership-end", args=[cast.alice.memberships.get().uuid])
    assert manager.post(url).status_code == 302
    assert victim.get("/deputies/").status_code == 302
