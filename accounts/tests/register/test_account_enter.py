"""Entering an account that is older than the portal, and its confirmation."""

import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from accounts.choices import Right
from accounts.models import SocialAccount
from accounts.services.register import account_enter
from accounts.tests.register.cases import an_account, held, open_requests, recorded, text_of, told
from approvals.models import ApprovalRequest
from approvals.services import request_withdraw
from core.errors import Refused
from core.models import Platform
from core.roles import Post, Role
from people.models import School
from smgov.testing import Cast, a_cit_trust, a_person, a_school, decide

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return a_cit_trust()


def url_of(school: School) -> str:
    return reverse("accounts:account-enter", args=[school.uuid])


def typed(*people, **changes) -> dict:
    data = {
        "once": uuid.uuid4(),
        "name": "Choir",
        "platform": "facebook",
        "handle": "@songs",
        "address": "https://www.facebook.com/songs",
        "official_email": "choir@hilltop.example.org",
        "purpose": "Concerts",
        "audience": ["family", "public"],
        "openness": "open",
        "live_since_day": "1",
        "live_since_month": "9",
        "live_since_year": "2023",
    }
    for number, (user, right) in enumerate(people, start=1):
        data[f"person_{number}"] = getattr(user, "uuid", user)
        data[f"right_{number}"] = right
    return {**data, **changes}


@pytest.mark.clause("RAV-2.12", "BEC-1.02")
def test_an_account_is_entered_and_the_last_signer_of_the_chain_confirms_it(client, cast) -> None:
    client.force_login(cast.dan)
    people = [(cast.alice, "lead"), (cast.alice, "administrator")]
    answer = client.post(url_of(cast.hilltop), typed(*people))
    account = SocialAccount.objects.get()
    assert answer.url == reverse("accounts:account-detail", args=[account.uuid])
    assert (account.status, account.school, account.entered_by) == ("unconfirmed", cast.hilltop, cast.dan)
    assert account.audience == ["family", "public"]
    assert [step.role for step in account.confirmation.steps.all()] == ["head_of_comms"]
    assert told("approvals.to_sign") == {"Cora Clay"}
    assert held(account) == set(), "nobody has a right before it is confirmed"
    decide(account.confirmation, cast.cora)
    account.refresh_from_db()
    assert (account.status, str(account.live_since)) == ("live", "2023-09-01")
    assert held(account) == {("Alice Archer", "lead")}
    assert [row.user for row in open_requests(account)] == [cast.alice], (
        "the administrator's right needs both signatures"
    )
    assert recorded("accounts.account_entered") == recorded("accounts.account_confirmed") == 1


@pytest.mark.clause("STM-3.09")
def test_where_the_confirmer_gives_rights_alone_they_come_with_the_confirmation() -> None:
    school = a_school(preset="st-marys")
    head, office = a_person("Hal Hill", Role.HEADTEACHER, school), a_person("Oz Office", Role.OFFICE, school)
    deputy = a_person("Gina Gold", Role.GOVERNANCE, school, post=Post.CHAIR)
    account = account_enter(
        actor=office,
        school=school,
        once=uuid.uuid4(),
        values={"name": "Choir", "platform": Platform.objects.get(slug="x"), "handle": "@c"},
        people=[(office, Right.ADMINISTRATOR), (head, Right.ADMINISTRATOR)],
    )
    decide(account.confirmation, head)
    assert held(account) == {("Oz Office", "administrator")}
    [waiting] = open_requests(account)
    assert waiting.user == head, "nobody gives a right to themselves"
    decide(waiting.approval, deputy)
    assert held(account) == {("Oz Office", "administrator"), ("Hal Hill", "administrator")}


def test_a_refused_or_withdrawn_entry_stays_in_the_history_and_may_be_entered_again(client, cast) -> None:
    client.force_login(cast.dan)
    for end in ("refuse", "withdraw"):
        client.post(url_of(cast.hilltop), typed())
        account = SocialAccount.objects.latest("pk")
        if end == "refuse":
            decide(account.confirmation, cast.cora, "refused")
        else:
            request_withdraw(actor=cast.dan, request=account.confirmation)
        account.refresh_from_db()
        assert account.status == "refused"
    assert client.post(url_of(cast.hilltop), typed()).status_code == 302


@pytest.mark.clause("STM-15.21")
def test_confirming_an_account_with_too_few_administrators_tells_who_must_act() -> None:
    school = a_school(preset="st-marys")
    head, office = a_person("Hal Hill", Role.HEADTEACHER, school), a_person("Oz Office", Role.OFFICE, school)
    account = account_enter(
        actor=office,
        school=school,
        once=uuid.uuid4(),
        values={"name": "Choir", "platform": Platform.objects.get(slug="x")},
        people=[(office, Right.ADMINISTRATOR)],
    )
    decide(account.confirmation, head)
    assert told("accounts.below_minimum") == {"Hal Hill"}


def test_the_same_form_sent_five_times_makes_one_account(client, cast) -> None:
    client.force_login(cast.dan)
    data = typed()
    answers = {client.post(url_of(cast.hilltop), data).url for _ in range(5)}
    assert len(answers) == SocialAccount.objects.count() == ApprovalRequest.objects.count() == 1


@pytest.mark.clause("RAV-2.12")
@pytest.mark.parametrize(
    ("known", "again"),
    [
        ({"handle": "@songs"}, {"handle": "SONGS", "name": "Other"}),
        ({"handle": "", "name": "choir"}, {"handle": "@songs"}),
        ({"handle": "@songs", "name": "CHOIR"}, {"handle": ""}),
    ],
)
def test_an_account_stands_in_the_register_once(client, cast, known, again) -> None:
    an_account(cast.hilltop, cast.bob, **known)
    client.force_login(cast.dan)
    answer = client.post(url_of(cast.hilltop), typed(**again))
    assert answer.status_code == 422
    assert "on Facebook already" in text_of(answer)
    assert SocialAccount.objects.count() == 1


@pytest.mark.clause("CIT-3.02", "STM-3.02", "RAV-1.02")
@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": " "}, "Enter the name of the account"),
        ({"platform": ""}, "Choose the platform"),
        ({"platform": "myspace"}, "Choose one of the answers"),
        ({"address": "https://evil.example"}, "not an address on Facebook"),
        ({"official_email": "me@gmail.com"}, "free mail service"),
        ({"live_since_year": str(timezone.localdate().year + 1)}, "or earlier"),
        ({"live_since_year": "1975"}, "in 1990 or later"),
        ({"live_since_day": ""}, "must include a day"),
        ({"audience": ["martians"]}, "Choose one of the answers"),
        ({"openness": "ajar"}, "Choose one of the answers"),
        ({"purpose": "x" * 2001}, "2000 characters or fewer"),
        ({"once": "x"}, ""),
        ({"name": "a\x00b"}, "Null characters"),
    ],
)
def test_what_is_wrong_is_refused_and_nothing_is_entered(client, cast, changes, message) -> None:
    client.force_login(cast.dan)
    answer = client.post(url_of(cast.hilltop), typed(**changes))
    assert answer.status_code == 422
    assert message in text_of(answer)
    assert not SocialAccount.objects.exists()


@pytest.mark.parametrize(
    ("people", "message"),
    [
        ([("alice", "")], "Choose the right of person 1"),
        ([("", "lead")], "Choose person 1"),
        ([("alice", "owner")], "Choose one of the answers"),
        ([("vera", "administrator")], "Vera Vole is not a member of staff"),
        ([("vera", "lead")], "The lead must be a member of staff"),
        ([("eve", "lead")], "Choose one of the answers"),
        ([("alice", "lead"), ("dan", "lead")], "An account has one lead"),
        ([("alice", "poster"), ("alice", "poster")], "stands here already"),
    ],
)
def test_people_who_may_not_hold_their_right_are_named_beside_their_row(
    client, cast, people, message
) -> None:
    vera = a_person("Vera Vole", Role.CONTRIBUTOR, cast.hilltop)
    who = {"alice": cast.alice, "dan": cast.dan, "eve": cast.eve, "vera": vera, "": ""}
    client.force_login(cast.bob)
    answer = client.post(url_of(cast.hilltop), typed(*[(who[name], right) for name, right in people]))
    assert answer.status_code == 422
    assert message in text_of(answer)
    assert "Choir" in answer.content.decode(), "what was typed stays"
    assert not SocialAccount.objects.exists()


def test_rows_may_be_added_without_losing_what_was_typed(client, cast) -> None:
    client.force_login(cast.bob)
    people = [(cast.alice, "lead"), (cast.alice, "administrator"), (cast.bob, "poster"), (cast.dan, "poster")]
    answer = client.post(url_of(cast.hilltop), typed(*people, name="", action="add-person"))
    assert answer.status_code == 200
    assert "There is a problem" not in text_of(answer)
    html = answer.content.decode()
    assert 'name="person_5"' in html
    assert "@songs" in html
    assert not SocialAccount.objects.exists()
    six = client.post(url_of(cast.hilltop), typed(*people, (cast.cora, "moderator")))
    assert six.status_code == 302
    assert SocialAccount.objects.get().proposed_people.count() == 5


def test_there_is_an_end_to_added_rows(client, cast) -> None:
    client.force_login(cast.bob)
    many = {f"person_{n}": "" for n in range(1, 500)}
    answer = client.post(url_of(cast.hilltop), typed(action="add-person", **many))
    assert answer.status_code == 200
    assert 'name="person_30"' in answer.content.decode()
    assert 'name="person_31"' not in answer.content.decode()


def test_a_school_that_has_not_chosen_its_process_says_so(client) -> None:
    school = a_school(preset="cit", allowed_email_domains=None)
    head = a_person("Hal Hill", Role.HEADTEACHER, school)
    client.force_login(head)
    page = client.get(url_of(school))
    assert "Official e-mail domains".lower() in text_of(page).lower()
    assert "<form" not in page.content.decode().partition("<main")[2]
    answer = client.post(url_of(school), typed())
    assert answer.status_code == 422
    assert not SocialAccount.objects.exists()


def test_who_may_enter_accounts_where(client, cast) -> None:
    for user, status in (
        (cast.bob, 200),
        (cast.cora, 200),
        (cast.dan, 200),
        (cast.alice, 403),
        (cast.chair, 403),
        (cast.eve, 404),
    ):
        client.force_login(user)
        assert client.get(url_of(cast.hilltop)).status_code == status
        if status > 200:
            assert client.post(url_of(cast.hilltop), typed()).status_code == status
    client.force_login(cast.bob)
    assert client.get(reverse("accounts:account-enter", args=[uuid.uuid4()])).status_code == 404
    assert not SocialAccount.objects.exists(), "opening the page enters nothing"
    with pytest.raises(PermissionDenied):
        account_enter(actor=cast.alice, school=cast.hilltop, once=uuid.uuid4(), values={"name": "x"})


def test_whoever_enters_it_does_not_confirm_it(cast) -> None:
    account = account_enter(
        actor=cast.cora,
        school=cast.hilltop,
        once=uuid.uuid4(),
        values={
            "name": "Choir",
            "platform": Platform.objects.get(slug="x"),
            "live_since": timezone.localdate() - timedelta(1),
        },
    )
    with pytest.raises(Refused, match="you asked for it"):
        decide(account.confirmation, cast.cora)
    decide(account.confirmation, cast.chair)
    account.refresh_from_db()
    assert account.status == "live"
