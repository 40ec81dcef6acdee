"""The consent check in a real browser: on a phone, by keyboard, without JavaScript; the sheet on one page."""

import re

import pytest
from django.urls import reverse

from consent.models import ConsentCheck, OtherPerson
from core.roles import Role
from people.models import School
from smgov.testing import a_person
from smgov.testing_consent import a_consent_school, a_contact, a_pupil, says
from smgov.tests.browser.hands import Keyboard, Pointer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LONG = "Maximiliano Alejandro de la Fuente-Montgomery-Hetherington-Cholmondeley-Featherstonehaugh"


@pytest.fixture
def school() -> School:
    """Class 5A of thirty pupils, of whom three said no, and a second Sam Smith in 5B."""
    school = a_consent_school("Hilltop Primary", preset="cit")[0]
    for number in range(28):
        pupil = a_pupil(school, f"Pupil{number:02} Number")
        if number >= 3:
            says(pupil, True, a_contact(pupil))
    for name, class_name in ((LONG, "5A"), ("Sam Smith", "5A"), ("Sam Smith", "5B")):
        pupil = a_pupil(school, name, class_name=class_name)
        says(pupil, True, a_contact(pupil))
    return school


def use_of(hand: Pointer) -> None:
    """Photographs on the school's accounts, in a group."""
    hand.tick("Photographs")
    hand.tick("The school's social media accounts")
    hand.tick("In a group")


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.clause("CIT-7.15", "CIT-7.18")
def test_a_teacher_checks_asks_back_keeps_and_checks_again(
    open_as, check, school: School, width: int
) -> None:
    page = open_as(a_person("Alice Archer", Role.STAFF, school), width=width)
    hand = Pointer(page)
    page.goto("/consent/")
    hand.press("Check before you post or take pictures")
    check(page)
    hand.press("Check")
    check(page, names="with every error")
    assert page.locator(".govuk-error-summary a").count() == 4
    page.fill("#id_part", "pupil07")
    hand.press("Find")
    check(page, names="with a pupil found")
    hand.tick("Pupil07 Number (5A)")
    hand.type("Names", f"Sam Smith\nNobody Known\n{'x' * 300}")
    use_of(hand)
    hand.press("Check")
    check(page, names="asking back")
    assert "Whom do you mean?" in page.locator("main").inner_text()
    hand.tick("Sam Smith (5B)")
    hand.press("Check with these")
    check(page, names="answered")
    assert page.locator("h1").inner_text() == "All 2 may be shown, but not everybody was found"
    page.get_by_text("Change whom or what you ask about").click()
    hand.tick("5A")
    page.locator("main form").last.get_by_role("button", name="Check", exact=True).click()
    page.wait_for_load_state()
    assert page.locator("h1").inner_text() == "Only if these 3 are blurred for good"
    check(page, names="a whole class")
    page.fill("#id_keep_what", "Sports day")
    hand.press("Keep this check")
    check(page, names="kept")
    hand.press("Check again now")
    assert "Nothing has changed" in page.locator("main").inner_text()
    check(page, names="checked again")
    page.goto(reverse("consent:check-list"))
    check(page)
    hand.press("Sports day")
    assert ConsentCheck.objects.get().pupils.count() == 31


@pytest.mark.parametrize("width", [390, 1280])
def test_the_photo_list_of_a_class_prints_on_one_page(open_as, check, school: School, width: int) -> None:
    page = open_as(a_person("Alice Archer", Role.STAFF, school), width=width)
    hand = Pointer(page)
    page.goto(reverse("consent:photo-list"))
    check(page)
    hand.tick("5A")
    hand.type("Which trip or event", "Zoo trip")
    use_of(hand)
    hand.press("Make the list")
    check(page, names="the sheet")
    assert "NO: do not show (3)" in page.locator("main").inner_text()
    assert len(re.findall(rb"/Type\s*/Page[^s]", page.pdf(format="A4"))) == 1


@pytest.mark.clause("RAV-9.03")
def test_others_are_put_on_the_list_and_taken_off(open_as, check, school: School) -> None:
    page = open_as(a_person("Olga Ott", Role.OFFICE, school), width=390)
    hand = Pointer(page)
    page.goto(reverse("consent:other-list"))
    check(page, names="an empty list")
    hand.press("Add somebody")
    hand.press("Add to the list")
    check(page, names="with every error")
    hand.tick("A visitor")
    hand.type("How do colleagues recognise", "A red scarf")
    hand.type("#id_asked_on_day", "1")
    hand.type("#id_asked_on_month", "9")
    hand.type("#id_asked_on_year", "2026")
    hand.tick("In person")
    hand.press("Add to the list")
    check(page)
    hand.press("Put me on the list")
    check(page)
    hand.press("Put me on the list")
    check(page, names="two on the list")
    assert OtherPerson.objects.filter(ended_at=None).count() == 2
    page.get_by_role("link", name="Take off the list Olga Ott").click()
    check(page)
    hand.press("Take me off the list")
    assert OtherPerson.objects.filter(ended_at=None).count() == 1


def test_the_check_works_by_keyboard_alone(open_as, school: School) -> None:
    page = open_as(a_person("Alice Archer", Role.STAFF, school))
    page.goto(reverse("consent:check"))
    hand = Keyboard(page)
    hand.type("Names", "Sam Smith (5B)")
    use_of(hand)
    hand.press("Check")
    assert page.locator("h1").inner_text() == "May be shown"


def test_the_check_works_without_javascript(open_as, school: School) -> None:
    page = open_as(a_person("Alice Archer", Role.STAFF, school), javascript=False)
    page.goto(reverse("consent:check"))
    hand = Pointer(page)
    page.fill("#id_part", "sam")
    hand.press("Find")
    hand.tick("Sam Smith (5B)")
    use_of(hand)
    hand.press("Check")
    page.fill("#id_keep_what", "Sports day")
    hand.press("Keep this check")
    assert "All 1" not in page.locator("main").inner_text()
    assert "The pupil could be shown" in page.locator("main").inner_text()
