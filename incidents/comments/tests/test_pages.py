"""The pages: logging on a phone, the board by time left, one comment, the panel, and the to-do list."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.tests.register.cases import an_account
from core.roles import Role
from core.statuses import STATUSES
from core.tables import date_text
from core.todo import for_user
from incidents.comments.services.opinions import opinion_ask
from incidents.comments.services.steps import comment_step, comment_take
from incidents.comments.terms import span, state_of
from incidents.comments.tests.cases import Team, a_comment, a_team, at, browser, did
from incidents.models import Comment
from incidents.tests.cases import recorded, text_of
from people.models import User
from smgov.testing import a_person, a_school

pytestmark = pytest.mark.django_db
HARD = "\u202e=HYPERLINK(0) <script>alert(1)</script> & 'quoted' " + "unbroken" * 18
LIST, FORM = "/comments/", "/comments/new/"


def typed(team: Team, **changes: Any) -> dict[str, Any]:
    """What a browser sends from the form."""
    return {
        "school": str(team.school.uuid),
        "once": str(uuid4()),
        "account": str(team.account.uuid),
        "author": "parent_of_two",
        "words": "When does the fair begin?",
        "when": "now",
        "kind": "query",
        "offensive": "no",
        **changes,
    }


def todo_of(user: User) -> list[str]:
    """The titles on a person's to-do list about comments."""
    titles = (item.title for item in for_user(User.objects.get(pk=user.pk)))
    return [title for title in titles if "comment" in title or "opinion" in title]


def test_a_comment_is_logged_in_one_page_whose_account_is_chosen_already() -> None:
    team = a_team()
    client = browser(team.alice)
    page = client.get(f"{FORM}?account={team.account.uuid}")
    assert f'value="{team.account.uuid}" selected' in page.content.decode()
    assert "Could it show an indecent image of a child?" in text_of(page)
    assert "/concerns/report/image/" in page.content.decode()
    sent = typed(team, words=HARD)
    for _ in range(2):
        answer = client.post(FORM, sent)
    row = Comment.objects.get()
    assert answer.url == f"/comments/{row.uuid}/"
    assert row.received_at > timezone.now() - timedelta(minutes=1)
    body = client.get(answer.url).content.decode()
    assert "<script>alert" not in body
    assert "&lt;script&gt;" in body
    assert "&lt;script&gt;" in client.get(LIST).content.decode()


def test_a_person_of_several_schools_needs_no_choice_where_the_account_says_which() -> None:
    team, other = a_team(), a_school("Otherplace", preset="ravens-wood")
    both = a_person("Bea Both", Role.HEADTEACHER, team.school)
    a_person_at = a_person("Olga Other", Role.HEADTEACHER, other)
    both.memberships.model.objects.create(
        user=both, role="headteacher", school=other, starts=timezone.localdate()
    )
    client = browser(both)
    assert "Which school?" in text_of(client.get(FORM))
    assert "Hilltop" in text_of(client.get(f"{FORM}?account={team.account.uuid}"))
    for bad in ("", "x", uuid4(), an_account(a_school(), a_person_at).uuid):
        assert client.get(f"{FORM}?account={bad}").status_code == 200
    assert client.post(FORM, typed(team, school=str(a_school().uuid))).status_code == 404


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"account": ""}, "Choose the account"),
        ({"words": ""}, "Enter what was written"),
        ({"when": "earlier"}, "Enter the day on which it reached the account"),
        ({"offensive": "yes"}, "Choose what kind of abuse it is"),
    ],
)
def test_what_is_missing_is_said_beside_its_field_and_nothing_is_logged(changes: dict, words: str) -> None:
    team = a_team()
    answer = browser(team.lena).post(FORM, typed(team, **changes))
    assert answer.status_code == 422
    assert words in text_of(answer)
    assert not Comment.objects.exists()


def test_when_it_came_in_is_typed_as_london_time_and_an_offensive_one_goes_to_the_log_of_abuse() -> None:
    team = a_team(preset="st-marys", response_hours=24)
    with at("2026-06-10 09:00"):
        browser(team.lena).post(
            FORM,
            typed(
                team,
                when="earlier",
                received_day="9",
                received_month="6",
                received_year="2026",
                received_time="22:15",
                offensive="yes",
                nature="threat",
                against="staff",
            ),
        )
    row = Comment.objects.get()
    assert f"{row.received_at:%Y-%m-%d %H:%M}" == "2026-06-09 21:15"
    assert row.offensive is not None
    assert "log of abuse" in text_of(browser(team.bob).get(f"/comments/{row.uuid}/"))


def test_the_board_stands_by_time_left_with_what_is_late_first() -> None:
    team = a_team()
    with at("2026-06-10 16:00"):
        for words, hours in (("Fresh", 1), ("Late", 30), ("Soon", 22)):
            a_comment(team, words=words, hours_ago=hours)
        answered = a_comment(team, words="Done")
        comment_step(actor=team.lena, comment=answered, move="answer", words="Yes")
        client = browser(team.lena)
        words = text_of(client.get(LIST))
        order = [words.index(one) for one in ("Late by", "Soon by", "Fresh by")]
        assert order == sorted(order)
        for part in ("6 hours late", "2 hours left", "23 hours left", "To answer (3)", "Late (1)"):
            assert part in words
        assert "Done by" not in words
        assert "Done by" in text_of(client.get(LIST, {"show": "answered"}))
        late = text_of(client.get(LIST, {"show": "late"}))
        assert "Late by" in late
        assert "Fresh by" not in late
        found = text_of(client.get(LIST, {"q": "fresh", "account": str(team.account.uuid), "kind": "query"}))
        assert "Fresh by" in found
        assert "Late by" not in found
        assert "No comment matches" in text_of(client.get(LIST, {"q": "nowhere"}))
        for sort in ("left", "-received", "owner", "account", "kind"):
            assert client.get(LIST, {"sort": sort}).status_code == 200


def test_what_one_took_on_stands_under_mine_and_other_schools_stand_nowhere() -> None:
    team, other = a_team(), a_team()
    row = a_comment(team, words="Ours")
    a_comment(other, words="Theirs")
    comment_take(actor=team.cora, comment=row)
    client = browser(team.cora)
    words = text_of(client.get(LIST, {"show": "mine"}))
    assert "Ours by" in words
    assert "Theirs" not in text_of(client.get(LIST))
    assert "You have taken on none" in text_of(browser(team.lena).get(LIST, {"show": "mine"}))
    assert browser(other.bob).get(f"/comments/{row.uuid}/").status_code == 404


def test_without_a_clock_the_board_says_so() -> None:
    team = a_team(preset="st-marys")
    a_comment(team)
    words = text_of(browser(team.bob).get(LIST))
    assert "No time limit for answers is set" in words
    assert "No time limit" in words


def queries_of(user: User, path: str) -> int:
    client = browser(user)
    client.get(path)
    with CaptureQueriesContext(
        connection,
    ) as found:
        assert client.get(path).status_code == 200
    return len(found)


def test_pages_cost_the_same_for_two_and_for_twelve_comments() -> None:
    team = a_team()
    row = a_comment(team)
    a_comment(team, words="Second")
    comment_step(actor=team.lena, comment=row, move="note", words="One")
    account = f"/accounts/{team.account.uuid}/"
    paths = (LIST, f"{LIST}?q=summer", f"/comments/{row.uuid}/", FORM, "/comments/figures/")
    before = {(one, path): queries_of(one, path) for one in (team.cora, team.lena) for path in paths[:4]}
    before[team.cora, paths[4]] = queries_of(team.cora, paths[4])
    panel = queries_of(team.cora, account)
    for number in range(10):
        other = an_account(team.school, team.bob, lead=team.lena)
        new = a_comment(team, words=f"More {number}", account=other)
        comment_take(actor=team.lena, comment=new)
        comment_step(actor=team.lena, comment=row, move="note", words=f"{number}")
        if number < 3:
            of = (team.sue, team.bob, team.milo)[number]
            opinion_ask(actor=team.lena, comment=row, once=uuid4(), draft="So?", of=of)
    after = {key: queries_of(*key) for key in before}
    assert after == before
    assert max(after.values()) <= 13, after
    assert queries_of(team.cora, account) == panel


def test_the_page_of_a_comment_offers_what_may_be_done_and_a_reader_nothing() -> None:
    team = a_team()
    row = a_comment(team, actor=team.alice)
    path = f"/comments/{row.uuid}/"
    words = text_of(browser(team.lena).get(path))
    for part in (
        "Say what was answered",
        "Say that it was acknowledged",
        "Take it on",
        "Ask for a second opinion",
    ):
        assert part in words
    assert "Resolve it" not in words
    assert "Say what was answered" not in text_of(browser(team.alice).get(path))
    for user, status in ((team.alice, 403), (team.gina, 404)):
        assert browser(user).post(f"{path}answer/", {"words": "x"}).status_code == status
        assert browser(user).post(f"{path}take/").status_code == status
    client = browser(team.lena)
    assert client.post(f"{path}answer/", {"words": " "}).status_code == 422
    assert client.post(f"{path}resolve/", {"words": ""}).status_code == 422
    assert client.post(f"{path}answer/", {"words": "At ten"}).status_code == 302
    buttons = re.findall(r'class="govuk-button" href="([^"]+)"', client.get(path).content.decode())
    assert buttons == [f"{path}resolve/"], "that is what is left to do"
    assert client.post(f"{path}resolve/", {"words": ""}).status_code == 302
    assert client.post(f"{path}take/").status_code == 409
    assert did(row) == ["logged", "answered", "resolved"]
    assert "At ten" in text_of(client.get(path))


@pytest.mark.clause("RAV-5.07")
def test_the_page_of_a_journalist_s_comment_says_do_not_answer() -> None:
    team = a_team()
    row = a_comment(team, kind="press")
    path = f"/comments/{row.uuid}/"
    words = text_of(browser(team.lena).get(path))
    assert "Do not answer" in words
    assert "Say what was answered" not in words
    answer = browser(team.lena).post(f"{path}answer/", {"words": "Hello"})
    assert answer.status_code == 422
    assert "Do not answer" in text_of(browser(team.lena).get(f"{path}answer/"))
    words = text_of(browser(team.sue).get(path))
    assert "you are one of them" in words
    assert "Say what was answered" in words


def test_a_complaint_about_the_policy_offers_the_form_of_complaints_with_nothing_of_it() -> None:
    team = a_team()
    row = a_comment(team, kind="policy", words="Your policy is nonsense")
    body = browser(team.bob).get(f"/comments/{row.uuid}/").content.decode()
    assert f"/concerns/report/?school={team.school.uuid}" in body


def test_the_page_of_an_account_shows_open_comments_and_how_they_were_answered() -> None:
    team = a_team()
    row = a_comment(team, hours_ago=1)
    comment_step(actor=team.lena, comment=row, move="answer", words="Yes")
    a_comment(team, words="Open")
    path = f"/accounts/{team.account.uuid}/"
    for user in (team.bob, team.lena):
        words = text_of(browser(user).get(path))
        assert "1 to answer" in words
        assert "1 of 1 were answered in time (100%)" in words
        assert "Log a comment" in words
    words = text_of(browser(team.alice).get(path))
    assert "to answer" not in words
    assert "Log a comment" in words
    assert "Log a comment" not in text_of(browser(team.gina).get(path))


def test_the_to_do_list_holds_what_one_looks_after_what_one_took_on_and_opinions() -> None:
    team = a_team()
    row = a_comment(team)
    arrived, today = (date_text(timezone.localdate(at)).rpartition(" ")[0] for at in (row.received_at, None))
    line = f"A comment to answer on Hilltop news, of {arrived}"
    assert [todo_of(one) for one in (team.lena, team.cora)] == [[line]] * 2
    assert [todo_of(one) for one in (team.bob, team.alice)] == [[]] * 2
    comment_take(actor=team.bob, comment=row)
    assert todo_of(team.bob) == [line]
    assert todo_of(team.lena) == []
    opinion_ask(actor=team.bob, comment=row, once=uuid4(), draft="So?", of=team.sue)
    assert todo_of(team.sue) == [f"A second opinion on an answer, asked for on {today}"]
    comment_step(actor=team.bob, comment=row, move="answer", words="So it is")
    assert todo_of(team.bob) == [f"A comment to be resolved on Hilltop news, of {arrived}"]
    comment_step(actor=team.bob, comment=row, move="resolve")
    assert todo_of(team.sue) == []
    a_comment(team, kind="press", words="The Gazette")
    assert todo_of(team.sue) == [line]
    assert todo_of(team.lena) == []


def test_every_status_has_its_words_and_lengths_of_time_are_said_plainly() -> None:
    now = timezone.now()
    states = {
        state_of(Comment(due_at=due, answered_at=answered, resolved_at=resolved), now)
        for due in (None, now - timedelta(hours=1), now + timedelta(hours=1), now + timedelta(hours=9))
        for answered in (None, now)
        for resolved in (None, now)
    }
    assert len(states) == 6
    assert states <= set(STATUSES)
    lengths = ({"seconds": 20}, {"minutes": 1}, {"minutes": 59}, {"hours": 1}, {"hours": 47}, {"hours": 50})
    assert [span(timedelta(**one)) for one in lengths] == [
        "less than a minute",
        "1 minute",
        "59 minutes",
        "1 hour",
        "47 hours",
        "2 days",
    ]
    assert recorded("incidents.comment_logged") == 0
