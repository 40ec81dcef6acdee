"""CIT's journey in a real browser: draft, check, headteacher, Head of Communications, register, public page."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from accounts.models import SocialAccount
from approvals.models import ApprovalRequest
from people.models import User
from smgov.testing import DOMAIN, Cast, a_cit_trust
from smgov.tests.browser.hands import Keyboard, Pointer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


class Journey:
    """The steps; `look` is called on every page."""

    def __init__(
        self, cast: Cast, open_window: Callable[[User], Page], hands: type[Pointer], look: Callable
    ) -> None:
        self.cast, self.open_window, self.hands, self.look = cast, open_window, hands, look

    def run(self) -> None:
        """From an empty home to the public page."""
        self.teacher_asks()
        self.signs(self.cast.bob)
        self.signs(self.cast.cora)
        assert ApprovalRequest.objects.get().status == "approved"
        self.teacher_goes_live()
        self.anybody_sees_it()

    def teacher_asks(self) -> None:
        page = self.open_window(self.cast.alice)
        page.goto("/")
        self.look(page)
        use = self.hands(page)
        use.press("Ask for a social media account")
        self.look(page)
        use.press("Start")
        self.look(page)
        use.press("The account")
        use.press("Save and continue")
        self.look(page, "empty section with errors")
        assert page.locator(".govuk-error-summary a").count() >= 3
        use.type("Name of the account", "Year 6 at Hilltop")
        use.choose("Platform", "Facebook")
        use.type("Official e-mail address", "year6@gmail.com")
        use.press("Save and continue")
        self.look(page, "free mail refused")
        assert "free mail" in page.locator("main").inner_text()
        assert page.get_by_label("Name of the account").input_value() == "Year 6 at Hilltop"
        use.type("Official e-mail address", f"year6@{DOMAIN}")
        use.press("Save and continue")
        self.look(page)
        use.type("What is the account for", "Show families what the class learns")
        use.type("Will what you put in", "An hour a week reaches most families")
        use.type("How much will people interact", "Comments open")
        use.press("Save and continue")
        self.look(page)
        use.tick("School staff")
        use.press("Save and continue")
        self.look(page)
        use.choose("Moderator", "Alice")
        use.choose("Administrator 1", "Alice")
        use.press("Save and continue")
        self.look(page)
        use.type("How much time will staff", "One hour a week")
        use.type("How will you tell whether", "Ask families")
        use.press("Save and continue")
        self.look(page, "check your answers")
        use.press("Send")
        self.look(page, "sent")
        assert ApprovalRequest.objects.get().status == "pending"

    def signs(self, signer: User) -> None:
        page = self.open_window(signer)
        page.goto("/")
        use = self.hands(page)
        use.press("New account: Year 6 at Hilltop")
        self.look(page, "decision page")
        use.press("Sign and send")
        self.look(page, "decision page with errors")
        use.tick("Approve")
        use.type("Sign with your full name", signer.full_name)
        use.press("Sign and send")
        self.look(page, "after signing")

    def teacher_goes_live(self) -> None:
        page = self.open_window(self.cast.alice)
        account = SocialAccount.objects.get()
        page.goto("/accounts/")
        self.look(page, "register")
        page.goto(f"/accounts/{account.uuid}/")
        self.look(page, "account")
        use = self.hands(page)
        use.press("Record that it is live")
        self.look(page, "going live")
        use.type("Handle", "@hilltop_year6")
        use.type("Address", "https://www.facebook.com/hilltopyear6")
        use.press("Record that it is live")
        account.refresh_from_db()
        assert account.status == "live"

    def anybody_sees_it(self) -> None:
        page = self.open_window(None)
        page.goto(f"/official/{self.cast.hilltop.slug}/")
        self.look(page, "public page")
        assert "Year 6 at Hilltop" in page.locator("main").inner_text()
        assert "Alice" not in page.content()


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.clause("CIT-3.01", "CIT-3.02", "BEC-1.02")
def test_from_draft_to_public_page(open_as, check, width: int) -> None:
    def look(page: Page, names: str = "") -> None:
        check(page, names=names)

    Journey(a_cit_trust(), lambda user: open_as(user, width=width), Pointer, look).run()


def test_by_keyboard_alone(open_as) -> None:
    Journey(a_cit_trust(), open_as, Keyboard, lambda page, names="": None).run()


def test_with_javascript_off(open_as) -> None:
    Journey(
        a_cit_trust(),
        lambda user: open_as(user, width=390, javascript=False),
        Pointer,
        lambda page, names="": None,
    ).run()
