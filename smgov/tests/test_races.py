"""Writers at once, and the same form sent five times at once (quality D3, D5)."""

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import OperationalError, connection

from accounts.models import AccountRequest, ConsultationMessage
from accounts.models.request import Topic
from accounts.services import requests
from approvals.models import ApprovalRequest, Decision
from core import audit
from core.errors import Refused
from core.models import AuditEvent
from core.roles import Role
from people.models import Invitation, Membership, User
from people.services.invitations import person_invite
from smgov.testing import Cast, a_cit_trust, a_draft, a_person, decide, submitted
from smgov.tests.racing import alone, at_once, failures, shared_database

pytestmark = pytest.mark.django_db(transaction=True)
WRITERS, ROUNDS, TIMES = 8, 5, 5
on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="about SQLite alone: in the other run")


# D3: writers at once on SQLite


def write(cast: Cast, actor: User) -> int:
    """What a busy person does: start, save and record, again and again. Returns how often it was done."""
    for n in range(ROUNDS):
        request = requests.request_start(actor=actor, school=cast.hilltop, once=uuid.uuid4())
        requests.answers_save(
            actor=actor,
            request=request,
            values={"name": f"Club {n}", "aims": "Show what we do"},
            people={"administrators": [actor, cast.alice]},
        )
        with audit.audited():
            audit.record("core.notices_seen", actor=actor, data={"count": n})
    return ROUNDS


def eight_write_at_once() -> tuple[list[Any], int]:
    """The outcomes of eight writers, and how many events they left."""
    cast = alone(a_cit_trust)
    writers = alone(lambda: [a_person(f"Writer {n}", Role.STAFF, cast.hilltop) for n in range(WRITERS)])
    outcomes = at_once([lambda actor=actor: write(cast, actor) for actor in writers])
    return outcomes, alone(AuditEvent.objects.count)


@on_sqlite
def test_eight_writers_never_meet_a_locked_database(tmp_path: Path) -> None:
    with shared_database(tmp_path):
        outcomes, events = eight_write_at_once()
        assert outcomes == [ROUNDS] * WRITERS
        assert events == WRITERS * ROUNDS * 3
        assert alone(audit.verify).intact


@on_sqlite
def test_deferred_transactions_do_meet_a_locked_database(tmp_path: Path) -> None:
    with shared_database(tmp_path, mode="DEFERRED", timeout=5):
        outcomes, _ = eight_write_at_once()
    locked = [o for o in outcomes if isinstance(o, OperationalError) and "locked" in str(o)]
    assert locked, "the control must fail, or the check proves nothing"


# D5: the same form five times at once


@pytest.fixture
def cast(tmp_path: Path) -> Iterator[Cast]:
    with shared_database(tmp_path):
        yield alone(a_cit_trust)


def five_times(work: Callable[[], Any]) -> list[Any]:
    """The outcomes of one form sent five times; a person may meet a refusal, never a server error."""
    outcomes = at_once([work] * TIMES)
    assert not failures(outcomes, Refused, PermissionDenied)
    return outcomes


def events(action: str) -> int:
    return alone(AuditEvent.objects.filter(action=action).count)


def test_a_new_request_sent_five_times_is_one_request(cast: Cast) -> None:
    once = uuid.uuid4()
    outcomes = five_times(lambda: requests.request_start(actor=cast.alice, school=cast.hilltop, once=once))
    assert len({row.pk for row in outcomes}) == 1, "each answer leads to the same draft"
    assert alone(AccountRequest.objects.count) == 1
    assert events("accounts.request_started") == 1


def test_a_draft_submitted_five_times_is_submitted_once(cast: Cast) -> None:
    draft = alone(lambda: a_draft(cast.alice, cast.hilltop))
    five_times(lambda: requests.request_send(actor=cast.alice, request=draft))
    assert alone(ApprovalRequest.objects.count) == 1
    assert events("approvals.submitted") == 1


def test_a_decision_sent_five_times_is_one_decision(cast: Cast) -> None:
    request = alone(lambda: submitted(cast.alice, cast.hilltop))
    step, seen = alone(lambda: (request.steps.get(order=1).pk, request.rounds.get().hash))

    def sign() -> Decision:
        row = ApprovalRequest.objects.get(pk=request.pk)
        return decide(row, cast.bob, expected_step=step, expected_hash=seen)

    outcomes = five_times(sign)
    assert len([o for o in outcomes if isinstance(o, Decision)]) == 1
    assert alone(Decision.objects.count) == 1
    assert events("approvals.approved") == 1


def test_an_invitation_sent_five_times_is_one_person(cast: Cast) -> None:
    def invite() -> Any:
        return person_invite(
            actor=cast.dan,
            email="New@hilltop.example.org",
            full_name="Nia North",
            role=Role.STAFF,
            school=cast.hilltop,
        )

    five_times(invite)
    assert alone(User.objects.filter(full_name="Nia North").count) == 1
    assert alone(Invitation.objects.count) == 1
    assert alone(Membership.objects.filter(user__full_name="Nia North").count) == 1


def test_a_message_sent_five_times_is_one_message(cast: Cast) -> None:
    draft, once = alone(lambda: a_draft(cast.alice, cast.hilltop)), uuid.uuid4()
    outcomes = five_times(
        lambda: requests.consult(
            actor=cast.alice, request=draft, topic=Topic.CONSULTATION, text="Is the purpose clear?", once=once
        )
    )
    assert len({row.pk for row in outcomes}) == 1
    assert alone(ConsultationMessage.objects.count) == 1
    assert events("accounts.consulted") == 1
