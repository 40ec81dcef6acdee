"""The page of one account: what it says, to whom, and what it offers."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.choices import Right
from accounts.models import SocialAccount
from accounts.services import rights
from accounts.services.register import account_enter
from accounts.tests.register.cases import an_account, text_of
from core.audit import audited, record
from core.models import Platform
from core.roles import Role
from people.models import GovernanceProfile
from smgov.testing import Cast, a_cit_trust, a_person, a_school, choose, decide, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return a_cit_trust()


def url_of(account: SocialAccount) -> str:
    return reverse("accounts:account-detail", args=[account.uuid])


def page(client, user, account, **query):
    client.force_login(user)
    return client.get(url_of(account), query)


@pytest.mark.clause("CIT-3.02", "STM-3.02", "CIT-3.17", "RAV-2.12")
def test_the_page_says_everything_about_the_account(client, cast) -> None:
    until = timezone.localdate() + timedelta(days=40)
    account = an_account(
        cast.hilltop,
        cast.bob,
        "Choir",
        lead=cast.alice,
        moderators=[cast.bob],
        administrators=[cast.alice, cast.bob],
        posters=[cast.dan],
        until=until,
        handle="@songs",
        purpose="Concerts\nand rehearsals",
        audience=["family"],
        openness="closed",
    )
    words = text_of(page(client, cast.alice, account))
    for said in (
        "Choir",
        "Hilltop Primary",
        "Facebook",
        "@songs",
        account.address,
        "office@hilltop.example.org",
        "Concerts and rehearsals",
        "Pupils&#x27; family members",
        "Private or closed",
        "Alice Archer",
        "Dan Dale",
        "May post",
        f"{until.day} {until:%B %Y}",
        "Live",
    ):
        assert said in words, said


def test_a_link_leads_out_only_while_the_account_is_live_and_only_by_http(client, cast) -> None:
    live = an_account(cast.hilltop, cast.bob)
    html = page(client, cast.alice, live).content.decode()
    assert f'href="{live.address}" rel="noopener noreferrer nofollow"' in html
    for status in ("closed", "approved", "unconfirmed", "refused"):
        other = an_account(cast.hilltop, cast.bob, status=status)
        html = page(client, cast.alice, other).content.decode()
        assert other.address in html
        assert f'href="{other.address}"' not in html
    for address in (
        "javascript:alert(1)",
        "data:text/html,x",
        "JAVASCRIPT://www.facebook.com/%0aalert(1)",
        "http://[",
    ):
        odd = an_account(cast.hilltop, cast.bob, address=address)
        assert f'href="{address}' not in page(client, cast.alice, odd).content.decode()


def test_hostile_names_stay_text(client, cast) -> None:
    account = an_account(cast.hilltop, cast.bob, "<script>alert(1)</script>", handle='"><img src=x>')
    html = page(client, cast.bob, account).content.decode()
    assert "<script>alert" not in html
    assert "<img src=x>" not in html


def test_another_school_and_a_random_id_answer_the_same(client, cast) -> None:
    account = an_account(cast.otherplace, cast.eve)
    client.force_login(cast.alice)
    foreign, random = (
        client.get(reverse("accounts:account-detail", args=[one])) for one in (account.uuid, uuid.uuid4())
    )
    assert foreign.status_code == random.status_code == 404
    assert text_of(foreign) == text_of(random)
    assert page(client, cast.cora, account).status_code == 200


@pytest.mark.clause("RAV-3.11")
def test_a_contributor_opens_only_an_account_on_which_they_hold_a_right(client) -> None:
    school = a_school(preset="ravens-wood")
    head, vera = (
        a_person("Hal Hill", Role.HEADTEACHER, school),
        a_person("Vera Vole", Role.CONTRIBUTOR, school),
    )
    hers, other = an_account(school, head, posters=[vera]), an_account(school, head)
    assert page(client, vera, hers).status_code == 200
    assert page(client, vera, other).status_code == 404


@pytest.mark.clause("STM-15.21")
def test_the_banner_stays_while_there_are_too_few_administrators(client) -> None:
    school = a_school(preset="st-marys")
    head, tess = a_person("Hal Hill", Role.HEADTEACHER, school), a_person("Tess Thorn", Role.STAFF, school)
    account = an_account(school, head, administrators=[tess])
    for _ in range(2):
        words = text_of(page(client, tess, account))
        assert "This account has 1 administrator, and the policy asks for at least 2" in words
    for row in account.rights.all():
        rights.right_end_now(actor=head, right=row, because="Moved on")
    assert "This account has nobody" in text_of(page(client, tess, account))
    SocialAccount.objects.filter(pk=account.pk).update(status="closed")
    assert "Too few" not in text_of(page(client, tess, account))


@pytest.mark.clause("RAV-2.11", "RAV-3.06")
def test_a_banner_asks_for_a_lead_where_the_policy_wants_one(client) -> None:
    school = a_school(preset="ravens-wood")
    head = a_person("Hal Hill", Role.HEADTEACHER, school)
    assert "No lead" in text_of(page(client, head, an_account(school, head, administrators=[head])))
    assert "No lead" not in text_of(page(client, head, an_account(school, head, lead=head)))


@pytest.mark.clause("CIT-3.18", "STM-3.16")
def test_where_nobody_is_named_the_page_says_who_moderates_by_the_policy(client, cast) -> None:
    words = text_of(page(client, cast.alice, an_account(cast.hilltop, cast.bob)))
    assert "moderated by: Headteacher and Head of Communications" in words
    named = an_account(cast.hilltop, cast.bob, moderators=[cast.dan])
    assert "Nobody is named as moderator" not in text_of(page(client, cast.alice, named))


@pytest.mark.clause("CIT-3.17")
def test_an_account_of_the_whole_trust_is_moderated_by_the_head_of_communications(client, cast) -> None:
    account = an_account(cast.hub, cast.cora, "Whole trust")
    words = text_of(page(client, cast.cora, account))
    assert f"{cast.trust.name}, through its Support Hub" in words
    assert "moderated by: Head of Communications" in words


@pytest.mark.clause("STM-15.21", "STM-15.28")
def test_obstacles_to_going_live_are_said_in_words(client, cast) -> None:
    choose(GovernanceProfile.objects.get(school=cast.hilltop), min_admins=2)
    request = submitted(cast.alice, cast.hilltop, administrators=[cast.alice, cast.bob])
    decide(request, cast.bob)
    decide(request, cast.cora)
    account = SocialAccount.objects.get()
    words = text_of(page(client, cast.alice, account))
    assert "The right of Bob Barnes is not decided yet." in words
    assert "It needs 2 administrators and has 1." in words
    assert "Record that it is live" not in words


def test_open_changes_of_rights_link_to_their_approval_for_those_who_may_read_it(client, cast) -> None:
    account = an_account(cast.hilltop, cast.bob, administrators=[cast.alice])
    request = rights.rights_ask(actor=cast.bob, account=account, user=cast.dan, right=Right.POSTER)
    link = reverse("approvals:request-detail", args=[request.approval.uuid])
    assert link in page(client, cast.bob, account).content.decode()
    concerned = page(client, cast.dan, account)
    assert "Give to Dan Dale: may post" in text_of(concerned)
    assert link not in concerned.content.decode(), "the person concerned knows of it and does not decide it"
    assert "Give to Dan Dale" not in text_of(page(client, cast.alice, account))


def test_each_person_is_offered_what_they_may_do(client, cast) -> None:
    account = an_account(cast.hilltop, cast.bob, administrators=[cast.alice])
    plain = a_person("Pat Plain", Role.STAFF, cast.hilltop)
    offers = {
        "Ask for a right": {cast.alice, cast.bob, cast.cora, cast.dan},
        "Change the details": {cast.bob, cast.cora, cast.dan},
        "Close the account": {cast.bob, cast.cora},
        "End now": {cast.bob, cast.cora},
        "What happened": {cast.bob, cast.cora, cast.dan, cast.chair},
    }
    for user in (cast.alice, cast.bob, cast.cora, cast.dan, cast.chair, plain):
        words = text_of(page(client, user, account))
        assert {name for name in offers if name in words} == {
            name for name, who in offers.items() if user in who
        }, user


@pytest.mark.clause("RAV-3.09")
def test_grantors_of_the_profile_may_end_a_right_at_once(client) -> None:
    school = a_school(preset="ravens-wood")
    head, leader = (
        a_person("Hal Hill", Role.HEADTEACHER, school),
        a_person("Sue Leader", Role.SENIOR_LEADER, school),
    )
    account = an_account(school, head, administrators=[head])
    assert "End now" in text_of(page(client, leader, account))
    cit = a_cit_trust()
    other = an_account(cit.hilltop, cit.bob, administrators=[cit.bob])
    assert "End now" not in text_of(page(client, a_person("Sid", Role.SENIOR_LEADER, cit.hilltop), other))


def test_history_says_who_did_what_and_when(client, cast) -> None:
    account = an_account(cast.hilltop, cast.bob, administrators=[cast.alice])
    rights.right_end_now(actor=cast.bob, right=account.rights.get(), because="Moved on")
    words = text_of(page(client, cast.bob, account))
    assert "Ended a right on the account" in words
    assert "Bob Barnes Administrator, Alice Archer" in words
    assert words.index("Ended a right") < words.index("Gave a right"), "the newest first"


def test_a_long_history_is_shortened_and_can_be_read_whole(client, cast) -> None:
    account = an_account(cast.hilltop, cast.bob)
    with audited():
        for number in range(60):
            record(
                "accounts.account_changed",
                actor=cast.bob,
                subject=account,
                data={"fields": [f"name_{number}"]},
            )
    short = page(client, cast.bob, account)
    assert "Show everything that happened" in text_of(short)
    assert len(short.context["history"]) == 50
    assert len(page(client, cast.bob, account, history="all").context["history"]) == 60


def test_an_unconfirmed_account_shows_who_was_named_and_who_confirms(client, cast) -> None:
    account = account_enter(
        actor=cast.dan,
        school=cast.hilltop,
        once=uuid.uuid4(),
        values={"name": "Old one", "platform": Platform.objects.get(slug="x"), "handle": "@old"},
        people=[(cast.alice, Right.LEAD)],
    )
    answer = page(client, cast.dan, account)
    words = text_of(answer)
    assert "Not confirmed yet" in words
    assert "Alice Archer: lead" in words
    assert reverse("approvals:request-detail", args=[account.confirmation.uuid]) in answer.content.decode()
    assert "Ask for a right" not in words


def test_the_page_costs_at_most_fifteen_queries_however_many_people(client, cast) -> None:
    counts = []
    for size in (1, 12):
        people = [a_person(f"Person {n}", Role.STAFF, cast.hilltop) for n in range(size)]
        account = an_account(cast.hilltop, cast.bob, administrators=people, posters=people)
        for person in people[:5]:
            rights.rights_ask(actor=cast.bob, account=account, user=person, right=Right.LEAD)
        client.force_login(cast.bob)
        client.get(url_of(account))
        with CaptureQueriesContext(connection) as found:
            client.get(url_of(account))
        counts.append(len(found))
    assert counts[0] == counts[1] <= 15
