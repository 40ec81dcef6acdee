"""Looking for words finds what the reader may read, and tells nothing of what is withheld (CBC-10.03)."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from incidents.comments.services.offensive import Offence
from incidents.comments.tests.cases import a_comment, a_team, browser
from incidents.comments.tests.test_opponent import a_concern_of_an_image
from incidents.models import Comment
from people.models import User

pytestmark = pytest.mark.django_db
ADDRESS = "https://Bad.example/Kit-Quill.jpg"
OFFENCE = Offence("offensive", "staff")


def hits(user: User, q: str, *rows: Comment) -> list[Comment]:
    """Which of the comments the board finds by these words; the file finds the same."""
    client, ask = browser(user), {"q": q, "show": "open"}
    page = client.get("/comments/", ask).content.decode()
    found = [row for row in rows if str(row.uuid) in page]
    answer = client.get("/comments/export/", ask)
    if answer.status_code == 200:
        lines = answer.content.decode("utf-8-sig").strip().splitlines()
        assert len(lines) - 1 == len(found), lines
    return found


def an_offensive(team: Any, **changes: Any) -> Comment:
    """A comment that stands in the log of abuse, with an address in it."""
    return a_comment(team, **{"words": f"Look at {ADDRESS} now", "offence": OFFENCE, **changes})


@pytest.mark.clause("CBC-10.02", "CBC-10.03")
@pytest.mark.parametrize("q", ["bad.example", "KIT-QUILL", "https", "look quill"])
def test_an_address_that_is_withheld_is_not_found_by_its_words_and_an_open_one_is(q: str) -> None:
    team = a_team(preset="cit")
    shut, free = an_offensive(team), a_comment(team, words=f"look: {ADDRESS}")
    assert hits(team.bob, q, shut, free) == [shut, free]
    a_concern_of_an_image(shut)
    assert hits(team.bob, q, shut, free) == [free]
    assert hits(team.bob, "look", shut, free) == [shut, free]
    assert hits(team.bob, "now", shut, free) == [shut]


@pytest.mark.clause("CBC-10.03")
def test_an_address_in_the_name_of_the_author_is_not_found_either() -> None:
    team = a_team(preset="cit")
    shut = an_offensive(team, author=f"see {ADDRESS}", words="Plain")
    assert hits(team.bob, "quill", shut) == [shut]
    a_concern_of_an_image(shut)
    assert hits(team.bob, "quill", shut) == []
    assert hits(team.bob, "see plain", shut) == [shut]


def test_whoever_may_not_read_the_log_finds_the_same_before_and_after_a_concern() -> None:
    team = a_team(preset="cit")
    shut = an_offensive(team)
    before = [hits(team.milo, q, shut) for q in ("quill", "look")]
    assert before == [[], [shut]]
    a_concern_of_an_image(shut)
    assert [hits(team.milo, q, shut) for q in ("quill", "look")] == before


def test_one_word_shown_and_one_withheld_in_the_same_comment_find_nothing() -> None:
    team = a_team(preset="cit")
    shut = an_offensive(team, words=f"Quill saw {ADDRESS}")
    a_concern_of_an_image(shut)
    assert hits(team.bob, "quill", shut) == [shut]
    assert hits(team.bob, "quill example", shut) == []


def test_a_search_costs_the_same_however_many_comments_there_are() -> None:
    team = a_team(preset="cit")
    counts = []
    for _ in range(2):
        for _ in range(3):
            a_concern_of_an_image(an_offensive(team))
        client = browser(team.bob)
        client.get("/comments/", {"q": "quill"})
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/comments/", {"q": "quill"}).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 15
