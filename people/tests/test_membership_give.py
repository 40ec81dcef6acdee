"""Giving a role: to others only, sensitive ones with a second person."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from core.errors import Refused
from core.roles import CONFIRMED_BY_TWO, Post, Role
from people.access import CONFIRMERS
from people.models import Membership, PendingChange, User
from people.services.changes import change_decide
from people.services.memberships import membership_give, needs_second_person
from people.titles import POSTS_OF
from smgov.testing import Cast, a_person, a_school, give, sign_in_afresh


def url_of(person: User) -> str:
    return reverse("people:membership-give", args=[person.uuid])


def typed(role: str = Role.OFFICE, **more) -> dict:
    today = timezone.localdate()
    return {
        "role": role,
        "starts_day": today.day,
        "starts_month": today.month,
        "starts_year": today.year,
        **more,
    }


@pytest.fixture
def dan(client, cast: Cast) -> User:
    sign_in_afresh(client, cast.dan)
    return cast.dan


def test_a_role_is_given_at_once(client, cast, dan, actions):
    response = client.post(url_of(cast.alice), typed(school=cast.hilltop.uuid))
    assert response.url == reverse("people:person-detail", args=[cast.alice.uuid])
    assert Membership.objects.filter(user=cast.alice, role=Role.OFFICE, school=cast.hilltop).exists()
    assert actions()[-1] == "people.membership_given"


def test_from_and_until(client, cast, dan):
    client.post(
        url_of(cast.alice), typed(school=cast.hilltop.uuid, ends_day=31, ends_month=7, ends_year=2099)
    )
    row = Membership.objects.get(user=cast.alice, role=Role.OFFICE)
    assert (row.starts, row.ends) == (timezone.localdate(), date(2099, 7, 31))


def test_the_it_lead_makes_a_colleague_dsl_and_a_second_person_must_confirm(client, cast, dan):
    response = client.post(url_of(cast.alice), typed(Role.DSL, school=cast.hilltop.uuid))
    change = PendingChange.objects.get()
    assert response.url == reverse("people:change-detail", args=[change.uuid])
    assert not Membership.objects.filter(user=cast.alice, role=Role.DSL).exists()
    assert "A second person must confirm" in client.get(response.url).content.decode()
    change_decide(actor=cast.bob, change=change, confirm=True)
    assert Membership.objects.filter(user=cast.alice, role=Role.DSL).exists()


@pytest.mark.parametrize("role", Role.values)
def test_nobody_gives_themselves_a_role(client, cast, dan, role):
    response = client.post(url_of(dan), typed(role, school=cast.hilltop.uuid))
    assert response.status_code == 422
    assert "You cannot give a role to yourself" in response.content.decode()
    assert dan.memberships.count() == 1
    assert not PendingChange.objects.exists()


def test_nobody_confirms_what_they_asked_for(client, cast, dan):
    change = membership_give(actor=dan, user=cast.alice, role=Role.DSL, school=cast.hilltop)
    give(dan, Role.DSL, cast.hilltop)  # even when they become entitled meanwhile
    with pytest.raises(Refused, match="You asked for this change"):
        change_decide(actor=dan, change=change, confirm=True)
    assert (
        client.post(reverse("people:change-detail", args=[change.uuid]), {"decision": "confirm"}).status_code
        == 422
    )
    assert not Membership.objects.filter(user=cast.alice, role=Role.DSL).exists()


def test_one_person_cannot_make_the_second_one(cast):
    """Every role that may confirm is itself given only with a second person."""
    for spec in CONFIRMERS:
        role, _, post = str(spec).partition("/")
        assert needs_second_person(role, post)
    for role in CONFIRMED_BY_TWO:
        assert needs_second_person(role, "")
    given = membership_give(
        actor=cast.dan, user=cast.alice, role=Role.SENIOR_LEADER, post=Post.ELT, school=cast.hilltop
    )
    assert isinstance(given, PendingChange)


def test_a_post_goes_with_its_role_only(cast):
    for role in Role.values:
        for post in Post.values:
            if post not in POSTS_OF.get(role, ()):
                with pytest.raises(Refused, match="is no post"):
                    membership_give(
                        actor=cast.dan, user=cast.alice, role=role, post=post, school=cast.hilltop
                    )
    with pytest.raises(Refused, match="in the list"):
        membership_give(actor=cast.dan, user=cast.alice, role="king", school=cast.hilltop)


def test_a_role_held_already_is_refused(client, cast, dan):
    response = client.post(url_of(cast.alice), typed(Role.STAFF, school=cast.hilltop.uuid))
    assert response.status_code == 422
    assert "holds this role at this school already" in response.content.decode()


def test_a_school_of_somebody_else_is_no_choice(client, cast, dan):
    client.post(url_of(cast.alice), typed(school=cast.otherplace.uuid))
    client.post(url_of(cast.alice), typed(school=cast.hub.uuid, where="trust", trust=cast.trust.uuid))
    assert cast.alice.memberships.count() == 1


def test_a_school_manager_gives_no_role_in_the_whole_trust(cast):
    for who in (cast.dan, cast.bob):
        with pytest.raises(PermissionDenied):
            membership_give(actor=who, user=cast.alice, role=Role.OFFICE, trust=cast.trust)
    stranger = a_school("Strange", trust=None)
    with pytest.raises(PermissionDenied):
        membership_give(actor=cast.elt, user=cast.alice, role=Role.OFFICE, school=stranger)


def test_a_trust_wide_manager_chooses_one_school_or_the_whole_trust(client, cast):
    sign_in_afresh(client, cast.elt)
    text = client.get(url_of(cast.alice)).content.decode()
    assert "In the whole trust" in text
    client.post(url_of(cast.alice), typed(Role.CONTRIBUTOR, where="school", school=cast.otherplace.uuid))
    client.post(url_of(cast.alice), typed(Role.CONTRIBUTOR, where="trust", trust=cast.trust.uuid))
    held = Membership.objects.filter(user=cast.alice, role=Role.CONTRIBUTOR)
    assert {row.place for row in held} == {cast.otherplace, cast.trust}
    response = client.post(url_of(cast.alice), typed(Role.OFFICE))
    assert "Choose whether the role holds" in response.content.decode()


def test_a_sensitive_role_in_the_whole_trust_is_confirmed_at_the_trust(cast):
    """A headteacher of one school does not decide who is DSL of every school."""
    change = membership_give(actor=cast.elt, user=cast.alice, role=Role.DSL, trust=cast.trust)
    with pytest.raises(PermissionDenied):
        change_decide(actor=cast.bob, change=change, confirm=True)
    second = a_person("Sia Second", Role.SENIOR_LEADER, cast.trust, post=Post.ELT)
    change_decide(actor=second, change=change, confirm=True)
    assert Membership.objects.filter(user=cast.alice, role=Role.DSL, trust=cast.trust).exists()


@pytest.mark.parametrize(("name", "status"), [("alice", 404), ("cora", 403), ("chair", 403), ("eve", 404)])
def test_those_who_give_no_roles_are_refused(client, cast, name, status):
    sign_in_afresh(client, getattr(cast, name))
    assert client.post(url_of(cast.dan), typed(school=cast.hilltop.uuid)).status_code == status
    assert cast.dan.memberships.count() == 1


def test_unknown_people_and_people_of_other_schools_are_not_found(client, cast, dan):
    for uuid in (uuid4(), cast.eve.uuid):
        assert client.get(reverse("people:membership-give", args=[uuid])).status_code == 404


def test_a_role_that_starts_later_gives_nothing_yet(client, cast):
    tomorrow = timezone.localdate() + timedelta(days=1)
    nia = a_person("Nia North")
    membership_give(actor=cast.dan, user=nia, role=Role.STAFF, school=cast.hilltop, starts=tomorrow)
    client.force_login(nia)
    assert client.get("/").status_code == 302
