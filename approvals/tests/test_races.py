"""Many deciders at the same moment: one decision counts (quality D2)."""

from functools import partial
from itertools import cycle
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from approvals.models import ApprovalRequest, ApprovalStep, Decision
from approvals.services import chase, request_withdraw, step_decide
from core import audit
from core.errors import Refused
from core.models import AuditEvent, Notice
from core.notices import send_due
from core.roles import Role
from people.models import User
from smgov.testing import Cast, a_cit_trust, a_person, decide, submitted
from smgov.tests.racing import at_once, failures

pytestmark = [
    pytest.mark.skipif(connection.vendor != "postgresql", reason="needs PostgreSQL"),
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
]
DECIDERS = 8


@pytest.fixture
def heads() -> tuple[Cast, list[User]]:
    """A school with two headteachers: the unique constraint alone does not stop the second."""
    cast = a_cit_trust()
    return cast, [cast.bob, a_person("Hetty Hope", Role.HEADTEACHER, cast.hilltop)]


@pytest.fixture
def no_row_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: requests and steps are read without their locks."""
    locked = QuerySet.select_for_update

    def unlocked(rows: QuerySet, *args: Any, **more: Any) -> QuerySet:
        return rows if rows.model in (ApprovalRequest, ApprovalStep) else locked(rows, *args, **more)

    monkeypatch.setattr(QuerySet, "select_for_update", unlocked)


def race(cast: Cast, heads: list[User]) -> tuple[ApprovalRequest, list[Any]]:
    """A new request, and every decider signing the first step at once."""
    request = submitted(cast.alice, cast.hilltop)
    step, seen = request.steps.get(order=1), request.rounds.get().hash

    def sign(actor: User) -> Decision:
        return step_decide(
            request=ApprovalRequest.objects.get(pk=request.pk),
            expected_step=step.pk,
            expected_hash=seen,
            actor=actor,
            outcome=Decision.Outcome.APPROVED,
            reasons="",
            typed_name=actor.full_name,
        )

    outcomes = at_once(
        [partial(sign, actor) for actor, _ in zip(cycle(heads), range(DECIDERS), strict=False)]
    )
    return request, outcomes


def tally(request: ApprovalRequest) -> tuple[int, int, int]:
    """Decisions on the first step, audit events of an approval, notices to the next signer."""
    return (
        Decision.objects.filter(step__request=request, step__order=1).count(),
        AuditEvent.objects.filter(subject=audit.subject_key(request), action="approvals.approved").count(),
        Notice.objects.filter(kind="approvals.to_sign", key=f"{request.pk}:1:2").count(),
    )


def one_wins(rounds: int, cast: Cast, heads: list[User]) -> None:
    for _ in range(rounds):
        request, outcomes = race(cast, heads)
        assert tally(request) == (1, 1, 1)
        assert len([o for o in outcomes if isinstance(o, Decision)]) == 1
        assert not failures(outcomes, Refused), "the others are told in words that it has moved on"
    assert audit.verify().intact


def test_of_eight_deciders_at_once_one_decides(heads: tuple[Cast, list[User]]) -> None:
    one_wins(10, *heads)


@pytest.mark.gate
def test_of_eight_deciders_at_once_one_decides_in_two_hundred_rounds(heads: tuple[Cast, list[User]]) -> None:
    one_wins(200, *heads)


def test_without_the_lock_several_win(heads: tuple[Cast, list[User]], no_row_locks: None) -> None:
    doubles = 0
    for _ in range(30):
        request, _outcomes = race(*heads)
        doubles += tally(request)[0] > 1
        if doubles:
            break
    assert doubles, "the control must fail, or the race proves nothing"


def test_a_decision_and_a_withdrawal_at_once_exclude_each_other(heads: tuple[Cast, list[User]]) -> None:
    cast, (bob, _) = heads

    def refuse(pk: int) -> None:
        decide(ApprovalRequest.objects.get(pk=pk), bob, Decision.Outcome.REFUSED)

    def withdraw(pk: int) -> None:
        request_withdraw(actor=cast.alice, request=ApprovalRequest.objects.get(pk=pk))

    for _ in range(5):
        request = submitted(cast.alice, cast.hilltop)
        outcomes = at_once([partial(refuse, request.pk), partial(withdraw, request.pk)])
        assert len([o for o in outcomes if isinstance(o, Refused)]) == 1
        assert not failures(outcomes, Refused)
        request.refresh_from_db()
        refused = Decision.objects.filter(step__request=request).exists()
        assert request.status == ("refused" if refused else "withdrawn")


def test_sweeps_at_once_remind_and_mail_once(heads: tuple[Cast, list[User]]) -> None:
    cast, _ = heads
    for _ in range(5):
        submitted(cast.alice, cast.hilltop)
    ApprovalRequest.objects.update(due_at=timezone.now())
    assert sum(at_once([chase] * 4)) == 5
    assert Notice.objects.filter(kind="approvals.chase").count() == 10
    written = Notice.objects.count()
    mail.outbox.clear()
    assert sum(at_once([send_due] * 4)) == written
    assert (
        len({message.extra_headers["Message-ID"] for message in mail.outbox}) == len(mail.outbox) == written
    )
