"""Correcting what the register says of an account."""

import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts.models import SocialAccount
from accounts.services.register import account_change
from accounts.tests.register.cases import an_account, recorded, text_of
from core.errors import Refused
from core.models import AuditEvent
from smgov.testing import Cast, a_cit_trust

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return a_cit_trust()


def url_of(account: SocialAccount) -> str:
    return reverse("accounts:account-change", args=[account.uuid])


def typed(account: SocialAccount, **changes) -> dict:
    names = ("name", "handle", "address", "official_email")
    return {**{name: getattr(account, name) for name in names}, **changes}


def test_a_keeper_corrects_the_details(client, cast) -> None:
    account = an_account(cast.hilltop, cast.bob)
    client.force_login(cast.dan)
    answer = client.post(url_of(account), typed(account, name=" New   name ", handle="@new"))
    assert answer.status_code == 302
    account.refresh_from_db()
    assert (account.name, account.handle) == ("New name", "@new")
    event = AuditEvent.objects.get(action="accounts.account_changed")
    assert event.data == {"fields": ["name", "handle"]}
    assert event.actor == cast.dan


def test_nothing_changed_records_nothing(client, cast) -> None:
    account = an_account(cast.hilltop, cast.bob)
    client.force_login(cast.dan)
    assert client.post(url_of(account), typed(account)).status_code == 302
    assert recorded("accounts.account_changed") == 0


@pytest.mark.clause("CIT-3.02", "STM-3.02")
@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"official_email": "someone@gmail.com"}, "free mail service"),
        ({"official_email": "someone@elsewhere.example"}, "must end in @hilltop.example.org"),
        ({"official_email": "someone@hilltop.example.org.evil.example"}, "must end in @hilltop.example.org"),
        ({"official_email": ""}, "Enter the official e-mail address"),
        ({"official_email": "no address"}, "right form"),
        ({"address": ""}, "Enter the address of the account"),
        ({"address": "https://evil.example"}, "not an address on Facebook"),
        ({"name": ""}, "Enter the name of the account"),
        ({"name": "x" * 121}, "120 characters or fewer"),
    ],
)
def test_what_is_wrong_is_refused_beside_its_field(client, cast, changes, message) -> None:
    account = an_account(cast.hilltop, cast.bob)
    client.force_login(cast.bob)
    answer = client.post(url_of(account), typed(account, **changes))
    assert answer.status_code == 422
    assert message in text_of(answer)
    account.refresh_from_db()
    assert account.name.startswith("Account")


def test_an_official_address_is_never_taken_away_by_the_service_either(cast) -> None:
    account = an_account(cast.hilltop, cast.bob)
    for field in ("official_email", "address"):
        with pytest.raises(Refused) as refusal:
            account_change(actor=cast.bob, account=account, values={field: ""})
        assert refusal.value.field == field


def test_another_accounts_handle_is_refused(client, cast) -> None:
    an_account(cast.hilltop, cast.bob, handle="@taken")
    account = an_account(cast.hilltop, cast.bob)
    client.force_login(cast.bob)
    answer = client.post(url_of(account), typed(account, handle="TAKEN"))
    assert answer.status_code == 422
    assert "The register holds TAKEN on Facebook already" in text_of(answer)
    elsewhere = an_account(cast.otherplace, cast.eve, handle="@taken")
    assert elsewhere.handle == "@taken"


def test_what_was_approved_cannot_be_smuggled_in(client, cast) -> None:
    account = an_account(cast.hilltop, cast.bob, purpose="Concerts")
    client.force_login(cast.bob)
    client.post(
        url_of(account), typed(account, purpose="Adverts", status="closed", school=cast.otherplace.pk)
    )
    account.refresh_from_db()
    assert (account.purpose, account.status, account.school) == ("Concerts", "live", cast.hilltop)


def test_closed_and_unconfirmed_accounts_stay_as_they_are(client, cast) -> None:
    client.force_login(cast.bob)
    for status in ("closed", "unconfirmed", "refused"):
        account = an_account(cast.hilltop, cast.bob, status=status)
        answer = client.post(url_of(account), typed(account, name="Other"))
        assert answer.status_code == 422
        assert "Only approved and live accounts can be changed" in text_of(answer)


def test_who_may_change_it(client, cast) -> None:
    account = an_account(cast.hilltop, cast.bob, lead=cast.alice, administrators=[cast.alice])
    for user, status in (
        (cast.bob, 200),
        (cast.cora, 200),
        (cast.dan, 200),
        (cast.alice, 403),
        (cast.chair, 403),
        (cast.eve, 404),
    ):
        client.force_login(user)
        assert client.get(url_of(account)).status_code == status
        assert client.post(url_of(account), typed(account)).status_code == (status if status > 200 else 302)
    client.force_login(cast.bob)
    assert client.get(reverse("accounts:account-change", args=[uuid.uuid4()])).status_code == 404
    with pytest.raises(PermissionDenied):
        account_change(actor=cast.alice, account=account, values={"name": "Mine"})
