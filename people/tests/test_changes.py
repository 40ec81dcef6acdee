"""Changes that wait for a second person: the lists, one change, withdrawing."""

from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import todo
from core.errors import Refused
from core.models import Notice
from core.roles import Post, Role
from people.models import GovernanceProfile, Membership, PendingChange, User
from people.services.changes import change_decide, change_withdraw
from people.services.details import email_change_ask
from people.services.memberships import membership_give
from people.services.settings import preset_choose, profile_for, setting_change
from people.todo import changes_i_asked_for, changes_waiting_for_me
from smgov.testing import Cast, a_person, sign_in_afresh

LIST = "/changes/"


@pytest.fixture
def change(cast: Cast) -> PendingChange:
    """Dan asks to make Alice DSL."""
    return membership_give(actor=cast.dan, user=cast.alice, role=Role.DSL, school=cast.hilltop)


def url_of(change: PendingChange) -> str:
    return reverse("people:change-detail", args=[change.uuid])


def text_of(client, viewer: User, url: str) -> str:
    client.force_login(viewer)
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


# The lists -----------------------------------------------------------------------------------


def test_it_waits_for_those_who_may_confirm_and_for_nobody_else(client, cast, change):
    title = "Give Alice Archer the role “Designated Safeguarding Lead” at Hilltop Primary"
    for person in (cast.bob, cast.chair, cast.elt):
        assert title in text_of(client, person, LIST)
    for person in (cast.dan, cast.alice, cast.cora, cast.eve):
        assert "Nothing waits for you" in text_of(client, person, LIST)


def test_whoever_asked_finds_it_under_asked_by_you(client, cast, change):
    assert "Alice Archer" in text_of(client, cast.dan, f"{LIST}?show=mine")
    assert "Alice Archer" not in text_of(client, cast.bob, f"{LIST}?show=mine").split("</h1>")[1]


def test_the_decided_ones_are_kept_for_those_who_may_see_them(client, cast, change):
    change_decide(actor=cast.bob, change=change, confirm=False)
    for person in (cast.dan, cast.bob, cast.alice):
        assert "Refused" in text_of(client, person, f"{LIST}?show=decided")
    assert "Nothing was decided yet" in text_of(client, cast.eve, f"{LIST}?show=decided")


def test_an_unknown_list_is_the_first_one(client, cast, change):
    assert "Alice Archer" in text_of(client, cast.bob, f"{LIST}?show=nonsense&page=99")


def test_the_lists_have_a_flat_number_of_queries(client, cast):
    client.force_login(cast.bob)

    def queries() -> int:
        client.get(LIST)
        with CaptureQueriesContext(connection) as caught:
            client.get(LIST)
        return len(caught)

    membership_give(actor=cast.dan, user=cast.alice, role=Role.DPO, school=cast.hilltop)
    few = queries()
    for number in range(20):
        person = a_person(f"Person {number}", Role.STAFF, cast.hilltop)
        membership_give(actor=cast.dan, user=person, role=Role.DPO, school=cast.hilltop)
        email_change_ask(actor=cast.dan, user=person, email=f"new{number}@hilltop.example.org")
    assert queries() == few <= 12


# One change ----------------------------------------------------------------------------------


def test_it_says_what_exactly_changes_who_asked_and_who_can_confirm(client, cast, change):
    text = text_of(client, cast.dan, url_of(change))
    for words in (
        "Alice Archer",
        "Designated Safeguarding Lead",
        "No last day",
        "Hilltop Primary",
        "Dan Dale",
    ):
        assert words in text
    assert "One of these can confirm it: Bob Barnes, Ella Tate, Gina Gold." in text
    assert "Confirm</button>" not in text


def test_the_second_person_confirms_and_it_is_in_force(client, cast, change, actions):
    sign_in_afresh(client, cast.bob)
    assert "Confirm</button>" in client.get(url_of(change)).content.decode()
    assert client.post(url_of(change), {"decision": "confirm"}).url == LIST
    assert Membership.objects.filter(user=cast.alice, role=Role.DSL).exists()
    assert actions()[-2:] == ["people.change_confirmed", "people.membership_given"]
    assert "Bob Barnes confirmed it" in text_of(client, cast.dan, url_of(change))


def test_a_refusal_is_told_in_words_to_the_asker_and_to_the_person_concerned(client, cast, change):
    sign_in_afresh(client, cast.bob)
    client.post(url_of(change), {"decision": "refuse"})
    assert not Membership.objects.filter(user=cast.alice, role=Role.DSL).exists()
    for person, words in {cast.dan: "ask again if you agree", cast.alice: "you can still do"}.items():
        text = text_of(client, person, url_of(change))
        assert "Bob Barnes refused it on" in text
        assert words in text
        assert Notice.objects.filter(recipient=person, kind="people.change_decided").exists()
    assert "You refused it on" in text_of(client, cast.bob, url_of(change))


def test_whoever_asked_cannot_decide(client, cast):
    change = membership_give(actor=cast.bob, user=cast.alice, role=Role.DSL, school=cast.hilltop)
    sign_in_afresh(client, cast.bob)
    assert "so a second person must decide it" in client.get(url_of(change)).content.decode()
    response = client.post(url_of(change), {"decision": "confirm"})
    assert response.status_code == 422
    assert not Membership.objects.filter(user=cast.alice, role=Role.DSL).exists()


def test_whoever_it_is_about_cannot_decide(client, cast):
    change = membership_give(actor=cast.dan, user=cast.bob, role=Role.DPO, school=cast.hilltop)
    sign_in_afresh(client, cast.bob)
    assert "This change is about you" in client.get(url_of(change)).content.decode()
    assert client.post(url_of(change), {"decision": "confirm"}).status_code == 422
    assert "Nothing waits for you" in text_of(client, cast.bob, LIST)


def test_nobody_confirms_or_refuses_their_own_new_address(cast):
    change = email_change_ask(actor=cast.dan, user=cast.bob, email="bob.new@hilltop.example.org")
    for confirm in (True, False):
        with pytest.raises(Refused, match="about you"):
            change_decide(actor=cast.bob, change=change, confirm=confirm)


def test_it_is_decided_once(client, cast, change):
    sign_in_afresh(client, cast.bob)
    client.post(url_of(change), {"decision": "confirm"})
    sign_in_afresh(client, cast.chair)
    response = client.post(url_of(change), {"decision": "refuse"})
    assert response.status_code == 422
    assert "decided already" in response.content.decode()


def test_neither_button_decides_nothing(client, cast, change):
    sign_in_afresh(client, cast.bob)
    for data in ({}, {"decision": ""}, {"decision": "maybe"}):
        assert client.post(url_of(change), data).status_code == 422
    change.refresh_from_db()
    assert change.status == PendingChange.Status.AWAITING


def test_an_old_password_is_asked_for_again(client, cast, change):
    client.force_login(cast.bob)
    assert client.post(url_of(change), {"decision": "confirm"}).status_code == 422
    change.refresh_from_db()
    assert change.status == PendingChange.Status.AWAITING


def test_strangers_and_unknown_ids_are_404_and_readers_403(client, cast, change):
    for person in (cast.eve, cast.cora):
        sign_in_afresh(client, person)
        assert client.get(url_of(change)).status_code == 404
        assert client.post(url_of(change), {"decision": "confirm"}).status_code == 404
    second_it = a_person("Ida Tee", Role.IT, cast.hilltop)
    sign_in_afresh(client, second_it)
    assert client.get(url_of(change)).status_code == 200
    assert client.post(url_of(change), {"decision": "confirm"}).status_code == 403
    assert client.get(reverse("people:change-detail", args=[uuid4()])).status_code == 404


def test_when_nobody_can_confirm_it_says_so(client, db, cast):
    Membership.objects.exclude(user__in=[cast.dan, cast.alice]).delete()
    change = membership_give(actor=cast.dan, user=cast.alice, role=Role.DSL, school=cast.hilltop)
    assert "There is nobody who can confirm it at present" in text_of(client, cast.dan, url_of(change))


def test_an_address_shows_the_old_and_the_new(client, cast):
    change = email_change_ask(actor=cast.dan, user=cast.alice, email="new@hilltop.example.org")
    old = cast.alice.email
    for _ in range(2):
        text = text_of(client, cast.bob, url_of(change))
        assert old in text
        assert "new@hilltop.example.org" in text
        change.refresh_from_db()
        if change.status == PendingChange.Status.AWAITING:
            change_decide(actor=cast.bob, change=change, confirm=True)


def test_a_setting_shows_its_question_the_answer_now_and_the_new_one(client, cast):
    profile = GovernanceProfile.objects.get(school=cast.hilltop)
    change = setting_change(actor=cast.bob, profile=profile, key="admin_grantors", raw=["headteacher"])
    assert isinstance(change, PendingChange)
    text = text_of(client, cast.chair, url_of(change))
    for words in ("Question", "Answer now", "New answer", "Head of Communications &amp; Fundraising"):
        assert words in text
    change_decide(actor=cast.chair, change=change, confirm=True)
    assert "Answer now" not in text_of(client, cast.chair, url_of(change))


def test_another_policy_is_named(client, cast):
    change = preset_choose(actor=cast.bob, profile=profile_for(cast.hilltop), preset="st-marys")
    text = text_of(client, cast.chair, url_of(change))
    assert "Start from another policy" in text
    assert "Policy now" in text


def test_a_change_of_the_whole_trust_is_seen_and_confirmed_by_its_people_only(client, cast):
    change = membership_give(actor=cast.elt, user=cast.alice, role=Role.DPO, trust=cast.trust)
    for person in (cast.bob, cast.dan, cast.eve):
        sign_in_afresh(client, person)
        assert client.get(url_of(change)).status_code == 404
    second = a_person("Sia Second", Role.SENIOR_LEADER, cast.trust, post=Post.ELT)
    assert Notice.objects.filter(kind="people.change_waits").count() == 0
    sign_in_afresh(client, second)
    assert client.post(url_of(change), {"decision": "confirm"}).url == LIST
    assert Membership.objects.filter(user=cast.alice, trust=cast.trust).exists()


# Withdrawing ---------------------------------------------------------------------------------


def withdraw_url(change: PendingChange) -> str:
    return reverse("people:change-withdraw", args=[change.uuid])


def test_whoever_asked_withdraws_it(client, cast, change, actions):
    client.force_login(cast.dan)
    assert withdraw_url(change) in client.get(url_of(change)).content.decode()
    assert "Withdraw this change?" in client.get(withdraw_url(change)).content.decode()
    assert client.post(withdraw_url(change)).url == LIST
    assert actions()[-1] == "people.change_withdrawn"
    assert client.post(withdraw_url(change)).status_code == 422
    assert "It was withdrawn on" in text_of(client, cast.alice, url_of(change))


def test_nobody_else_withdraws_it(client, cast, change):
    for person, status in ((cast.bob, 403), (cast.alice, 403), (cast.eve, 404)):
        client.force_login(person)
        assert client.get(withdraw_url(change)).status_code == status
        assert client.post(withdraw_url(change)).status_code == status
    with pytest.raises(PermissionDenied):
        change_withdraw(actor=cast.bob, change=change)


# The to-do list ------------------------------------------------------------------------------


def test_it_stands_on_the_to_do_list_of_the_second_person(cast, change):
    item = next(iter(changes_waiting_for_me(cast.bob)))
    assert item.url == url_of(change)
    assert item.detail == "Asked by Dan Dale"
    assert list(changes_waiting_for_me(cast.dan)) == []
    assert list(changes_waiting_for_me(cast.alice)) == []
    assert [each.url for each in changes_i_asked_for(cast.dan)] == [url_of(change)]
    assert changes_waiting_for_me in todo.WAITING_FOR_ME
    assert changes_i_asked_for in todo.WAITING_FOR_OTHERS


def test_a_change_of_ones_own_is_never_on_ones_list(cast):
    membership_give(actor=cast.bob, user=cast.alice, role=Role.DSL, school=cast.hilltop)
    membership_give(actor=cast.dan, user=cast.bob, role=Role.DPO, school=cast.hilltop)
    assert list(changes_waiting_for_me(cast.bob)) == []


def test_the_to_do_list_has_a_flat_number_of_queries(cast, django_assert_num_queries):
    def count() -> int:
        with CaptureQueriesContext(connection) as caught:
            list(changes_waiting_for_me(User.objects.get(pk=cast.bob.pk)))
        return len(caught)

    membership_give(actor=cast.dan, user=cast.alice, role=Role.DPO, school=cast.hilltop)
    few = count()
    for number in range(15):
        person = a_person(f"Person {number}", Role.STAFF, cast.hilltop)
        membership_give(actor=cast.dan, user=person, role=Role.DPO, school=cast.hilltop)
    assert count() == few <= 6
    assert len(list(changes_waiting_for_me(cast.bob))) == 16
