"""A file of pupils from sending to taking over, in a real browser."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from consent.models import Pupil, PupilImport
from consent.services.imports_work import imports_work
from core.roles import Role
from people.models import User
from smgov.testing import a_person
from smgov.testing_consent import a_consent_school, a_contact, a_pupil
from smgov.tests.browser.hands import Pointer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LONG = "Wolfeschlegelsteinhausenbergerdorff"
HEAD = "UPN,Kennziffer,Legal Surname,Legal Forename,DOB,Class,Contact 1 Name,Contact 1 Email,Contact 1 PR"


@pytest.fixture
def office() -> User:
    """The office of a school with three pupils."""
    school = a_consent_school("Saint Aldhelm's Church of England Voluntary Aided Primary School")[0]
    anna = a_pupil(school, "Anna Bell", upn="A000000000901", local_id="901")
    a_contact(anna, name="Beth Bell", email="old@families.example")
    a_pupil(school, f"Cy {LONG}", upn="A000000000902")
    a_pupil(school, "Di Gone", upn="A000000000903")
    return a_person("Olga Ott", Role.OFFICE, school)


def write(path: Path, *rows: str) -> str:
    path.write_text("\n".join([HEAD, *rows]))
    return str(path)


def send(use: Pointer, file: str) -> None:
    use.page.goto("/consent/imports/new/")
    use.page.set_input_files("#id_file", file)
    use.tick("Every pupil of the school")
    use.press("Send the file")


@pytest.mark.parametrize("width", [1280, 390])
def test_a_file_from_sending_to_taking_over(open_as, check, office: User, tmp_path: Path, width: int) -> None:
    born = Pupil.objects.get(upn="A000000000901").born
    file = write(
        tmp_path / "pupils.csv",
        f"A000000000901,901,Bell,Anna,{born},6A,Beth Bell,new@families.example,yes",
        f"A000000000905,905,{LONG},Cyril,{born},6A,,,",
        f"A000000000906,906,{LONG},{LONG},2016-02-29,{LONG},{LONG},,",
        f"A000000000907,907,Bell,Antonia,{born},6A,,,",
    )
    page: Page = open_as(office, width=width)
    use = Pointer(page)
    page.goto("/consent/imports/")
    check(page, names="no file yet")
    use.press("Send a file")
    check(page, names="send")
    use.press("Send the file")
    check(page, names="what is missing")
    send(use, file)
    check(page, names="columns")
    use.choose("Kennziffer", "Admission number")
    use.press("Go on")
    assert "Look again" in page.locator("main").inner_text()
    check(page, names="waiting")
    imports_work()
    use.press("Look again")
    check(page, names="review")
    for name in ("See what changes", "See the new pupils", "See who is not in the file"):
        use.press(name)
        check(page, names=name)
        page.locator(".govuk-back-link").click()
    use.press("Decide the doubtful pupils")
    check(page, names="doubtful")
    for row in page.locator("main fieldset").all():
        row.get_by_label("It is a new pupil").check()
    use.press("Save")
    use.press("Accept it")
    check(page, names="accept")
    use.press("Take it over")
    check(page, names="nothing chosen for the missing")
    use.tick("They have left")
    use.press("Take it over")
    imports_work()
    use.press("Look again")
    check(page, names="taken over")
    assert PupilImport.objects.get().status == "accepted"
    assert Pupil.objects.filter(leaves_on=None).count() == 5
    assert Pupil.objects.get(upn="A000000000901").ties.get().contact.email == "new@families.example"


def test_mistakes_and_pupils_by_hand(open_as, check, office: User, tmp_path: Path) -> None:
    file = write(tmp_path / "pupils.csv", *(f"X{n},{n},Bell,,yesterday,,,," for n in range(30)))
    page: Page = open_as(office, width=390)
    use = Pointer(page)
    send(use, file)
    use.choose("Kennziffer", "Admission number")
    use.press("Go on")
    imports_work()
    page.reload()
    check(page, names="refused rows")
    use.press("See the mistakes")
    check(page, names="mistakes")
    page.goto("/consent/pupils/new/")
    use.press("Add the pupil")
    check(page, names="a pupil without a name")
    use.type("First name", "Nia")
    use.type("Last name", "New")
    for label, part in (("Day", "5"), ("Month", "5"), ("Year", "2015")):
        page.locator("main").get_by_label(label, exact=True).first.fill(part)
    use.press("Add the pupil")
    pupil = Pupil.objects.get(first_name="Nia")
    page.goto(f"/consent/pupils/{pupil.uuid}/contacts/new/")
    check(page, names="a contact")
    use.type("Whole name", "Nan New")
    use.tick("Yes")
    use.press("Add the contact")
    contact = pupil.ties.get().contact
    page.goto(f"/consent/contacts/{contact.uuid}/change/?pupil={pupil.uuid}")
    check(page, names="change a contact")
