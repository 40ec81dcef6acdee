"""What the register puts on a person's to-do list."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import todo
from accounts.choices import Right
from accounts.models import SocialAccount
from accounts.services.rights import rights_ask
from accounts.tests.register.cases import an_account, text_of
from core.roles import Role
from core.todo import for_user
from people.models import GovernanceProfile
from smgov.testing import Cast, a_cit_trust, a_person, a_school, choose, decide, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    cast = a_cit_trust()
    choose(GovernanceProfile.objects.get(trust=cast.trust), min_admins=2)
    return cast


def short(user) -> list[str]:
    return [item.title for item in todo.accounts_short_of_people(user)]


def to_set_up(user) -> list[str]:
    return [item.title for item in for_user(user) if item.action == "Set up"]


@pytest.mark.clause("STM-15.21")
def test_headteacher_and_head_of_communications_see_accounts_with_too_few_administrators(
    client, cast
) -> None:
    an_account(cast.hilltop, cast.bob, "Choir", administrators=[cast.alice])
    an_account(cast.hilltop, cast.bob, "Enough", administrators=[cast.alice, cast.dan])
    an_account(cast.hilltop, cast.bob, "Closed", status="closed")
    an_account(cast.otherplace, cast.eve, "Elsewhere")
    assert short(cast.bob) == ["Too few administrators: Choir"]
    assert short(cast.cora) == ["Too few administrators: Choir", "Too few administrators: Elsewhere"]
    for user in (cast.alice, cast.dan, cast.chair, cast.elt):
        assert short(user) == []
    client.force_login(cast.bob)
    assert "It has 1 of 2" in text_of(client.get(reverse("home")))


def test_what_was_asked_for_already_is_not_listed_twice(cast) -> None:
    account = an_account(cast.hilltop, cast.bob, "Choir", administrators=[cast.alice])
    rights_ask(actor=cast.dan, account=account, user=cast.alice, right=Right.LEAD)
    assert short(cast.bob) == ["Too few administrators: Choir"], "a lead mends no lack of administrators"
    request = rights_ask(actor=cast.dan, account=account, user=cast.dan, right=Right.ADMINISTRATOR)
    assert short(cast.bob) == []
    decide(request.approval, cast.bob, "refused")
    assert short(cast.bob) == ["Too few administrators: Choir"]


@pytest.mark.clause("RAV-2.11", "RAV-2.10")
def test_a_missing_lead_is_listed_where_the_policy_asks_for_one() -> None:
    school = a_school(preset="ravens-wood")
    mo, leader = a_person("Mo Moss", Role.HEAD_OF_COMMS, school), a_person("Sue", Role.SENIOR_LEADER, school)
    account = an_account(school, mo, "Choir", administrators=[leader])
    assert short(mo) == ["No lead: Choir"]
    rights_ask(actor=mo, account=account, user=mo, right=Right.LEAD)
    assert short(mo) == []


def test_an_approved_account_waits_for_requester_lead_and_administrators(client, cast) -> None:
    helper = a_person("Second Admin", Role.STAFF, cast.hilltop)
    request = submitted(cast.alice, cast.hilltop, administrators=[helper, cast.bob], moderator=[cast.dan])
    assert to_set_up(cast.alice) == []
    decide(request, cast.bob)
    decide(request, cast.cora)
    for user in (cast.alice, helper):
        assert to_set_up(user) == ["Set up the account: Year 6 at Hilltop"]
    for user in (cast.dan, cast.bob, cast.cora, cast.eve):
        assert to_set_up(user) == []
    [item] = [item for item in for_user(cast.alice) if item.action == "Set up"]
    assert "rights of the people named" in item.detail
    client.force_login(cast.alice)
    assert client.get(item.url).status_code == 200
    SocialAccount.objects.update(status="live", live_since="2026-01-01")
    assert to_set_up(cast.alice) == []


def test_the_lists_cost_the_same_for_few_and_for_many(cast) -> None:
    counts = []
    for size in (2, 20):
        for _ in range(size):
            an_account(cast.hilltop, cast.bob, administrators=[cast.alice])
            an_account(cast.hilltop, cast.bob, status="approved", lead=cast.bob, live_since=None)
        a_school(f"More {size}", trust=cast.trust)
        with CaptureQueriesContext(connection) as found:
            assert len(short(cast.bob)) == min(50, (2 if size == 2 else 22) * 2)
            to_set_up(cast.bob)
        counts.append(len(found))
    assert counts[0] == counts[1]


def test_a_headteacher_whose_school_has_chosen_no_process_finds_it_on_home(client) -> None:
    school = a_school("The Lanterns", preset="cbc", account_chain=None, account_form=None)
    head = a_person("Olu Martin", Role.HEADTEACHER, school)
    client.force_login(head)
    text = client.get("/").content.decode()
    assert "Choose how accounts are asked for and approved" in text
    assert "Still to choose" in text
