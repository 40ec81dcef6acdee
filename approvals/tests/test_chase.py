"""The sweep of overdue decisions: reminds signers, closes what came back and was left."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.services import requests
from approvals import services
from approvals.kinds import KINDS
from approvals.models import ApprovalRequest, Decision
from approvals.services import RETURNED_LASTS, chase, request_withdraw
from approvals.tasks import chase_decisions
from core import audit
from core.clock import due_in_working_days
from core.models import Notice
from core.roles import Role
from people.models import Membership
from people.services.deputies import deputy_appoint
from smgov.testing import Cast, a_cit_trust, a_person, choose, decide, submitted

pytestmark = pytest.mark.django_db
BACK = Decision.Outcome.RETURNED


@pytest.fixture
def cast() -> Cast:
    return a_cit_trust()


@pytest.fixture
def waiting(cast: Cast) -> ApprovalRequest:
    """Alice's request, on Bob's desk."""
    return submitted(cast.alice, cast.hilltop)


def overdue(request: ApprovalRequest, by: timedelta = timedelta(seconds=1)) -> None:
    ApprovalRequest.objects.filter(pk=request.pk).update(due_at=timezone.now() - by)


def reminded() -> list[str]:
    return sorted(n.recipient.full_name for n in Notice.objects.filter(kind="approvals.chase"))


def status(request: ApprovalRequest) -> str:
    request.refresh_from_db()
    return request.status


# Reminders


def test_a_request_is_due_after_the_schools_own_number_of_working_days(cast: Cast) -> None:
    choose(cast.hilltop.profile, approval_days=3)
    before = timezone.now()
    request = submitted(cast.alice, cast.hilltop)
    assert due_in_working_days(before, 3) <= request.due_at <= due_in_working_days(timezone.now(), 3)


def test_nobody_is_reminded_before_it_is_due(waiting: ApprovalRequest) -> None:
    assert chase() == 0
    assert reminded() == []


def test_the_present_signer_is_reminded_once_and_again_when_it_is_due_again(
    cast: Cast, waiting: ApprovalRequest
) -> None:
    overdue(waiting)
    assert [chase(), chase()] == [1, 0]
    assert reminded() == ["Bob Barnes"]
    waiting.refresh_from_db()
    assert waiting.due_at > timezone.now()
    assert waiting.status == "pending"
    overdue(waiting, timedelta(minutes=5))
    assert chase() == 1
    assert reminded() == ["Bob Barnes", "Bob Barnes"]


def test_a_reminder_goes_to_a_deputy_too_and_to_nobody_who_has_signed_or_left(
    cast: Cast, waiting: ApprovalRequest
) -> None:
    today = timezone.localdate()
    deputy_appoint(
        actor=cast.bob, person=cast.bob, deputy=cast.dan, school=cast.hilltop, starts=today, ends=today
    )
    overdue(waiting)
    chase()
    assert reminded() == ["Bob Barnes", "Dan Dale"]
    Notice.objects.all().delete()
    decide(waiting, cast.bob)
    overdue(waiting)
    chase()
    assert reminded() == ["Cora Clay"]
    Notice.objects.all().delete()
    Membership.objects.filter(user=cast.cora).update(ended_at=timezone.now())
    overdue(waiting)
    chase()
    assert reminded() == ["Gina Gold"], "the road leads to the chair"


def test_a_step_that_needs_all_reminds_those_who_have_not_signed(cast: Cast) -> None:
    choose(cast.hilltop.profile, account_chain=[{"role": "headteacher", "needed": "all"}])
    a_person("Hetty Hope", Role.HEADTEACHER, cast.hilltop)
    request = submitted(cast.alice, cast.hilltop)
    decide(request, cast.bob)
    overdue(request)
    chase()
    assert reminded() == ["Hetty Hope"]


def test_a_step_that_nobody_can_sign_stays_and_stops_nothing(cast: Cast, waiting: ApprovalRequest) -> None:
    other = submitted(cast.dan, cast.hilltop)
    Membership.objects.filter(user__in=[cast.bob, cast.chair]).update(ended_at=timezone.now())
    overdue(waiting)
    overdue(other)
    assert chase() == 2
    assert reminded() == []
    assert status(waiting) == "pending"


def test_each_step_has_its_own_time(cast: Cast, waiting: ApprovalRequest) -> None:
    overdue(waiting)
    decide(waiting, cast.bob)
    assert chase() == 0, "the next signer has all of it"


# What came back and was left


def test_what_came_back_is_closed_after_sixty_days_and_the_requester_is_told(
    cast: Cast, waiting: ApprovalRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    decide(waiting, cast.bob, BACK)
    waiting.refresh_from_db()
    left = waiting.due_at - timezone.now()
    assert timedelta(0) <= RETURNED_LASTS - left < timedelta(minutes=5)
    at(monkeypatch, timezone.now() + RETURNED_LASTS - timedelta(hours=1))
    assert chase() == 0
    at(monkeypatch, timezone.now() + timedelta(hours=2))
    assert [chase(), chase()] == [1, 0]
    assert status(waiting) == "expired"
    assert waiting.closed_at is not None
    assert waiting.due_at is None
    assert [n.recipient for n in Notice.objects.filter(kind="approvals.expired")] == [cast.alice]
    assert reminded() == []
    assert [e.action for e in audit.history_of(waiting)][-1] == "approvals.expired"


def at(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    monkeypatch.setattr(services.timezone, "now", lambda: moment)


def test_the_subject_is_told_that_it_was_closed(
    cast: Cast, waiting: ApprovalRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed: list[Any] = []
    kind = replace(
        KINDS[waiting.kind], on_closed=lambda subject, request: closed.append((subject, request.status))
    )
    monkeypatch.setitem(KINDS, waiting.kind, kind)
    decide(waiting, cast.bob, BACK)
    overdue(waiting)
    chase()
    assert closed == [(waiting.account_request, "expired")]


def test_what_was_sent_again_in_time_is_not_closed(cast: Cast, waiting: ApprovalRequest) -> None:
    decide(waiting, cast.bob, BACK)
    requests.request_send(actor=cast.alice, request=waiting.account_request)
    waiting.refresh_from_db()
    assert waiting.due_at < timezone.now() + RETURNED_LASTS
    assert chase() == 0


@pytest.mark.parametrize("end", ["approved", "refused", "withdrawn"])
def test_what_is_closed_is_left_alone(cast: Cast, waiting: ApprovalRequest, end: str) -> None:
    if end == "withdrawn":
        request_withdraw(actor=cast.alice, request=waiting)
    else:
        decide(waiting, cast.bob, end)
    if end == "approved":
        decide(waiting, cast.cora)
    assert status(waiting) == end
    assert waiting.due_at is None
    overdue(waiting)  # whatever stands in the row
    assert chase() == 0
    assert status(waiting) == end


# The sweep


def queries(work: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as seen:
        work()
    return len(seen)


def test_a_sweep_costs_what_is_due(cast: Cast) -> None:
    first = submitted(cast.alice, cast.hilltop)
    assert queries(chase) == 1
    overdue(first)
    cost = queries(chase)
    for _ in range(5):
        submitted(cast.alice, cast.hilltop)
    assert queries(chase) == 1
    overdue(first, timedelta(minutes=5))
    assert queries(chase) == cost


def test_a_sweep_takes_so_many_and_the_next_one_the_rest(cast: Cast) -> None:
    for _ in range(3):
        overdue(submitted(cast.alice, cast.hilltop))
    assert [chase(limit=2), chase(limit=2), chase(limit=2)] == [2, 1, 0]


def test_the_task_calls_the_sweep(waiting: ApprovalRequest) -> None:
    overdue(waiting)
    assert chase_decisions() == 1
    assert reminded() == ["Bob Barnes"]


def test_one_request_that_fails_does_not_hold_up_the_others(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    broken, sound = submitted(cast.alice, cast.hilltop), submitted(cast.dan, cast.hilltop)
    real = services._remind

    def fails_on_one(row: ApprovalRequest) -> None:
        real(row)
        if row.pk == broken.pk:
            raise ZeroDivisionError

    monkeypatch.setattr(services, "_remind", fails_on_one)
    overdue(broken, timedelta(days=1))
    overdue(sound)
    assert chase() == 1
    assert Notice.objects.filter(kind="approvals.chase", key__startswith=f"{sound.pk}:").exists()
    assert not Notice.objects.filter(kind="approvals.chase", key__startswith=f"{broken.pk}:").exists()
    assert "approval request" in caplog.text
