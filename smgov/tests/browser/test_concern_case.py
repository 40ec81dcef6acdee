"""The DSL's board and a case in a real browser, on a desk and on a phone, with what goes wrong on the way."""

import os
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from incidents.concerns.tests.cases import a_concern, a_concern_crew, a_pupil_harmed, by
from incidents.models import Concern
from smgov.testing_consent import a_pupil
from smgov.tests.browser.hands import Pointer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("SMGOV_SHOTS", "")
"""A folder for pictures of every page, for people who want to look at them."""


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


@pytest.mark.clause("CIT-2.24", "STM-2.22")
@pytest.mark.parametrize("width", [1280, 390])
def test_the_dsl_finds_a_concern_takes_it_and_works_on_it(open_as, look, width) -> None:
    crew = a_concern_crew()
    a_pupil(crew.school, "Kit Kale", class_name="9B")
    a_concern(
        crew, a_pupil_harmed("Kit Kale of 9B, in a chat-" + "with-a-very-long-name" * 3), by(sort="unknown")
    )
    case = a_concern(crew)
    page = open_as(crew.dora, width=width)
    use = Pointer(page)
    page.goto("/concerns/?show=mine")
    look(page, "board empty tab")
    page.goto("/concerns/")
    look(page, "board")
    page.locator("main table").get_by_role("link", name=case.reference).click()
    look(page, "case")
    use.press("Assign it to me")
    use.press("Add a note")
    use.press("Add a note")
    look(page, "note with errors")
    use.type("What is there to note?", "Spoke with the class teacher")
    use.press("Add a note")
    use.press("Add an action")
    use.press("Add an action")
    look(page, "action with errors")
    use.type("What is to be done?", "Ring home")
    type_today(use, "Until which day?")
    use.press("Add an action")
    look(page, "case with an action")
    people(page, use, look, case)
    share(page, use, look, case)
    case.refresh_from_db()
    assert case.owner == crew.dora
    page.goto("/concerns/?show=mine")
    look(page, "board with a case of mine")


def people(page: Page, use: Pointer, look, case: Concern) -> None:
    """A pupil is looked for in the register and added."""
    page.goto(f"/concerns/{case.uuid}/people/new/")
    use.press("Add a person")
    look(page, "person with errors")
    use.tick("Saw or heard it")
    use.tick("A pupil")
    use.type("Name of the pupil", "Kit Kale")
    use.press("Add a person")
    look(page, "person found in the register")
    use.tick("Kit Kale, 9B")
    use.press("Add a person")
    look(page, "case with a pupil")


def share(page: Page, use: Pointer, look, case: Concern) -> None:
    """A colleague is let in; the policy and a decision are recorded."""
    page.goto(f"/concerns/{case.uuid}/share/")
    use.press("Share the case")
    look(page, "share with errors")
    use.choose("With whom?", "Sue Sand")
    use.type("Why do they need to know?", "Heads the year")
    type_today(use, "Until which day?")
    use.press("Share the case")
    for name, button in (("policy", "Save"), ("decision", "Record a decision"), ("category", "Change")):
        page.goto(f"/concerns/{case.uuid}/{name}/")
        look(page, name)
        use.press(button)
    look(page, "category with errors")
    for name in ("waiting", "link", "image", "reference", "stand-back"):
        page.goto(f"/concerns/{case.uuid}/{name}/")
        look(page, name)
