"""Measures, blocked sites, the register of decisions and the yearly statement, in a real browser."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from approvals.models import BlockedSite, MeasureReview, SecurityMeasure, UnblockRequest
from approvals.network.timed import opening_opened
from core.roles import Post, Role
from people.models import School, User
from smgov.testing import a_measure, a_person, a_school, an_unblock, decide
from smgov.tests.browser.hands import Pointer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LONG = "https://" + "a-very-long-name-of-a-website-" * 2 + "x.example/" + "path/" * 60


@pytest.fixture
def school() -> School:
    """A primary school on St Mary's preset."""
    return a_school("Saint Aldhelm's Church of England Voluntary Aided Primary School", preset="st-marys")


def people(school: School) -> tuple[User, User, User]:
    """Headteacher, online safety officer, teacher."""
    return (
        a_person("Hal Hill", Role.HEADTEACHER, school),
        a_person("Olga Orr-Whittingham", Role.IT, school, post=Post.ONLINE_SAFETY),
        a_person("Tess Thorn", Role.STAFF, school),
    )


def day(use: Pointer, when: Any) -> None:
    """Into the three boxes of a date."""
    for label, part in (("Day", when.day), ("Month", when.month), ("Year", when.year)):
        use.page.locator("main").get_by_label(label, exact=True).first.fill(str(part))


@pytest.mark.clause("STM-2.37")
@pytest.mark.clause("STM-2.38")
@pytest.mark.parametrize("width", [1280, 390])
def test_a_measure_from_the_direction_to_its_review(open_as, check, school: School, width: int) -> None:
    head, officer, _ = people(school)
    page = open_as(head, width=width)
    use = Pointer(page)
    page.goto("/network/")
    use.press("Security and filtering measures")
    check(page, names="no measures yet")
    use.press("Direct a measure")
    use.press("Direct the measure")
    check(page, names="what is missing")
    use.choose("What is it about?", "Firewall")
    use.type("The measure in a few words", "Firewall at the line to the internet")
    use.type("What shall be done?", "Install it, with our own list on top")
    day(use, timezone.localdate() + timedelta(days=100))
    use.press("Direct the measure")
    check(page, names="directed")
    carry_out(open_as(officer, width=width), check)
    page.goto("/network/measures/")
    check(page, names="register of measures")
    assert "In place" in page.locator("main").inner_text()
    assert MeasureReview.objects.get().reviewed_by == officer


def carry_out(page: Page, check: Any) -> None:
    """The officer goes from home to the measure, carries it out and reviews it."""
    use = Pointer(page)
    page.goto("/")
    use.press("Carry out: Firewall at the line to the internet")
    use.press("It is in place")
    day(use, timezone.localdate())
    use.type("What was done?", "Installed and tested from the hall")
    check(page, names="carrying out")
    use.press("Record it")
    use.press("Record a review")
    use.type("What did you find, and what was updated?", "Firmware is up to date")
    day(use, timezone.localdate() + timedelta(days=200))
    check(page, names="review")
    use.press("Record the review")
    check(page, names="reviewed")
    assert "Firmware is up to date" in page.locator("main").inner_text()


@pytest.mark.clause("STM-9.02")
@pytest.mark.parametrize("width", [1280, 390])
def test_a_technician_blocks_a_site_and_a_teacher_reads_of_it(
    open_as, check, school: School, width: int
) -> None:
    _, officer, teacher = people(school)
    page = open_as(officer, width=width)
    use = Pointer(page)
    page.goto("/network/sites/")
    use.press("Block a site")
    use.type("Site", "bets")
    use.type("Why is it blocked?", "Gambling")
    use.press("Put it on the list")
    check(page, names="no site")
    use.type("Site", "a-rather-long-name-of-a-site-for-bets-and-odds.quick-and-easy.example")
    use.press("Put it on the list")
    check(page, names="blocked sites of a technician")
    reader = open_as(teacher, width=width)
    reader.goto("/network/sites/")
    check(reader, names="blocked sites of a teacher")
    assert "Gambling" in reader.locator("main").inner_text()
    use.press("Lift a-rather-long-name-of-a-site-for-bets-and-odds.quick-and-easy.example")
    check(page, names="lifting")
    use.type("Why is it no longer blocked?", "By mistake")
    use.press("Take it off the list")
    assert BlockedSite.objects.get().lifted_by == officer


@pytest.mark.parametrize("width", [1280, 390])
def test_the_headteacher_reads_decisions_and_the_statement(
    open_as, check, school: School, width: int
) -> None:
    head, officer, teacher = people(school)
    row = an_unblock(teacher, school, addresses=LONG)
    decide(row.approval, head, reasons="For the lessons named, and no longer. " * 8)
    opening_opened(actor=officer, row=UnblockRequest.objects.get(pk=row.pk))
    refused = an_unblock(teacher, school, category="games", addresses="https://games.example/")
    decide(refused.approval, head, "refused", "No reason was given that outweighs the adverts.")
    late = a_measure(head, school, carried_out_by=officer)
    SecurityMeasure.objects.filter(pk=late.pk).update(review_on=timezone.localdate() - timedelta(days=3))
    page = open_as(head, width=width)
    use = Pointer(page)
    page.goto("/network/")
    use.press("Decisions on blocked content")
    check(page, names="decisions")
    assert "No reason was given that outweighs the adverts." in page.locator("main").inner_text()
    page.goto("/network/")
    use.press("Yearly statement")
    check(page, names="statement")
    words = page.locator("main").inner_text()
    assert "Reviews that are overdue: Filter lists renewed each month" in words
    page.emulate_media(media="print")
    assert not page.locator(".app-filter").is_visible()
    assert page.get_by_text("Who is responsible").is_visible()
