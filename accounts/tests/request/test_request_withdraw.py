"""Taking a sent request back."""

from accounts.models import AccountRequest
from accounts.tests.request.conftest import url
from core.models import AuditEvent
from smgov.testing import a_draft, decide, submitted


def sent(cast) -> AccountRequest:
    return AccountRequest.objects.get(approval=submitted(cast.alice, cast.hilltop))


def test_the_author_is_asked_once_more_and_takes_it_back(client, cast):
    row = sent(cast)
    client.force_login(cast.alice)
    assert "Withdraw “Year 6 at Hilltop”?" in client.get(url("withdraw", row)).content.decode()
    assert AccountRequest.objects.get().approval.status == "pending"
    assert client.post(url("withdraw", row)).url == url("detail", row)
    assert AccountRequest.objects.get().approval.status == "withdrawn"
    assert AuditEvent.objects.filter(action="approvals.withdrawn").count() == 1


def test_a_returned_request_is_withdrawn_too(client, cast):
    row = sent(cast)
    decide(row.approval, cast.bob, "returned", "Why?")
    client.force_login(cast.alice)
    client.post(url("withdraw", row))
    assert AccountRequest.objects.get().approval.status == "withdrawn"


def test_what_was_decided_is_not_taken_back(client, cast):
    row = sent(cast)
    decide(row.approval, cast.bob, "refused", "No")
    client.force_login(cast.alice)
    response = client.post(url("withdraw", row))
    assert response.status_code == 409
    assert "no longer possible" in response.content.decode()


def test_a_draft_is_put_aside_instead(client, cast):
    row = a_draft(cast.alice, cast.hilltop)
    client.force_login(cast.alice)
    assert client.post(url("withdraw", row)).status_code == 409


def test_nobody_else_withdraws_it(client, cast):
    row = sent(cast)
    for person, status in [(cast.bob, 403), (cast.eve, 404)]:
        client.force_login(person)
        assert client.get(url("withdraw", row)).status_code == status
        assert client.post(url("withdraw", row)).status_code == status
    assert AccountRequest.objects.get().approval.status == "pending"
