"""Check your answers, and send."""

import pytest

from accounts.models import AccountRequest
from accounts.services.requests import request_start
from accounts.tests.request.conftest import fresh, url
from approvals.models import ApprovalRequest
from core.models import AuditEvent
from core.roles import Role
from core.tests.markup import by_id, parse
from smgov.testing import a_draft, a_person, a_school, decide, submitted


def test_every_answer_has_its_way_back(client, stm):
    row = a_draft(stm.tess, stm.school)
    client.force_login(stm.tess)
    page = parse(client.get(url("check", row)).content.decode())
    links = [a.get("href") for a in page.iter("a") if "#id_" in (a.get("href") or "")]
    assert len(links) == 19
    for link in links:
        path, _, anchor = link.partition("#")
        assert anchor in by_id(parse(client.get(path).content.decode())), link


@pytest.mark.clause("STM-15.29")
def test_who_will_sign_is_told_in_order(client, stm):
    row = a_draft(stm.tess, stm.school)
    client.force_login(stm.tess)
    road = client.get(url("check", row)).context["road"]
    assert [(step.title, step.people) for step in road] == [
        ("Marketing officer", "Moira Marsh"),
        ("Headteacher", "Hetty Thorne"),
    ]


def test_sending_leads_to_where_it_stands(client, stm):
    row = a_draft(stm.tess, stm.school)
    client.force_login(stm.tess)
    response = client.post(url("check", row))
    assert response.url == url("detail", row)
    page = client.get(response.url).content.decode()
    assert "It now waits for: Marketing officer." in page
    assert AccountRequest.objects.get().approval.status == "pending"


def test_five_clicks_send_it_once(client, cast):
    row = a_draft(cast.alice, cast.hilltop)
    client.force_login(cast.alice)
    assert {client.post(url("check", row)).url for _ in range(5)} == {url("detail", row)}
    assert ApprovalRequest.objects.count() == 1
    assert AuditEvent.objects.filter(action="approvals.submitted").count() == 1


def test_with_something_missing_there_is_no_button_and_a_link_to_each_field(client, stm):
    row = request_start(actor=stm.tess, school=stm.school, once=fresh())
    client.force_login(stm.tess)
    response = client.get(url("check", row))
    page = response.content.decode()
    assert ">Send<" not in page
    for problem in response.context["problems"]:
        path, _, anchor = problem["url"].partition("#")
        opened = client.get(path)
        assert anchor in by_id(parse(opened.content.decode()))
        assert problem["text"] in opened.content.decode()


def test_sending_it_nevertheless_is_refused_on_the_page(client, stm):
    row = a_draft(stm.tess, stm.school, aims="")
    client.force_login(stm.tess)
    response = client.post(url("check", row))
    assert response.status_code == 422
    assert "Some answers are missing" in response.content.decode()
    assert not ApprovalRequest.objects.exists()


def test_a_step_with_nobody_is_refused_on_the_page(client, db):
    school = a_school("Lone", preset="st-marys")
    tess = a_person("Tess Tully", Role.STAFF, school)
    a_person("Moira Marsh", Role.HEAD_OF_COMMS, school)
    hetty = a_person("Hetty Thorne", Role.HEADTEACHER, school)
    row = a_draft(hetty, school, administrators=[hetty, tess])
    client.force_login(hetty)
    assert "nobody can sign this step now" in client.get(url("check", row)).content.decode()
    response = client.post(url("check", row))
    assert response.status_code == 422
    assert "Nobody could sign as Headteacher" in response.content.decode()


def test_warnings_are_shown_and_stop_nothing(client, stm):
    row = a_draft(stm.tess, stm.school, audience=["pupils"], audience_age_from=7, audience_age_to=11)
    client.force_login(stm.tess)
    page = client.get(url("check", row)).content.decode()
    assert "Facebook is for people of 13 and over" in page
    assert client.post(url("check", row)).status_code == 302


def test_a_returned_request_is_sent_again(client, cast):
    approval = submitted(cast.alice, cast.hilltop)
    row = AccountRequest.objects.get(approval=approval)
    decide(approval, cast.bob, "returned", "Who covers?")
    client.force_login(cast.alice)
    client.post(
        url("section", row, "effort"), {"effort": "Dan covers", "evaluation": "x", "action": "continue"}
    )
    assert "Send again" in client.get(url("check", row)).content.decode()
    client.post(url("check", row))
    approval.refresh_from_db()
    assert (approval.status, approval.round) == ("pending", 2)
    page = client.get(url("detail", row)).content.decode()
    assert "Decisions before it was sent again" in page
    assert "Who covers?" in page


def test_the_page_and_the_submission_agree(client, stm):
    row = a_draft(stm.tess, stm.school)
    client.force_login(stm.tess)
    for field, value in [
        ("official_email", "a@gmail.com"),
        ("go_live_on", None),
        ("department", " "),
        ("audience", []),
    ]:
        AccountRequest.objects.filter(pk=row.pk).update(**{field: value})
        assert client.get(url("check", row)).context["problems"]
        assert client.post(url("check", row)).status_code == 422
    assert not ApprovalRequest.objects.exists()


def test_nobody_else_checks_or_sends_it(client, cast):
    row = a_draft(cast.alice, cast.hilltop)
    for person in (cast.bob, cast.eve):
        client.force_login(person)
        assert client.get(url("check", row)).status_code == 404
        assert client.post(url("check", row)).status_code == 404
    sent = AccountRequest.objects.get(approval=submitted(cast.alice, cast.hilltop))
    client.force_login(cast.bob)
    assert client.post(url("check", sent)).status_code == 403


def test_a_sent_request_is_not_checked_again(client, cast):
    sent = AccountRequest.objects.get(approval=submitted(cast.alice, cast.hilltop))
    client.force_login(cast.alice)
    assert client.get(url("check", sent)).url == url("detail", sent)


def test_few_queries(client, stm, django_assert_max_num_queries):
    row = a_draft(stm.tess, stm.school)
    client.force_login(stm.tess)
    client.get(url("check", row))
    with django_assert_max_num_queries(15):
        client.get(url("check", row))
