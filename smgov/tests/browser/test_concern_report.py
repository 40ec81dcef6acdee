"""Reporting a concern in a real browser: on a phone, with errors, without a script; the safe path; the public page."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page

from incidents.concerns.tests.cases import a_concern_crew
from incidents.models import Concern
from incidents.tests.cases import Crew
from smgov.tests.browser.hands import Keyboard, Pointer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("SMGOV_SHOTS", "")
"""A folder for pictures of every page, for people who want to look at them."""


@pytest.fixture
def crew() -> Crew:
    """A school with everybody whom a concern may concern; its page for pupils and parents is open."""
    return a_concern_crew(public_reports=True)


@pytest.fixture
def look(check):
    """Check a page, and take its picture where a folder is named."""

    def at(page: Page, name: str) -> None:
        check(page, names=name)
        if SHOTS:
            width = page.viewport_size["width"]
            page.screenshot(path=Path(SHOTS) / f"{name.replace(' ', '-')}-{width}.png", full_page=True)

    return at


@pytest.mark.parametrize("width", [390, 1280])
def test_a_teacher_reports_on_a_phone(open_as, look, crew, width) -> None:
    page = open_as(crew.alice, width=width)
    use = Pointer(page)
    page.goto("/concerns/mine/")
    look(page, "concern mine empty")
    use.press("Report a concern")
    use.press("Continue")
    look(page, "concern danger question with errors")
    use.tick("Yes, or it could be")
    use.press("Continue")
    look(page, "concern danger")
    use.tick("No")
    use.press("Continue")
    look(page, "concern form empty")
    use.press("Send the report")
    look(page, "concern form with errors")
    use.tick("Cyberbullying")
    use.type("What happened?", "Messages in a group chat, for two weeks")
    use.tick("#id_p1-sort_0")
    use.type("#id_p1-pupil", "Kit Kale of 9B")
    use.tick("#id_p2-sort_1")
    use.press("Add another person")
    assert page.url.endswith("#person-3")
    look(page, "concern form with a third person")
    use.press("Send the report")
    look(page, "concern form with an error in a row")
    page.locator("#id_p2-person").select_option(label="Mark Moor")
    use.press("Send the report")
    look(page, "concern sent")
    use.press("My reports")
    look(page, "concern mine")
    page.goto("/concerns/report/blank/")
    look(page, "concern blank")
    assert Concern.objects.get().parts.count() == 2


def test_it_is_reported_by_keyboard_and_without_javascript(open_as, check, crew) -> None:
    page = open_as(crew.alice)
    use = Keyboard(page)
    page.goto("/concerns/report/form/?danger=no&could=no")
    use.tick("Cyberbullying")
    use.type("What happened?", "Messages in a group chat")
    use.press("Send the report")
    check(page)
    plain = open_as(crew.carl, width=390, javascript=False)
    use = Pointer(plain)
    plain.goto("/concerns/report/")
    use.tick("No")
    use.press("Continue")
    use.tick("No")
    use.press("Continue")
    use.tick("Cyberbullying")
    use.type("What happened?", "Messages in a group chat")
    use.press("Add another person")
    plain.locator("#id_p3-part").select_option("witness")
    use.tick("#id_p3-sort_0")
    use.type("#id_p3-pupil", "Ann of 9C")
    use.press("Send the report")
    assert "Report sent" in plain.title()
    assert Concern.objects.count() == 2


@pytest.mark.parametrize("width", [390, 1280])
def test_the_safe_path_and_the_public_page_take_in_little(open_as, look, crew, width) -> None:
    page = open_as(crew.alice, width=width)
    use = Pointer(page)
    page.goto("/concerns/report/form/?danger=no&could=no")
    use.type("What happened?", "A picture at pictures.example")
    use.tick("Nude or indecent image")
    use.press("Send the report")
    look(page, "concern image after the form")
    assert "pictures.example" not in page.content()
    use.press("Send the record")
    look(page, "concern image with errors")
    use.tick("#id_by_pupil_0")
    use.tick("Not yet: the Designated Safeguarding Lead decides")
    use.press("Send the record")
    look(page, "concern image sent")
    page = open_as(width=width)
    use = Pointer(page)
    page.goto(f"/report/{crew.school.slug}/")
    look(page, "public danger question")
    use.tick("Yes, or it could be")
    use.press("Continue")
    look(page, "public image question")
    use.tick("I am not sure")
    use.press("Continue")
    look(page, "public image")
    page.goto(f"/report/{crew.school.slug}/?danger=yes&could=no")
    use.press("Send")
    look(page, "public form with errors")
    use.tick("A pupil")
    use.type("What happened?", "They write about me every night")
    use.press("Send")
    look(page, "public sent")
    assert Concern.objects.count() == 2
