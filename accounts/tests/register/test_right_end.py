"""A grantor ends a right at once, with a reason."""

import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts.access import account_rules
from accounts.models import AccountRight
from accounts.services.rights import right_end_now
from accounts.tests.register.cases import an_account, held, recorded, text_of, told
from core.roles import Role
from smgov.testing import Cast, a_cit_trust, a_person, a_school

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return a_cit_trust()


def url_of(right: AccountRight) -> str:
    return reverse("accounts:right-end", args=[right.uuid])


@pytest.mark.clause("CIT-3.10", "STM-3.10", "STM-15.21")
def test_a_grantor_ends_a_right_at_once_and_the_guardian_grant_goes_with_it(client, cast) -> None:
    account = an_account(cast.hilltop, cast.bob, administrators=[cast.alice])
    assert account_rules.allows(cast.alice, "post", account)
    client.force_login(cast.cora)
    assert "End the right of Alice Archer" in text_of(client.get(url_of(account.rights.get())))
    answer = client.post(url_of(account.rights.get()), {"because": "Moved to another team"})
    assert answer.url == reverse("accounts:account-detail", args=[account.uuid])
    assert held(account) == set()
    assert not account_rules.allows(cast.alice, "post", account)
    row = account.rights.get()
    assert (row.ended_by, row.ended_because) == (cast.cora, "Moved to another team")
    assert recorded("accounts.right_ended") == 1
    assert told("accounts.right_ended") == {"Alice Archer"}
    assert told("accounts.below_minimum") == {"Bob Barnes", "Cora Clay"}


def test_the_shortage_is_told_once_and_again_only_for_the_next_one(cast) -> None:
    account = an_account(cast.hilltop, cast.bob, administrators=[cast.alice], posters=[cast.alice, cast.dan])
    first = account.rights.get(right="administrator")
    right_end_now(actor=cast.bob, right=first, because="Moved on")
    for row in account.rights.filter(right="poster"):
        right_end_now(actor=cast.bob, right=row, because="Moved on")
    assert cast.cora.notices.filter(kind="accounts.below_minimum").count() == 1


def test_a_reason_is_needed_and_a_second_time_says_so(client, cast) -> None:
    account = an_account(cast.hilltop, cast.bob, posters=[cast.alice])
    client.force_login(cast.bob)
    url = url_of(account.rights.get())
    answer = client.post(url, {"because": ""})
    assert answer.status_code == 422
    assert "Say why the right ends" in text_of(answer)
    client.post(url, {"because": "Moved on"})
    again = client.post(url, {"because": "Moved on"})
    assert again.status_code == 422
    assert "This right has ended already" in text_of(again)
    assert recorded("accounts.right_ended") == 1


def test_who_may_end_it(client, cast) -> None:
    account = an_account(cast.hilltop, cast.bob, administrators=[cast.alice])
    right, sid = account.rights.get(), a_person("Sid Senior", Role.SENIOR_LEADER, cast.hilltop)
    for user, status in (
        (cast.bob, 200),
        (cast.cora, 200),
        (cast.alice, 403),
        (cast.dan, 403),
        (sid, 403),
        (cast.eve, 404),
    ):
        client.force_login(user)
        assert client.get(url_of(right)).status_code == status
        if status > 200:
            assert client.post(url_of(right), {"because": "I say so"}).status_code == status
    assert held(account) == {("Alice Archer", "administrator")}
    client.force_login(cast.bob)
    assert client.get(reverse("accounts:right-end", args=[uuid.uuid4()])).status_code == 404
    for user in (cast.alice, sid, cast.eve):
        with pytest.raises(PermissionDenied):
            right_end_now(actor=user, right=right, because="I say so")


@pytest.mark.clause("RAV-3.09")
def test_a_senior_leader_who_gives_rights_ends_them_too() -> None:
    school = a_school(preset="ravens-wood")
    leader, mo = (
        a_person("Sue Leader", Role.SENIOR_LEADER, school),
        a_person("Mo Moss", Role.HEAD_OF_COMMS, school),
    )
    account = an_account(school, mo, administrators=[mo])
    right_end_now(actor=leader, right=account.rights.get(), because="Not trained")
    assert held(account) == set()
