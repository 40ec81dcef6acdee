"""The headteacher and the chair at work on concerns, in a real browser: each page, and forms with errors."""

import pytest

from incidents.concerns.tests.cases import a_concern, a_concern_crew, a_pupil_harmed, by, more_people
from incidents.models import Category
from smgov.tests.browser.hands import Pointer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.clause("STM-8.03", "STM-2.11")
def test_the_headteacher_refers_and_closes_a_concern_about_staff_on_a_phone(open_as, check) -> None:
    crew = a_concern_crew()
    case = a_concern(crew, by(crew.mark), a_pupil_harmed(), category=Category.STAFF_CONTACT)
    page = open_as(crew.bob, width=390)
    use = Pointer(page)
    page.goto(f"/concerns/{case.uuid}/")
    check(page, names="case about staff")
    for step, button in (
        ("refer", "Record it"),
        ("measure", ""),
        ("parents", ""),
        ("conduct", ""),
        ("close", "Close the case"),
    ):
        page.goto(f"/concerns/{case.uuid}/{step}/")
        check(page, names=step)
        if button:
            use.press(button)
            check(page, names=f"{step} with errors")
    for path in ("duty/", "emergency/", "figures/", "kept/"):
        page.goto(f"/concerns/{path}")
        check(page, names=path)


@pytest.mark.clause("STM-8.05")
def test_the_chair_reads_what_is_about_the_headteacher_and_prints_it(open_as, check) -> None:
    crew = a_concern_crew()
    more_people(crew)
    case = a_concern(crew, by(sort="head"), category=Category.HARASSMENT)
    page = open_as(crew.gina)
    page.goto("/concerns/")
    check(page, names="board of the chair")
    page.locator("main table").get_by_role("link", name=case.reference).click()
    check(page, names="case about the headteacher")
    for path in (f"{case.uuid}/pack/", f"{case.uuid}/evidence/?could=no", "emergency/past/", "figures/"):
        page.goto(f"/concerns/{path}")
        check(page, names=path)
    head = open_as(crew.bob)
    head.goto("/concerns/?show=open")
    assert case.reference not in head.content()
    assert head.goto(f"/concerns/{case.uuid}/").status == 404
