"""Advice and technical support: who is asked, who sees, who answers."""

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import AccountRequest, ConsultationMessage
from accounts.services.requests import advisers, consult, request_discard
from accounts.tests.request.conftest import fresh, url
from core.errors import Refused
from core.models import AuditEvent, Notice
from core.roles import Role
from people.selectors import profile_of
from smgov.testing import a_draft, a_person, choose, decide, submitted


def ask(actor, row, topic="consultation", text="Is it right?", once=None):
    return consult(actor=actor, request=row, topic=topic, text=text, once=once or fresh())


@pytest.mark.clause("CIT-2.43", "CIT-2.44")
def test_in_the_trust_the_head_of_communications_is_asked_about_both(client, cast):
    row = a_draft(cast.alice, cast.hilltop)
    for topic in ("consultation", "technical"):
        ask(cast.alice, row, topic)
    assert {n.recipient for n in Notice.objects.filter(kind="accounts.consulted")} == {cast.cora}
    client.force_login(cast.cora)
    assert client.get(url("detail", row)).status_code == 200


@pytest.mark.clause("STM-2.16", "STM-2.36")
def test_at_saint_marys_the_headteacher_advises_and_the_technicians_support(client, stm):
    row = a_draft(stm.tess, stm.school)
    ask(stm.tess, row, "consultation")
    client.force_login(stm.ian)
    assert client.get(url("detail", row)).status_code == 404
    client.force_login(stm.hetty)
    assert client.get(url("detail", row)).status_code == 200
    ask(stm.tess, row, "technical")
    client.force_login(stm.ian)
    page = client.get(url("detail", row)).content.decode()
    assert "Is it right?" in page


@pytest.mark.clause("CIT-2.43", "CIT-2.44", "STM-2.16", "STM-2.36")
def test_the_author_reads_who_will_be_asked_in_the_schools_titles(client, cast, stm):
    client.force_login(cast.alice)
    page = client.get(url("detail", a_draft(cast.alice, cast.hilltop))).content.decode()
    assert page.count("Goes to: Head of Communications &amp; Fundraising (Cora Clay)") == 2
    client.force_login(stm.tess)
    page = client.get(url("detail", a_draft(stm.tess, stm.school))).content.decode()
    assert "Goes to: Headteacher (Hetty Thorne)" in page
    assert "Goes to: ICT technician (Ian Ito)" in page


def test_a_silent_profile_falls_back_and_says_when_nobody_has_the_role(client, rav):
    profile = profile_of(rav.school)
    assert [advisers(profile, topic) for topic in ("consultation", "technical")] == [
        ["head_of_comms"],
        ["it"],
    ]
    client.force_login(rav.rory)
    page = client.get(url("detail", a_draft(rav.rory, rav.school))).content.decode()
    assert "Goes to: Moderator (Max Mode)" in page
    assert "IT technician. Nobody has this role now." in page


@pytest.mark.clause("CIT-2.44")
def test_the_asked_answer_on_the_page_and_the_author_is_told(client, cast):
    row = a_draft(cast.alice, cast.hilltop)
    ask(cast.alice, row)
    client.force_login(cast.cora)
    data = {"topic": "consultation", "text": "Facebook is right for families.", "once": fresh()}
    response = client.post(url("advice", row), data)
    assert response.url == url("detail", row) + "#advice"
    assert Notice.objects.get(kind="accounts.message").recipient == cast.alice
    client.force_login(cast.alice)
    assert "Facebook is right for families." in client.get(url("detail", row)).content.decode()
    assert AuditEvent.objects.filter(action="accounts.consulted").count() == 2


def test_five_clicks_send_one_message(client, cast):
    row = a_draft(cast.alice, cast.hilltop)
    client.force_login(cast.alice)
    data = {"topic": "technical", "text": "Which address?", "once": fresh()}
    for _ in range(5):
        assert client.post(url("advice", row), data).status_code == 302
    assert ConsultationMessage.objects.count() == 1


def test_the_id_of_somebody_elses_page_is_refused_in_words(cast):
    row = a_draft(cast.alice, cast.hilltop)
    once = fresh()
    ask(cast.alice, row, once=once)
    with pytest.raises(Refused, match="out of date"):
        ask(cast.cora, row, once=once)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"topic": "consultation", "text": "  "}, "Write your message."),
        ({"text": "Hello"}, "Choose what your message is about."),
        ({"topic": "gossip", "text": "Hello"}, "Choose one of the answers on the page"),
    ],
)
def test_a_message_with_a_fault_comes_back_with_what_was_typed(client, cast, data, message):
    row = a_draft(cast.alice, cast.hilltop)
    client.force_login(cast.alice)
    response = client.post(url("advice", row), {**data, "once": fresh()})
    assert response.status_code == 422
    page = response.content.decode()
    assert message in page
    assert data["text"].strip() in page
    assert not ConsultationMessage.objects.exists()


def test_the_asked_role_writes_on_its_own_topic_only(client, stm):
    row = a_draft(stm.tess, stm.school)
    ask(stm.tess, row, "technical")
    with pytest.raises(PermissionDenied):
        ask(stm.ian, row, "consultation")
    client.force_login(stm.ian)
    data = {"topic": "consultation", "text": "Hello", "once": fresh()}
    assert client.post(url("advice", row), data).status_code == 422


def test_whoever_was_not_asked_cannot_write_or_read(client, cast):
    row = a_draft(cast.alice, cast.hilltop)
    for person in (cast.bob, cast.cora, cast.eve):
        client.force_login(person)
        data = {"topic": "consultation", "text": "Hello", "once": fresh()}
        assert client.get(url("advice", row)).status_code == 404
        assert client.post(url("advice", row), data).status_code == 404
        with pytest.raises(PermissionDenied):
            ask(person, row)


def test_signers_may_ask_on_a_request_that_was_sent(cast):
    row = AccountRequest.objects.get(approval=submitted(cast.alice, cast.hilltop))
    ask(cast.bob, row, text="Who covers?")
    assert Notice.objects.get(kind="accounts.message").recipient == cast.alice


def test_on_what_came_to_nothing_nobody_writes(client, cast):
    row = a_draft(cast.alice, cast.hilltop)
    request_discard(actor=cast.alice, request=row)
    with pytest.raises(Refused, match="closed"):
        ask(cast.alice, row)
    approval = submitted(cast.alice, cast.hilltop)
    decide(approval, cast.bob, "refused", "No")
    with pytest.raises(Refused, match="closed"):
        ask(cast.alice, AccountRequest.objects.get(approval=approval))
    client.force_login(cast.alice)
    response = client.post(url("advice", row), {"topic": "technical", "text": "Kept words", "once": fresh()})
    assert response.status_code == 422
    assert "Send message" not in client.get(url("detail", row)).content.decode()


def test_support_goes_on_after_the_approval(cast):
    approval = submitted(cast.alice, cast.hilltop)
    decide(approval, cast.bob)
    decide(approval, cast.cora)
    ask(
        cast.alice,
        AccountRequest.objects.get(approval=approval),
        "technical",
        "How do I switch comments off?",
    )
    assert ConsultationMessage.objects.count() == 1


def test_a_role_with_a_post_is_asked_by_that_post_alone(client, stm):
    choose(stm.school.profile, technical_support=["it/online_safety"])
    row = a_draft(stm.tess, stm.school)
    ask(stm.tess, row, "technical")
    client.force_login(stm.ian)
    assert client.get(url("detail", row)).status_code == 404
    client.force_login(a_person("Osa Olds", Role.IT, stm.school, post="online_safety"))
    assert client.get(url("detail", row)).status_code == 200
