"""Closing an account: it leaves the public list, and every right on it ends."""

import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts.choices import Right
from accounts.models import SocialAccount
from accounts.services.register import account_close
from accounts.services.rights import rights_ask
from accounts.tests.register.cases import an_account, held, recorded, text_of, told
from core.errors import Refused
from smgov.testing import Cast, a_cit_trust, decide

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return a_cit_trust()


def url_of(account: SocialAccount) -> str:
    return reverse("accounts:account-close", args=[account.uuid])


@pytest.mark.clause("RAV-2.10")
def test_closing_ends_every_right_and_keeps_the_history(client, cast) -> None:
    account = an_account(cast.hilltop, cast.bob, lead=cast.alice, administrators=[cast.alice, cast.dan])
    client.force_login(cast.bob)
    assert "3 rights on it end" in text_of(client.get(url_of(account)))
    assert client.post(url_of(account), {"because": "The club has ended"}).status_code == 302
    account.refresh_from_db()
    assert (account.status, account.closed_because) == ("closed", "The club has ended")
    assert held(account) == set()
    assert account.rights.count() == 3
    assert told("accounts.right_ended") == {"Alice Archer", "Dan Dale"}
    assert told("accounts.below_minimum") == set(), "nobody is asked to mend a closed account"
    assert recorded("accounts.closed") == 1
    words = text_of(client.get(reverse("accounts:account-detail", args=[account.uuid])))
    assert "The club has ended" in words
    assert "Closed the account" in words


def test_a_reason_is_needed(client, cast) -> None:
    account = an_account(cast.hilltop, cast.bob)
    client.force_login(cast.bob)
    answer = client.post(url_of(account), {"because": "  "})
    assert answer.status_code == 422
    assert "Say why the account is closed" in text_of(answer)
    with pytest.raises(Refused):
        account_close(actor=cast.bob, account=account, because=" ")


def test_closing_twice_says_so(client, cast) -> None:
    account = an_account(cast.hilltop, cast.bob)
    client.force_login(cast.bob)
    client.post(url_of(account), {"because": "Over"})
    answer = client.post(url_of(account), {"because": "Over"})
    assert answer.status_code == 422
    assert recorded("accounts.closed") == 1


def test_a_right_that_waits_is_not_given_after_the_account_was_closed(cast) -> None:
    account = an_account(cast.hilltop, cast.bob)
    request = rights_ask(actor=cast.dan, account=account, user=cast.alice, right=Right.ADMINISTRATOR)
    decide(request.approval, cast.bob)
    account_close(actor=cast.bob, account=account, because="Over")
    with pytest.raises(Refused, match="closed meanwhile"):
        decide(request.approval, cast.cora)
    decide(request.approval, cast.cora, "refused")
    assert held(account) == set()


def test_who_may_close_it(client, cast) -> None:
    account = an_account(cast.hilltop, cast.bob, lead=cast.alice)
    for user, status in (
        (cast.bob, 200),
        (cast.cora, 200),
        (cast.alice, 403),
        (cast.dan, 403),
        (cast.elt, 403),
        (cast.eve, 404),
    ):
        client.force_login(user)
        assert client.get(url_of(account)).status_code == status
        if status > 200:
            assert client.post(url_of(account), {"because": "Over"}).status_code == status
    account.refresh_from_db()
    assert account.status == "live", "opening the page changes nothing"
    client.force_login(cast.bob)
    assert client.get(reverse("accounts:account-close", args=[uuid.uuid4()])).status_code == 404
    with pytest.raises(PermissionDenied):
        account_close(actor=cast.alice, account=account, because="Over")
