"""Asking for rights, who signs, and what the signatures do."""

import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from accounts.choices import Right
from accounts.models import RightsRequest, SocialAccount
from accounts.services.rights import end_due_rights, rights_ask
from accounts.tests.register.cases import an_account, held, open_requests, recorded, text_of, told
from approvals.services import request_withdraw
from core.errors import Refused
from core.roles import Role
from people.services.memberships import person_leaves
from smgov.testing import Cast, a_cit_trust, a_person, a_school, decide, give

pytestmark = pytest.mark.django_db
GRANT, END = RightsRequest.Move.GRANT, RightsRequest.Move.END


@pytest.fixture
def cast() -> Cast:
    return a_cit_trust()


def url_of(account: SocialAccount) -> str:
    return reverse("accounts:rights-ask", args=[account.uuid])


def typed(user, right=Right.ADMINISTRATOR, move=GRANT, **more) -> dict:
    return {"user": user.uuid, "right": right, "move": move, "reason": "", **more}


def with_day(day) -> dict:
    return {"until_day": day.day, "until_month": day.month, "until_year": day.year}


@pytest.mark.clause("CIT-2.42", "CIT-3.09", "CIT-3.19")
def test_headteacher_and_head_of_communications_both_sign(client, cast) -> None:
    account = an_account(cast.hilltop, cast.bob)
    client.force_login(cast.dan)
    page = text_of(client.get(url_of(account)))
    assert "Headteacher, then Head of Communications" in page
    answer = client.post(url_of(account), typed(cast.alice, reason="Runs the choir"))
    assert answer.status_code == 302
    [request] = open_requests(account)
    assert (request.user, request.right, request.reason) == (cast.alice, "administrator", "Runs the choir")
    assert held(account) == set()
    decide(request.approval, cast.bob)
    assert held(account) == set(), "one signature leaves the right pending"
    decide(request.approval, cast.cora)
    assert held(account) == {("Alice Archer", "administrator")}
    assert told("accounts.right_granted") == {"Alice Archer"}
    assert recorded("accounts.right_asked") == recorded("accounts.right_granted") == 1


@pytest.mark.clause("STM-3.09", "STM-3.10", "STM-3.17")
def test_the_headteacher_alone_signs_at_st_marys() -> None:
    school = a_school(preset="st-marys")
    head, mo = a_person("Hal Hill", Role.HEADTEACHER, school), a_person("Mo Moss", Role.HEAD_OF_COMMS, school)
    tess = a_person("Tess Thorn", Role.STAFF, school)
    account, office = an_account(school, head), a_person("Oz Office", Role.OFFICE, school)
    request = rights_ask(actor=office, account=account, user=tess, right=Right.POSTER)
    with pytest.raises(PermissionDenied):
        decide(request.approval, mo)
    decide(request.approval, head)
    assert held(account) == {("Tess Thorn", "poster")}


@pytest.mark.clause("CIT-2.42", "STM-3.09")
def test_the_person_concerned_never_signs(cast) -> None:
    account = an_account(cast.hilltop, cast.bob)
    request = rights_ask(actor=cast.dan, account=account, user=cast.bob, right=Right.ADMINISTRATOR)
    with pytest.raises(Refused, match="it is about you"):
        decide(request.approval, cast.bob)
    decide(request.approval, cast.chair)
    decide(request.approval, cast.cora)
    assert held(account) == {("Bob Barnes", "administrator")}


def test_whoever_asks_does_not_sign(cast) -> None:
    account = an_account(cast.hilltop, cast.bob)
    request = rights_ask(actor=cast.bob, account=account, user=cast.alice, right=Right.ADMINISTRATOR)
    with pytest.raises(Refused, match="you asked for it"):
        decide(request.approval, cast.bob)


@pytest.mark.clause("CIT-2.42", "CIT-3.09")
def test_a_central_team_is_signed_for_by_its_executive_team(cast) -> None:
    account = an_account(cast.hub, cast.cora)
    worker = a_person("Wes Ward", Role.STAFF, cast.hub)
    request = rights_ask(
        actor=a_person("Oz", Role.OFFICE, cast.hub), account=account, user=worker, right=Right.POSTER
    )
    decide(request.approval, cast.elt)
    decide(request.approval, cast.cora)
    assert held(account) == {("Wes Ward", "poster")}


@pytest.mark.clause("CIT-2.42", "CIT-3.09", "CIT-3.19", "CIT-3.10")
@pytest.mark.parametrize("right", [Right.ADMINISTRATOR, Right.POSTER, Right.LEAD])
def test_cit_gives_rights_to_members_of_staff_only(client, cast, right) -> None:
    vera = a_person("Vera Vole", Role.CONTRIBUTOR, cast.hilltop)
    account = an_account(cast.hilltop, cast.bob)
    client.force_login(cast.bob)
    answer = client.post(url_of(account), typed(vera, right))
    assert answer.status_code == 422
    assert "not a member of staff" in text_of(answer) or "not employed here" in text_of(answer)
    assert not RightsRequest.objects.exists()


@pytest.mark.clause("RAV-3.06")
def test_the_lead_is_employed_even_where_others_need_not_be() -> None:
    school = a_school(preset="ravens-wood")
    mo, vera = (
        a_person("Mo Moss", Role.HEAD_OF_COMMS, school),
        a_person("Vera Vole", Role.CONTRIBUTOR, school),
    )
    with pytest.raises(Refused, match="The lead must be a member of staff"):
        rights_ask(actor=mo, account=an_account(school, mo), user=vera, right=Right.LEAD)


@pytest.mark.clause("STM-3.09", "STM-3.17")
def test_at_st_marys_an_outsider_may_administer_and_not_post() -> None:
    school = a_school(preset="st-marys")
    head, vera = (
        a_person("Hal Hill", Role.HEADTEACHER, school),
        a_person("Vera Vole", Role.CONTRIBUTOR, school),
    )
    mo, account = a_person("Mo Moss", Role.HEAD_OF_COMMS, school), an_account(school, head)
    request = rights_ask(actor=mo, account=account, user=vera, right=Right.ADMINISTRATOR)
    decide(request.approval, head)
    assert held(account) == {("Vera Vole", "administrator")}
    with pytest.raises(Refused, match="lets only staff post"):
        rights_ask(actor=mo, account=account, user=vera, right=Right.POSTER)


def test_a_right_may_be_given_until_a_day_and_ends_after_it(client, cast, monkeypatch) -> None:
    account = an_account(cast.hilltop, cast.bob)
    last = timezone.localdate() + timedelta(days=20)
    client.force_login(cast.dan)
    client.post(url_of(account), typed(cast.alice, Right.POSTER, **with_day(last)))
    [request] = open_requests(account)
    decide(request.approval, cast.bob)
    decide(request.approval, cast.cora)
    row, grant = account.rights.get(), account.grants.get()
    assert row.until == grant.until == last
    assert end_due_rights() == 0
    monkeypatch.setattr(timezone, "localdate", lambda *args: last)
    assert end_due_rights() == 0, "the last day itself counts"
    monkeypatch.setattr(timezone, "localdate", lambda *args: last + timedelta(days=1))
    assert end_due_rights() == 1
    assert end_due_rights() == 0
    assert held(account) == set()
    row.refresh_from_db()
    assert row.ended_because == "Its last day has passed"
    assert told("accounts.right_ended") == {"Alice Archer"}


def test_the_last_day_of_a_right_may_be_changed(cast) -> None:
    account = an_account(cast.hilltop, cast.bob, posters=[cast.alice], until=timezone.localdate())
    later = timezone.localdate() + timedelta(days=90)
    request = rights_ask(actor=cast.dan, account=account, user=cast.alice, right=Right.POSTER, until=later)
    decide(request.approval, cast.bob)
    decide(request.approval, cast.cora)
    assert (account.rights.get().until, account.grants.get().until) == (later, later)
    assert recorded("accounts.right_changed") == 1


@pytest.mark.clause("RAV-2.10")
def test_a_new_lead_takes_the_place_of_the_one_before_and_the_signers_read_so(cast) -> None:
    account = an_account(cast.hilltop, cast.bob, lead=cast.alice)
    request = rights_ask(actor=cast.cora, account=account, user=cast.dan, right=Right.LEAD)
    rows = request.approval.rounds.get().snapshot["sections"][0]["rows"]
    assert {
        "key": "instead",
        "label": "In place of",
        "value": ["Alice Archer"],
        "clauses": "RAV-2.10",
    } in rows
    decide(request.approval, cast.bob)
    decide(request.approval, a_person("Kit Comms", Role.HEAD_OF_COMMS, cast.hilltop))
    assert held(account) == {("Dan Dale", "lead")}
    assert account.rights.get(user=cast.alice).ended_because == "Dan Dale became the lead"


def test_asking_to_end_a_right_needs_the_first_grantor(client, cast) -> None:
    account = an_account(cast.hilltop, cast.bob, administrators=[cast.alice, cast.dan])
    client.force_login(cast.alice)
    client.post(
        url_of(account),
        typed(cast.dan, move=END, reason="Moved to another team", **with_day(timezone.localdate())),
    )
    [request] = open_requests(account)
    assert request.until is None
    decide(request.approval, cast.bob)
    assert held(account) == {("Alice Archer", "administrator")}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"user": ""}, "Choose the person"),
        ({"user": uuid.uuid4()}, "Choose one of the answers"),
        ({"right": "owner"}, "Choose one of the answers"),
        ({"move": ""}, "Choose whether to give or to end a right"),
        ({"until_day": "1", "until_month": "1", "until_year": "2020"}, "or later"),
        ({"reason": "x" * 501}, "500 characters or fewer"),
        ({"move": END}, "Alice Archer does not hold this right"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_asked(client, cast, change, message) -> None:
    account = an_account(cast.hilltop, cast.bob)
    client.force_login(cast.bob)
    answer = client.post(url_of(account), {**typed(cast.alice), **change})
    assert answer.status_code == 422
    assert message in text_of(answer)
    assert not RightsRequest.objects.exists()


def test_a_person_of_another_school_cannot_be_chosen(client, cast) -> None:
    account = an_account(cast.hilltop, cast.bob)
    client.force_login(cast.bob)
    assert "Eve Earl" not in client.get(url_of(account)).content.decode()
    assert client.post(url_of(account), typed(cast.eve)).status_code == 422
    with pytest.raises(Refused, match="no role at Hilltop"):
        rights_ask(actor=cast.bob, account=account, user=cast.eve, right=Right.LEAD)


def test_the_same_change_is_asked_for_once(client, cast) -> None:
    account = an_account(cast.hilltop, cast.bob, posters=[cast.dan])
    client.force_login(cast.bob)
    assert client.post(url_of(account), typed(cast.alice)).status_code == 302
    again = client.post(url_of(account), typed(cast.alice))
    assert "waiting for a decision already" in text_of(again)
    assert "holds this right already" in text_of(client.post(url_of(account), typed(cast.dan, Right.POSTER)))
    assert RightsRequest.objects.count() == 1


def test_after_a_refusal_or_withdrawal_it_may_be_asked_for_again(cast) -> None:
    account = an_account(cast.hilltop, cast.bob)
    for end in ("refuse", "withdraw"):
        request = rights_ask(actor=cast.dan, account=account, user=cast.alice, right=Right.POSTER)
        if end == "refuse":
            decide(request.approval, cast.bob, "refused")
        else:
            request_withdraw(actor=cast.dan, request=request.approval)
    assert rights_ask(actor=cast.dan, account=account, user=cast.alice, right=Right.POSTER).open
    assert held(account) == set()


def test_nothing_is_given_to_somebody_who_left_or_is_no_longer_staff_meanwhile(cast) -> None:
    account = an_account(cast.hilltop, cast.bob)
    gone = rights_ask(actor=cast.bob, account=account, user=cast.alice, right=Right.ADMINISTRATOR)
    pat = a_person("Pat", Role.STAFF, cast.hilltop)
    turned = rights_ask(actor=cast.dan, account=account, user=pat, right=Right.ADMINISTRATOR)
    person_leaves(actor=cast.dan, user=cast.alice, school=cast.hilltop)
    give(pat, Role.CONTRIBUTOR, cast.hilltop)
    pat.memberships.filter(role=Role.STAFF).update(ended_at=timezone.now())
    decide(gone.approval, cast.chair)
    decide(turned.approval, cast.bob)
    for request, why in ((gone, "no role at Hilltop"), (turned, "not a member of staff")):
        with pytest.raises(Refused, match=why):
            decide(request.approval, cast.cora)
    assert held(account) == set()


def test_no_rights_on_closed_or_unconfirmed_accounts(client, cast) -> None:
    client.force_login(cast.bob)
    for status in ("closed", "unconfirmed", "refused"):
        account = an_account(cast.hilltop, cast.bob, status=status)
        answer = client.post(url_of(account), typed(cast.alice))
        assert answer.status_code == 422
        assert "approved or live" in text_of(answer)


def test_who_may_ask(client, cast) -> None:
    account = an_account(cast.hilltop, cast.bob, administrators=[cast.alice])
    plain = a_person("Pat Plain", Role.STAFF, cast.hilltop)
    for user, status in (
        (cast.alice, 200),
        (cast.bob, 200),
        (cast.dan, 200),
        (plain, 403),
        (cast.chair, 403),
        (cast.eve, 404),
    ):
        client.force_login(user)
        assert client.get(url_of(account)).status_code == status
        if status > 200:
            assert client.post(url_of(account), typed(cast.alice)).status_code == status
    client.force_login(cast.bob)
    assert client.get(reverse("accounts:rights-ask", args=[uuid.uuid4()])).status_code == 404
    with pytest.raises(PermissionDenied):
        rights_ask(actor=plain, account=account, user=plain, right=Right.LEAD)


def test_a_link_may_say_what_it_is_about(client, cast) -> None:
    account = an_account(cast.hilltop, cast.bob, administrators=[cast.alice])
    client.force_login(cast.bob)
    query = {"user": str(cast.alice.uuid), "right": "administrator", "move": "end"}
    form = client.get(url_of(account), query).context["form"]
    assert {name: form[name].value() for name in query} == query
