"""The list of requests: mine, and those of colleagues that I may see."""

import pytest
from django.urls import reverse

from accounts.models import AccountRequest
from accounts.services.requests import consult, request_discard
from accounts.tests.request.conftest import fresh
from core.models import Platform
from core.roles import Role
from smgov.testing import a_draft, a_person, decide, give, submitted

LIST = reverse("accounts:request-list")


def names(client, query: str = "") -> list[str]:
    """The names on the page."""
    return [row.name for row in client.get(LIST + query).context["page_obj"]]


def test_my_drafts_and_requests_are_listed_with_where_they_lie(client, cast):
    a_draft(cast.alice, cast.hilltop, name="Draft one")
    submitted(cast.alice, cast.hilltop, name="Sent one")
    client.force_login(cast.alice)
    page = client.get(LIST).content.decode()
    assert "Draft one" in page
    assert "Sent one" in page
    assert "Waiting for a decision" in page
    assert "Headteacher" in page


def test_an_empty_list_explains_what_happens(client, cast):
    client.force_login(cast.alice)
    page = client.get(LIST).content.decode()
    assert "You have not asked for an account yet" in page
    assert reverse("accounts:request-start") in page


def test_drafts_of_others_are_seen_only_by_the_roles_that_were_asked(client, cast):
    row = a_draft(cast.alice, cast.hilltop, name="Secret plan")
    for person in (cast.bob, cast.cora, cast.eve, cast.dan, cast.chair):
        client.force_login(person)
        assert names(client, "?show=others") == []
    consult(actor=cast.alice, request=row, topic="consultation", text="Is it right?", once=fresh())
    client.force_login(cast.cora)
    assert names(client, "?show=others") == ["Secret plan"]
    client.force_login(cast.bob)
    assert names(client, "?show=others") == []


def test_leaders_and_signers_see_what_was_sent_and_another_school_nothing(client, cast):
    submitted(cast.alice, cast.hilltop, name="Sent one")
    for person, seen in [(cast.bob, ["Sent one"]), (cast.elt, ["Sent one"]), (cast.eve, []), (cast.dan, [])]:
        client.force_login(person)
        assert names(client, "?show=others") == seen


def test_search_finds_every_word_in_name_handle_platform_or_author(client, cast):
    a_draft(cast.alice, cast.hilltop, name="Library club", platform=Platform.objects.get(slug="youtube"))
    a_draft(cast.alice, cast.hilltop, name="Year 6")
    client.force_login(cast.alice)
    assert names(client, "?q=library+youtube") == ["Library club"]
    assert names(client, "?q=%25") == []
    assert "No request matches" in client.get(LIST + "?q=zebra").content.decode()


def test_status_and_school_filters(client, cast):
    give(cast.alice, Role.STAFF, cast.otherplace)
    a_draft(cast.alice, cast.hilltop, name="Draft one")
    aside = a_draft(cast.alice, cast.hilltop, name="Put aside")
    request_discard(actor=cast.alice, request=aside)
    otto = a_person("Otto Owen", Role.HEADTEACHER, cast.otherplace)
    decide(submitted(cast.alice, cast.otherplace, name="Sent back"), otto, "returned", "Why?")
    client.force_login(cast.alice)
    assert sorted(names(client)) == ["Draft one", "Sent back"]
    assert names(client, "?status=draft") == ["Draft one"]
    assert names(client, "?status=returned") == ["Sent back"]
    assert names(client, "?status=discarded") == ["Put aside"]
    assert names(client, f"?school={cast.otherplace.uuid}") == ["Sent back"]


@pytest.mark.parametrize(
    "query", ["?status=nonsense", "?school=nonsense", "?page=999", "?sort=school__trust", "?page=x"]
)
def test_nonsense_in_the_address_is_left_out(client, cast, query):
    a_draft(cast.alice, cast.hilltop, name="Year 6")
    client.force_login(cast.alice)
    assert names(client, query) == ["Year 6"]


def test_sorting_and_paging(client, cast):
    draft = a_draft(cast.alice, cast.hilltop, name="A")
    for number in range(30):
        AccountRequest.objects.create(
            once=fresh(), school=draft.school, requested_by=cast.alice, form="cit", name=f"B{number:02}"
        )
    client.force_login(cast.alice)
    assert names(client, "?sort=name")[:2] == ["A", "B00"]
    assert len(names(client, "?sort=name")) == 25
    assert names(client, "?sort=name&page=2")[-1] == "B29"


def test_the_number_of_queries_does_not_grow(client, cast, django_assert_max_num_queries):
    for number in range(12):
        submitted(cast.alice, cast.hilltop, name=f"Account {number}")
    for person, query in [
        (cast.alice, ""),
        (cast.bob, "?show=others"),
        (cast.cora, "?show=others&q=account"),
    ]:
        client.force_login(person)
        client.get(LIST)
        with django_assert_max_num_queries(15):
            client.get(LIST + query)


def test_a_filter_stays_on_the_list_of_colleagues(client, cast):
    submitted(cast.alice, cast.hilltop, name="Sent one")
    client.force_login(cast.bob)
    page = client.get(LIST + "?show=others&q=sent").content.decode()
    assert '<input type="hidden" name="show" value="others"' in page
    assert "Clear" in page
    assert "Clear" not in client.get(LIST + "?show=others").content.decode()


def test_nobody_signed_out_sees_it(client, db):
    assert client.get(LIST).status_code == 302


def test_the_page_is_only_read(client, cast):
    client.force_login(cast.alice)
    assert client.post(LIST).status_code == 405


def test_it_stands_on_the_first_page_about_accounts_which_is_in_the_navigation(client, cast):
    client.force_login(cast.chair)
    assert f'href="{reverse("accounts:home")}"' in client.get("/").content.decode()
    assert f'href="{LIST}"' in client.get(reverse("accounts:home")).content.decode()
