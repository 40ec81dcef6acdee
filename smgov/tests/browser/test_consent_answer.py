"""A parent answers by link in a real browser, on a phone, with and without JavaScript; the office prints."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import Page

from consent.models import AnswerLink, Channel, Medium, Position, Purpose, Reply, Says
from consent.services.links import link_for, links_asked_send, token_of
from consent.services.purposes import Asked, purpose_add
from core.models import Notice
from core.notices import send_due
from core.roles import Role
from people.models import School
from smgov.testing import a_person
from smgov.testing_consent import a_consent_school, a_contact, a_pupil, says
from smgov.tests.browser.hands import Keyboard, Pointer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LONG = (
    "May we use photographs of your child on the school's website, where everybody in the world can see them "
    "and where they can be copied? We choose them with care, and take them down when you ask.\n"
    "https://www.hilltop.example.org/" + "a-long-address-without-any-place-to-break" * 4
)


@pytest.fixture
def school() -> School:
    """A school that asks five questions, one of them at length."""
    cache.clear()
    made, _ = a_consent_school("Hilltop Church of England Primary School", preset="st-marys")
    dpo = a_person("Dora Dart", Role.DPO, made)
    for asked, text in (
        (Asked(Medium.IMAGE, Channel.WEBSITE, group_only=True, no_first_name=True), LONG),
        (Asked(Medium.VIDEO, Channel.WEBSITE), ""),
        (Asked(Medium.IMAGE, Channel.NEWSLETTER), ""),
    ):
        purpose_add(actor=dpo, school=made, asked=asked, text=text)
    return made


def link_of_mail(subject: str) -> str:
    """The path in the newest mail with this subject."""
    send_due()
    body = next(one.body for one in reversed(mail.outbox) if subject in one.subject)
    return re.search(r"https?://[^/]+(/\S+)", body).group(1)


def answer(page: Page, use: Pointer, purpose: Purpose, says_yes: bool) -> None:
    """One radio of one question."""
    use.tick(f"#id_q_{purpose.uuid.hex}_{0 if says_yes else 1}")


@pytest.mark.clause("CIT-7.02", "CIT-7.09", "STM-7.02", "STM-7.09", "STM-7.14", "STM-7.15")
@pytest.mark.parametrize(("width", "javascript"), [(390, True), (390, False), (1280, True)])
def test_a_parent_of_two_answers_for_one_comes_back_and_withdraws(
    open_as, check, school: School, width: int, javascript: bool
) -> None:
    looks = check if javascript else (lambda page, names="": None)
    mia = a_pupil(school, "Mia Marsh", class_name="5A")
    max_ = a_pupil(school, "Max Marsh-With-A-Very-Long-Name", class_name="3 Badgers and Otters")
    mother = a_contact(mia, max_, name="Mary Marsh", email="mary@families.example")
    page = open_as(width=width, javascript=javascript)
    use = Pointer(page)
    page.goto(f"/consent/answer/{token_of(link_for(contact=mother))}/")
    looks(page)
    use.press("Answer for Mia")
    looks(page)
    assert page.locator("main input[type=radio]:checked").count() == 0
    use.press("Send your answers")
    looks(page, names="with every error")
    assert page.locator(".govuk-error-summary a").count() == 5
    first, *others = Purpose.objects.filter(school=school).order_by("order")
    answer(page, use, first, True)
    use.press("Send your answers")
    assert page.locator(f"#id_q_{first.uuid.hex}_0").is_checked(), "what was chosen stays"
    page.locator(".govuk-error-summary a").first.click()
    if javascript:
        assert page.evaluate("document.activeElement.id") == f"id_q_{others[0].uuid.hex}_0"
    for purpose in others:
        answer(page, use, purpose, False)
    use.type("anything that the school should know", "Thank you")
    use.press("Send your answers")
    looks(page)
    assert "your answers for Mia are recorded" in page.locator("main").inner_text()
    assert Position.objects.get(pupil=mia, purpose=first).says == Says.YES
    assert page.get_by_role("link", name="Answer for Max").count() == 1

    page.goto(link_of_mail("Your answer was recorded"))
    looks(page)
    use.press("Change or withdraw for Mia")
    looks(page, names="with what was said last time")
    assert "Last time you said: Yes, until" in page.locator("main").inner_text()
    assert page.locator("main input[type=radio]:checked").count() == 0
    use.press("Withdraw everything")
    looks(page)
    use.press("Yes, say no to everything")
    looks(page)
    assert set(Position.objects.filter(pupil=mia).values_list("says", flat=True)) == {Says.NO}
    assert Reply.objects.filter(pupil=max_).count() == 0


def test_it_is_answered_by_keyboard_alone(open_as, school: School) -> None:
    mia = a_pupil(school, "Mia Marsh")
    mother = a_contact(mia)
    page = open_as()
    page.goto(f"/consent/answer/{token_of(link_for(contact=mother))}/")
    use = Keyboard(page)
    use.press("Answer for Mia")
    for number, purpose in enumerate(Purpose.objects.filter(school=school).order_by("order")):
        answer(page, use, purpose, number % 2 == 0)
    use.press("Send your answers")
    assert Reply.objects.get().answers.filter(allows=True).count() == 3


@pytest.mark.parametrize("width", [390, 1280])
def test_a_link_that_is_over_leads_to_a_new_one(open_as, check, school: School, width: int) -> None:
    mia = a_pupil(school, "Mia Marsh")
    mother = a_contact(mia, email="mary@families.example")
    link = link_for(contact=mother)
    AnswerLink.objects.update(expires_at=timezone.now() - timedelta(days=1))
    page = open_as(width=width)
    use = Pointer(page)
    assert page.goto(f"/consent/answer/{token_of(link)}/").status == 404
    check(page)
    use.press("Get a new link by e-mail")
    check(page)
    use.type("Your e-mail address", "mary at families")
    use.press("Send me the link")
    check(page, names="with its error")
    use.type("Your e-mail address", "mary@families.example")
    use.press("Send me the link")
    check(page)
    assert links_asked_send() == 1
    page.goto(link_of_mail("Your link for photographs"))
    assert "Answer for Mia" in page.locator("main").inner_text()


@pytest.mark.parametrize("width", [390, 1280])
def test_paper_forms_for_the_office_and_for_a_parent(open_as, check, school: School, width: int) -> None:
    for name in ("Mia Marsh", "Max Marsh-With-A-Very-Long-Name-Indeed"):
        pupil = a_pupil(school, name, class_name="5A")
    mother = a_contact(pupil)
    says(pupil, True, mother)
    page = open_as(a_person("Olga Ott", Role.OFFICE, school), width=width)
    use = Pointer(page)
    page.goto("/consent/paper-form/")
    check(page)
    use.choose("For whom", "Class 5A")
    use.press("Show the forms")
    check(page)
    assert page.locator(".app-sheet").count() == 2
    page.emulate_media(media="print")
    assert not page.locator(".app-header").is_visible()
    assert not page.get_by_role("button", name="Print").is_visible()
    assert page.locator(".app-sheet__box").first.is_visible()
    page.emulate_media(media="screen")
    use.choose("For whom", "Whoever has not")
    use.press("Show the forms")
    assert page.locator(".app-sheet").count() == 1
    page = open_as(width=width)
    page.goto(f"/consent/answer/{token_of(link_for(contact=mother))}/paper/")
    check(page)
    assert page.locator(".app-sheet").count() == 1


@pytest.mark.parametrize("width", [390, 1280])
def test_the_office_stops_a_link(open_as, check, school: School, width: int) -> None:
    mother = a_contact(a_pupil(school), name="Mary Marsh-With-A-Very-Long-Name-Indeed")
    link_for(contact=mother)
    page = open_as(a_person("Olga Ott", Role.OFFICE, school), width=width)
    page.goto(f"/consent/contacts/{mother.uuid}/link/stop/")
    check(page)
    Pointer(page).press("Stop this link")
    assert AnswerLink.objects.get().revoked_at is not None
    assert not Notice.objects.filter(kind="consent.link").exists()
