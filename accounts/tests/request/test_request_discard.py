"""Putting a draft aside."""

from accounts.models import AccountRequest
from accounts.tests.request.conftest import url
from core.models import AuditEvent
from smgov.testing import a_draft, submitted


def test_the_author_is_asked_once_more_and_puts_it_aside(client, cast):
    row = a_draft(cast.alice, cast.hilltop)
    client.force_login(cast.alice)
    assert "aside?" in client.get(url("discard", row)).content.decode()
    assert AccountRequest.objects.get().status == "draft"
    client.post(url("discard", row))
    assert AccountRequest.objects.get().status == "discarded"
    assert AuditEvent.objects.filter(action="accounts.request_discarded").count() == 1


def test_a_second_click_says_why_not(client, cast):
    row = a_draft(cast.alice, cast.hilltop)
    client.force_login(cast.alice)
    client.post(url("discard", row))
    assert client.post(url("discard", row)).status_code == 409
    assert AuditEvent.objects.filter(action="accounts.request_discarded").count() == 1


def test_what_was_sent_is_not_put_aside(client, cast):
    row = AccountRequest.objects.get(approval=submitted(cast.alice, cast.hilltop))
    client.force_login(cast.alice)
    assert client.post(url("discard", row)).status_code == 409


def test_nobody_else_puts_it_aside(client, cast):
    row = a_draft(cast.alice, cast.hilltop)
    for person in (cast.bob, cast.eve, cast.cora):
        client.force_login(person)
        assert client.post(url("discard", row)).status_code == 404
    assert AccountRequest.objects.get().status == "draft"
