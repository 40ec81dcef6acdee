"""The IT provider, who has no account, answers one request through one link (CIT-9.05)."""

import re
import uuid
from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from approvals.models import OutsideLink, Stage, UnblockRequest
from approvals.network.outside import by_token, link_send_again, outside_shut, token_of
from approvals.network.timed import opening_end
from approvals.network.unblock import unblock_withdraw
from approvals.tests.network.cases import PROVIDER, a_cit_school, a_st_marys
from core.errors import Refused
from core.models import AuditEvent, KeptPost
from core.notices import send_due
from core.roles import Role
from smgov.testing import an_unblock, choose, decide, give

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return a_cit_school()


@pytest.fixture
def row(people):
    return an_unblock(people.alice, people.school)


def address_of(row) -> str:
    link = OutsideLink.objects.get(request=row, revoked_at=None)
    return reverse("approvals:outside-answer", args=[token_of(link)])


def answer(row, asks, **more):
    data = {"asks": asks, "once": str(uuid.uuid4()), "name": "Petra Pike", "text": "It is safe", **more}
    return Client().post(address_of(row), data)


@pytest.mark.clause("CIT-9.05")
def test_the_provider_is_written_to_with_a_link_and_no_detail(people, row):
    send_due()
    sent = [message for message in mail.outbox if message.to == [PROVIDER]]
    assert len(sent) == 1
    body = sent[0].body
    assert address_of(row) in body
    for detail in ("history-films", "Alice", "9B", people.school.name):
        assert detail not in body + sent[0].subject


@pytest.mark.clause("CIT-9.05")
def test_the_provider_gives_a_view_opens_it_after_a_yes_and_blocks_it_again(people, row):
    page = Client().get(address_of(row))
    assert page.status_code == 200
    assert row.addresses in page.content.decode()
    assert answer(row, "view").status_code == 302
    note = row.notes.get()
    assert (note.author, note.author_name) == (None, "Petra Pike (IT provider)")
    decide(row.approval, people.bob, reasons="Fine")
    assert "The school has said yes" in Client().get(address_of(row)).content.decode()
    assert answer(row, "open", text="For 9B").status_code == 302
    row.refresh_from_db()
    assert (row.stage, row.opened_by, row.opened_by_name) == (Stage.OPEN, None, "Petra Pike (IT provider)")
    assert "Nothing is asked of you now" in Client().get(address_of(row)).content.decode()
    opening_end(actor=people.alice, row=row, because="Done")
    send_due()
    assert len([message for message in mail.outbox if message.to == [PROVIDER]]) == 3
    url = address_of(row)
    assert "recorded that the site is blocked again" in answer(row, "shut", text="").content.decode()
    row.refresh_from_db()
    assert row.stage == Stage.SHUT
    assert Client().get(url).status_code == 404, "the link has ended with the request"


def test_the_provider_never_decides(people, row):
    for asks in ("open", "shut", "approved", ""):
        response = answer(row, asks, outcome="approved", stage="open")
        assert response.status_code == 422
        assert "moved on" in response.content.decode()
    row.refresh_from_db()
    assert (row.stage, row.approval.status) == (Stage.ASKED, "pending")


def test_a_stale_page_is_refused_and_what_was_typed_is_kept_on_it(people, row):
    decide(row.approval, people.bob, reasons="Fine")
    response = answer(row, "view", text="My long view")
    assert response.status_code == 422
    assert "My long view" in response.content.decode()
    assert not row.notes.exists()


def test_name_and_answer_are_needed_and_the_same_page_counts_once(people, row):
    assert answer(row, "view", name="").status_code == 422
    assert answer(row, "view", text="").status_code == 422
    once = str(uuid.uuid4())
    for _ in range(5):
        answer(row, "view", once=once)
    assert row.notes.count() == 1


def test_every_changed_letter_of_the_link_opens_nothing(row):
    token = token_of(OutsideLink.objects.get(request=row))
    assert by_token(token) is not None
    for place in range(len(token)):
        other = "A" if token[place] != "A" else "B"
        broken = token[:place] + other + token[place + 1 :]
        assert by_token(broken) is None
        if place % 20 == 0:
            assert Client().get(reverse("approvals:outside-answer", args=[broken])).status_code == 404


def test_a_link_ends_with_time_with_a_new_one_and_with_the_request(people, row):
    old = address_of(row)
    with pytest.raises(PermissionDenied):
        link_send_again(actor=people.alice, request=row)
    link_send_again(actor=people.dan, request=row)
    assert Client().get(old).status_code == 404
    new = address_of(row)
    assert Client().get(new).status_code == 200
    OutsideLink.objects.filter(revoked_at=None).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert Client().get(new).status_code == 404
    OutsideLink.objects.filter(revoked_at=None).update(expires_at=timezone.now() + timedelta(days=1))
    unblock_withdraw(actor=people.alice, request=row)
    assert Client().get(new).status_code == 404
    assert Client().post(new, {"asks": "view", "name": "P", "text": "x"}).status_code == 404


def test_a_link_that_ends_while_the_page_is_open_is_refused_under_the_lock(people, row):
    link = by_token(token_of(OutsideLink.objects.get(request=row)))
    OutsideLink.objects.update(revoked_at=timezone.now())
    with pytest.raises(Refused, match="replaced"):
        outside_shut(link=link, name="Petra")


def test_the_link_of_one_request_shows_nothing_of_another(people, row):
    other = an_unblock(people.alice, people.school, addresses="https://secret-other.example/")
    assert "secret-other" not in Client().get(address_of(row)).content.decode()
    assert UnblockRequest.objects.get(pk=other.pk).stage == Stage.ASKED


def test_the_page_is_not_stored_and_tells_nobody_where_it_is(row):
    response = Client().get(address_of(row))
    assert "no-store" in response["Cache-Control"]
    assert response["Referrer-Policy"] == "same-origin"
    assert "govuk-header" not in re.sub("app-header", "", response.content.decode())
    assert "To sign" not in response.content.decode()


def test_a_late_mail_is_dropped_when_the_link_has_ended(people, row):
    unblock_withdraw(actor=people.alice, request=row)
    send_due()
    assert not [message for message in mail.outbox if message.to == [PROVIDER]]


def test_the_answer_is_in_the_history_without_an_actor_of_the_school(row):
    answer(row, "view")
    event = AuditEvent.objects.filter(action="approvals.unblock_noted").get()
    assert event.actor is None


def test_nothing_of_a_signed_out_person_is_kept(row):
    answer(row, "view", name="")
    assert not KeptPost.objects.exists()


def test_a_school_whose_technicians_receive_sends_no_link():
    people = a_st_marys(it_provider_email=PROVIDER)
    row = an_unblock(people.alice, people.school)
    assert not OutsideLink.objects.filter(request=row).exists()


def test_nobody_sends_the_link_to_themselves_and_answers_in_the_providers_name(client):
    people = a_cit_school()
    give(people.bob, Role.IT, people.school)
    row = an_unblock(people.alice, people.school)
    client.force_login(people.bob)
    client.post(reverse("approvals:unblock-link", args=[row.uuid]), {"address": people.bob.email})
    assert OutsideLink.objects.get(revoked_at=None).address == PROVIDER
    decide(row.approval, people.bob, reasons="Yes")
    with pytest.raises(Refused, match="somebody else writes"):
        link_send_again(actor=people.bob, request=row)
    own = an_unblock(people.dan, people.school)
    with pytest.raises(Refused, match="somebody else writes"):
        link_send_again(actor=people.dan, request=own)


def test_without_a_provider_in_the_settings_there_is_no_link():
    people = a_st_marys()
    row = an_unblock(people.alice, people.school)
    with pytest.raises(Refused, match="name no IT provider"):
        link_send_again(actor=people.dan, request=row)


def test_a_provider_of_the_past_hears_no_more(people, row):
    old = address_of(row)
    choose(people.school.profile, it_provider_email="new@provider.example")
    decide(row.approval, people.bob, reasons="Yes")
    assert Client().get(old).status_code == 404
    assert OutsideLink.objects.get(revoked_at=None).address == "new@provider.example"


def test_the_page_of_one_request_sent_to_another_is_refused_in_words(people, row):
    other = an_unblock(people.alice, people.school, addresses="https://b.example/")
    once = str(uuid.uuid4())
    answer(row, "view", once=once)
    response = answer(other, "view", once=once)
    assert response.status_code == 422
    assert "out of date" in response.content.decode()
