"""A second opinion on an answer: who may be asked, what they say, and what stands on the form meanwhile."""

from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from core.errors import Refused
from core.roles import Role
from incidents.comments.hearers import may_give_opinion
from incidents.comments.services.opinions import opinion_ask, opinion_give
from incidents.comments.services.steps import comment_step
from incidents.comments.tests.cases import a_comment, a_team, browser, did, told
from incidents.models import Comment, SecondOpinion
from incidents.tests.cases import recorded, text_of
from people.models import User
from smgov.testing import a_person, a_school

pytestmark = pytest.mark.django_db


def ask(row: Comment, actor: User, of: User, **changes) -> SecondOpinion:
    values = {"once": uuid4(), "draft": "On Saturday, I think", **changes}
    return opinion_ask(actor=actor, comment=row, of=of, **values)


@pytest.mark.clause("RAV-10.06")
def test_a_colleague_is_asked_and_says_what_they_think_and_the_form_warns_meanwhile() -> None:
    team = a_team()
    row = a_comment(team)
    opinion = ask(row, team.lena, team.sue)
    assert told("opinion_asked") == ["Sue"]
    form, page = f"/comments/{row.uuid}/answer/", f"/comments/opinions/{opinion.uuid}/"
    assert "Sue Sand was asked for a second opinion and has not answered" in text_of(
        browser(team.milo).get(form)
    )
    sue = browser(team.sue)
    assert "On Saturday, I think" in text_of(sue.get(page))
    assert sue.post(page, {"verdict": "do_not", "advice": ""}).status_code == 422
    answer = sue.post(page, {"verdict": "do_not", "advice": "They only want a row"})
    assert answer.url == f"/comments/{row.uuid}/"
    assert told("opinion_given") == ["Lena"]
    assert did(row) == ["logged", "asked", "opinion"]
    assert "Sue Sand advised not to answer" in text_of(browser(team.milo).get(form))
    assert "They only want a row" in text_of(browser(team.lena).get(f"/comments/{row.uuid}/"))
    assert sue.get(page).status_code == 302
    assert recorded("incidents.opinion_asked") == recorded("incidents.opinion_given") == 1


def test_whoever_may_handle_it_or_leads_may_be_asked_and_nobody_else() -> None:
    team = a_team()
    row = a_comment(team)
    stranger = a_person("Eve Earl", Role.HEADTEACHER, a_school(preset="ravens-wood"))
    assert set(may_give_opinion(row)) == {team.bob, team.cora, team.lena, team.milo, team.sue}
    for of in (team.lena, team.alice, team.gina, stranger):
        with pytest.raises(Refused) as refusal:
            ask(row, team.lena, of)
        assert refusal.value.field == "of"
    with pytest.raises(PermissionDenied):
        ask(row, team.alice, team.sue)
    with pytest.raises(Refused):
        ask(row, team.lena, team.sue, draft="  ")


def test_one_page_asks_once_and_a_colleague_is_not_asked_twice_at_a_time() -> None:
    team, once = a_team(), uuid4()
    row = a_comment(team)
    assert ask(row, team.lena, team.sue, once=once) == ask(row, team.lena, team.sue, once=once)
    with pytest.raises(Refused, match="has been asked"):
        ask(row, team.milo, team.sue)
    opinion_give(actor=team.sue, opinion=SecondOpinion.objects.get(), verdict="good")
    ask(row, team.milo, team.sue)
    comment_step(actor=team.lena, comment=row, move="hide", words="Spam")
    comment_step(actor=team.lena, comment=row, move="resolve")
    with pytest.raises(Refused, match="resolved"):
        ask(row, team.lena, team.bob)


def test_only_who_was_asked_answers_and_only_once() -> None:
    team = a_team()
    opinion = ask(a_comment(team), team.lena, team.sue)
    for actor in (team.lena, team.bob, team.alice):
        with pytest.raises(PermissionDenied):
            opinion_give(actor=actor, opinion=opinion, verdict="good")
        assert browser(actor).get(f"/comments/opinions/{opinion.uuid}/").status_code == 404
    for _ in range(2):
        opinion_give(actor=team.sue, opinion=opinion, verdict="change", advice="Shorter")
    with pytest.raises(Refused, match="already"):
        opinion_give(actor=team.sue, opinion=opinion, verdict="good")
