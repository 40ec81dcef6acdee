"""What those who answer for a school read and print, and a report on forty accounts, in a real browser."""

import pytest

from accounts.models import SocialAccount
from accounts.monitoring.tests.cases import an_account
from accounts.tests.test_gate import holds
from core.models import Platform
from people.models import School, User
from policies.assurance.tests.cases import a_statement
from policies.assurance.tests.test_term_report import an_entry
from smgov.testing import a_cit_trust

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]
A4 = 718
"""Pixels between the margins of a sheet of A4, as Chromium prints it."""


def forty_accounts(school: School, by: User) -> None:
    """On three platforms; each fifth has nobody."""
    platforms = list(Platform.objects.order_by("pk")[:3])
    for number in range(40):
        account = an_account(school, f"Account of the class number {number:02}")
        SocialAccount.objects.filter(pk=account.pk).update(platform=platforms[number % 3])
        if number % 5:
            holds(account, by)


def wide(page) -> int:
    """By how many pixels something is wider than the sheet."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def test_the_report_of_a_term_fits_on_the_sheet_and_on_a_phone(open_as, check) -> None:
    cast = a_cit_trust()
    forty_accounts(cast.hilltop, cast.alice)
    a_statement(cast.bob, cast.hilltop, "implementation")
    an_entry(cast.alice, cast.hilltop)
    for width in (1280, 390):
        page = open_as(cast.bob, width=width)
        page.goto("/assurance/report/")
        check(page, names=f"report at {width}")
    page = open_as(cast.bob, width=A4)
    page.goto("/assurance/report/")
    page.emulate_media(media="print")
    assert wide(page) <= 0
    text = page.locator("#part-concerns + p ~ .app-table-scroll td").nth(0)
    assert text.evaluate("e => getComputedStyle(e).textAlign") in ("left", "start"), (
        "words do not stand to the right"
    )
    number = page.locator("#table-accounts").locator("xpath=..").locator("td").nth(0)
    assert number.evaluate("e => getComputedStyle(e).textAlign") == "right"


@pytest.mark.parametrize("width", [1280, 390])
def test_forty_accounts_are_written_about_without_javascript(open_as, check, width: int) -> None:
    cast = a_cit_trust()
    forty_accounts(cast.hilltop, cast.alice)
    page = open_as(cast.cora, width=width)
    page.goto(f"/monitoring/new/?school={cast.hilltop.uuid}")
    check(page, names=f"forty accounts at {width}")
    plain = open_as(cast.cora, width=width, javascript=False)
    plain.goto(f"/monitoring/new/?school={cast.hilltop.uuid}")
    plain.get_by_role("checkbox").first.check(force=True)
    plain.get_by_role("button", name="Save and go on here").first.click()
    assert "with an entry" in plain.content()
    assert "#group-" in plain.url
    page = open_as(cast.cora, width=width)
    page.goto("/accounts/coverage/")
    check(page, names=f"coverage at {width}")
