"""Complaints about the policy stand on the list of whoever may close them, and of nobody else (CIT-2.11, CIT-2.19)."""

import pytest
from django.db.models import Q

from core.feeds import dates_of
from core.roles import Post, Role
from core.todo import TodoItem, for_user
from incidents.comments.complaints import _may_name, names, settlers
from incidents.comments.services.steps import comment_step, comment_take
from incidents.comments.tests.cases import Team, a_comment, a_team, since_long_ago
from incidents.models import Comment
from people.models import User
from smgov.testing import a_person

pytestmark = pytest.mark.django_db
TITLE = "A complaint about the policy for you to close"


def lines(user: User) -> list[TodoItem]:
    """The lines of this kind on a person's list."""
    return [item for item in for_user(User.objects.get(pk=user.pk)) if item.title.startswith(TITLE)]


def everybody(team: Team) -> list[User]:
    return [team.bob, team.cora, team.lena, team.milo, team.sue, team.alice, team.gina]


@pytest.mark.clause("CIT-2.11")
@pytest.mark.parametrize("preset", ["ravens-wood", "cit", "st-marys", "cbc", "beckstone"])
def test_it_stands_on_the_list_of_whoever_may_close_it_and_goes_when_it_is_closed(preset: str) -> None:
    team = a_team(preset)
    row = a_comment(team, kind="policy")
    a_comment(team, kind="complaint")
    closers = settlers(row)
    assert closers
    listed = [user for user in everybody(team) if lines(user)]
    doubly = [user for user in closers if any(item.key == f"comment:{row.uuid}" for item in for_user(user))]
    assert sorted(user.pk for user in {*listed, *doubly}) == sorted(user.pk for user in closers)
    assert not set(listed) & set(doubly), "one line for one comment"
    assert [str(row.uuid) in item.url for user in listed for item in lines(user)] == [True] * len(listed)
    comment_step(actor=closers[0], comment=row, move="answer", words="Thank you, we shall look at it")
    comment_step(actor=closers[0], comment=row, move="resolve")
    assert not any(lines(user) for user in everybody(team))


@pytest.mark.clause("CIT-2.19")
@pytest.mark.parametrize(
    "words", ["Bob Barnes wrote a bad policy", "Mr Barnes's rules are bad", "mr. barnes!"]
)
def test_whom_it_names_has_no_line(words: str) -> None:
    team = a_team("ravens-wood")
    a_comment(team, kind="policy", words=words)
    assert not lines(team.bob)


def test_whoever_took_it_on_has_one_line_for_it() -> None:
    team = a_team("ravens-wood")
    row = a_comment(team, kind="policy")
    comment_take(actor=team.bob, comment=row)
    assert not lines(team.bob)
    assert [item.key for item in for_user(User.objects.get(pk=team.bob.pk))].count(f"comment:{row.uuid}") == 1
    comment_step(actor=team.bob, comment=row, move="answer", words="Thank you")
    assert not lines(team.bob)


def test_senior_leaders_and_then_the_board_have_a_line_where_nobody_before_them_is_there() -> None:
    team = a_team("ravens-wood")
    a_comment(team, kind="policy")
    assert not lines(team.sue)
    for user in (team.bob, team.cora):
        user.memberships.update(role=Role.STAFF, post="")
    assert len(lines(team.sue)) == 1
    assert not lines(team.gina)
    team.sue.memberships.update(role=Role.STAFF, post="")
    assert len(lines(team.gina)) == 1


def test_the_executive_team_has_no_line_for_a_complaint_in_a_school_that_has_a_head() -> None:
    team = a_team("cit")
    elena = a_person("Elena East", Role.SENIOR_LEADER, team.school, post=Post.ELT)
    since_long_ago()
    a_comment(team, kind="policy")
    assert not lines(elena)
    assert lines(team.gina), "the panel of this preset includes the board"


def test_a_calendar_says_nothing_of_it() -> None:
    team = a_team("ravens-wood")
    row = a_comment(team, kind="policy")
    team.bob.refresh_from_db()
    bob = User.objects.get(pk=team.bob.pk)
    assert lines(bob)
    dates = [one for one in dates_of(bob) if str(row.uuid) in one.link or "policy" in one.title]
    assert dates == []


@pytest.mark.parametrize(
    ("name", "words", "hidden"),
    [
        ("Bob Barnes", "Mr Barnes’s rules", True),
        ("Bob Barnes", "BARNES", True),
        ("Bo Li", "The policy is silly", False),
        ("Bo Li", "Mr Li's policy", True),
        ("Mia Müller", "Mrs Muller did it", True),
        ("Mia Müller", "Mrs Müller did it", True),
        ("Ned O'Brien", "Mr O’Brien and Mr OBrien", True),
        ("Jo Smith-Jones", "Ms Smith-Jones knows", True),
        ("李", "李 says so", True),
        ("Li 李", "A policy", False),
    ],
)
def test_what_may_name_a_person_is_read_with_caution(name: str, words: str, hidden: bool) -> None:
    team = a_team("ravens-wood")
    row = a_comment(team, kind="policy", words=words)
    found: Q = _may_name(User(full_name=name))
    assert Comment.objects.filter(found, pk=row.pk).exists() is hidden
    assert hidden or not names(words, User(full_name=name)), "whom it names is always found"
