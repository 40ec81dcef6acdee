"""The pages of an import: sending, naming, watching, reviewing, accepting; and what is deleted later."""

import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consent.models import Contact, Pupil, PupilImport
from consent.services import imports
from consent.services.imports_clear import imports_clear
from consent.services.imports_work import import_run, imports_work
from consent.tasks import imports_clear as clearing
from consent.tasks import imports_work as working
from consent.tests.import_help import HEAD, WITH_CONTACT, compared, csv_of, line, office_of, sent, taken, upn
from core.models import AuditEvent
from core.roles import Role
from people.models import School
from smgov.testing import a_person
from smgov.testing_consent import a_consent_school, a_contact, a_pupil

pytestmark = pytest.mark.django_db


@pytest.fixture
def school() -> School:
    """A school whose part about consent is open."""
    return a_consent_school("Hill School")[0]


@pytest.fixture
def office(school: School) -> Client:
    """The office, signed in."""
    client = Client()
    client.force_login(office_of(school))
    return client


def send(client: Client, data: bytes, **more: str):
    form = {"once": str(uuid.uuid4()), "whole": "whole", "file": SimpleUploadedFile("list.csv", data), **more}
    return client.post(reverse("consent:import-add"), form)


def page(load: PupilImport, name: str = "detail") -> str:
    return reverse(f"consent:import-{name}", args=[load.uuid])


def test_a_file_is_sent_watched_reviewed_and_taken_over(office: Client, school: School) -> None:
    answer = send(office, csv_of(HEAD, line(1)))
    load = PupilImport.objects.get()
    assert answer.url == page(load)
    watched = office.get(page(load))
    assert watched["Refresh"]
    assert "<progress" in watched.content.decode()
    assert "Look again" in watched.content.decode()
    imports_work()
    review = office.get(page(load))
    assert "Refresh" not in review
    assert "Nothing has changed yet" in review.content.decode()
    assert "Anna Bell" in office.get(page(load, "rows")).content.decode()
    assert office.post(page(load, "accept")).url == page(load)
    imports_work()
    assert "accepted it" in office.get(page(load)).content.decode()
    assert Pupil.objects.get().name == "Anna Bell"


def test_unknown_headings_lead_to_the_page_that_names_them(office: Client, school: School) -> None:
    answer = send(office, csv_of("Kenn-Nr,Surname,Forename", "7,Bell,Anna"))
    load = PupilImport.objects.get()
    assert answer.url == page(load, "columns")
    text = office.get(answer.url).content.decode()
    assert "“Kenn-Nr”" in text
    assert "For example: 7" in text
    refused = office.post(answer.url, {"column_1": "last_name", "column_2": "first_name"})
    assert refused.status_code == 422
    done = office.post(
        answer.url, {"column_0": "local_id", "column_1": "last_name", "column_2": "first_name"}
    )
    assert done.url == page(load)
    assert import_run(load).counts["new"] == 1


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "The file is empty"),
        (b"\x89PNG\r\n\x00\x00", "not a CSV file"),
        ("UPN,Surname\nA,B".encode("utf-16-le"), "not a CSV file"),
        (b"\xff\xfen", "damaged"),
        (b"UPN,upn\n1,2", "stands twice"),
        (b"UPN,,Surname\n1,2,3", "has no heading"),
        (b'"UPN\n1', "could not be read as CSV"),
        (("h" * 130 + ",UPN\n").encode(), "longer than 120"),
        (",".join(f"c{n}" for n in range(201)).encode(), "more than 200 columns"),
        (b"UPN,\x81\n", "letters could not be read"),
    ],
    ids=[
        "empty",
        "picture",
        "utf-16 without mark",
        "broken utf-16",
        "twice",
        "none",
        "quotes",
        "long",
        "wide",
        "bytes",
    ],
)
def test_a_hostile_file_is_refused_beside_the_field(office: Client, data: bytes, words: str) -> None:
    answer = send(office, data)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not PupilImport.objects.exists()


@pytest.mark.parametrize(
    "data",
    [
        csv_of(HEAD, line(1)).decode().encode("utf-16"),
        b"\xef\xbb\xbf" + csv_of(HEAD, line(1)),
        csv_of(HEAD, line(1)).replace(b"\n", b"\r"),
        csv_of(HEAD, line(1, "Zoë O’Hara")).decode().encode("cp1252"),
        csv_of(HEAD, line(1)[:-5]),
    ],
    ids=["utf-16", "BOM", "lone CR", "cp1252", "ragged"],
)
def test_the_usual_encodings_are_read(office: Client, data: bytes) -> None:
    assert send(office, data).status_code == 302
    assert import_run(PupilImport.objects.get()).counts["new"] == 1


def test_a_file_that_is_too_large_is_refused(office: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("consent.forms.imports.MOST_BYTES", 10)
    answer = send(office, csv_of(HEAD, line(1)))
    assert "larger than 40 MB" in answer.content.decode()


def test_a_file_above_the_limit_of_forms_is_taken(office: Client, settings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 2000
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 500
    rows = [line(n, f"Pupil{n} Bell{n}") for n in range(1, 60)]
    assert send(office, csv_of(HEAD, *rows)).status_code == 302


def test_mistakes_are_listed_and_downloaded_without_formulas(office: Client, school: School) -> None:
    load = compared(school, HEAD, f"{upn(1)},1,Bell,Anna,=1+1,,", *(f"X{n},{n},B,C,,," for n in range(30)))
    text = office.get(page(load, "rows") + "?show=wrong").content.decode()
    assert "Row 2" in text
    assert "DOB: “=1+1” is not a date" in text
    assert "page=2" in text
    lines = office.get(page(load, "mistakes")).content.decode().splitlines()
    assert len(lines) == 32
    assert office.post(page(load, "accept")).status_code == 422
    assert not Pupil.objects.exists()


def test_a_broker_that_is_down_does_not_break_the_page(
    office: Client, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks
) -> None:
    def down(*args, **kwargs):
        raise ConnectionError("no broker")

    monkeypatch.setattr(imports.current_app, "send_task", down)
    with django_capture_on_commit_callbacks(execute=True) as waiting:
        assert send(office, csv_of(HEAD, line(1))).status_code == 302
    assert waiting
    assert working() == 1


def test_doubtful_and_missing_pupils_are_decided_on_their_pages(office: Client, school: School) -> None:
    taken(school, HEAD, line(1), line(2, "Ben Cole"))
    load = compared(school, HEAD, line(9, "Annabel Bell"))
    text = office.get(page(load, "doubtful")).content.decode()
    assert "born 5 May 2015" in text
    row, gone = load.rows.get(outcome="doubtful"), load.rows.get(outcome="missing")
    accept = office.get(page(load, "accept")).content.decode()
    assert "not decided yet" in accept
    assert office.post(page(load, "doubtful"), {f"row_{row.pk}": "nonsense"}).status_code == 422
    assert office.post(page(load, "doubtful"), {f"row_{row.pk}": "new"}).url == page(load)
    assert office.post(page(load, "missing"), {"keep": [str(gone.pk)]}).status_code == 302
    assert "of whom you keep 1" in office.get(page(load)).content.decode()
    assert office.post(page(load, "accept")).status_code == 422
    office.post(page(load, "accept"), {"missing_pupils": "leaver"})
    imports_work()
    assert not Pupil.objects.exclude(leaves_on=None).exists()


def test_a_page_that_is_stale_says_so(office: Client, school: School) -> None:
    load = compared(school, HEAD, line(1))
    imports.import_cancel(actor=office_of(school), load=load)
    answer = office.post(page(load, "accept"))
    assert answer.status_code == 422
    assert "moved on meanwhile" in answer.content.decode()
    assert office.get(page(load, "accept")).url == page(load)
    assert office.get(page(load, "columns")).url == page(load)


def test_the_office_of_another_school_finds_nothing(school: School) -> None:
    load = compared(school, HEAD, line(1))
    other = a_consent_school("Other")[0]
    client = Client()
    client.force_login(office_of(other))
    assert "list.csv" not in client.get(reverse("consent:import-list")).content.decode()
    for name in ("detail", "rows", "missing", "doubtful", "columns", "accept", "cancel", "mistakes"):
        assert client.get(page(load, name)).status_code == 404
    answer = send(client, csv_of(HEAD, line(1)), school=str(school.uuid))
    assert answer.status_code == 404


@pytest.mark.parametrize("role", [Role.STAFF, Role.DSL, Role.IT, Role.GOVERNANCE])
def test_another_role_cannot_import(school: School, role: Role) -> None:
    client = Client()
    client.force_login(a_person("Ned Nobody", role, school))
    assert client.get(reverse("consent:import-add")).status_code == 403
    assert send(client, csv_of(HEAD, line(1))).status_code == 403
    assert client.get(page(compared(school, HEAD, line(1)))).status_code == 404


@pytest.mark.parametrize("name", ["detail", "rows", "missing", "doubtful", "columns", "accept"])
def test_a_page_takes_few_queries_however_long_the_file(
    office: Client, school: School, name: str, django_assert_max_num_queries
) -> None:
    taken(school, WITH_CONTACT, *(line(n, f"Pupil{n} Bell{n}") + f",P{n},,," for n in range(1, 60)))
    lines = [line(100 + n, f"Other{n} Bell{n}") + ",,,," for n in range(1, 40)]
    load = compared(
        school, WITH_CONTACT, *lines, *(line(n, f"New{n} Moss{n}") + ",,,," for n in range(200, 240))
    )
    with django_assert_max_num_queries(15):
        assert office.get(page(load, name)).status_code == 200


def test_the_list_takes_few_queries(office: Client, school: School, django_assert_max_num_queries) -> None:
    for _ in range(30):
        imports.import_cancel(actor=office_of(school), load=sent(school, csv_of(HEAD, line(1))))
    with django_assert_max_num_queries(15):
        assert "Put aside" in office.get(reverse("consent:import-list")).content.decode()


# Deleting


def old(load: PupilImport, days: int) -> PupilImport:
    PupilImport.objects.filter(pk=load.pk).update(at=timezone.now() - timedelta(days=days))
    load.refresh_from_db()
    return load


@pytest.mark.parametrize("end", ["accepted", "cancelled", "review"])
def test_file_and_rows_are_deleted_after_the_days_of_the_profile(
    office: Client, school: School, end: str
) -> None:
    load = taken(school, HEAD, line(1)) if end == "accepted" else compared(school, HEAD, line(1))
    if end == "cancelled":
        imports.import_cancel(actor=office_of(school), load=load)
    path = Path(load.file.path)
    assert path.exists()
    assert "pupils" not in path.name
    old(load, 29)
    assert clearing() == 0
    old(load, 31)
    assert imports_clear() == 1
    assert imports_clear() == 0
    load.refresh_from_db()
    assert not path.exists()
    assert (load.file.name, load.file_name, load.rows.count(), load.counts["new"]) == ("", "", 0, 1)
    assert load.status == ("cancelled" if end == "review" else end)
    assert AuditEvent.objects.filter(action="consent.import_cleared").count() == 1
    assert "The file was deleted on" in office.get(page(load)).content.decode()


def test_a_school_may_choose_fewer_days() -> None:
    school = a_consent_school("Short", retention_raw_imports=3)[0]
    old(taken(school, HEAD, line(1)), 4)
    assert imports_clear() == 1


def test_a_file_that_is_gone_is_refused_in_words(school: School) -> None:
    load = sent(school, csv_of(HEAD, line(1)))
    load.file.storage.delete(load.file.name)
    assert import_run(load).problem == "The file is not there any more. Choose it again."


# By hand


def test_a_pupil_is_added_and_changed_on_a_page(office: Client, school: School) -> None:
    form = {
        "once": str(uuid.uuid4()),
        "first_name": "Anna",
        "last_name": "Bell",
        "born_day": "5",
        "born_month": "5",
        "born_year": "2015",
        "upn": "wrong",
    }
    answer = office.post(reverse("consent:pupil-add"), form)
    assert answer.status_code == 422
    assert "is not a UPN" in answer.content.decode()
    answer = office.post(reverse("consent:pupil-add"), {**form, "upn": upn(1), "year_group": "Year 5"})
    pupil = Pupil.objects.get()
    assert answer.url == reverse("consent:pupil-detail", args=[pupil.uuid])
    assert (pupil.year_group, pupil.upn) == ("5", upn(1))
    change = reverse("consent:pupil-change", args=[pupil.uuid])
    assert 'value="Anna"' in office.get(change).content.decode()
    office.post(change, {**form, "upn": upn(1), "class_name": "6B"})
    pupil.refresh_from_db()
    assert pupil.class_name == "6B"


def test_a_contact_is_added_and_changed_on_a_page(office: Client, school: School) -> None:
    anna, ben = a_pupil(school, "Anna Bell"), a_pupil(school, "Ben Bell")
    form = {"name": "Beth Bell", "email": "b@x.example", "responsibility": "yes", "relationship": "Mother"}
    office.post(reverse("consent:contact-add", args=[anna.uuid]), form)
    contact = Contact.objects.get()
    stranger = a_contact(ben)
    change = reverse("consent:contact-change", args=[contact.uuid])
    assert office.get(f"{change}?pupil={ben.uuid}").status_code == 404
    assert office.get(f"{change}?pupil=nonsense").status_code == 404
    office.post(f"{change}?pupil={anna.uuid}", {**form, "active": "yes", "relationship": "Carer"})
    assert contact.ties.get().relationship == "Carer"
    assert stranger.ties.get().relationship == "Mother"
