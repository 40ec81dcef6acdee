"""The register in a real browser: staff look somebody up, the office keys a paper in, figures are compared."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from consent.models import NeverShow, Pupil, Scan
from consent.services.purposes import Asked, purpose_add
from core.models import Platform
from core.roles import Role
from people.models import School, User
from smgov.testing import a_person, give
from smgov.testing_consent import a_consent_school, a_contact, a_pupil, says
from smgov.tests.browser.hands import Pointer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("SMGOV_SHOTS", "")
"""A folder for pictures of every page, for people who want to look at them."""
LONG = "Maximiliana-Wilhelmina Featherstonehaugh-Cholmondeley-Worcestershire"


@pytest.fixture
def look(check: Any) -> Any:
    """Check a page, and take its picture where a folder is named."""

    def at(page: Page, name: str) -> None:
        check(page, names=name)
        if SHOTS:
            width = page.viewport_size["width"]
            page.screenshot(path=Path(SHOTS) / f"{name.replace(' ', '-')}-{width}.png", full_page=True)

    return at


@pytest.fixture
def school(settings: Any, tmp_path: Path) -> School:
    """Three classes in every state, and a platform that is asked about on its own."""
    settings.MEDIA_ROOT = tmp_path
    made, _ = a_consent_school("Hilltop Primary School", preset="cit", consent_validity="academic_year")
    dpo = User.objects.get(full_name="Dora Dart")
    asked = Asked("image", "platform", platform=Platform.objects.first(), group_only=True)
    purpose_add(actor=dpo, school=made, asked=asked)
    for number in range(34):
        a_pupil(made, f"Kit{number} Able", class_name=("5A", "6B", "10C")[number % 3])
    pupil = a_pupil(made, LONG, class_name="5A")
    mother = a_contact(
        pupil, name="Mary Featherstonehaugh-Cholmondeley", email=f"{'m' * 40}@families.example"
    )
    says(pupil, True, mother, words="By letter, signed by both")
    says(pupil, False, a_contact(pupil, name="Fred Able", relationship="Father"))
    for one in Pupil.objects.filter(last_name="Able")[:20]:
        says(one, one.pk % 4 != 0, a_contact(one, responsibility="unknown" if one.pk % 7 == 0 else "yes"))
    NeverShow.objects.create(
        pupil=Pupil.objects.get(first_name="Kit3"), reason="A court order", set_by=dsl_of(made)
    )
    a_pupil(made, "Left Able", leaves_on=timezone.localdate() - timedelta(days=3))
    return made


def dsl_of(school: School) -> User:
    """The safeguarding lead."""
    found = User.objects.filter(full_name="Dee Dale").first()
    return found or a_person("Dee Dale", Role.DSL, school)


@pytest.mark.clause("CIT-7.18", "STM-7.24")
@pytest.mark.parametrize("width", [1280, 390])
def test_staff_look_a_pupil_up(open_as, look, school: School, width: int) -> None:
    page = open_as(a_person("Sam Sand", Role.STAFF, school), width=width)
    use = Pointer(page)
    page.goto("/consent/")
    use.press("Register of consent")
    look(page, "register of staff")
    page.goto("/consent/register/?q=maximiliana")
    look(page, "register found")
    page.locator("main").get_by_role("link", name="Maximiliana").first.click()
    look(page, "pupil of staff")
    assert "Mary" not in page.inner_text("main")
    page.goto("/consent/register/?q=nobody")
    look(page, "register without a match")
    page.goto("/consent/coverage/")
    look(page, "coverage")


@pytest.mark.clause("CIT-7.10")
@pytest.mark.parametrize("width", [1280, 390])
def test_the_office_keys_a_paper_in_with_its_scan(
    open_as, look, school: School, width: int, tmp_path: Path
) -> None:
    page = open_as(a_person("Olga Ott", Role.OFFICE, school), width=width)
    use = Pointer(page)
    page.goto("/consent/register/")
    look(page, "register of the office")
    page.goto("/consent/register/?q=maximiliana")
    page.locator("main").get_by_role("link", name="Maximiliana").first.click()
    look(page, "pupil of the office")
    use.press("Record an answer")
    look(page, "answer form empty")
    use.press("Record the answer")
    look(page, "answer form with errors")
    use.tick("Fred Able")
    use.tick("A paper form")
    day = timezone.localdate()
    boxes = page.get_by_role("group", name="When did it reach the school?")
    for name in ("day", "month", "year"):
        boxes.get_by_label(name.capitalize(), exact=True).fill(str(getattr(day, name)))
    page.get_by_role("group", name="Photographs on the school's social media", exact=True).get_by_label(
        "Yes"
    ).check()
    paper = tmp_path / "paper.pdf"
    paper.write_bytes(b"%PDF-1.7\n%%EOF")
    page.locator("main input[type=file]").set_input_files(paper)
    use.press("Record the answer")
    look(page, "pupil after an answer")
    assert "The answer is recorded" in page.inner_text("main")
    assert Scan.objects.count() == 1
    page.goto(f"{page.url}?on={day - timedelta(days=3)}")
    look(page, "pupil on a past day")


@pytest.mark.parametrize("width", [1280, 390])
def test_the_safeguarding_lead_of_two_schools_reads_why(open_as, look, school: School, width: int) -> None:
    second, _ = a_consent_school("St Swithin's Church of England Voluntary Aided Primary School")
    a_pupil(second, "Swithin Able")
    give(dsl_of(school), Role.DSL, second)
    page = open_as(dsl_of(school), width=width)
    page.goto("/consent/register/")
    look(page, "register of two schools")
    page.goto("/consent/coverage/")
    look(page, "coverage of two schools")
    pupil = Pupil.objects.get(first_name="Kit3")
    page.goto(f"/consent/pupils/{pupil.uuid}/")
    look(page, "pupil never shown")
    assert "A court order" not in page.inner_text("main")
    page.get_by_role("link", name="Read why").click()
    look(page, "why a pupil is never shown")
    assert "A court order" in page.inner_text("main")
