"""Questions, a round and the eighteenth birthday, in a real browser."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from consent.models import Ask, Assessment, Purpose, Round
from core.roles import Role
from people.models import School
from smgov.testing import a_person, a_school
from smgov.testing_consent import a_contact, a_pupil, consent_chosen
from smgov.tests.browser.hands import Pointer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LONG = "Maximiliana-Theodora Featherstonehaugh-Cholmondeley-Marjoribanks"


@pytest.fixture
def school() -> School:
    """A school on St Mary's preset, with pupils and nothing asked about yet."""
    name = "Saint Aldhelm's Church of England Voluntary Aided Primary School"
    school = consent_chosen(a_school(name, preset="st-marys"))
    for number in range(3):
        a_contact(a_pupil(school, f"{LONG} {number}"), name=f"{LONG} Senior {number}")
    a_pupil(school, "Paul Paper", class_name="6 Kingfisher and Heron")
    return school


@pytest.mark.clause("STM-7.01", "STM-7.14", "STM-7.15")
@pytest.mark.parametrize("width", [1280, 390])
def test_from_the_questions_to_a_round(open_as, check, school: School, width: int) -> None:
    dpo = a_person("Dora Dart", Role.DPO, school)
    page = open_as(dpo, width=width)
    use = Pointer(page)
    page.goto("/consent/")
    use.press("What consent is asked for")
    check(page, names="no questions yet")
    use.press("Start with these questions")
    check(page, names="questions")
    assert "may agree to photographs and refuse videos" in page.locator("main").inner_text()
    page.locator("main").get_by_role("link", name="Change the words").first.click()
    check(page, names="change the words")
    use.type("The words that people read", "May we show photographs of your child?")
    use.press("Use these words from now on")
    page.locator(".govuk-summary-card summary").first.click()
    check(page, names="two versions")
    use.press("Ask about something else")
    use.press("Ask about this")
    check(page, names="what is missing")
    use.tick("Photographs and videos")
    use.tick("One social media platform")
    page.locator("main select").select_option(label="Instagram")
    use.tick("Only in a group with other pupils")
    use.tick("Consent: silence means no")
    check(page, names="one more question")
    use.press("Ask about this")
    page.locator("main").get_by_role("link", name="Stop asking").last.click()
    check(page, names="stop asking")
    use.press("Stop asking")
    assert Purpose.objects.filter(retired_at=None).count() == 2
    ask(page, use, check)


def ask(page: Any, use: Pointer, check: Any) -> None:
    """Open a round from the first page, look at who is missing, remind, close."""
    page.goto("/")
    check(page, names="first page")
    use.press("Ask for consent for this academic year")
    check(page, names="open a round")
    use.type("Name of the round", "")
    use.press("Open the round and write to everybody")
    check(page, names="no name")
    use.type("Name of the round", "Autumn round of the whole school")
    use.press("Open the round and write to everybody")
    check(page, names="the round")
    assert Ask.objects.count() == 3
    page.locator(".app-tabs a", has_text="No e-mail address").click()
    check(page, names="paper forms")
    assert "Paul Paper" in page.locator("main").inner_text()
    page.locator(".app-tabs a", has_text="Mail not delivered").click()
    check(page, names="mails")
    Ask.objects.update(written_at=timezone.now() - timedelta(days=5))
    use.press("Remind those who have not answered")
    check(page, names="reminded")
    assert "3 people are reminded now." in page.locator("main").inner_text()
    use.press("Close this round")
    check(page, names="closing")
    use.press("Close the round")
    page.goto("/consent/rounds/")
    check(page, names="rounds")
    assert Round.objects.get().closed_at


@pytest.mark.clause("CIT-7.05")
@pytest.mark.parametrize("width", [1280, 390])
def test_assessing_a_pupil_before_the_birthday(open_as, check, width: int) -> None:
    school = consent_chosen(a_school("Hilltop Academy with Sixth Form", preset="cit"))
    today = timezone.localdate()
    born = date(today.year - 18, today.month, 28) + timedelta(days=20)
    pupil = a_pupil(school, LONG, born=born, class_name="13B", email="m@families.example")
    page = open_as(a_person("Dot Dean", Role.DSL, school), width=width)
    use = Pointer(page)
    page.goto("/")
    use.press("A pupil turns 18: assess whether they understand")
    check(page, names="who turns 18")
    page.locator("main").get_by_role("link", name=LONG).first.click()
    use.press("Record the assessment")
    check(page, names="what is missing")
    use.tick("Yes: from the eighteenth birthday on the pupil answers")
    use.type("On what does it rest?", "Ms Dean spoke with the pupil about public accounts")
    check(page, names="an assessment")
    use.press("Record the assessment")
    assert "Understands" in page.locator("main").inner_text()
    page.goto(f"/consent/pupils/{pupil.uuid}/assessment/")
    check(page, names="the assessment so far")
    assert Assessment.objects.get().competent
