"""Inappropriate content in a real browser: reported, handed over, blocked, closed; the stop page; and a ban."""

import os
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from incidents.models import Matter, TechnicianPart
from incidents.tests.cases import Crew, a_crew, a_report, whom
from people.models import User
from smgov.tests.browser.hands import Keyboard, Pointer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LONG = "https://www.rough-videos.example/watch/" + "a-very-long-part-of-the-address-" * 12
SHOTS = os.environ.get("SMGOV_SHOTS", "")
"""A folder for pictures of every page, for people who want to look at them."""


@pytest.fixture
def crew() -> Crew:
    """A school with everybody whom an incident may concern."""
    return a_crew()


@pytest.fixture
def look(check):
    """Check a page, and take its picture where a folder is named."""

    def at(page: Page, name: str) -> None:
        check(page, names=name)
        if SHOTS:
            width = page.viewport_size["width"]
            page.screenshot(path=Path(SHOTS) / f"{name.replace(' ', '-')}-{width}.png", full_page=True)

    return at


def type_today(use: Pointer, group: str) -> None:
    """A date in three boxes."""
    day = timezone.localdate()
    boxes = use.page.get_by_role("group", name=group)
    for name in ("day", "month", "year"):
        boxes.get_by_label(name.capitalize(), exact=True).fill(str(getattr(day, name)))


@pytest.mark.clause("STM-9.05", "STM-14.01", "STM-14.04", "STM-14.06", "STM-14.09")
@pytest.mark.parametrize("width", [1280, 390])
def test_a_report_about_a_pupil_is_sent_handed_over_blocked_and_closed(open_as, look, crew, width) -> None:
    page = open_as(crew.alice, width=width)
    use = Pointer(page)
    page.goto("/network/")
    use.press("Report inappropriate content")
    look(page, "list empty")
    use.press("Report inappropriate content")
    use.press("Continue")
    look(page, "first question with errors")
    use.tick("No")
    use.press("Continue")
    look(page, "form empty")
    use.press("Send the report")
    look(page, "form with errors")
    use.tick("A pupil")
    use.type("Name or class of the pupil", "Kit of 9B")
    type_today(use, "When was it seen?")
    use.type("Full addresses", LONG)
    use.choose("Nature of the content", "Violence")
    use.type("What was seen, and how?", "Shown to two others in computing")
    use.press("Send the report")
    look(page, "sent")
    use.press("See what you sent")
    look(page, "own report")
    page.goto("/network/reports/")
    look(page, "own list")
    hand_over(open_as(crew.dora, width=width), look)
    block(open_as(crew.dan, width=width), look, crew.dan)
    close(open_as(crew.dora, width=width), look)
    assert TechnicianPart.objects.get().by == crew.dan


def hand_over(page: Page, look) -> None:
    """The DSL reads it and asks the technician to block the site."""
    use = Pointer(page)
    page.goto("/")
    look(page, "home of a recipient")
    page.locator("main").get_by_role("link", name="Report of").first.click()
    look(page, "report of a recipient")
    use.press("Ask the technician to block the site")
    look(page, "hand over")
    use.press("Hand the addresses over")
    look(page, "handed over")


def block(page: Page, look, technician: User) -> None:
    """The technician sees the addresses alone, and signs."""
    use = Pointer(page)
    page.goto("/")
    page.locator("main").get_by_role("link", name="Block a site").first.click()
    assert "Kit" not in page.locator("main").inner_text()
    look(page, "technician")
    use.press("Sign and send")
    look(page, "technician with errors")
    use.type("Action taken", "Blocked on the filter for everybody")
    use.tick("Yes")
    use.type("Sign with your full name", technician.full_name)
    use.press("Sign and send")
    look(page, "sites to block")


def close(page: Page, look) -> None:
    """The DSL closes it."""
    use = Pointer(page)
    page.goto("/network/reports/")
    look(page, "list of a recipient")
    page.locator("main table").get_by_role("link", name="Report of").first.click()
    use.press("Close the report")
    use.type("How was it dealt with?", "Spoken to with both parents")
    look(page, "closing")
    use.press("Close the report")
    look(page, "closed")


@pytest.mark.parametrize("width", [1280, 390])
def test_the_stop_page_takes_in_the_call_to_the_police_and_nothing_else(open_as, look, crew, width) -> None:
    page = open_as(crew.alice, width=width)
    use = Pointer(page)
    page.goto("/network/reports/new/form/?could=no")
    use.type("Full addresses", LONG)
    use.choose("Nature of the content", "Indecent image of a child")
    use.press("Send the report")
    look(page, "stop page after the form")
    assert "rough-videos" not in page.content()
    use.press("Send the record")
    look(page, "stop page with errors")
    use.tick("Not yet")
    use.type("Why have the police not been called yet?", "The DSL is calling them now")
    use.tick("A member of staff")
    use.choose("Which member of staff?", "Mark Moor")
    look(page, "stop page filled in")
    use.press("Send the record")
    look(page, "record sent")
    reader = open_as(crew.dora, width=width)
    reader.goto(f"/network/reports/{Matter.objects.get().uuid}/")
    look(reader, "image of a recipient")


def test_the_stop_page_works_by_keyboard_and_without_javascript(open_as, check, crew) -> None:
    page = open_as(crew.alice)
    use = Keyboard(page)
    page.goto("/network/reports/new/")
    use.tick("I am not sure")
    use.press("Continue")
    use.tick("Not yet")
    use.type("Why have the police not been called yet?", "The DSL is calling them now")
    use.tick("I do not know")
    use.press("Send the record")
    check(page)
    plain = open_as(crew.carl, javascript=False)
    use = Pointer(plain)
    plain.goto("/network/reports/new/")
    use.tick("Yes")
    use.press("Continue")
    use.tick("Not yet")
    use.type("Why have the police not been called yet?", "The DSL is calling them now")
    use.tick("I do not know")
    use.press("Send the record")
    assert Matter.objects.count() == 2


@pytest.mark.clause("STM-9.04", "BEC-4.27")
@pytest.mark.parametrize("width", [1280, 390])
def test_an_attempt_to_get_round_the_firewall_is_recorded_and_the_headteacher_bans(
    open_as, look, crew, width
) -> None:
    a_report(crew, who=whom("staff", person=crew.bob))
    page = open_as(crew.dan, width=width)
    use = Pointer(page)
    page.goto("/network/firewall/")
    look(page, "no records")
    use.press("Record an attempt")
    use.press("Record it")
    look(page, "record with errors")
    use.tick("A pupil")
    use.type("Name or class of the pupil", "Kit of 9B")
    type_today(use, "When was it?")
    use.type("What happened?", "A proxy on a memory stick")
    use.press("Record it")
    look(page, "record of a technician")
    head = open_as(crew.bob, width=width)
    use = Pointer(head)
    head.goto("/")
    look(head, "home of the headteacher")
    head.locator("main").get_by_role("link", name="Decide on a ban").first.click()
    use.press("Set a ban")
    type_today(use, "Last day")
    use.type("Close supervision", "In the library, beside Ms Kerr")
    look(head, "setting a ban")
    use.press("Set the ban")
    look(head, "ban set")
    head.goto("/network/firewall/")
    look(head, "list of records")
    head.locator("main table").get_by_role("link", name="Record of").first.click()
    use.press("End the ban early")
    use.type("Why does it end early?", "Apologised")
    use.press("End the ban")
    look(head, "ban ended")
