"""Which headings are recognised, what the cells may hold, and what is wrong by row and column."""

import json
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consent.importing.cells import BadCell, date_of, upn_of, year_of, yes_or_no
from consent.importing.columns import FIELDS, lacking, recognise
from consent.importing.reading import Reader, Reading
from core.csvfiles import CsvProblem, lines_of

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
TODAY = date(2026, 9, 14)
SIMS = "UPN,Adno,Legal Surname,Legal Forename,Preferred Forename,DOB,Year taught in,Reg Group,DOA,DOL"
ARBOR = (
    "Unique Pupil Number (UPN)|Arbor Student ID|Legal Last Name|Legal First Name|Preferred First Name|"
    "Date of birth|Year Group|Registration Form"
)
SCHOLARPACK = (
    "UPN,Admission Number,Surname,Forename,Chosen forename,Date of Birth,NC Year,Class,Date of Admission"
)


def read(text: str, **mapping: str) -> Reading:
    lines = lines_of(text.encode())
    _, headings = next(lines)
    found = recognise(headings).mapping
    return Reader(headings, {**found, **mapping}, TODAY).read(lines)


@pytest.mark.parametrize("heads", [SIMS.split(","), ARBOR.split("|")[1:], SCHOLARPACK.split(",")])
def test_the_headings_of_the_usual_systems_are_recognised(heads: list[str]) -> None:
    found = recognise(heads)
    assert not found.unknown
    assert {
        "local_id",
        "last_name",
        "first_name",
        "preferred_name",
        "born",
        "year_group",
        "class_name",
    } <= set(found.mapping.values())
    assert lacking(one for one in found.mapping.values() if one) == ""


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("u.p.n", ""),
        ("upn", "upn"),
        ("UNIQUE_PUPIL_NUMBER", "upn"),
        ("  date of birth: ", "born"),
        ("Relation to pupil", "contact_relationship"),
        ("PR", "contact_responsibility"),
        ("Contact ID", "contact_local_id"),
        ("Contact 1 name", "contact1_name"),
        ("contact2email", "contact2_email"),
        ("Contact Email 3", "contact3_email"),
        ("Parent 4: Parental Responsibility", "contact4_responsibility"),
        ("Contact 5 name", ""),
        ("Ethnicity", ""),
    ],
)
def test_capitals_and_punctuation_do_not_matter(heading: str, field: str) -> None:
    found = recognise([heading, "Contact Name"])
    assert found.mapping[heading] == field
    assert (heading in found.unknown) is (field == "")


def test_the_legal_name_is_taken_before_another() -> None:
    found = recognise(["Surname", "Legal Surname", "Forename"])
    assert found.mapping == {"Surname": "", "Legal Surname": "last_name", "Forename": "first_name"}
    assert not found.unknown


def test_an_email_column_beside_no_contact_is_asked_about() -> None:
    assert recognise(["UPN", "Email"]).unknown == ["Email"]
    assert recognise(["UPN", "Email", "Contact name"]).mapping["Email"] == "contact_email"


def test_what_the_school_said_before_outweighs_what_we_know() -> None:
    found = recognise(["Class", "Gender", "Reg"], {"class": "", "gender": "", "reg": "class_name"})
    assert found.mapping == {"Class": "", "Gender": "", "Reg": "class_name"}
    assert not found.unknown


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        (["last_name", "first_name"], "UPN or the number"),
        (["upn", "last_name"], "first name"),
        (["upn"], "name of a contact"),
        (["upn", "last_name", "first_name", "contact2_email"], "name of contact 2"),
        (["upn", "contact_name"], ""),
    ],
)
def test_what_a_file_lacks_is_said(fields: list[str], words: str) -> None:
    said = lacking(fields)
    assert words in said if words else said == ""


# Cells


@pytest.mark.parametrize(
    "text", ["2015-05-05", "05/05/2015", "5/5/2015", "5 May 2015", "05-May-2015", "5.5.2015"]
)
def test_dates_come_in_the_usual_forms(text: str) -> None:
    assert date_of(text, TODAY) == date(2015, 5, 5)


@pytest.mark.parametrize(
    "text", ["31/02/2015", "5/5/15", "May 2015", "42000", "01/01/1700", "01/01/2040", "٥/٥/2015x"]
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(BadCell):
        date_of(text, TODAY)


@pytest.mark.parametrize("text", ["A123456789012", "a12345678901b", " A1234 56789012"])
def test_a_upn_has_a_letter_and_twelve_numbers_of_which_the_last_may_be_a_letter(text: str) -> None:
    assert len(upn_of(text)) == 13


@pytest.mark.parametrize("text", ["123", "1234567890123", "A12345678901", "AB23456789012", "A1234567890١2"])
def test_another_upn_is_refused(text: str) -> None:
    with pytest.raises(BadCell, match="not a UPN"):
        upn_of(text)


def test_yes_and_no_have_several_words_and_nothing_is_nothing() -> None:
    assert {yes_or_no(one) for one in ("Yes", "y", "TRUE", "1")} == {"yes"}
    assert {yes_or_no(one) for one in ("No", "n", "false", "0")} == {"no"}
    assert yes_or_no("") == ""
    with pytest.raises(BadCell):
        yes_or_no("maybe")


def test_a_year_is_the_same_however_it_is_written() -> None:
    assert {year_of(one, 20) for one in ("5", "05", "Year 5", "Y5", "yr 5")} == {"5"}
    assert year_of("Reception", 20) == "Reception"


# Rows


def test_several_rows_of_one_pupil_are_one_pupil_with_several_contacts() -> None:
    out = read(
        "UPN,Surname,Forename,Contact Name,Relationship,Email,PR\n"
        "A123456789012,Bell,Anna,Beth Bell,Mother,BETH@x.example,yes\n"
        "A123456789012,,,Carl Bell,Father,,\n"
    )
    assert not out.mistakes
    (one,) = out.records
    assert [(c.name, c.email, c.responsibility) for c in one.contacts] == [
        ("Beth Bell", "beth@x.example", "yes"),
        ("Carl Bell", "", ""),
    ]


def test_contacts_side_by_side_are_read_and_an_empty_one_is_nobody() -> None:
    out = read(
        "Adno,Surname,Forename,Contact 1 forename,Contact 1 surname,Contact 1 PR,Contact 2 name,Contact 2 PR\n"
        "1,Bell,Anna,Beth,Bell,Y,,N\n"
    )
    assert not out.mistakes
    assert [(c.name, c.responsibility) for c in out.records[0].contacts] == [("Beth Bell", "yes")]


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        ("X1,7,Bell,Anna,,", "UPN", "not a UPN"),
        (",,Bell,Anna,,", "UPN", "neither a UPN"),
        ("A123456789012,7,,Anna,,", "Surname", "last name of the pupil is missing"),
        ("A123456789012,7,Bell,,,", "Forename", "first name of the pupil is missing"),
        ("A123456789012,7,Bell,Anna,32/13/2015,", "DOB", "not a date"),
        ("A123456789012,7,Bell,Anna,05/05/2030,", "DOB", "Check the year"),
        (f"A123456789012,7,{'B' * 101},Anna,,", "Surname", "longer than 100"),
        ("A123456789012,7,Bell,Anna,,nonsense", "Pupil email", "not an e-mail address"),
        ("A123456789012,7,Bell,Anna,,,more,and more", "", "more cells than there are headings"),
    ],
)
def test_a_mistake_names_row_and_column(row: str, column: str, words: str) -> None:
    out = read(f"UPN,Adno,Surname,Forename,DOB,Pupil email\nB123456789012,1,Good,Gina,,\n{row}\n")
    (mistake,) = out.mistakes
    assert (mistake.number, mistake.column) == (3, column)
    assert words in mistake.message
    assert len(out.records) == 1


def test_rows_that_contradict_each_other_are_named() -> None:
    out = read(
        "UPN,Adno,Surname,Forename,Class\nA123456789012,1,Bell,Anna,5A\nA123456789012,1,Bell,Anna,5B\n"
        "B123456789012,2,Cole,Ben,1A\nA123456789012,2,Bell,Anna,5A\n"
    )
    assert [(one.number, one.column) for one in out.mistakes] == [(3, "Class"), (5, "UPN")]
    assert "Row 2 says something else" in out.mistakes[0].message


def test_one_contact_number_is_one_person() -> None:
    out = read(
        "Adno,Surname,Forename,Contact ID,Contact Name,Email\n1,Bell,Anna,7,Beth Bell,b@x.example\n"
        "2,Bell,Ben,7,Beth Bell,\n3,Bell,Cy,7,Carl Cole,\n4,Bell,Di,7,Beth Bell,other@x.example\n5,Bell,Ed,,,e@x.example\n"
    )
    assert [(one.number, one.column) for one in out.mistakes] == [
        (4, "Contact Name"),
        (5, "Email"),
        (6, "Contact Name"),
    ]
    assert [one.contacts[0].email for one in out.records] == ["b@x.example"] * 2


# Files that others made to break readers


@pytest.mark.skipif(not DATA.is_dir(), reason="the hostile files are not on this machine: in the other run")
@pytest.mark.parametrize("path", sorted(DATA.glob("csv-spectrum/*.csv")), ids=lambda path: path.stem)
def test_every_file_of_csv_spectrum_is_read_or_refused_in_words(path: Path) -> None:
    lines = lines_of(path.read_bytes())
    _, headings = next(lines)
    fields = list(FIELDS)
    mapping = {heading: fields[place % len(fields)] for place, heading in enumerate(headings)}
    out = Reader(headings, mapping, TODAY).read(lines)
    assert out.records or out.mistakes


@pytest.mark.skipif(not DATA.is_dir(), reason="the hostile files are not on this machine: in the other run")
def test_naughty_strings_are_names_or_mistakes() -> None:
    path = next(iter(sorted((DATA / "naughty-strings").rglob("*.json"))), None)
    if path is None:
        pytest.skip("the naughty strings are not on this machine: in the other run")
    names = [one for one in json.loads(path.read_text()) if isinstance(one, str)]
    headings = ["Adno", "Surname", "Forename", "DOB", "Contact name", "Email"]
    lines = [(place, [str(place), name, name, name, name, name]) for place, name in enumerate(names, start=2)]
    out = Reader(headings, recognise(headings).mapping, TODAY).read(lines)
    assert out.mistakes
    assert all(one.column in ("", *headings) for one in out.mistakes)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with suppress(CsvProblem):
        lines = lines_of(data)
        _, headings = next(lines)
        mapping = {heading: list(FIELDS)[place % len(FIELDS)] for place, heading in enumerate(headings)}
        out = Reader(headings, mapping, TODAY).read(lines)
        assert all(one.message.endswith(".") for one in out.mistakes)


@given(st.text(max_size=60))
def test_any_heading_is_recognised_or_not(heading: str) -> None:
    found = recognise([heading])
    assert found.mapping[heading] in ("", *FIELDS)
