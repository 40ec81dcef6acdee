"""Workers that are killed while they send: an attempt counts for the mail that was begun, and for no other."""

from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import AccountRequest
from core import notices
from core.models import Notice
from core.notices import send_due
from core.tests.test_notices import later, tell, the_notice
from people.models import User
from smgov.testing import Cast, a_cit_trust, a_draft

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return a_cit_trust()


@pytest.fixture
def draft(cast: Cast) -> AccountRequest:
    return a_draft(cast.alice, cast.hilltop)


class Killed(BaseException):
    """The process ends where it stands."""


def killing(monkeypatch: pytest.MonkeyPatch, message_id: str) -> list[str]:
    """Every worker that begins to send this mail is killed; the Message-IDs of what was sent besides."""
    sent: list[str] = []

    def send(message: EmailMessage, *_: Any, **__: Any) -> None:
        if message.extra_headers["Message-ID"] == message_id:
            raise Killed
        sent.append(message.extra_headers["Message-ID"])

    monkeypatch.setattr(EmailMessage, "send", send)
    return sent


def attempts() -> dict[str, int]:
    return dict(Notice.objects.values_list("key", "attempts"))


def test_a_kill_counts_for_the_mail_that_was_begun_and_for_no_other(
    cast: Cast, draft: AccountRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(5):
        tell(draft, cast.alice, key=str(n))
    killing(monkeypatch, Notice.objects.get(key="2").message_id)
    with pytest.raises(Killed):
        send_due()
    assert attempts() == {"0": 1, "1": 1, "2": 1, "3": 0, "4": 0}
    assert send_due() == 0, "all are leased still"
    later(monkeypatch, minutes=11)
    with pytest.raises(Killed):
        send_due()
    assert attempts() == {"0": 1, "1": 1, "2": 2, "3": 1, "4": 1}, "what had killed a worker came last"
    assert [n.key for n in Notice.objects.filter(sent_at=None)] == ["2"]


def test_twenty_crashes_before_anything_is_sent_give_up_no_mail(
    cast: Cast, draft: AccountRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(3):
        tell(draft, cast.alice, key=str(n))
    for n in range(1, notices.MAX_ATTEMPTS + 3):
        assert len(notices._lease(10)) == 3, "each crash after the lease alone"
        monkeypatch.undo()
        later(monkeypatch, minutes=11 * n)
    assert set(attempts().values()) == {0}
    assert send_due() == 3


@pytest.mark.parametrize("kills_when", ["sent", "asked"])
def test_a_mail_that_kills_every_worker_is_given_up_in_the_end(
    cast: Cast, draft: AccountRequest, monkeypatch: pytest.MonkeyPatch, kills_when: str
) -> None:
    tell(draft, cast.alice)
    killed = 0
    for n in range(notices.MAX_ATTEMPTS + 5):
        monkeypatch.undo()
        later(monkeypatch, minutes=11 * n)
        killing(monkeypatch, the_notice().message_id)
        if kills_when == "asked":
            monkeypatch.setattr(notices, "shown_to", kill)
        try:
            assert send_due() == 0
        except Killed:
            killed += 1
    assert killed == the_notice().attempts == notices.MAX_ATTEMPTS
    assert the_notice().sent_at is None


def kill(*_: Any) -> None:
    raise Killed


def test_a_mail_whose_row_cannot_be_asked_for_holds_up_none(
    cast: Cast, draft: AccountRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(3):
        tell(draft, cast.alice, key=str(n))

    def ask(user: User, rows: list[Notice]) -> list[Notice]:
        if rows[0].key == "0":
            raise ZeroDivisionError
        return rows

    monkeypatch.setattr(notices, "shown_to", ask)
    assert send_due() == 2
    row = Notice.objects.get(key="0")
    assert (row.attempts, row.last_error, row.dropped_at) == (1, "ZeroDivisionError", None)


def test_to_count_costs_one_small_write_a_mail(cast: Cast, draft: AccountRequest) -> None:
    for n in range(20):
        tell(draft, cast.alice, key=str(n))
    with CaptureQueriesContext(connection) as seen:
        assert send_due() == 20
    writes = [one["sql"] for one in seen if one["sql"].startswith("UPDATE")]
    assert len(writes) == 1 + 2 * 20  # the lease; each begun, and marked
