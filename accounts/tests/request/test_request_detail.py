"""One request: a task list for its author, where it stands for everybody else."""

import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccountRequest, SocialAccount
from accounts.services.requests import consult, request_discard, request_start
from accounts.tests.request.conftest import fresh, url
from core.roles import Role
from people.models import Deputy
from smgov.testing import a_draft, a_person, decide, submitted


def tasks(client, row) -> dict[str, str]:
    """Sections and their statuses."""
    return {task["title"]: task["status"] for task in client.get(url("detail", row)).context["tasks"]}


def of(approval) -> AccountRequest:
    """The request behind an approval, read afresh."""
    return AccountRequest.objects.get(approval=approval)


def test_a_new_draft_is_a_list_of_sections_not_started(client, cast):
    row = request_start(actor=cast.alice, school=cast.hilltop, once=uuid.uuid4())
    client.force_login(cast.alice)
    assert set(tasks(client, row).values()) == {"not_started"}
    page = client.get(url("detail", row)).content.decode()
    assert "0 of 5 sections are complete" in page
    assert "Check your answers" not in page


def test_each_section_says_how_far_it_is(client, stm):
    row = a_draft(stm.tess, stm.school, department="", aims="", content="", investment="", engagement="")
    AccountRequest.objects.filter(pk=row.pk).update(official_email="year6@gmail.com", security="")
    client.force_login(stm.tess)
    assert tasks(client, row) == {
        "The site": "attention",
        "What it is for": "not_started",
        "Audience": "completed",
        "Contributors": "completed",
        "The people on it": "completed",
        "Safety": "not_started",
        "Time and success": "completed",
    }
    AccountRequest.objects.filter(pk=row.pk).update(official_email="")
    assert tasks(client, row)["The site"] == "in_progress"


def test_the_section_on_looking_after_contributors_appears_when_it_is_needed(client, stm):
    row = a_draft(stm.tess, stm.school, contributors=["public"])
    client.force_login(stm.tess)
    assert tasks(client, row)["Looking after contributors"] == "not_started"


def test_a_complete_draft_leads_to_the_check(client, cast):
    row = a_draft(cast.alice, cast.hilltop)
    client.force_login(cast.alice)
    assert "Check your answers" in client.get(url("detail", row)).content.decode()


def test_a_draft_is_invisible_to_everybody_who_was_not_asked(client, cast, stm):
    row = a_draft(cast.alice, cast.hilltop)
    for person in (cast.bob, cast.cora, cast.dan, cast.eve, cast.elt, cast.chair, stm.hetty):
        client.force_login(person)
        assert client.get(url("detail", row)).status_code == 404
    missing = reverse("accounts:request-detail", args=[uuid.uuid4()])
    assert client.get(missing).status_code == 404


@pytest.mark.clause("CIT-2.44")
def test_the_consulted_role_reads_the_draft_and_cannot_change_it(client, cast):
    row = a_draft(cast.alice, cast.hilltop)
    consult(actor=cast.alice, request=row, topic="consultation", text="Is it right?", once=fresh())
    client.force_login(cast.cora)
    response = client.get(url("detail", row))
    page = response.content.decode()
    assert "The answers so far" in page
    assert "Show families what the class learns" in page
    assert "Is it right?" in page
    assert client.get(url("section", row, "account")).status_code == 403
    assert client.get(url("check", row)).status_code == 403
    client.force_login(cast.eve)
    assert client.get(url("detail", row)).status_code == 404


def test_a_sent_request_shows_who_decides_and_who_can_sign_now(client, stm):
    row = of(submitted(stm.tess, stm.school))
    client.force_login(stm.tess)
    response = client.get(url("detail", row))
    assert [step["title"] for step in response.context["steps"]] == ["Marketing officer", "Headteacher"]
    page = response.content.decode()
    assert "Can sign now: Marketing officer" in page
    assert "Withdraw this request" in page
    assert "Show families what the class learns" in page


def test_the_frozen_answers_are_shown_and_not_later_ones(client, cast):
    row = of(submitted(cast.alice, cast.hilltop))
    AccountRequest.objects.filter(pk=row.pk).update(aims="Something else")
    client.force_login(cast.bob)
    page = client.get(url("detail", row)).content.decode()
    assert "Show families what the class learns" in page
    assert "Something else" not in page


def test_decisions_name_signer_capacity_and_for_whom(client, cast):
    approval = submitted(cast.alice, cast.hilltop)
    deputy = a_person("Dee Dent", Role.STAFF, cast.hilltop)
    today = timezone.localdate()
    Deputy.objects.create(
        person=cast.bob, deputy=deputy, school=cast.hilltop, appointed_by=cast.bob, starts=today, ends=today
    )
    decide(approval, deputy, reasons="A good plan")
    client.force_login(cast.alice)
    page = client.get(url("detail", of(approval))).content.decode()
    assert "Dee Dent, acting for Bob Barnes, as Deputy for Headteacher" in page
    assert "A good plan" in page


def test_a_returned_request_shows_the_question_on_top_to_its_author(client, cast):
    approval = submitted(cast.alice, cast.hilltop)
    decide(approval, cast.bob, "returned", "Who covers in the holidays?")
    client.force_login(cast.alice)
    page = client.get(url("detail", of(approval))).content.decode()
    assert page.index("Who covers in the holidays?") < page.index("Your answers")
    assert "Bob Barnes (Headteacher)" in page
    client.force_login(cast.bob)
    assert "Your answers" not in client.get(url("detail", of(approval))).content.decode()


def test_an_approved_request_leads_to_the_register(client, cast):
    approval = submitted(cast.alice, cast.hilltop)
    decide(approval, cast.bob)
    decide(approval, cast.cora)
    account = SocialAccount.objects.get()
    client.force_login(cast.alice)
    page = client.get(url("detail", of(approval))).content.decode()
    assert reverse("accounts:account-detail", args=[account.uuid]) in page
    assert "Withdraw" not in page


def test_a_refused_request_keeps_its_reasons_and_can_be_asked_again(client, cast):
    approval = submitted(cast.alice, cast.hilltop)
    decide(approval, cast.bob, "refused", "We have one already")
    client.force_login(cast.alice)
    page = client.get(url("detail", of(approval))).content.decode()
    assert "We have one already" in page
    assert "Ask again with these answers" in page
    assert "Not needed" in page
    client.force_login(cast.bob)
    assert "Ask again" not in client.get(url("detail", of(approval))).content.decode()


def test_a_draft_put_aside_is_read_only(client, cast):
    row = a_draft(cast.alice, cast.hilltop)
    request_discard(actor=cast.alice, request=row)
    client.force_login(cast.alice)
    page = client.get(url("detail", row)).content.decode()
    assert "Put aside" in page
    assert "Ask again with these answers" in page
    assert "Send message" not in page


def test_the_signer_is_led_to_the_decision(client, cast):
    row = of(submitted(cast.alice, cast.hilltop))
    client.force_login(cast.bob)
    assert (
        reverse("approvals:request-detail", args=[row.approval.uuid])
        in client.get(url("detail", row)).content.decode()
    )


def test_few_queries(client, cast, django_assert_max_num_queries):
    draft = a_draft(cast.alice, cast.hilltop)
    sent = of(submitted(cast.alice, cast.hilltop))
    done = submitted(cast.alice, cast.hilltop, name="Done")
    decide(done, cast.bob)
    decide(done, cast.cora)
    back = submitted(cast.alice, cast.hilltop, name="Back")
    decide(back, cast.bob, "returned", "Why?")
    client.force_login(cast.alice)
    client.get("/requests/")
    for row in (draft, sent, of(done), of(back)):
        with django_assert_max_num_queries(15):
            client.get(url("detail", row))


def test_the_page_is_only_read(client, cast):
    client.force_login(cast.alice)
    assert client.post(url("detail", a_draft(cast.alice, cast.hilltop))).status_code == 405
