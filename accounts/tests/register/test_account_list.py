"""The register: who sees which accounts, search and filters, the warning that stays, its cost."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccountRight, SocialAccount
from accounts.tests.register.cases import an_account, an_approval, text_of
from core.models import Platform
from core.roles import Role
from smgov.testing import Cast, a_cit_trust, a_person, a_school, give

pytestmark = pytest.mark.django_db
URL = reverse("accounts:account-list")


@pytest.fixture
def cast() -> Cast:
    return a_cit_trust()


def listed(client, user, **query) -> list[str]:
    """Names of the accounts on the page, in order."""
    client.force_login(user)
    answer = client.get(URL, query)
    assert answer.status_code == 200
    names = dict(SocialAccount.objects.values_list("pk", "name"))
    return [names[pk] for pk in answer.context["page_obj"]]


@pytest.mark.clause("RAV-2.12", "BEC-1.02")
def test_the_register_lists_accounts_with_their_lead_and_administrators(client, cast) -> None:
    an_account(cast.hilltop, cast.bob, "Year 6", lead=cast.alice, administrators=[cast.alice, cast.bob])
    client.force_login(cast.alice)
    words = text_of(client.get(URL))
    for said in ("Year 6", "Facebook", "Hilltop Primary", "Alice Archer", "2 (at least 1)", "Live"):
        assert said in words
    assert "Too few" not in words


def test_another_schools_accounts_are_not_listed_nor_counted(client, cast) -> None:
    an_account(cast.hilltop, cast.bob, "Ours")
    an_account(cast.otherplace, cast.eve, "Theirs")
    assert listed(client, cast.alice) == ["Ours"]
    assert "1 account" in text_of(client.get(URL))
    assert listed(client, cast.cora) == ["Ours", "Theirs"]
    assert listed(client, cast.eve, school=str(cast.hilltop.uuid)) == ["Theirs"], (
        "a foreign school is no filter"
    )


@pytest.mark.clause("RAV-3.11", "STM-3.09")
def test_a_contributor_sees_only_the_accounts_on_which_they_hold_a_right(client) -> None:
    school = a_school(preset="ravens-wood")
    head, vera = (
        a_person("Hal Hill", Role.HEADTEACHER, school),
        a_person("Vera Vole", Role.CONTRIBUTOR, school),
    )
    an_account(school, head, "Hers", administrators=[vera])
    an_account(school, head, "Not hers", administrators=[head])
    an_account(school, head, "Was hers", posters=[vera], until=timezone.localdate() - timedelta(days=1))
    assert listed(client, vera) == ["Hers"]
    assert "Download" not in text_of(client.get(URL))


@pytest.mark.clause("STM-15.21")
def test_the_warning_stays_until_there_are_enough_administrators(client) -> None:
    school = a_school(preset="st-marys")
    head, tess = a_person("Hal Hill", Role.HEADTEACHER, school), a_person("Tess Thorn", Role.STAFF, school)
    account = an_account(school, head, "Choir", administrators=[tess])
    client.force_login(tess)
    for _ in range(2):
        assert "1 of 2 Too few administrators" in text_of(client.get(URL))
    enough = an_account(school, head, "Other", administrators=[tess, head])
    assert listed(client, tess, attention="yes") == ["Choir"]
    AccountRight.objects.create(
        account=account,
        user=head,
        right="administrator",
        granted_at=timezone.now(),
        approval=an_approval(school, head),
    )
    assert "Too few" not in text_of(client.get(URL))
    assert listed(client, tess, attention="yes") == []
    head.is_active = False
    head.save()
    assert listed(client, tess, attention="yes") == ["Choir", "Other"], (
        "who has left the portal does not count"
    )
    assert enough.status == "live"


def test_closed_accounts_need_no_attention_and_a_missing_lead_does(client) -> None:
    school = a_school(preset="ravens-wood")
    head = a_person("Hal Hill", Role.HEADTEACHER, school)
    an_account(school, head, "Led", lead=head, administrators=[head])
    an_account(school, head, "Without lead", administrators=[head])
    an_account(school, head, "Closed", status="closed")
    assert listed(client, head, attention="yes") == ["Without lead"]
    assert "Missing" in text_of(client.get(URL))


def test_search_finds_name_handle_address_and_person(client, cast) -> None:
    an_account(cast.hilltop, cast.bob, "Choir", handle="@songs", administrators=[cast.alice])
    an_account(cast.hilltop, cast.bob, "Eco club", handle="@green")
    for words, names in {
        "choir": ["Choir"],
        "SONGS": ["Choir"],
        "archer": ["Choir"],
        "facebook.com": ["Choir", "Eco club"],
        "nothing": [],
    }.items():
        assert listed(client, cast.alice, q=words) == names
    assert "No account matches" in text_of(client.get(URL, {"q": "nothing"}))


def test_filters_by_platform_status_and_school(client, cast) -> None:
    an_account(cast.hilltop, cast.bob, "A")
    an_account(cast.hilltop, cast.bob, "B", platform="x", status="closed")
    an_account(cast.otherplace, cast.bob, "C", platform="x")
    assert listed(client, cast.cora, platform="x") == ["B", "C"]
    assert listed(client, cast.cora, status="closed") == ["B"]
    assert listed(client, cast.cora, school=str(cast.otherplace.uuid)) == ["C"]
    assert listed(client, cast.cora, status="nonsense", platform="none", school=str(uuid.uuid4())) == [
        "A",
        "B",
        "C",
    ]


@pytest.mark.parametrize(
    ("sort", "names"),
    [
        ("name", ["A", "B", "C"]),
        ("-name", ["C", "B", "A"]),
        ("live_since", ["C", "B", "A"]),
        ("platform", ["A", "B", "C"]),
        ("official_email", ["A", "B", "C"]),
        ("request__approval__title", ["A", "B", "C"]),
    ],
)
def test_only_the_listed_columns_sort(client, cast, sort, names) -> None:
    today = timezone.localdate()
    for days, name in enumerate("ABC"):
        an_account(cast.hilltop, cast.bob, name, live_since=today - timedelta(days=days))
    assert listed(client, cast.alice, sort=sort) == names


def many(school, by, count: int) -> None:
    """Live accounts with two administrators each, past the services."""
    platform, approval, today = Platform.objects.get(slug="x"), an_approval(school, by), timezone.localdate()
    people = [a_person(f"Person {n}", Role.STAFF, school) for n in range(4)]
    accounts = SocialAccount.objects.bulk_create(
        SocialAccount(school=school, platform=platform, name=f"Many {n}", status="live", live_since=today)
        for n in range(count)
    )
    AccountRight.objects.bulk_create(
        AccountRight(
            account=account, user=person, right="administrator", granted_at=timezone.now(), approval=approval
        )
        for number, account in enumerate(accounts)
        for person in (people[number % 4], people[(number + 1) % 4])
    )


def test_the_list_costs_the_same_for_few_and_for_many_accounts_and_schools(client, cast) -> None:
    counts = []
    for size in (3, 120):
        many(cast.hilltop, cast.bob, size)
        client.force_login(cast.cora)
        client.get(URL)
        for query in ({}, {"attention": "yes", "q": "person", "sort": "-status", "page": "2"}):
            with CaptureQueriesContext(connection) as found:
                assert client.get(URL, query).status_code == 200
            counts.append(len(found))
        for number in range(3):
            school = a_school(f"More {size} {number}", trust=cast.trust)
            many(school, cast.bob, 30)
    assert counts[:2] == counts[2:]
    assert max(counts) <= 15


def test_paging_shows_25_and_a_page_out_of_range_shows_the_last(client, cast) -> None:
    many(cast.hilltop, cast.bob, 60)
    assert len(listed(client, cast.alice)) == 25
    assert len(listed(client, cast.alice, page="99")) == 10
    assert len(listed(client, cast.alice, page="x")) == 25


def test_an_empty_register_says_how_accounts_come_in(client, cast) -> None:
    client.force_login(cast.alice)
    assert "No account stands in the register yet" in text_of(client.get(URL))
    client.force_login(cast.bob)
    assert reverse("accounts:account-enter", args=[cast.hilltop.uuid]) in client.get(URL).content.decode()


def test_only_those_who_may_enter_accounts_see_the_way(client, cast) -> None:
    client.force_login(cast.alice)
    assert "accounts/enter" not in client.get(URL).content.decode()
    client.force_login(cast.cora)
    html = client.get(URL).content.decode()
    assert all(str(school.uuid) in html for school in (cast.hilltop, cast.otherplace, cast.hub))


def test_the_register_says_where_its_public_page_is(client, cast) -> None:
    client.force_login(cast.alice)
    assert reverse("accounts:official-school", args=[cast.hilltop.slug]) in client.get(URL).content.decode()


def test_strangers_sign_in_first_and_people_without_a_role_see_nothing(client, cast) -> None:
    assert client.get(URL).status_code == 302
    root = a_person("Root")
    root.is_superuser = True
    root.save()
    client.force_login(root)
    assert client.get(URL).status_code == 403


def test_the_register_stands_on_the_first_page_for_everybody_with_a_role(client, cast) -> None:
    for user in (cast.alice, cast.chair):
        client.force_login(user)
        assert f'href="{URL}"' in client.get(reverse("accounts:home")).content.decode()


def test_the_school_of_each_account_is_named_to_those_who_have_several(client, cast) -> None:
    an_account(cast.hilltop, cast.bob, "Ours")
    client.force_login(cast.alice)
    assert "?sort=school" not in client.get(URL).content.decode()
    give(cast.alice, Role.STAFF, cast.otherplace)
    assert "?sort=school" in client.get(URL).content.decode()


def test_a_role_that_was_given_for_another_school_shows_its_accounts_at_once(client, cast) -> None:
    an_account(cast.otherplace, cast.eve, "Theirs")
    assert listed(client, cast.alice) == []
    give(cast.alice, Role.STAFF, cast.otherplace)
    assert listed(client, cast.alice) == ["Theirs"]


def test_get_is_the_only_method(client, cast) -> None:
    client.force_login(cast.alice)
    assert client.post(URL).status_code == 405
