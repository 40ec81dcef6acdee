"""The menu and the filters: closed on a phone, open on a desk, with scripts and without, with the keyboard alone."""

import pytest
from playwright.sync_api import Page, expect

from core.roles import Role
from smgov.testing import a_person, a_school

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MENU, SUMMARY, LINKS = ".app-nav__menu", ".app-nav__summary", ".app-nav__link"
PEOPLE = "/people/"


def row_of(page: Page) -> set[int]:
    """The rows of pixels on which the links of the bar stand."""
    return {round(link.bounding_box()["y"]) for link in page.locator(LINKS).all()}


@pytest.fixture
def head():
    return a_person("Hana Moss", Role.HEADTEACHER, a_school())


@pytest.mark.parametrize("javascript", [True, False])
def test_on_a_phone_both_are_closed_and_open_at_a_touch(open_as, check, head, javascript):
    page = open_as(head, width=390, javascript=javascript)
    page.goto(PEOPLE)
    expect(page.locator(SUMMARY)).to_contain_text("People and settings")
    expect(page.locator(LINKS).first).to_be_hidden()
    expect(page.locator(".app-filter input").first).to_be_hidden()
    page.locator(SUMMARY).click()
    expect(page.locator(LINKS).first).to_be_visible()
    page.locator(".app-filter > summary").click()
    expect(page.locator(".app-filter input").first).to_be_visible()
    if javascript:
        check(page, names="menu and filters open on a phone")
    page.locator(LINKS).filter(has_text="Accounts").click()
    expect(page.locator("h1")).to_have_text("Social media accounts")


@pytest.mark.parametrize("javascript", [True, False])
def test_a_filter_that_is_set_stands_open_on_a_phone_and_says_so(open_as, head, javascript):
    page = open_as(head, width=390, javascript=javascript)
    page.goto(f"{PEOPLE}?q=hana")
    expect(page.locator(".app-filter > summary")).to_have_text("Search and filter (1 set)")
    expect(page.locator(".app-filter input").first).to_be_visible()


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize("width", [1280, 1024])
def test_on_a_desk_the_bar_is_one_row_and_the_filters_stand_open(open_as, head, width, javascript):
    page = open_as(head, width=width, javascript=javascript)
    page.goto(PEOPLE)
    expect(page.locator(SUMMARY)).to_be_hidden()
    assert len(row_of(page)) == 1
    expect(page.locator(".app-filter input").first).to_be_visible()
    expect(page.locator(".app-filter > summary")).to_be_hidden()


def test_the_keyboard_opens_the_menu_and_goes_on(open_as, head):
    page = open_as(head, width=390)
    page.goto(PEOPLE)
    for _ in range(10):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('.app-nav__summary')"):
            break
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Social media accounts")
