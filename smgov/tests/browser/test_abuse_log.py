"""The log of abuse in a real browser: logged on a phone, dealt with by its keeper, counted."""

import io
import os
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page

from incidents.abuse.tests.cases import a_log_crew, an_account, an_entry
from incidents.models import AbuseEntry
from smgov.tests.browser.hands import Pointer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LONG = "see https://www.rough-talk.example/" + "a-very-long-part-of-the-address-" * 8 + " 👩‍🏫"


SHOTS = os.environ.get("SMGOV_SHOTS", "")
"""A folder for pictures of every page, for people who want to look at them."""


@pytest.fixture
def look(check):
    """Check a page, and take its picture where a folder is named."""

    def at(page: Page, name: str) -> None:
        check(page, names=name)
        if SHOTS:
            width = page.viewport_size["width"]
            page.screenshot(path=Path(SHOTS) / f"abuse-{name.replace(' ', '-')}-{width}.png", full_page=True)

    return at


def a_picture() -> dict:
    """A screenshot, as a browser hands it over."""
    written = io.BytesIO()
    Image.new("RGB", (300, 200), "navy").save(written, "PNG")
    return {"name": "screen.png", "mimeType": "image/png", "buffer": written.getvalue()}


@pytest.mark.clause("STM-2.17", "STM-2.18")
@pytest.mark.parametrize("width", [390, 1280])
def test_a_comment_is_logged_dealt_with_and_counted(open_as, look, width: int) -> None:
    crew, _ = a_log_crew("st-marys")
    an_account(crew.school)
    page = open_as(crew.alice, width=width)
    use = Pointer(page)
    page.goto("/abuse/")
    look(page, "empty")
    use.press("Log a comment or abuse")
    use.press("Continue")
    look(page, "question with errors")
    use.tick("No")
    use.press("Continue")
    look(page, "form empty")
    use.press("Log it")
    look(page, "form with errors")
    log(page, use)
    look(page, "own entry")
    keep(open_as(crew.bob, width=width), look, crew)


def test_it_is_logged_on_a_phone_without_javascript(open_as) -> None:
    crew, _ = a_log_crew("st-marys")
    page = open_as(crew.alice, width=390, javascript=False)
    page.goto("/abuse/new/?asked=1&could=no")
    log(page, Pointer(page))
    assert AbuseEntry.objects.get().evidence.count() == 1


def log(page: Page, use: Pointer) -> None:
    """Fill the form in and send it."""
    page.get_by_label("Somewhere else").check()
    use.type("#id_elsewhere", "A group of parents on a chat platform")
    use.type("Who wrote it?", "angry_parent_77")
    use.type("What was written or shown?", LONG)
    use.choose("What is it?", "Threat")
    use.tick("A member of staff")
    page.locator("#id_files").set_input_files([a_picture()])
    page.get_by_text("Add what was done about it already").click()
    use.tick("Hidden")
    page.get_by_label("No", exact=True).check()
    use.press("Log it")


def keep(page: Page, look, crew) -> None:
    """The keeper reads it, says what was done, marks it as done, and looks at the figures."""
    an_entry(crew, author="somebody else", words=LONG)
    use = Pointer(page)
    page.goto("/abuse/?q=parent_77")
    look(page, "log, searched")
    page.locator("main tbody").get_by_role("link").first.click()
    look(page, "entry of the keeper")
    use.press("Say what was done")
    use.press("Add it to the log")
    look(page, "act with errors")
    use.tick("Reported to the platform")
    use.press("Add it to the log")
    use.press("Mark as done")
    look(page, "done")
    use.press("Add screenshots")
    use.tick("No")
    use.press("Continue")
    use.press("Keep them")
    look(page, "screenshot with errors")
    page.locator("#id_files").set_input_files([a_picture()])
    use.type("What does it show?", "The comment")
    use.press("Keep them")
    look(page, "with screenshots")
    page.goto("/abuse/figures/")
    look(page, "figures")
    assert AbuseEntry.objects.get(author="angry_parent_77").evidence.count() == 2
