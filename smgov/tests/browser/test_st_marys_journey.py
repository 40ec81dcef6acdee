"""St Mary's long form in a real browser: sent, sent back, sent again, signed in its own order; and a refusal."""

import pytest
from playwright.sync_api import Page

from accounts.models import SocialAccount
from approvals.models import ApprovalRequest
from core.roles import Role
from people.models import School, User
from smgov.testing import DOMAIN, a_person, a_school
from smgov.tests.browser.hands import Pointer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def school() -> School:
    """A primary school on St Mary's preset."""
    return a_school("Saint Aldhelm's Church of England Voluntary Aided Primary School", preset="st-marys")


def fill_in(use: Pointer) -> None:
    """Every section of the long form."""
    use.press("The site")
    use.type("Department or team", "Eco council")
    use.type("Name of the account", "Eco council")
    use.choose("Platform", "Instagram")
    use.type("Official e-mail address", f"eco@{DOMAIN}")
    use.type("Who will host the site", "The platform itself")
    use.press("Save and continue")
    use.type("What is the account for", "Share our garden")
    use.type("What will it show", "Plants, no faces")
    use.type("Will what you put in", "Yes")
    use.type("How much will people interact", "Comments closed")
    use.press("Save and continue")
    use.tick("Pupils of the school")
    use.type("youngest", "7")
    use.type("oldest", "11")
    use.press("Save and continue")
    use.tick("School staff")
    use.press("Save and continue")
    use.choose("Moderator", "Tess")
    use.choose("Administrator 1", "Tess")
    use.choose("Administrator 2", "Omar")
    use.press("Save and continue")
    use.type("How will you keep unwanted people out", "Followers approved one by one")
    use.press("Save and continue")
    use.type("How much time will staff", "An hour")
    use.type("How will you tell whether", "Ask the council")
    use.type("Day", "1")
    use.type("Month", "9")
    use.type("Year", "2099")
    use.press("Save and continue")


@pytest.mark.clause("STM-15.29", "STM-15.01", "STM-15.21", "STM-15.07")
def test_the_long_form_goes_back_and_forth_and_is_signed_in_its_own_order(
    open_as, check, school: School
) -> None:
    tess, omar = (
        a_person("Tess Thorn", Role.STAFF, school),
        a_person("Omar Okafor-Whittingham", Role.STAFF, school),
    )
    officer, head = (
        a_person("Mo Moss", Role.HEAD_OF_COMMS, school),
        a_person("Hal Hill", Role.HEADTEACHER, school),
    )
    page = open_as(tess, width=390)
    use = Pointer(page)
    page.goto("/requests/new/")
    use.press("Start")
    fill_in(use)
    check(page, names="check your answers")
    assert "Instagram is for people of 13 and over" in page.locator("main").inner_text()
    use.press("Send")
    check(page, names="sent")
    decide(
        open_as(officer, width=390), officer, "Send back with a question", "Why pupils as young as 7?", check
    )
    page.goto("/")
    check(page, names="home with a returned request")
    use.press("Sent back to you: Eco council")
    assert "Why pupils as young as 7?" in page.locator("main").inner_text()
    use.press("Audience")
    use.type("youngest", "9")
    use.press("Save and continue")
    page.goto(page.url.rsplit("/", 2)[0] + "/check/")
    use.press("Send again")
    assert ApprovalRequest.objects.get().round == 2
    signer = open_as(officer, width=1280)
    signer.goto("/")
    signer.get_by_role("link", name="New account: Eco council").click()
    assert "What changed since it was sent back" in signer.locator("main").inner_text()
    check(signer, names="what changed")
    decide(open_as(officer), officer, "Approve", "", check)
    decide(open_as(head), head, "Approve", "", check)
    assert ApprovalRequest.objects.get().status == "approved"
    assert {right.user for right in SocialAccount.objects.get().rights.filter(right="administrator")} == {
        tess,
        omar,
    }


def decide(page: Page, signer: User, outcome: str, reasons: str, check) -> None:
    """From home to the signature."""
    page.goto("/")
    use = Pointer(page)
    use.press("New account: Eco council")
    use.tick(outcome)
    if reasons:
        use.type("Your reasons", reasons)
    use.type("Sign with your full name", signer.full_name)
    check(page, names="decision")
    use.press("Sign and send")
    check(page, names="after the decision")
