"""Recording that an approved account is live."""

import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from accounts.choices import Right
from accounts.models import SocialAccount
from accounts.services.register import account_go_live
from accounts.services.rights import rights_ask
from accounts.tests.register.cases import an_account, held, open_requests, recorded, text_of
from approvals.models import ApprovalRequest
from core.errors import Refused
from core.roles import Role
from people.models import GovernanceProfile
from smgov.testing import Cast, a_cit_trust, a_person, choose, decide, submitted

pytestmark = pytest.mark.django_db
ADDRESS = "https://www.facebook.com/hilltop.year6"


@pytest.fixture
def cast() -> Cast:
    return a_cit_trust()


def approved(cast: Cast, **answers) -> SocialAccount:
    """Alice's account, approved by headteacher and Head of Communications."""
    request = submitted(cast.alice, cast.hilltop, **answers)
    decide(request, cast.bob)
    decide(request, cast.cora)
    return SocialAccount.objects.get(request__approval=request)


def url_of(account: SocialAccount) -> str:
    return reverse("accounts:account-live", args=[account.uuid])


def typed(**changes) -> dict:
    day = changes.pop("day", timezone.localdate())
    date = {"live_since_day": day.day, "live_since_month": day.month, "live_since_year": day.year}
    return {"handle": "@hilltop_year6", "address": ADDRESS, **date, **changes}


@pytest.mark.clause("STM-15.24", "STM-15.28")
def test_an_administrator_records_that_the_account_is_live(client, cast) -> None:
    account = approved(cast)
    client.force_login(cast.alice)
    answer = client.post(url_of(account), typed())
    assert answer.url == reverse("accounts:account-detail", args=[account.uuid])
    account.refresh_from_db()
    assert (account.status, account.address, account.live_since) == ("live", ADDRESS, timezone.localdate())
    assert recorded("accounts.went_live") == 1


def test_the_same_form_sent_twice_records_it_once(client, cast) -> None:
    account = approved(cast)
    client.force_login(cast.alice)
    client.post(url_of(account), typed())
    again = client.post(url_of(account), typed())
    assert again.status_code == 422
    assert "It is not waiting to go live" in text_of(again)
    assert recorded("accounts.went_live") == 1


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"address": ""}, "Enter the address of the account"),
        ({"address": "javascript:alert(1)"}, "beginning with https://"),
        ({"address": "https://facebook.com.evil.example/x"}, "not an address on Facebook"),
        ({"address": "https://evil.example\\.facebook.com/x"}, "beginning with https://"),
        ({"address": "https://www.facebook.com@evil.example/x"}, "beginning with https://"),
        ({"address": "https://evil.example/?.facebook.com"}, "not an address on Facebook"),
        ({"address": "ftp://www.facebook.com/x"}, "beginning with https://"),
        ({"address": "https://www.facebook.com/a\\..\\b"}, "beginning with https://"),
        ({"address": "https://www.facebook.com/\x01"}, "beginning with https://"),
        ({"address": "https://[bad"}, "beginning with https://"),
        ({"address": "https://www.facebook.com/" + "x" * 500}, "500 characters or fewer"),
        ({"day": timezone.localdate() + timedelta(days=2)}, "or earlier"),
        ({"day": timezone.localdate() - timedelta(days=2)}, "before its final approval"),
        ({"handle": "x" * 101}, "100 characters or fewer"),
        ({"live_since_day": "31", "live_since_month": "2"}, "real date"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_what_was_typed_stays(
    client, cast, changes, message
) -> None:
    account = approved(cast)
    client.force_login(cast.alice)
    answer = client.post(url_of(account), typed(**changes))
    assert answer.status_code == 422
    assert message in text_of(answer)
    assert "@hilltop_year6" in answer.content.decode() or "handle" in changes
    account.refresh_from_db()
    assert account.status == "approved"


@pytest.mark.clause("STM-15.21")
def test_it_waits_for_enough_administrators(client, cast) -> None:
    choose(GovernanceProfile.objects.get(school=cast.hilltop), min_admins=3)
    cast_of_three = [
        cast.alice,
        a_person("Second", Role.STAFF, cast.hilltop),
        a_person("Third", Role.STAFF, cast.hilltop),
    ]
    account = approved(cast, administrators=cast_of_three)
    row = account.rights.get(user=cast_of_three[2], right=Right.ADMINISTRATOR)
    row.ended_at = timezone.now()
    row.save()
    client.force_login(cast.alice)
    assert "It needs 3 administrators and has 2." in text_of(client.get(url_of(account)))
    answer = client.post(url_of(account), typed())
    assert answer.status_code == 422
    assert "cannot go live yet" in text_of(answer)


@pytest.mark.clause("CIT-2.42", "CIT-3.09")
def test_it_waits_for_the_separate_request_of_a_signer_who_is_named(client, cast) -> None:
    account = approved(cast, administrators=[cast.alice, cast.bob])
    assert held(account) == {("Alice Archer", "administrator"), ("Alice Archer", "moderator")}
    waiting = open_requests(account)
    assert [(row.user, row.before_live) for row in waiting] == [(cast.bob, True)]
    client.force_login(cast.alice)
    assert "The right of Bob Barnes is not decided yet" in text_of(client.get(url_of(account)))
    assert client.post(url_of(account), typed()).status_code == 422
    decide(
        waiting[0].approval, cast.chair
    )  # Bob is concerned and has no deputy: the chair signs in his place
    assert client.post(url_of(account), typed()).status_code == 422
    decide(waiting[0].approval, cast.cora)
    assert ("Bob Barnes", "administrator") in held(account)
    assert client.post(url_of(account), typed()).status_code == 302


def test_a_later_request_for_a_right_does_not_hold_it_up(client, cast) -> None:
    account = approved(cast)
    rights_ask(actor=cast.bob, account=account, user=cast.dan, right=Right.POSTER)
    client.force_login(cast.alice)
    assert client.post(url_of(account), typed()).status_code == 302


@pytest.mark.clause("RAV-3.06")
def test_it_waits_for_a_lead_where_the_policy_asks_for_one(client, cast) -> None:
    choose(GovernanceProfile.objects.get(school=cast.hilltop), lead_required=True)
    account = approved(cast, lead=[cast.alice])
    account.rights.filter(right=Right.LEAD).update(ended_at=timezone.now())
    client.force_login(cast.bob)
    assert "It needs a lead member of staff." in text_of(client.get(url_of(account)))


def test_a_handle_that_the_register_holds_is_refused(client, cast) -> None:
    an_account(cast.hilltop, cast.bob, handle="Hilltop_Year6")
    account = approved(cast, handle="")
    client.force_login(cast.alice)
    answer = client.post(url_of(account), typed(handle="@HILLTOP_YEAR6"))
    assert answer.status_code == 422
    assert "The register holds @HILLTOP_YEAR6 on Facebook already" in text_of(answer)


def test_who_may_record_it(client, cast) -> None:
    account = approved(cast)
    plain = a_person("Pat Plain", Role.STAFF, cast.hilltop)
    for user, status in (
        (cast.bob, 200),
        (cast.cora, 200),
        (plain, 403),
        (cast.dan, 403),
        (cast.chair, 403),
        (cast.eve, 404),
    ):
        client.force_login(user)
        assert client.get(url_of(account)).status_code == status
        assert client.post(url_of(account), typed()).status_code == (status if status > 200 else 302)
        SocialAccount.objects.filter(pk=account.pk).update(status="approved")
    client.force_login(cast.bob)
    assert client.get(reverse("accounts:account-live", args=[uuid.uuid4()])).status_code == 404
    with pytest.raises(PermissionDenied):
        account_go_live(
            actor=plain, account=account, handle="", address=ADDRESS, live_since=timezone.localdate()
        )


def test_an_account_that_was_never_approved_cannot_go_live(cast) -> None:
    account = an_account(cast.hilltop, cast.bob, status="unconfirmed")
    with pytest.raises(Refused):
        account_go_live(
            actor=cast.bob, account=account, handle="", address=ADDRESS, live_since=timezone.localdate()
        )
    assert ApprovalRequest.objects.exists()


def test_input_survives_an_ended_session(client, cast, settings) -> None:
    account = approved(cast)
    client.force_login(cast.alice)
    session = client.session
    session["last_seen"] = timezone.now().timestamp() - settings.SESSION_IDLE_SECONDS - 5
    session.save()
    answer = client.post(url_of(account), typed(), headers={"origin": "http://testserver"})
    assert answer.status_code == 302
    client.force_login(cast.alice)
    kept = answer.url.partition("next=")[2].replace("%3F", "?").replace("%3D", "=")
    page = client.get(kept)
    assert ADDRESS in page.content.decode()
    assert "You were signed out before this was sent" in text_of(page)
    account.refresh_from_db()
    assert account.status == "approved", "nothing is sent by itself"
