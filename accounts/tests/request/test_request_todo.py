"""What requests put on the to-do lists."""

import pytest

from accounts.models import AccountRequest
from accounts.services.requests import consult, request_discard
from accounts.tests.request.conftest import fresh, url
from core.todo import awaited_by, for_user
from smgov.testing import a_draft, decide, submitted


def titles(items) -> list[str]:
    return [item.title for item in items]


def test_my_draft_waits_for_me_until_it_is_put_aside(cast):
    row = a_draft(cast.alice, cast.hilltop)
    assert "Finish your draft: Year 6 at Hilltop" in titles(for_user(cast.alice))
    assert titles(for_user(cast.bob)) == []
    request_discard(actor=cast.alice, request=row)
    assert titles(for_user(cast.alice)) == []


def test_what_i_sent_is_awaited_with_the_title_it_lies_with(cast):
    approval = submitted(cast.alice, cast.hilltop)
    assert titles(for_user(cast.alice)) == []
    [item] = awaited_by(cast.alice)
    assert (item.title, item.detail) == ("Year 6 at Hilltop", "Waits for: Headteacher")
    decide(approval, cast.bob)
    [item] = awaited_by(cast.alice)
    assert item.detail == "Waits for: Head of Communications & Fundraising"
    decide(approval, cast.cora)
    assert awaited_by(cast.alice) == []


def test_what_came_back_waits_for_me(cast):
    approval = submitted(cast.alice, cast.hilltop)
    decide(approval, cast.bob, "returned", "Who covers?")
    [item] = for_user(cast.alice)
    assert item.title == "Sent back to you: Year 6 at Hilltop"
    assert item.url == url("detail", AccountRequest.objects.get(approval=approval))
    assert awaited_by(cast.alice) == []


@pytest.mark.clause("CIT-2.44")
def test_a_question_waits_for_the_role_until_somebody_answers(cast):
    row = a_draft(cast.alice, cast.hilltop)
    consult(actor=cast.alice, request=row, topic="consultation", text="Is it right?", once=fresh())
    [item] = for_user(cast.cora)
    assert item.title == "Give advice on: Year 6 at Hilltop"
    assert item.url.endswith("#advice")
    assert for_user(cast.dan) == []
    consult(actor=cast.cora, request=row, topic="consultation", text="Yes", once=fresh())
    assert for_user(cast.cora) == []
    consult(actor=cast.alice, request=row, topic="consultation", text="And the name?", once=fresh())
    assert len(for_user(cast.cora)) == 1
    request_discard(actor=cast.alice, request=row)
    assert for_user(cast.cora) == []


def test_a_question_on_one_topic_is_not_answered_by_the_other(stm):
    row = a_draft(stm.tess, stm.school)
    consult(actor=stm.tess, request=row, topic="consultation", text="Is it right?", once=fresh())
    consult(actor=stm.tess, request=row, topic="technical", text="Which address?", once=fresh())
    assert len(for_user(stm.hetty)) == 1
    assert len(for_user(stm.ian)) == 1
    consult(actor=stm.ian, request=row, topic="technical", text="This one", once=fresh())
    assert for_user(stm.ian) == []
    assert len(for_user(stm.hetty)) == 1


def test_the_home_page_shows_them(client, cast):
    a_draft(cast.alice, cast.hilltop, name="Draft one")
    submitted(cast.alice, cast.hilltop, name="Sent one")
    client.force_login(cast.alice)
    page = client.get("/").content.decode()
    assert "Finish your draft: Draft one" in page
    assert "Waits for: Headteacher" in page
