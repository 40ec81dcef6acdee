"""Files of comments that an opponent sends: every one is read, or refused in words, and never half of it."""

import csv
import io
import json
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings

from core.csvfiles import guard
from core.roles import Role
from incidents.comments.services.importing import CommentFileRefused, comments_import
from incidents.comments.tests.cases import Team, a_team, browser
from incidents.models import Comment
from smgov.testing import a_person, a_school

pytestmark = pytest.mark.django_db
DATA = settings.BASE_DIR.parent / "shared" / "data"
NAUGHTY = DATA / "naughty-strings" / "blns.json"
FORMULAS = [
    '=HYPERLINK("http://x.example")',
    "+1",
    "-1",
    "@SUM(A1)",
    "'=1",
    "\uff1d1+1",
    "=cmd|' /C calc'!A0",
]
HEAD = ["account", "author", "text", "received", "kind"]
WHEN = "10/06/2026 09:00"


def a_file(rows: list[list[str]], head: list[str] = HEAD) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerows([head, *rows])
    return stream.getvalue()


def send(team: Team, data: bytes) -> int:
    return comments_import(actor=team.lena, school=team.school, once=uuid4(), data=data).logged


def refused(team: Team, data: bytes) -> str:
    with pytest.raises(CommentFileRefused) as refusal:
        send(team, data)
    assert not Comment.objects.exists()
    return refusal.value.message


def naughty() -> list[str]:
    found = json.loads(NAUGHTY.read_text(encoding="utf-8")) if NAUGHTY.exists() else []
    return [text for text in found if text.strip() and "\x00" not in text]


def test_naughty_words_go_in_and_come_out_and_a_second_time_they_stand_there() -> None:
    team = a_team("cit")
    words = list(dict.fromkeys([*FORMULAS, *naughty()]))
    rows = [["Hilltop news", f"author {n}", guard(text), WHEN, "Comment"] for n, text in enumerate(words)]
    logged = send(team, a_file(rows).encode())
    assert logged == len(rows)
    data = browser(team.bob).get("/comments/export/").content
    for line in csv.reader(io.StringIO(data.decode("utf-8-sig"))):
        assert not [cell for cell in line if cell.startswith(("=", "+", "-", "@", "\t", "\r", "\uff1d"))]
    again = comments_import(actor=team.bob, school=team.school, once=uuid4(), data=data)
    assert (again.logged, again.there) == (0, logged)
    page = browser(team.bob).get("/comments/", {"q": "script"}).content.decode()
    assert "<script>alert" not in page


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"\x00" * 20, "not a CSV"),
        (a_file([["Hilltop news", "a\x00b", "t", WHEN, "Comment"]]).encode(), "not a CSV"),
        (b"\xff\xfe\x41", "damaged"),
        (a_file([], [*HEAD, "Text"]).encode(), "stands twice"),
        (a_file([], [*HEAD, ""]).encode() + b",,,,,x", "more cells|no heading|headings"),
        (a_file([["Hilltop news"] * 9]).encode(), "more cells"),
        (b'account,author,text,received,kind\n"Hilltop news', "quotation marks"),
        (b"account,author,text,received,kind\n" + b"x" * 200_000, "could not be read"),
        (a_file([["Hilltop news", "a", "t", WHEN, "Comment"]] * 100_000).encode(), "2,000|larger than"),
        (b"PK\x03\x04" + bytes(range(1, 255)) * 10, "missing|could not|not a CSV|not known|heading"),
    ],
    ids=["empty", "nul", "nul cell", "utf-16", "twice", "blank", "wide", "quote", "long", "many", "zip"],
)
def test_a_hostile_file_is_refused_in_words_and_nothing_of_it_is_logged(data: bytes, words: str) -> None:
    assert any(word in refused(a_team(), data) for word in words.split("|"))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "utf-8", "cp1252"])
def test_a_file_in_the_letters_of_any_spreadsheet_is_read(encoding: str) -> None:
    team = a_team()
    data = a_file([["Hilltop news", "Zoë", "Où est-ce ? £5", WHEN, "Question"]]).encode(encoding)
    assert send(team, data) == 1
    assert Comment.objects.get().words == "Où est-ce ? £5"


def test_files_of_other_shapes_are_refused_without_an_error_of_the_portal() -> None:
    team = a_team()
    files = sorted(Path(DATA / "csv-spectrum").glob("*.csv")) if DATA.exists() else []
    for file in files:
        assert refused(team, file.read_bytes()), file.name


def test_accounts_of_another_school_and_its_name_in_the_column_are_refused_alike() -> None:
    team = a_team()
    other = a_team()
    a_person("Eve Earl", Role.STAFF, a_school())
    other.account.name = "Elsewhere news"
    other.account.save()
    row = ["Elsewhere news", "a", "t", WHEN, "Comment"]
    unknown = ["No such account", "a", "t", WHEN, "Comment"]
    said = []
    for one in (row, unknown, [str(other.account.uuid), *row[1:]]):
        with pytest.raises(CommentFileRefused) as refusal:
            send(team, a_file([one]).encode())
        said.append([problem.message for problem in refusal.value.problems])
    assert said[0] == said[1] == said[2]
    head = [*HEAD, "school"]
    with pytest.raises(CommentFileRefused) as refusal:
        send(team, a_file([["Hilltop news", "a", "t", WHEN, "Comment", "Elsewhere"]], head).encode())
    assert refusal.value.problems[0].column == "school"
