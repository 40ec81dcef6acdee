"""Comments from a file, and the list as a file that is read back unchanged; figures of response times."""

import csv
import io
from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.tests.register.cases import an_account
from core.clock import UTC
from core.roles import Role
from incidents.comments.figures import Answered, share_words, times_of
from incidents.comments.received import moment_in
from incidents.comments.received import text_of as as_text
from incidents.comments.services.importing import CommentFileRefused, Logged, comments_import
from incidents.comments.services.steps import comment_step
from incidents.comments.tests.cases import Team, a_comment, a_team, at, browser, told
from incidents.models import Comment, CommentStep
from incidents.tests.cases import recorded, text_of
from smgov.testing import a_person, a_school

HEAD = "account,author,text,received,kind"


def read(team: Team, *lines: str, head: str = HEAD, **changes) -> Logged:
    data = "\n".join((head, *lines)).encode()
    values = {"actor": team.lena, "school": team.school, "once": uuid4(), "data": data, **changes}
    return comments_import(**values)


def facts(team: Team) -> list[tuple]:
    rows = Comment.objects.filter(school=team.school).order_by("received_at", "pk")
    return list(rows.values_list("account", "author", "words", "received_at", "kind"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("27/03/2026 14:30", datetime(2026, 3, 27, 14, 30, tzinfo=UTC)),
        ("10/06/2026 14:30", datetime(2026, 6, 10, 13, 30, tzinfo=UTC)),
        ("10/06/2026  14:30:05", datetime(2026, 6, 10, 13, 30, 5, tzinfo=UTC)),
        ("2026-06-10 14:30", datetime(2026, 6, 10, 13, 30, tzinfo=UTC)),
        ("2026-06-10T14:30:00+00:00", datetime(2026, 6, 10, 14, 30, tzinfo=UTC)),
        ("2026-06-10T14:30Z", datetime(2026, 6, 10, 14, 30, tzinfo=UTC)),
        ("2026-06-10T14:30-04:00", datetime(2026, 6, 10, 18, 30, tzinfo=UTC)),
        ("25/10/2026 01:30", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),  # it comes twice: the first
    ],
)
def test_moments_are_london_time_unless_they_carry_an_offset(text: str, expected: datetime) -> None:
    assert moment_in(text) == expected
    assert moment_in(as_text(expected)) == expected


@pytest.mark.parametrize(
    "text",
    [
        *("", "yesterday", "2026-06-10", "10/06/2026", "31/02/2026 10:00", "06/13/2026 9:00"),
        *("0001-01-01T00:00+05:00", "9999-12-31T23:59-05:00"),
    ],
)
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="27/03/2026"):
        moment_in(text)
    with pytest.raises(ValueError, match="no such time"):
        moment_in("29/03/2026 01:30")


@pytest.mark.django_db
def test_a_file_is_logged_with_due_times_and_what_stands_there_already_stays() -> None:
    team = a_team()
    lines = (
        'Hilltop news,parent_of_two,"When, please?",10/06/2026 09:00,Question',
        "hilltop  NEWS (Facebook),gazette,May we ring?,10/06/2026 10:00,a journalist",
        "Hilltop news,=SUM(1),'@home,2026-06-13T10:00+01:00,comment",
    )
    with at("2026-06-13 12:00"):
        assert read(team, *lines) == Logged(3, 0)
        assert read(team, *lines) == Logged(0, 3)
    assert [row[2] for row in facts(team)] == ["When, please?", "May we ring?", "@home"]
    due = Comment.objects.get(author="=SUM(1)").due_at
    assert due == datetime(2026, 6, 15, 22, 59, 59, tzinfo=UTC)
    assert told("comment_press") == ["Sue"]
    assert told("comment_new") == ["Milo"], "whoever looks after the account, once, but not Lena herself"
    assert CommentStep.objects.filter(did="passed").count() == 1
    assert recorded("incidents.comments_imported") == 1


@pytest.mark.django_db
def test_one_bad_row_and_nothing_is_logged_each_bad_cell_named() -> None:
    team = a_team()
    an_account(team.school, team.bob, "Sports")
    an_account(team.school, team.bob, "Sports", platform="instagram")
    lines = (
        "Hilltop news,a,b,10/06/2026 09:00,Question",
        "Nowhere,a,,soon,Poem",
        "Sports,a,b,10/06/2026 09:00,Question",
        f"Hilltop news,a,b,{timezone.localdate() + timedelta(days=3):%d/%m/%Y} 09:00,Question",
        f"Hilltop news,{'x' * 151},b,10/06/2026 09:00,Question",
    )
    with pytest.raises(CommentFileRefused) as refusal:
        read(team, *lines)
    found = {(one.row, one.column) for one in refusal.value.problems}
    assert found == {
        (3, "account"),
        (3, "text"),
        (3, "received"),
        (3, "kind"),
        (4, "account"),
        (5, "received"),
        (6, "author"),
    }
    assert "4 rows need mending" in refusal.value.message
    assert not Comment.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("head", "lines", "words"),
    [
        ("account,author", ["x,y"], "“text” is missing"),
        (f"{HEAD},colour", ["a,b,c,d,e,f"], "not known"),
        (HEAD, [], "holds no comment"),
        (HEAD, ["a,b,c,d,e"] * 2001, "more than 2,000"),
    ],
)
def test_a_file_that_cannot_be_read_says_what_to_do(head: str, lines: list[str], words: str) -> None:
    with pytest.raises(CommentFileRefused, match=words) as refusal:
        read(a_team(), *lines, head=head)
    assert refusal.value.problems == []


@pytest.mark.django_db
def test_a_governor_and_a_stranger_read_no_file_in_and_the_page_shows_the_bad_cells() -> None:
    team = a_team()
    stranger = a_person("Eve Earl", Role.STAFF, a_school(preset="ravens-wood"))
    for actor in (team.gina, stranger):
        with pytest.raises(PermissionDenied):
            read(team, "Hilltop news,a,b,10/06/2026 09:00,Question", actor=actor)
    client = browser(team.lena)
    data = f"{HEAD}\nHilltop news,a,b,soon,Question\n".encode()
    sent = {"school": str(team.school.uuid), "once": str(uuid4())}
    answer = client.post("/comments/import/", {**sent, "file": SimpleUploadedFile("a.csv", data)})
    assert answer.status_code == 422
    assert "What to mend" in text_of(answer)
    good = data.replace(b"soon", b"10/06/2026 09:00")
    answer = client.post("/comments/import/", {**sent, "file": SimpleUploadedFile("a.csv", good)})
    assert answer.status_code == 302
    assert Comment.objects.count() == 1
    assert client.get("/comments/import/?example").content.decode().startswith(f"\ufeff{HEAD}")


@pytest.mark.django_db
def test_the_list_as_a_file_is_read_back_unchanged() -> None:
    team = a_team()
    other = an_account(team.school, team.bob, "Hilltop news", platform="instagram")
    with at("2026-10-28 12:00"):
        a_comment(team, words="=1+1\n\n-2 \u202e'x'", author="'@home")
        a_comment(
            team, account=other, received_at=datetime(2026, 10, 25, 1, 30, tzinfo=UTC), kind="complaint"
        )
        a_comment(team, received_at=datetime(2026, 10, 25, 0, 30, tzinfo=UTC), author="<b>")
        before = facts(team)
        assert browser(team.lena).get("/comments/export/").status_code == 403
        answer = browser(team.cora).get("/comments/export/")
        assert recorded("incidents.comments_exported") == 1
        rows = list(csv.DictReader(io.StringIO(answer.content.decode().removeprefix("\ufeff"))))
        assert {row["account"] for row in rows} == {"Hilltop news (Facebook)", "Hilltop news (Instagram)"}
        assert rows[0]["school"] == "Hilltop"
        assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())
        again = comments_import(actor=team.cora, school=team.school, once=uuid4(), data=answer.content)
        assert again == Logged(0, 3)
        fresh = Team(**vars(team))
        fresh.school = a_school("Hilltop", preset="ravens-wood")
        head = a_person("Hedda Hill", Role.HEADTEACHER, fresh.school)
        copies = {
            one.platform_id: an_account(fresh.school, head, "Hilltop news", platform=one.platform.slug).pk
            for one in (team.account, other)
        }
        comments_import(actor=head, school=fresh.school, once=uuid4(), data=answer.content)
    moved = [(copies[account_platform(one[0])], *one[1:]) for one in before]
    assert facts(fresh) == moved


def account_platform(pk: int) -> int:
    """The platform of an account."""
    return Comment.objects.filter(account=pk).first().account.platform_id


NOON = datetime(2026, 6, 10, 11, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_response_times_by_month_and_account() -> None:
    due = NOON + 24 * HOUR
    rows = [
        Answered(1, NOON, due, NOON + HOUR),
        Answered(1, NOON, due, NOON + 30 * HOUR),
        Answered(2, NOON, due, None),  # late
        Answered(2, NOON, NOON + 999 * HOUR, None),  # runs still
        Answered(2, NOON, None, NOON + 2 * HOUR),  # no time limit
        Answered(2, NOON, due, None, NOON + HOUR),  # left without an answer, in time
        Answered(1, datetime(2026, 6, 30, 23, 30, tzinfo=UTC), due, None),  # July in London, and late
        Answered(1, datetime(2024, 6, 10, tzinfo=UTC), None, None),  # another year
    ]
    found = times_of(rows, 2025, NOON + 48 * HOUR)
    june, july = found.months[date(2026, 6, 1)], found.months[date(2026, 7, 1)]
    assert (june.comments, june.judged, june.in_time, june.share) == (6, 3, 1, 33)
    assert june.left == 1
    assert june.median_hours == 2.0
    assert (july.comments, july.judged, july.in_time, july.share, july.median_hours) == (1, 1, 0, 0, None)
    assert (found.whole.comments, found.accounts[1].comments, found.accounts[2].comments) == (7, 3, 4)
    assert found.both[1, date(2026, 6, 1)].share == 50
    assert share_words(june) == "1 of 3 in time (33%)"
    assert share_words(found.months[date(2025, 9, 1)]) == "no comment"


@pytest.mark.django_db
def test_the_figures_stand_as_chart_table_and_file_for_governors_too_without_a_word_of_a_comment() -> None:
    team = a_team()
    with at("2026-06-10 09:00"):
        row = a_comment(team, words="A secret word")
    with at("2026-06-10 12:00"):
        comment_step(actor=team.lena, comment=row, move="acknowledge")
        for user in (team.gina, team.cora):
            words = text_of(browser(user).get("/comments/figures/?year=2025"))
            for part in ("Jun 2026: 1 of 1 in time (100%)", "Hilltop news (Facebook)", "3.0"):
                assert part in words
            assert "secret" not in words
        answer = browser(team.gina).get(f"/comments/figures/export/?year=2025&account={team.account.uuid}")
        assert "Hilltop news (Facebook),Jun 2026,1,1,1,100,3.0,0" in answer.content.decode()
        assert recorded("incidents.comment_figures_exported") == 1
        for path in ("/comments/figures/", "/comments/figures/export/"):
            assert browser(team.alice).get(path).status_code == 403
