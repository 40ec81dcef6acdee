"""Blocked sites and the Wi-Fi in a real browser: on a phone, by keyboard, without JavaScript, and by link."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from approvals.models import OutsideLink, Stage, UnblockRequest
from approvals.network.outside import token_of
from approvals.tests.network.cases import People, a_cit_school, a_st_marys
from smgov.testing import UNBLOCK, an_unblock, decide
from smgov.tests.browser.hands import Keyboard, Pointer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LONG = "https://archive.example/" + "a-very-long-path-without-any-place-to-break/" * 12 + "?key=" + "x" * 300


@pytest.fixture
def people() -> People:
    """A St Mary's school."""
    return a_st_marys()


def fill_in(use: Pointer, address: str = LONG) -> None:
    """The whole form."""
    last = timezone.localdate() + timedelta(days=20)
    use.type("Full addresses", address)
    use.choose("What kind of site", "Video")
    use.type("What does the site contain", UNBLOCK["site_content"])
    use.tick("I need special permission")
    use.type("What do you need it for", UNBLOCK["reasons"])
    use.type("What risks do you see", UNBLOCK["risks"])
    use.tick("A class or a group")
    use.type("Which ones", "9B")
    use.type("#id_until_day", str(last.day))
    use.type("#id_until_month", str(last.month))
    use.type("#id_until_year", str(last.year))


@pytest.mark.clause("STM-9.06", "STM-9.07")
def test_a_teacher_asks_on_a_phone_and_it_is_decided_opened_ended_and_blocked_again(
    open_as, check, people: People
) -> None:
    page = open_as(people.alice, width=390)
    use = Pointer(page)
    page.goto("/network/")
    check(page)
    use.press("Ask for a blocked site")
    check(page)
    use.press("Send the request")
    check(page, names="with every error")
    assert page.locator(".govuk-error-summary a").count() == 7
    fill_in(use, "javascript:alert(1)")
    use.press("Send the request")
    assert "does not begin with http" in page.locator(".govuk-error-summary").inner_text()
    assert page.get_by_label("Full addresses").input_value() == "javascript:alert(1)"
    check(page)
    use.type("Full addresses", LONG)
    use.press("Send the request")
    check(page, names="detail with a long address")
    assert page.locator(f'a[href="{LONG}"]').count() == 0

    page = open_as(people.dan, width=390)
    page.goto(reverse("approvals:unblock-list"))
    check(page)
    use = Pointer(page)
    use.press("archive.example")
    use.press("Give a technical view")
    check(page)
    use.type("Your technical view", "The filter has it under streaming")
    use.press("Add to the request")

    page = open_as(people.bob)
    page.goto("/")
    use = Pointer(page)
    use.press("Open a blocked site: archive.example")
    assert "The filter has it under streaming" in page.locator("main").inner_text()
    use.tick("Approve")
    use.type("Sign with your full name", "Bob Barnes")
    use.press("Sign and send")
    assert "Give your reasons for approving" in page.locator(".govuk-error-summary").inner_text()
    check(page)
    use.type("Your reasons", "For these lessons")
    use.press("Sign and send")

    page = open_as(people.dan, width=390)
    page.goto("/")
    use = Pointer(page)
    use.press("Open on the network: archive.example")
    use.press("It is open now")
    check(page)
    use.type("What did you do", "For 9B only")
    use.press("Record that it is open")
    use.press("End access now")
    check(page)
    use.press("End access")
    check(page, names="with its error")
    use.type("Why does it end now", "The lessons are over")
    use.press("End access")
    use.press("It is blocked again")
    check(page)
    use.press("Record that it is blocked again")
    check(page)
    assert UnblockRequest.objects.get().stage == Stage.SHUT


def test_the_form_is_filled_in_by_keyboard_alone(open_as, people: People) -> None:
    page = open_as(people.alice)
    page.goto(reverse("approvals:unblock-ask"))
    use = Keyboard(page)
    fill_in(use)
    use.press("Send the request")
    assert UnblockRequest.objects.get().requested_by == people.alice


def test_it_works_without_javascript(open_as, people: People) -> None:
    page = open_as(people.alice, javascript=False)
    page.goto(reverse("approvals:unblock-ask"))
    use = Pointer(page)
    fill_in(use)
    use.press("Send the request")
    row = UnblockRequest.objects.get()
    decide(row.approval, people.bob, "returned", "Which lessons?")
    page.goto("/")
    use.press("Sent back to you: archive.example")
    use.press("Answer and send again")
    assert "Which lessons?" in page.locator("main").inner_text()
    use.type("What do you need it for", "Lessons 3 and 4")
    use.press("Send again")
    row.refresh_from_db()
    assert row.reasons == "Lessons 3 and 4"


@pytest.mark.clause("CIT-9.05")
@pytest.mark.parametrize("width", [390, 1280])
def test_the_provider_answers_by_link_without_an_account(open_as, check, width: int) -> None:
    people = a_cit_school()
    row = an_unblock(people.alice, people.school, addresses=LONG)
    link = reverse("approvals:outside-answer", args=[token_of(OutsideLink.objects.get(request=row))])
    page = open_as(width=width)
    page.goto(link)
    check(page)
    use = Pointer(page)
    use.press("Send your view")
    check(page, names="with errors")
    use.type("Your name", "Petra Pike")
    use.type("Your technical view", "Safe")
    use.press("Send your view")
    check(page)
    assert "Your answer was recorded" in page.locator("main").inner_text()
    decide(row.approval, people.bob, reasons="Fine")
    page.goto(link)
    use.type("Your name", "Petra Pike")
    use.press("Record that it is open")
    check(page)
    row.refresh_from_db()
    assert row.stage == Stage.OPEN
    page.goto(link[:-3] + "abc/")
    check(page, names="a broken link")


@pytest.mark.clause("CIT-6.02", "CIT-6.03", "STM-6.02", "STM-6.03")
@pytest.mark.parametrize("width", [390, 1280])
def test_two_gates_open_the_wifi_for_pupils(open_as, check, people: People, width: int) -> None:
    page = open_as(people.alice, width=width)
    use = Pointer(page)
    page.goto(reverse("approvals:wifi-ask"))
    check(page)
    use.press("Send the request")
    check(page, names="with errors")
    last = timezone.localdate() + timedelta(days=20)
    use.tick("A class or a group")
    use.type("Which ones", "10C")
    use.type("Which social media", "Instagram")
    use.type("What for", "Media studies")
    use.type("How are pupils supervised", "I walk round")
    use.type("#id_until_day", str(last.day))
    use.type("#id_until_month", str(last.month))
    use.type("#id_until_year", str(last.year))
    use.press("Send the request")
    check(page)
    for person, reasons in ((people.dan, "A group of its own"), (people.bob, "For these lessons")):
        page = open_as(person, width=width)
        use = Pointer(page)
        page.goto(reverse("approvals:wifi-list"))
        check(page)
        use.press("A class or a group: 10C")
        page.get_by_role("link", name="Read and decide").click()
        use.tick("Approve")
        use.type("Your reasons", reasons)
        use.type("Sign with your full name", person.full_name)
        use.press("Sign and send")
    page = open_as(people.dan, width=width)
    page.goto("/")
    check(page)
    assert "Open on the network" in page.locator("main").inner_text()
