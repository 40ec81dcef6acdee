"""Notices: once, only to whom may see the row, mailed until it works, and with no detail in them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import AccountRequest
from core import notices
from core.models import Notice
from core.notices import KINDS, count_shown, notify, send_due, shown_to
from core.roles import Role
from people.models import Invitation, Membership, User
from people.services.invitations import person_invite
from smgov.testing import Cast, a_cit_trust, a_draft, a_person, decide, submitted

pytestmark = pytest.mark.django_db
KIND = "accounts.message"


@pytest.fixture
def cast() -> Cast:
    return a_cit_trust()


@pytest.fixture
def draft(cast: Cast) -> AccountRequest:
    return a_draft(cast.alice, cast.hilltop, name="Zebra Class Diary", aims="Show the Okapi project")


def tell(row: Any, *people: User, kind: str = KIND, key: str = "1") -> int:
    return notify(kind, recipients=people, about=row, key=key, link="/somewhere/")


def the_notice() -> Notice:
    return Notice.objects.get()


# Written once


def test_one_notice_a_kind_key_and_recipient(cast: Cast, draft: AccountRequest) -> None:
    for _ in range(3):
        assert tell(draft, cast.alice, cast.alice) == 1
    assert Notice.objects.count() == 1
    tell(draft, cast.alice, key="2")
    tell(draft, cast.bob)
    tell(draft, cast.alice, kind="accounts.consulted")
    assert Notice.objects.count() == 4
    assert Notice.objects.values("message_id").distinct().count() == 4


def test_an_inactive_person_gets_none(cast: Cast, draft: AccountRequest) -> None:
    cast.alice.is_active = False
    assert tell(draft, cast.alice) == 0
    assert not Notice.objects.exists()


def test_an_unregistered_kind_raises(cast: Cast, draft: AccountRequest) -> None:
    with pytest.raises(KeyError, match="not registered"):
        tell(draft, cast.alice, kind="accounts.unheard_of")


def test_a_notice_goes_with_the_transaction_that_failed(cast: Cast, draft: AccountRequest) -> None:
    with transaction.atomic():
        tell(draft, cast.alice)
        transaction.set_rollback(True)
    assert not Notice.objects.exists()
    assert send_due() == 0


# Shown


def test_it_is_shown_only_while_the_row_may_be_seen(cast: Cast, draft: AccountRequest) -> None:
    tell(draft, cast.alice, cast.eve)
    rows = {n.recipient: n for n in Notice.objects.all()}
    assert shown_to(cast.alice, [rows[cast.alice]]) == [rows[cast.alice]]
    assert shown_to(cast.eve, [rows[cast.eve]]) == []
    Membership.objects.update(ended_at=timezone.now())
    assert shown_to(cast.alice, [rows[cast.alice]]) == []


def test_a_kind_or_a_table_that_nobody_registered_is_not_shown(cast: Cast, draft: AccountRequest) -> None:
    tell(draft, cast.alice)
    Notice.objects.update(kind="old.kind")
    assert shown_to(cast.alice, Notice.objects.all()) == []
    Notice.objects.update(kind=KIND, subject="core.signature:1")
    assert shown_to(cast.alice, Notice.objects.all()) == []


def queries(work: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as seen:
        work()
    return len(seen)


def test_thirty_notices_cost_as_many_queries_as_one(cast: Cast, draft: AccountRequest) -> None:
    for n in range(30):
        tell(draft, cast.alice, key=str(n))
    rows = list(Notice.objects.filter(recipient=cast.alice))
    assert len(shown_to(cast.alice, rows)) == 30
    assert queries(lambda: shown_to(cast.alice, rows)) == queries(lambda: shown_to(cast.alice, rows[:1])) <= 5


def test_the_badge_counts_what_the_list_shows_in_one_query(cast: Cast, draft: AccountRequest) -> None:
    request = submitted(cast.dan, cast.hilltop)
    for n in range(3):
        tell(draft, cast.alice, cast.eve, cast.bob, key=str(n))
        tell(request, cast.alice, cast.bob, cast.eve, kind="approvals.to_sign", key=f"x{n}")
        tell(cast.alice, cast.alice, cast.eve, kind="accounts.left", key=str(n))
    for user in (cast.alice, cast.bob, cast.eve, cast.cora):
        rows = list(Notice.objects.filter(recipient=user))
        assert count_shown(user, rows) == len(shown_to(user, rows))
    kept = Notice.objects.filter(recipient=cast.alice, kind=KIND)
    assert count_shown(cast.alice, kept) == 3
    kept.update(kind="old.kind")
    assert count_shown(cast.alice, Notice.objects.filter(kind="old.kind")) == 0


# Mailed


def test_a_mail_says_only_that_there_is_something(cast: Cast) -> None:
    request = submitted(cast.alice, cast.hilltop, name="Zebra Class Diary", aims="Show the Okapi project")
    decide(request, cast.bob, "returned", reasons="Why the Okapi?")
    person_invite(
        actor=cast.dan,
        email="n@hilltop.example.org",
        full_name="Nia North",
        role=Role.STAFF,
        school=cast.hilltop,
    )
    written = Notice.objects.count()
    assert send_due() == written == len(mail.outbox)
    for message in mail.outbox:
        whole = message.message().as_string()
        for detail in ("Zebra", "Okapi", "Alice", "Archer", "Bob", "Nia", "North", "Hilltop Primary"):
            assert detail not in whole
        assert "http://" in message.body
        assert message.extra_headers["Auto-Submitted"] == "auto-generated"
        assert len(message.to) == 1
        assert not message.cc
        assert not message.bcc


def test_no_kind_has_room_for_a_detail() -> None:
    for name, kind in KINDS.items():
        for text in (kind.title, kind.text):
            assert text.strip(), name
            assert not set("{}%\r\n") & set(text), name


def test_what_was_sent_is_not_sent_again(cast: Cast, draft: AccountRequest) -> None:
    tell(draft, cast.alice)
    assert [send_due(), send_due()] == [1, 0]
    assert len(mail.outbox) == 1
    assert the_notice().sent_at is not None


def test_a_recipient_who_may_no_longer_see_the_row_gets_no_mail(cast: Cast, draft: AccountRequest) -> None:
    tell(draft, cast.eve)
    assert send_due() == 0
    assert not mail.outbox
    assert the_notice().dropped_at is not None
    assert send_due() == 0


def test_a_recipient_who_was_deactivated_gets_no_mail(cast: Cast, draft: AccountRequest) -> None:
    tell(draft, cast.alice)
    User.objects.filter(pk=cast.alice.pk).update(is_active=False)
    assert send_due() == 0
    assert not mail.outbox
    assert the_notice().dropped_at is not None


def test_an_invitation_reaches_somebody_who_sees_nothing_yet_and_not_after_it_ended(cast: Cast) -> None:
    def invite(email: str) -> None:
        person_invite(
            actor=cast.dan, email=email, full_name="Nia North", role=Role.STAFF, school=cast.hilltop
        )

    invite("n@hilltop.example.org")
    Notice.objects.exclude(kind="people.invitation").delete()
    assert send_due() == 1
    invite("m@hilltop.example.org")
    Invitation.objects.update(revoked_at=timezone.now())
    Notice.objects.exclude(kind="people.invitation").delete()
    assert send_due() == 0


# A mail server that fails


@pytest.fixture
def broken_server(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every sending fails; the Message-IDs that were tried."""
    tried: list[str] = []

    def fail(message: EmailMessage, *_: Any, **__: Any) -> None:
        tried.append(message.extra_headers["Message-ID"])
        raise ConnectionRefusedError("secret-host refused a.person@hilltop.example.org")

    monkeypatch.setattr(EmailMessage, "send", fail)
    return tried


def later(monkeypatch: pytest.MonkeyPatch, **by: float) -> None:
    moment = timezone.now() + timedelta(**by)
    monkeypatch.setattr(notices.timezone, "now", lambda: moment)


def test_a_failed_mail_is_tried_again_later_under_the_same_message_id(
    cast: Cast, draft: AccountRequest, broken_server: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(draft, cast.alice)
    assert send_due() == 0
    row = the_notice()
    assert (row.sent_at, row.attempts, row.last_error) == (None, 1, "ConnectionRefusedError"), (
        "no address in the error"
    )
    assert send_due() == 0
    assert len(broken_server) == 1, "not at once"
    later(monkeypatch, minutes=3)
    send_due()
    assert broken_server == [row.message_id] * 2
    monkeypatch.undo()
    later(monkeypatch, minutes=10)
    assert send_due() == 1
    assert mail.outbox[0].extra_headers["Message-ID"] == row.message_id


def test_one_bad_mail_does_not_hold_up_the_others(
    cast: Cast, draft: AccountRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(draft, cast.alice, cast.bob)
    User.objects.filter(pk=cast.alice.pk).update(email="a@example.org\nBcc: everybody@example.org")
    tell(draft, cast.cora)
    send_due()
    assert cast.alice.email not in [to for message in mail.outbox for to in message.to]
    assert Notice.objects.get(recipient=cast.alice).last_error == "BadHeaderError"
    assert Notice.objects.exclude(recipient=cast.alice).filter(sent_at=None, dropped_at=None).count() == 0


def test_a_sweep_that_was_killed_is_taken_over_after_its_lease(
    cast: Cast, draft: AccountRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(draft, cast.alice)
    assert len(notices._lease(10)) == 1  # and then the process is gone
    assert send_due() == 0
    later(monkeypatch, minutes=11)
    assert send_due() == 1


def test_a_slow_server_leaves_the_rest_to_a_later_sweep(
    cast: Cast, draft: AccountRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is leased no longer might be sent by another sweep too, so it is not begun."""
    for n in range(5):
        tell(draft, cast.alice, key=str(n))
    real, sent = EmailMessage.send, []

    def slow(message: EmailMessage, *_: Any, **__: Any) -> None:
        sent.append(message)
        later(monkeypatch, minutes=2.5)

    monkeypatch.setattr(EmailMessage, "send", slow)
    assert send_due() == 3
    rest = Notice.objects.filter(sent_at=None)
    assert [(n.leased_until, n.attempts) for n in rest] == [(None, 0)] * 2
    monkeypatch.setattr(EmailMessage, "send", real)
    assert send_due() == 2


def test_a_sweep_costs_what_is_due(cast: Cast, draft: AccountRequest) -> None:
    nothing = queries(send_due)
    for n in range(20):
        tell(draft, cast.alice, key=str(n))
    assert send_due() == 20
    assert queries(send_due) == nothing <= 4


def test_at_most_so_many_at_once_the_oldest_first(cast: Cast, draft: AccountRequest) -> None:
    for n in range(4):
        tell(draft, cast.alice, key=str(n))
    assert send_due(limit=3) == 3
    assert [n.key for n in Notice.objects.filter(sent_at=None)] == ["3"]


def test_names_in_other_schools_hear_nothing(cast: Cast) -> None:
    a_person("Otto Oak", Role.HEADTEACHER, cast.otherplace)
    submitted(cast.alice, cast.hilltop)
    assert set(Notice.objects.values_list("recipient__full_name", flat=True)) <= {
        "Bob Barnes",
        "Second Admin",
    }
