"""The bar of every page: few entries, the first page of each room behind it, and where one is."""

import pytest
from django.urls import reverse

from core import context
from core.first_pages import LINES
from core.roles import Role
from core.tests.markup import parse, words
from smgov.testing import a_person, a_school

pytestmark = pytest.mark.django_db
DAILY = {
    "accounts:home": ("accounts:account-list", "accounts:request-list", "incidents:comment-list"),
    "people:home": ("people:profile-list", "people:deputy-list", "people:change-list"),
}
"""What was in the bar, or one step behind it, and is two steps away now."""


def page(client, address: str):
    """The parsed page."""
    return parse(client.get(address, follow=True).content.decode())


def bar(tree) -> list:
    """The links of the bar."""
    return [e for nav in tree.iter("nav") if nav.get("aria-label") == "Main" for e in nav.iter("a")]


def links(tree) -> set[str]:
    """Where the page leads."""
    return {e.get("href") for e in tree.iter("a")}


@pytest.fixture(params=Role.values)
def person(request, client):
    """Somebody of each role, signed in."""
    user = a_person("Sam Reed", request.param, a_school())
    client.force_login(user)
    return user


def test_nobody_has_more_than_one_row_of_entries(client, person):
    assert 5 <= len(bar(page(client, "/"))) <= context.MOST_IN_BAR


def test_the_bar_says_when_it_is_full():
    with pytest.raises(ValueError, match="first page of its room"):
        context.add_to_navigation("One more", "home", bool)


def test_what_is_done_daily_is_two_steps_away(client, person):
    home = links(page(client, "/"))
    for first, pages in DAILY.items():
        assert reverse(first) in home
        behind = links(page(client, reverse(first)))
        assert {reverse(name) for name in pages} <= behind
    assert reverse("approvals:request-list") in home
    assert reverse("incidents:board") in home


def test_a_first_page_leads_to_nothing_that_is_closed_to_the_person(client, person):
    for home in LINES:
        for address in links(page(client, reverse(home))):
            if address and address.startswith("/"):
                assert client.get(address).status_code in (200, 302), address


@pytest.mark.parametrize(
    ("address", "title"),
    [
        ("home", "Home"),
        ("accounts:home", "Accounts"),
        ("accounts:account-list", "Accounts"),
        ("accounts:request-list", "Accounts"),
        ("accounts:monitoring-list", "Accounts"),
        ("incidents:comment-list", "Accounts"),
        ("incidents:board", "Concerns"),
        ("incidents:abuse-list", "Concerns"),
        ("policies:training-mine", "Policies"),
        ("people:profile-list", "People and settings"),
        ("people:deputy-list", "People and settings"),
        ("core:background", "People and settings"),
        ("approvals:network-home", "Network"),
        ("incidents:report-list", "Network"),
    ],
)
def test_the_bar_and_the_closed_menu_say_where_one_is(client, address, title):
    client.force_login(a_person("Ian Teal", Role.IT, a_school()))
    tree = page(client, reverse(address))
    current = [(words(e), e.get("aria-current")) for e in bar(tree) if e.get("aria-current")]
    own_page = address in ("home", "incidents:board", "approvals:network-home") or address.endswith(":home")
    assert current == [(title, "page" if own_page else "true")]
    summary = next(e for nav in tree.iter("nav") for e in nav.iter("summary"))
    assert words(summary) == f"Menu {title}"


def test_the_queue_stands_beside_the_notices_and_says_so_when_one_is_on_it(client):
    client.force_login(a_person("Hana Moss", Role.HEADTEACHER, a_school()))
    queue = reverse("approvals:request-list")
    tools = [e for e in page(client, queue).iter("a") if e.get("href") == queue]
    assert [e.get("aria-current") for e in tools if words(e) == "To sign"] == ["page"]
    assert not [e for e in bar(page(client, queue)) if e.get("aria-current")]


def test_the_menu_is_closed_and_needs_no_script(client):
    client.force_login(a_person("Sam Reed", Role.STAFF, a_school()))
    menu = next(e for nav in page(client, "/").iter("nav") for e in nav.iter("details"))
    assert menu.get("open") is None
    assert len(list(menu.iter("a"))) >= 5


@pytest.mark.parametrize("address", DAILY)
def test_a_first_page_costs_no_query_of_its_own(client, address, django_assert_max_num_queries):
    client.force_login(a_person("Hana Moss", Role.HEADTEACHER, a_school()))
    client.get(reverse(address))
    with django_assert_max_num_queries(6):
        client.get(reverse(address))
