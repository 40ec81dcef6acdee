"""Saving in the admin goes through the services: audited, and with a second person where one is due."""

from typing import Any

import pytest
from django.test import Client

from core.models import AuditEvent
from core.roles import Post, Role
from people.governance.catalogue import SETTINGS
from people.models import GovernanceProfile, Membership, PendingChange, School, Trust, User
from people.selectors import profile_of
from people.services.changes import change_decide
from people.tests.admin.conftest import adding, last_event, listing, page, send, text
from people.tests.conftest import PASSWORD
from people.tests.profile.sent import fields_sent
from smgov.testing import Cast, choose, give


def profile(place: School | Trust) -> GovernanceProfile:
    """The profile row of a place."""
    return GovernanceProfile.objects.get(**{"school" if isinstance(place, School) else "trust": place})


# Schools and trusts


def test_an_it_lead_corrects_the_name_of_their_school(client: Client, cast: Cast, dan: User) -> None:
    response = send(client, page(cast.hilltop), name="Hilltop School")
    assert "Hilltop School is saved." in text(response)
    event = last_event()
    assert (event.action, event.actor_id, event.school_id) == (
        "people.school_changed",
        dan.pk,
        cast.hilltop.pk,
    )
    assert event.data == {"fields": ["name"]}


def test_saving_without_a_change_leaves_no_event(client: Client, cast: Cast, dan: User) -> None:
    before = AuditEvent.objects.count()
    assert "Nothing was changed." in text(send(client, page(cast.hilltop)))
    assert AuditEvent.objects.count() == before


def test_an_it_lead_adds_no_school_and_no_trust(client: Client, cast: Cast, dan: User) -> None:
    for model in ("school", "trust", "user", "governanceprofile"):
        assert client.get(adding(model)).status_code == 403
        assert (
            client.post(adding(model), {"name": "Mine", "slug": "mine", "preset": "cit"}).status_code == 403
        )


def test_a_new_school_comes_with_its_profile(client: Client, cast: Cast, root: User) -> None:
    send(
        client,
        adding("school"),
        name="New School",
        slug="new-school",
        kind="school",
        trust="",
        preset="st-marys",
    )
    school = School.objects.get(slug="new-school")
    assert school.active
    assert profile(school).preset == "st-marys"
    assert profile_of(school).preset.slug == "st-marys"
    assert last_event().action == "people.school_started"


def test_a_new_school_in_a_trust_may_follow_it_and_no_other_may(
    client: Client, cast: Cast, root: User
) -> None:
    new = {"name": "New School", "slug": "new-school", "kind": "school", "preset": ""}
    refused = text(send(client, adding("school"), **new, trust=""))
    assert "Only a school in a trust can follow its trust" in refused
    assert 'value="New School"' in refused
    assert not School.objects.filter(slug="new-school").exists()
    send(client, adding("school"), **new, trust=cast.trust.pk)
    assert profile_of(School.objects.get(slug="new-school")).preset.slug == "cit"


def test_a_trust_has_one_central_team(client: Client, cast: Cast, root: User) -> None:
    new = {"name": "Second Hub", "slug": "hub-2", "kind": "central", "trust": cast.trust.pk, "preset": ""}
    assert "This trust has a central team already." in text(send(client, adding("school"), **new))
    assert not School.objects.filter(slug="hub-2").exists()


def test_a_new_trust_comes_with_its_profile_and_is_changed_with_an_event(client: Client, root: User) -> None:
    send(client, adding("trust"), name="New Trust", slug="new-trust", preset="cit")
    trust = Trust.objects.get(slug="new-trust")
    assert profile(trust).preset == "cit"
    assert (last_event().action, last_event().data["added"]) == ("people.trust_changed", True)
    send(client, page(trust), name="Newer Trust")
    assert last_event().data == {"fields": ["name"]}


def test_whoever_runs_the_server_closes_a_school(client: Client, cast: Cast, root: User) -> None:
    send(client, page(cast.hilltop), active=[])
    assert not School.objects.get(pk=cast.hilltop.pk).active
    assert last_event().data == {"fields": ["active"]}


def test_a_school_that_follows_its_trust_s_policy_does_not_leave_it(
    client: Client, cast: Cast, root: User
) -> None:
    assert "Choose a policy of its own first" in text(send(client, page(cast.hilltop), trust=""))
    assert School.objects.get(pk=cast.hilltop.pk).trust == cast.trust


# Roles


def give_role(client: Client, user: User, **changes: Any) -> Any:
    """Fill in the page that gives a role."""
    return send(client, adding("membership"), person=user.email, **changes)


def test_an_ordinary_role_is_given_at_once(client: Client, cast: Cast, dan: User) -> None:
    response = give_role(client, cast.alice, role=Role.OFFICE, school=cast.hilltop.pk)
    assert "Alice Archer has the role." in text(response)
    row = Membership.objects.get(user=cast.alice, role=Role.OFFICE)
    assert row.school == cast.hilltop
    assert last_event().action == "people.membership_given"


@pytest.mark.parametrize(
    ("role", "post"),
    [
        (Role.DSL, ""),
        (Role.HEADTEACHER, ""),
        (Role.HR, ""),
        (Role.DPO, ""),
        (Role.GOVERNANCE, Post.CHAIR),
        (Role.SENIOR_LEADER, Post.ELT),
    ],
)
def test_a_sensitive_role_waits_for_a_second_person(
    client: Client, cast: Cast, dan: User, role: str, post: str
) -> None:
    response = give_role(client, cast.alice, role=role, post=post, school=cast.hilltop.pk)
    assert "waits for a second person" in text(response)
    assert not Membership.objects.filter(user=cast.alice, role=role).exists()
    waiting = PendingChange.objects.get()
    assert (waiting.requested_by, waiting.about) == (dan, cast.alice)
    change_decide(actor=cast.bob, change=waiting, confirm=True)
    assert Membership.objects.filter(user=cast.alice, role=role, post=post).exists()


def test_a_superuser_gives_a_sensitive_role_no_faster(client: Client, cast: Cast, root: User) -> None:
    give_role(client, cast.alice, role=Role.DSL, school=cast.hilltop.pk)
    assert not Membership.objects.filter(user=cast.alice, role=Role.DSL).exists()
    assert PendingChange.objects.get().requested_by == root


def test_nobody_gives_themselves_a_role(client: Client, cast: Cast, dan: User) -> None:
    body = text(give_role(client, dan, role=Role.OFFICE, school=cast.hilltop.pk))
    assert "You cannot give a role to yourself." in body
    assert f'value="{dan.email}"' in body
    assert not Membership.objects.filter(user=dan, role=Role.OFFICE).exists()


def test_a_role_needs_one_place_and_a_post_that_belongs_to_it(client: Client, cast: Cast, dan: User) -> None:
    assert "Choose a school or a whole trust" in text(give_role(client, cast.alice, role=Role.OFFICE))
    wrong = give_role(client, cast.alice, role=Role.OFFICE, post=Post.CHAIR, school=cast.hilltop.pk)
    assert "is no post of the role" in text(wrong)
    assert Membership.objects.filter(user=cast.alice).count() == 1


def test_an_existing_role_is_read_only(client: Client, cast: Cast, dan: User) -> None:
    row = cast.alice.memberships.get()
    body = text(client.get(page(row)))
    assert 'name="_save"' not in body
    assert 'name="role"' not in body
    assert client.post(page(row), {"role": "dsl", "school": cast.hilltop.pk}).status_code == 403
    row.refresh_from_db()
    assert row.role == Role.STAFF


def end(client: Client, *rows: Membership, **more: Any) -> Any:
    """Choose "end" for some rows of the list."""
    sent = {"action": "end_roles", "_selected_action": [row.pk for row in rows], **more}
    return client.post(listing("membership"), sent, follow=True)


def test_roles_are_ended_after_a_question(client: Client, cast: Cast, dan: User) -> None:
    row = cast.alice.memberships.get()
    asked = end(client, row)
    assert "End these roles?" in text(asked)
    row.refresh_from_db()
    assert row.ended_at is None
    answered = client.post(listing("membership"), fields_sent(text(asked)), follow=True)
    assert "has ended" in text(answered)
    row.refresh_from_db()
    assert row.ended_at is not None
    assert "people.membership_ended" in AuditEvent.objects.values_list("action", flat=True)


def test_one_s_own_role_and_those_of_others_are_not_ended(client: Client, cast: Cast, dan: User) -> None:
    own, trust_wide = dan.memberships.get(), cast.cora.memberships.get()
    foreign = cast.eve.memberships.get()
    body = text(end(client, own, trust_wide, foreign, confirmed="yes"))
    assert "You cannot end your own role." in body
    assert "You do not give or end roles there." in body
    for row in (own, trust_wide, foreign):
        row.refresh_from_db()
        assert row.ended_at is None


@pytest.mark.parametrize("password", ["", "not the password of anybody"])
def test_roles_are_changed_only_with_a_fresh_password(client: Client, cast: Cast, password: str) -> None:
    cast.dan.set_password(PASSWORD)
    cast.dan.save()
    client.force_login(cast.dan)
    row = cast.alice.memberships.get()
    given = give_role(client, cast.alice, role=Role.OFFICE, school=cast.hilltop.pk, password=password)
    assert "password" in text(given)
    assert f'value="{cast.alice.email}"' in text(given)
    end(client, row, confirmed="yes", password=password)
    send(client, page(cast.alice), email="new@hilltop.example.org", password=password)
    row.refresh_from_db()
    assert row.ended_at is None
    assert Membership.objects.filter(user=cast.alice).count() == 1
    assert not PendingChange.objects.exists()


def test_the_right_password_does_it_in_one_go(client: Client, cast: Cast) -> None:
    cast.dan.set_password(PASSWORD)
    cast.dan.save()
    client.force_login(cast.dan)
    give_role(client, cast.alice, role=Role.OFFICE, school=cast.hilltop.pk, password=PASSWORD)
    assert Membership.objects.filter(user=cast.alice, role=Role.OFFICE).exists()
    assert "people.reauthenticated" in AuditEvent.objects.values_list("action", flat=True)


# People


def test_a_name_is_corrected_at_once_and_needs_no_password(client: Client, cast: Cast) -> None:
    client.force_login(cast.dan)
    send(client, page(cast.alice), full_name="Alice Archer-Adams")
    assert User.objects.get(pk=cast.alice.pk).full_name == "Alice Archer-Adams"
    assert last_event().action == "people.details_changed"


def test_a_new_address_waits_for_a_second_person(client: Client, cast: Cast, dan: User) -> None:
    old = cast.alice.email
    response = send(client, page(cast.alice), email="new@hilltop.example.org", full_name="Alice Adams")
    assert "waits for a second person" in text(response)
    alice = User.objects.get(pk=cast.alice.pk)
    assert (alice.email, alice.full_name) == (old, "Alice Adams")
    change_decide(actor=cast.bob, change=PendingChange.objects.get(), confirm=True)
    alice.refresh_from_db()
    assert alice.email == "new@hilltop.example.org"


def test_a_refused_address_undoes_the_name_too(client: Client, cast: Cast, dan: User) -> None:
    before = AuditEvent.objects.count()
    body = text(send(client, page(dan), email="mine@hilltop.example.org", full_name="Dan the Great"))
    assert "Ask a colleague to change your own address." in body
    assert 'value="Dan the Great"' in body
    assert User.objects.get(pk=dan.pk).full_name == "Dan Dale"
    assert AuditEvent.objects.count() == before


# Settings


def test_a_routing_setting_waits_and_a_plain_one_is_saved(client: Client, cast: Cast, dan: User) -> None:
    row = profile(cast.hilltop)
    response = send(client, page(row), **{"settings-0-key": "moderators", "settings-0-value": '["dsl"]'})
    assert f"“{SETTINGS['moderators'].title}” waits for a second person" in text(response)
    assert profile_of(cast.hilltop).moderators != ["dsl"]
    change_decide(actor=cast.bob, change=PendingChange.objects.get(), confirm=True)
    assert profile_of(cast.hilltop).moderators == ["dsl"]
    response = send(client, page(row), **{"settings-1-key": "approval_days", "settings-1-value": "9"})
    assert profile_of(cast.hilltop).approval_days == 9
    assert last_event().action == "people.setting_changed"


def test_a_setting_that_its_kind_refuses_changes_nothing_at_all(
    client: Client, cast: Cast, dan: User
) -> None:
    row = profile(cast.hilltop)
    choose(row, approval_days=4)
    before = AuditEvent.objects.count()
    sent = {"settings-0-value": "8", "settings-1-key": "min_admins", "settings-1-value": "99"}
    body = text(send(client, page(row), **sent))
    assert "Give a whole number from 1 to 20." in body
    assert ">8</textarea>" in body.replace("\n", "")
    assert profile_of(cast.hilltop).approval_days == 4
    assert AuditEvent.objects.count() == before


@pytest.mark.parametrize("value", ["{", "[" * 5000, "1" * 25_000, "nope"])
def test_a_value_that_is_no_json_is_an_error_of_the_form(
    client: Client, cast: Cast, dan: User, value: str
) -> None:
    response = send(
        client, page(profile(cast.hilltop)), **{"settings-0-key": "min_admins", "settings-0-value": value}
    )
    assert response.status_code == 200
    assert "errornote" in text(response)


def test_another_policy_waits_for_a_second_person(client: Client, cast: Cast, dan: User) -> None:
    response = send(client, page(profile(cast.hilltop)), preset="st-marys")
    assert "waits for a second person" in text(response)
    assert profile(cast.hilltop).preset == ""
    change_decide(actor=cast.bob, change=PendingChange.objects.get(), confirm=True)
    assert profile(cast.hilltop).preset == "st-marys"


def test_a_superuser_reads_profiles_and_changes_none(client: Client, cast: Cast, root: User) -> None:
    row = profile(cast.hilltop)
    assert 'name="_save"' not in text(client.get(page(row)))
    assert client.post(page(row), {"preset": "cbc"}).status_code == 403


# Cost


@pytest.mark.parametrize("model", ["membership", "user", "school", "governanceprofile"])
def test_a_list_costs_the_same_for_many_rows(
    client: Client, cast: Cast, dan: User, model: str, django_assert_max_num_queries: Any
) -> None:
    client.get(listing(model))
    with django_assert_max_num_queries(20) as few:
        client.get(listing(model))
    for number in range(15):
        user = User.objects.create_user(f"many{number}@hilltop.example.org", f"Many {number}")
        give(user, Role.STAFF, cast.hilltop)
    with django_assert_max_num_queries(20) as many:
        client.get(listing(model))
    assert len(few) == len(many)
