"""When somebody leaves, or stays in another role: their rights, and who is told."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.tests.register.cases import an_account, held, text_of, told
from core.models import Notice
from core.notices import shown_to
from core.roles import Role
from people.models import GovernanceProfile, Membership
from people.services.leavers import end_passed_memberships
from people.services.memberships import membership_end, person_leaves
from smgov.testing import Cast, a_cit_trust, a_person, a_school, choose, give

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return a_cit_trust()


def ravens_wood():
    school = a_school(preset="ravens-wood")
    mo, it = a_person("Mo Moss", Role.HEAD_OF_COMMS, school), a_person("Ida IT", Role.IT, school)
    head, tess = a_person("Hal Hill", Role.HEADTEACHER, school), a_person("Tess Thorn", Role.STAFF, school)
    return school, mo, it, head, tess


@pytest.mark.clause("RAV-2.10", "RAV-5.05")
def test_a_leavers_rights_end_and_the_moderator_closes_or_transfers_the_account(client) -> None:
    school, mo, it, head, tess = ravens_wood()
    account = an_account(school, mo, "Choir", lead=tess, administrators=[tess, mo], posters=[tess])
    person_leaves(actor=it, user=tess, school=school)
    assert held(account) == {("Mo Moss", "administrator")}
    assert set(account.rights.filter(user=tess).values_list("ended_because", flat=True)) == {
        "Left the school"
    }
    assert told("accounts.lead_left") == {"Mo Moss"}, "the profile's leaver rule: the moderator"
    assert told("accounts.left") == {"Tess Thorn"}
    client.force_login(mo)
    assert "No lead" in text_of(client.get(reverse("accounts:account-detail", args=[account.uuid])))
    assert head.notices.filter(kind="accounts.lead_left").count() == 0


@pytest.mark.clause("RAV-5.05")
def test_every_leaver_is_reminded_of_confidentiality_where_the_policy_says_so() -> None:
    school, _mo, it, _head, tess = ravens_wood()
    person_leaves(actor=it, user=tess, school=school)
    [notice] = Notice.objects.filter(recipient=tess, kind="accounts.left")
    assert shown_to(tess, [notice]), "it reaches somebody who has no role left"


def test_where_it_does_not_only_whoever_held_a_right_is_told_that_it_ended(cast) -> None:
    an_account(cast.hilltop, cast.bob, posters=[cast.alice])
    plain = a_person("Pat Plain", Role.STAFF, cast.hilltop)
    for user in (cast.alice, plain):
        person_leaves(actor=cast.dan, user=user, school=cast.hilltop)
    assert told("accounts.left") == set()
    assert told("accounts.left_rights") == {"Alice Archer"}
    [notice] = Notice.objects.filter(recipient=cast.alice, kind="accounts.left_rights")
    assert shown_to(cast.alice, [notice])


@pytest.mark.clause("STM-15.21")
def test_an_account_that_falls_below_its_minimum_is_told_and_marked(client) -> None:
    school = a_school(preset="st-marys")
    head, mo = a_person("Hal Hill", Role.HEADTEACHER, school), a_person("Mo Moss", Role.HEAD_OF_COMMS, school)
    tess, it = a_person("Tess Thorn", Role.STAFF, school), a_person("Ida IT", Role.IT, school)
    account = an_account(school, head, administrators=[tess, mo])
    person_leaves(actor=it, user=tess, school=school)
    assert told("accounts.below_minimum") == {"Hal Hill", "Mo Moss"}
    client.force_login(head)
    url = reverse("accounts:account-detail", args=[account.uuid])
    for _ in range(2):
        assert "Too few administrators" in text_of(client.get(url))


@pytest.mark.parametrize(
    ("rule", "who"),
    [("moderator", {"Bob Barnes", "Cora Clay"}), ("headteacher", {"Bob Barnes"}), ("rights_end_only", set())],
)
def test_the_leaver_rule_says_who_decides(cast, rule, who) -> None:
    choose(GovernanceProfile.objects.get(school=cast.hilltop), leaver_rule=rule)
    an_account(cast.hilltop, cast.bob, lead=cast.alice)
    person_leaves(actor=cast.dan, user=cast.alice, school=cast.hilltop)
    assert told("accounts.lead_left") == who


def test_when_the_headteacher_who_leads_leaves_the_next_in_the_road_is_told(cast) -> None:
    an_account(cast.hilltop, cast.bob, lead=cast.bob)
    person_leaves(actor=cast.dan, user=cast.bob, school=cast.hilltop)
    assert told("accounts.lead_left") == {"Cora Clay"}
    an_account(cast.hilltop, cast.bob, lead=cast.alice)
    Membership.objects.filter(user=cast.cora).update(ended_at=timezone.now())
    person_leaves(actor=cast.dan, user=cast.alice, school=cast.hilltop)
    assert told("accounts.lead_left") == {"Cora Clay", "Gina Gold"}


def test_whoever_keeps_a_role_keeps_their_rights(cast) -> None:
    account = an_account(cast.hilltop, cast.bob, lead=cast.alice, posters=[cast.alice])
    second = give(cast.alice, Role.OFFICE, cast.hilltop)
    membership_end(actor=cast.dan, membership=second)
    assert len(held(account)) == 2
    assert told("accounts.left_rights") == set()


@pytest.mark.clause("CIT-3.09", "CIT-3.19", "RAV-3.06")
def test_staff_who_become_volunteers_keep_only_what_the_policy_gives_to_volunteers(cast) -> None:
    account = an_account(
        cast.hilltop,
        cast.bob,
        lead=cast.alice,
        moderators=[cast.alice],
        administrators=[cast.alice],
        posters=[cast.alice],
    )
    give(cast.alice, Role.CONTRIBUTOR, cast.hilltop)
    membership_end(actor=cast.dan, membership=cast.alice.memberships.get(role=Role.STAFF))
    assert held(account) == {("Alice Archer", "moderator")}
    assert account.rights.get(right="lead").ended_because == "No longer a member of staff"
    assert told("accounts.lead_left") == {"Bob Barnes"}
    school, mo, it, _head, tess = ravens_wood()
    theirs = an_account(school, mo, lead=tess, administrators=[tess], posters=[tess])
    give(tess, Role.CONTRIBUTOR, school)
    membership_end(actor=it, membership=tess.memberships.get(role=Role.STAFF))
    assert held(theirs) == {("Tess Thorn", "administrator"), ("Tess Thorn", "poster")}


def test_leaving_one_school_leaves_the_rights_at_another(cast) -> None:
    give(cast.alice, Role.STAFF, cast.otherplace)
    here, there = (
        an_account(cast.hilltop, cast.bob, posters=[cast.alice]),
        an_account(cast.otherplace, cast.eve, posters=[cast.alice]),
    )
    person_leaves(actor=cast.dan, user=cast.alice, school=cast.hilltop)
    assert held(here) == set()
    assert held(there) == {("Alice Archer", "poster")}


def test_leaving_a_whole_trust_ends_the_rights_in_every_school_with_one_goodbye(cast) -> None:
    choose(GovernanceProfile.objects.get(trust=cast.trust), leaver_confidentiality=True)
    rows = [
        an_account(school, cast.bob, moderators=[cast.cora])
        for school in (cast.hilltop, cast.otherplace, cast.hub)
    ]
    boss = a_person("Ira IT", Role.IT, cast.trust)
    membership_end(actor=boss, membership=cast.cora.memberships.get())
    assert all(held(row) == set() for row in rows)
    assert Notice.objects.filter(recipient=cast.cora, kind="accounts.left").count() == 1


def test_a_role_whose_last_day_has_passed_ends_by_the_sweep_once(cast) -> None:
    account = an_account(cast.hilltop, cast.bob, lead=cast.alice)
    cast.alice.memberships.update(ends=timezone.localdate() - timedelta(days=1))
    assert end_passed_memberships() == 1
    assert end_passed_memberships() == 0
    assert held(account) == set()
    assert Notice.objects.filter(kind="accounts.lead_left").count() == 1
