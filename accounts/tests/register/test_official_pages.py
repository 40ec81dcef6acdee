"""The public lists: what anybody may see, and that nothing else is public."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.services.register import account_close
from accounts.tests.register.cases import an_account, text_of
from people.models import GovernanceProfile
from smgov.testing import Cast, a_cit_trust, a_school, choose

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return a_cit_trust()


def url_of(place) -> str:
    name = "official-trust" if place._meta.model_name == "trust" else "official-school"
    return reverse(f"accounts:{name}", args=[place.slug])


@pytest.mark.clause("BEC-1.02")
def test_anybody_may_look_up_the_live_accounts_of_a_school(client, cast) -> None:
    account = an_account(cast.hilltop, cast.bob, "Choir", handle="@songs")
    answer = client.get(url_of(cast.hilltop))
    assert answer.status_code == 200
    words = text_of(answer)
    day = timezone.localtime(account.confirmation.closed_at).date()
    for said in ("Hilltop Primary", "Choir", "Facebook", "@songs", account.address, f"{day.day} {day:%B %Y}"):
        assert said in words
    assert "If an account is not on this list, it is not ours" in words
    assert "Ask us by the telephone number" in words
    assert f'href="{account.address}" rel="noopener noreferrer nofollow"' in answer.content.decode()


def test_nothing_else_is_public(client, cast) -> None:
    an_account(
        cast.hilltop,
        cast.bob,
        "Choir",
        lead=cast.alice,
        administrators=[cast.bob],
        purpose="Secret aim",
        audience=["staff"],
    )
    for status in ("unconfirmed", "approved", "closed", "refused"):
        an_account(cast.hilltop, cast.bob, f"Hidden {status}", status=status)
    an_account(cast.otherplace, cast.eve, "Another school's")
    html = client.get(url_of(cast.hilltop)).content.decode()
    for hidden in (
        "Hidden",
        "Another school",
        "Alice",
        "Bob",
        "Secret aim",
        "School staff",
        "hilltop.example.org",
        "office@",
    ):
        assert hidden not in html, hidden


def test_the_day_of_the_last_confirmation_is_the_later_of_approval_and_going_live(client, cast) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    an_account(cast.hilltop, cast.bob, live_since=yesterday)
    assert f"{yesterday.day} {yesterday:%B %Y}" in text_of(client.get(url_of(cast.hilltop)))


def test_an_account_that_is_closed_leaves_the_list(client, cast) -> None:
    account = an_account(cast.hilltop, cast.bob, "Choir")
    account_close(actor=cast.bob, account=account, because="Over")
    words = text_of(client.get(url_of(cast.hilltop)))
    assert "Choir" not in words
    assert "No official account" in words


def test_a_school_that_keeps_its_list_to_itself_answers_like_one_that_does_not_exist(client, cast) -> None:
    hidden = a_school("Quiet School", publish_register=False)
    inactive = a_school("Gone School")
    inactive.active = False
    inactive.save()
    random = client.get(reverse("accounts:official-school", args=["no-such-school"]))
    assert random.status_code == 404
    for school in (hidden, inactive):
        answer = client.get(url_of(school))
        assert answer.status_code == 404
        assert text_of(answer) == text_of(random)


@pytest.mark.clause("BEC-1.02", "CIT-3.17")
def test_a_trusts_list_shows_its_own_accounts_first_then_each_school_that_publishes(client, cast) -> None:
    an_account(cast.otherplace, cast.eve, "Zebra club")
    an_account(cast.hub, cast.cora, "Whole trust news")
    choose(GovernanceProfile.objects.get(school=cast.hilltop), publish_register=False)
    an_account(cast.hilltop, cast.bob, "Quiet choir")
    a_school("Empty Academy", trust=cast.trust)
    words = text_of(client.get(url_of(cast.trust)))
    assert words.index("The whole trust") < words.index("Whole trust news") < words.index("Empty Academy")
    assert words.index("Empty Academy") < words.index("Otherplace Academy") < words.index("Zebra club")
    assert "Quiet choir" not in words
    assert "Hilltop" not in words
    choose(GovernanceProfile.objects.get(trust=cast.trust), publish_register=False)
    assert client.get(url_of(cast.trust)).status_code == 404
    assert client.get(reverse("accounts:official-trust", args=["no-such-trust"])).status_code == 404


def test_a_school_leads_to_its_trusts_list(client, cast) -> None:
    assert url_of(cast.trust) in client.get(url_of(cast.hilltop)).content.decode()
    assert "official/trust" not in client.get(url_of(a_school("Alone"))).content.decode()


def test_the_page_is_the_same_for_everybody_and_may_be_cached_shortly(client, cast) -> None:
    an_account(cast.hilltop, cast.bob)
    stranger = client.get(url_of(cast.hilltop))
    assert set(stranger["Cache-Control"].split(", ")) == {"max-age=300", "public"}
    assert not stranger.cookies
    client.force_login(cast.alice)
    colleague = client.get(url_of(cast.hilltop))
    assert colleague["Cache-Control"] == "no-store, private"
    assert stranger.content == colleague.content
    assert "csrfmiddlewaretoken" not in stranger.content.decode()


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "//evil.example", "vbscript:x"]
)
def test_only_http_addresses_are_links(client, cast, address) -> None:
    an_account(cast.hilltop, cast.bob, address=address)
    assert f'href="{address}' not in client.get(url_of(cast.hilltop)).content.decode()


def test_hostile_names_stay_text(client, cast) -> None:
    an_account(cast.hilltop, cast.bob, "<script>alert(1)</script>", handle='"><img src=x>')
    for place in (cast.hilltop, cast.trust):
        html = client.get(url_of(place)).content.decode()
        assert "<script>alert" not in html
        assert "<img src=x" not in html


def test_it_can_be_printed_and_only_read(client, cast) -> None:
    html = client.get(url_of(cast.hilltop)).content.decode()
    assert "data-print" in html
    for place in (cast.hilltop, cast.trust):
        assert client.post(url_of(place)).status_code in (403, 405)
        assert client.head(url_of(place)).status_code == 200


def test_the_lists_cost_the_same_however_many_schools_and_accounts(client, cast) -> None:
    counts = []
    for size in (1, 12):
        for number in range(size):
            school = a_school(f"School {size} {number}", trust=cast.trust)
            for _ in range(3):
                an_account(school, cast.bob)
        with CaptureQueriesContext(connection) as found:
            client.get(url_of(cast.trust))
        counts.append(len(found))
    assert counts[0] == counts[1] <= 6
