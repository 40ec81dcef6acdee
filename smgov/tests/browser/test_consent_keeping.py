"""Keeping the register of consent in a real browser: flags, searches, checks, the review, erasing, linking."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from approvals.network.timed import url_of
from consent.models import Mention, NeverShow, PostSearch, Pupil, RegisterReview, Responsibility, Route
from core.roles import Role
from people.models import School, User
from smgov.testing import a_person, an_unblock
from smgov.testing_consent import a_consent_school, a_contact, a_pupil, says
from smgov.tests.browser.hands import Pointer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LONG = "Anastasia-Wilhelmina Featherstonehaugh-Cholmondeley"
PASSWORD = "teapot-maple-river"
"""Of test people only."""
SHOTS = os.environ.get("SMGOV_SHOTS", "")
"""A folder for pictures of every page, for people who want to look at them."""
WIDTHS = pytest.mark.parametrize("width", [1280, 390])


@pytest.fixture
def school() -> School:
    """A school on St Mary's preset with a class of pupils in every state."""
    school = a_consent_school(
        "Saint Aldhelm's Church of England Voluntary Aided Primary School",
        preset="st-marys",
        unblock_approver=["headteacher"],
    )[0]
    for number in range(28):
        a_contact(a_pupil(school, f"Kit{number} Moss", class_name="5A" if number % 2 else "6B"))
    return school


@pytest.fixture
def look(check):
    """Check a page, and take its picture where a folder is named."""

    def at(page: Page, name: str) -> None:
        check(page, names=name)
        if SHOTS:
            width = page.viewport_size["width"]
            page.screenshot(path=Path(SHOTS) / f"{name.replace(' ', '-')}-{width}.png", full_page=True)

    return at


def long_pupil(school: School, **facts) -> Pupil:
    return a_pupil(school, LONG, class_name="The Very Hungry Caterpillars", **facts)


@pytest.mark.clause("RAV-9.08")
@WIDTHS
def test_the_dsl_sets_reads_and_lifts_the_flag(open_as, look, school: School, width: int) -> None:
    dsl = a_person("Dina Dell", Role.DSL, school)
    pupil = long_pupil(school)
    page = open_as(dsl, width=width)
    use = Pointer(page)
    page.goto("/consent/never/")
    look(page, "flags empty")
    page.goto(f"/consent/pupils/{pupil.uuid}/")
    use.press("Never show this pupil")
    use.press("Never show this pupil")
    look(page, "flag with error")
    use.type("Why must this pupil never be shown?", "A court order. " * 12)
    use.press("Never show this pupil")
    look(page, "flag")
    page.goto("/consent/never/")
    look(page, "flags")
    use.press(pupil.name)
    use.press("Lift the flag")
    use.type("Why may this pupil be shown again?", "The order has ended.")
    look(page, "lifting")
    use.press("Lift the flag")
    look(page, "flag lifted")
    assert NeverShow.objects.get().lifted_by == dsl


@pytest.mark.clause("STM-7.13")
@WIDTHS
def test_whoever_keeps_the_accounts_looks_for_earlier_posts(
    open_as, look, school: School, width: int
) -> None:
    comms = a_person("Cora Clay", Role.HEAD_OF_COMMS, school)
    page = open_as(comms, width=width)
    use = Pointer(page)
    page.goto("/consent/earlier-posts/")
    look(page, "searches empty")
    for pupil in [long_pupil(school), *Pupil.objects.filter(first_name__in=["Kit1", "Kit2"])]:
        mother = a_contact(pupil)
        says(pupil, True, mother)
        says(pupil, False, mother)
    PostSearch.objects.filter(pupil__class_name="5A").update(raised_at=timezone.now() - timedelta(days=12))
    page.goto("/consent/earlier-posts/")
    look(page, "searches")
    use.press(LONG)
    use.tick("Some posts could not be removed")
    use.press("Record what you found")
    look(page, "search with error")
    use.type("What was done, and why something was kept", "Two removed; one is in a shared album.\n" * 4)
    use.press("Record what you found")
    look(page, "search recorded")
    use.press(LONG)
    look(page, "search done")
    assert PostSearch.objects.get(pupil__last_name__startswith="Feather").done_by == comms


@pytest.mark.clause("STM-7.06")
@WIDTHS
def test_the_office_checks_who_answered_and_chases_calls(open_as, look, school: School, width: int) -> None:
    office = a_person("Olga Ott", Role.OFFICE, school)
    pupil, sister = long_pupil(school), a_pupil(school, "Lou Featherstonehaugh")
    uncle = a_contact(
        pupil, sister, name=f"Uncle {LONG}", relationship="Uncle", responsibility=Responsibility.UNKNOWN
    )
    says(pupil, True, uncle, actor=office, words="I am his uncle. " * 8)
    says(sister, False, a_contact(sister), actor=office, route=Route.TELEPHONE)
    page = open_as(office, width=width)
    use = Pointer(page)
    page.goto("/consent/answers/check/?show=noted")
    look(page, "noted")
    page.goto("/consent/answers/check/")
    look(page, "answers to check")
    use.press(LONG)
    use.press("Record the check")
    look(page, "check with error")
    use.tick("Yes: their answer counts")
    use.press("Record the check")
    page.goto("/consent/answers/check/")
    look(page, "answers checked")
    assert "No answer waits" in page.locator("main").inner_text()


@pytest.mark.clause("STM-7.08")
@WIDTHS
def test_the_keeper_reviews_and_signs(open_as, look, school: School, width: int) -> None:
    dpo = a_person("Dora Dart", Role.DPO, school)
    long_pupil(school, born=None)
    page = open_as(dpo, width=width)
    use = Pointer(page)
    page.goto("/consent/review/")
    look(page, "review")
    use.press("No date of birth, so that it is not known when they turn 18")
    look(page, "behind a figure")
    page.go_back()
    use.press("Sign as reviewed")
    look(page, "review with error")
    a_pupil(school, "Late Lane")
    use.type("Your full name", "Dora Dart")
    use.press("Sign as reviewed")
    look(page, "review with new figures")
    use.press("Sign as reviewed")
    look(page, "review signed")
    page.goto("/consent/review/")
    look(page, "review again")
    assert RegisterReview.objects.get().figures["pupils"] == 30


@WIDTHS
def test_the_dpo_gives_out_and_erases(open_as, look, school: School, width: int) -> None:
    dpo = a_person("Dora Dart", Role.DPO, school)
    dpo.set_password(PASSWORD)
    dpo.save()
    pupil = long_pupil(school, leaves_on=timezone.localdate() - timedelta(days=9))
    says(pupil, True, a_contact(pupil, name=f"Mother {LONG}"), words="Ask us first. " * 20)
    page = open_as(dpo, width=width)
    use = Pointer(page)
    page.goto(f"/consent/pupils/{pupil.uuid}/")
    look(page, "pupil of the DPO")
    use.press("What the school holds about this child")
    look(page, "export")
    page.goto(f"/consent/pupils/{pupil.uuid}/")
    use.press("Erase the data of this former pupil")
    use.press("Erase the data")
    look(page, "erasing with errors")
    use.tick("I have read what goes")
    use.type("Your password", PASSWORD)
    use.press("Erase the data")
    look(page, "erased")
    assert "A former pupil" in page.locator("main").inner_text()
    assert Pupil.objects.get(pk=pupil.pk).last_name == ""


@WIDTHS
def test_a_teacher_links_a_pupil_to_a_request(open_as, look, school: School, width: int) -> None:
    a_person("Hal Hill", Role.HEADTEACHER, school)
    a_person("Ivo Ives", Role.IT, school)
    teacher: User = a_person("Tess Thorn", Role.STAFF, school)
    long_pupil(school)
    a_pupil(school, "Sam Same", class_name="5A")
    a_pupil(school, "Sam Same", class_name="6B")
    row = an_unblock(teacher, school, who_in_words=f"5A with {LONG}")
    page = open_as(teacher, width=width)
    use = Pointer(page)
    page.goto(url_of(row))
    look(page, "request with pupils")
    use.press("Link a pupil, or take a wrong link away")
    look(page, "linking")
    use.type("Full name of the pupil", "Sam Same")
    use.press("Link the pupil")
    look(page, "which of them")
    use.tick("Sam Same, 6B")
    use.press("Link the pupil")
    look(page, "linked")
    use.press(f"Take the link away from {LONG}")
    assert Mention.objects.get().pupil.class_name == "6B"
