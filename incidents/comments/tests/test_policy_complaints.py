"""Who closes a complaint about the policy, in a school and in a trust's own team (CIT-2.11, CIT-2.19, STM-2.10)."""

from typing import Any

import pytest

from accounts.tests.register.cases import an_account
from core.errors import Refused
from core.roles import Post, Role
from incidents.comments.access import comment_rules
from incidents.comments.complaints import names, settlers
from incidents.comments.services.steps import comment_reclass, comment_step
from incidents.comments.tests.cases import (
    Team,
    a_comment,
    a_team,
    browser,
    since_long_ago,
    told,
)
from incidents.models import Comment
from people.models import School, User
from smgov.testing import a_person, a_school, a_trust

pytestmark = pytest.mark.django_db


class Hub:
    """A trust's own team: Lena leads its account. `people` say who else there is."""

    def __init__(self, preset: str = "st-marys", **people: tuple[str, str, str]) -> None:
        self.school = a_school("Hub", trust=a_trust(), kind="central", preset=preset)
        self.lena = a_person("Lena Lamb", Role.STAFF, self.school)
        self.account = an_account(self.school, self.lena, "Trust news", lead=self.lena)
        for name, (full, role, post) in people.items():
            setattr(self, name, a_person(full, role, self.school, post=post))
        since_long_ago()


ELENA = ("Elena East", Role.SENIOR_LEADER, Post.ELT)
SUE = ("Sue Sand", Role.SENIOR_LEADER, "")
CORA = ("Cora Cook", Role.HEAD_OF_COMMS, "")
GINA = ("Gina Gold", Role.GOVERNANCE, Post.CHAIR)


def first_names(people: list[User]) -> list[str]:
    return sorted(one.full_name.split()[0] for one in people)


def close(row: Comment, user: User) -> Comment:
    """Answer it and close it."""
    comment_step(actor=user, comment=row, move="answer", words="Thank you, we shall look at it")
    return comment_step(actor=user, comment=row, move="resolve")


def may_close(row: Comment, user: User) -> bool:
    """Whether the page offers it."""
    return "Resolve it" in browser(user).get(f"/comments/{row.uuid}/").content.decode()


@pytest.mark.clause("CIT-2.11")
@pytest.mark.parametrize("preset", ["ravens-wood", "cbc", "beckstone"])
@pytest.mark.parametrize(
    ("people", "who"),
    [
        ({"elena": ELENA, "sue": SUE, "gina": GINA}, "elena"),
        ({"sue": SUE, "gina": GINA}, "sue"),
        ({"gina": GINA}, "gina"),
        ({"cora": CORA, "sue": SUE}, "cora"),
    ],
)
def test_a_central_team_whose_profile_names_no_panel_closes_it_by_whoever_is_next(
    preset: str, people: dict[str, Any], who: str
) -> None:
    hub = Hub(preset, **people)
    row = a_comment(hub, kind="policy")
    closer = getattr(hub, who)
    assert settlers(row) == [closer]
    others = {"elena", "sue", "gina", "cora"} & set(people) - {who}
    for other in (hub.lena, *(getattr(hub, name) for name in others)):
        assert not may_close(row, other) if comment_rules.allows(other, "view", row) else True
        if comment_rules.allows(other, "handle", row):
            with pytest.raises(Refused):
                comment_reclass(actor=other, comment=row, kind="comment")
    assert who.title() in told("comment_policy")
    comment_step(actor=hub.lena, comment=row, move="acknowledge")
    assert may_close(row, closer) is False  # an acknowledgement alone is not enough
    assert close(row, closer).resolved_by == closer


@pytest.mark.clause("CIT-2.11")
def test_at_the_trust_of_cit_the_executive_team_and_the_board_close_it() -> None:
    hub = Hub("cit", elena=ELENA, sue=SUE, gina=GINA)
    row = a_comment(hub, kind="policy")
    assert first_names(settlers(row)) == ["Elena", "Gina"]
    with pytest.raises(Refused, match="complaint about the policy"):
        close(row, hub.sue)
    assert close(row, hub.gina).resolved_by == hub.gina


def test_the_panel_of_a_central_team_closes_nothing_in_a_school() -> None:
    team = a_team("cit")
    elt = a_person("Elena East", Role.SENIOR_LEADER, team.school, post=Post.ELT)
    row = a_comment(team, kind="policy")
    assert first_names(settlers(row)) == ["Bob", "Cora", "Gina"]
    with pytest.raises(Refused):
        close(row, elt)


def test_where_nobody_may_close_it_the_page_says_what_to_do_and_until_then_nobody_does() -> None:
    hub = Hub()
    row = a_comment(hub, kind="policy")
    assert settlers(row) == []
    page = browser(hub.lena).get(f"/comments/{row.uuid}/").content.decode()
    assert "Nobody may close it at present" in page
    with pytest.raises(Refused, match="complaint about the policy"):
        close(row, hub.lena)
    gina = a_person("Gina Gold", Role.GOVERNANCE, hub.school)
    assert "Gina Gold decides" in browser(hub.lena).get(f"/comments/{row.uuid}/").content.decode()
    assert comment_step(actor=gina, comment=row, move="resolve").resolved_by == gina


@pytest.mark.clause("CIT-2.19")
@pytest.mark.parametrize(
    "words", ["Bob Barnes wrote a bad policy", "Mr Barnes's rules are bad", "mr. barnes!"]
)
def test_nobody_closes_a_complaint_that_names_them(words: str) -> None:
    team = a_team("ravens-wood")
    row = a_comment(team, kind="policy", words=words)
    assert first_names(settlers(row)) == ["Cora"]
    with pytest.raises(Refused):
        close(row, team.bob)
    with pytest.raises(Refused):
        comment_reclass(actor=team.bob, comment=row, kind="comment")
    assert "Cora" in told("comment_policy")
    assert "Bob" not in told("comment_policy"), "whom it names is not told of it"
    assert close(row, team.cora).resolved_by == team.cora


def test_where_the_complaint_names_all_who_lead_other_senior_leaders_are_told_and_close_it() -> None:
    team = a_team("ravens-wood")
    row = a_comment(team, kind="policy", words="Bob Barnes and Ms Cook should read their own policy")
    assert first_names(settlers(row)) == ["Sue"]
    assert "Sue" in told("comment_policy")
    assert close(row, team.sue).resolved_by == team.sue


def test_a_last_name_in_the_middle_of_a_sentence_names_nobody() -> None:
    day, king = User(full_name="Dawn Day"), User(full_name="Kit King")
    assert not names("It is open all day, says the king", day)
    assert not names("It is open all day, says the king", king)
    assert names("As MRS DAY said", day)
    assert names("dawn  day!", day)
    assert not names("", day)


def test_the_board_of_a_school_does_not_see_such_complaints_while_somebody_leads_it() -> None:
    team: Team = a_team("ravens-wood")
    row = a_comment(team, kind="policy")
    assert not comment_rules.allows(team.gina, "view", row)
    for user in (team.bob, team.cora, team.sue):
        user.memberships.update(role=Role.STAFF, post="")
    assert settlers(row) == [team.gina]
    assert close(row, User.objects.get(pk=team.gina.pk)).resolved_by == team.gina
    assert isinstance(team.school, School)
