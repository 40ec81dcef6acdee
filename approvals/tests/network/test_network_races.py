"""Two people at the same moment: both gates, a yes and a no, the same form, two sweeps (quality D2, D5)."""

import uuid
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from approvals.models import ApprovalRequest, PupilWifi, Stage, UnblockRequest
from approvals.network.timed import opening_opened, openings_due
from approvals.network.unblock import unblock_ask
from approvals.network.wifi import close_left_gates, wifi_ask
from approvals.tests.network.cases import People, a_st_marys
from core.errors import Refused
from core.models import AuditEvent, Notice
from smgov.testing import UNBLOCK, WIFI, a_wifi, an_unblock, decide
from smgov.tests.racing import alone, at_once, failures, shared_database

pytestmark = pytest.mark.django_db(transaction=True)
on_postgres = pytest.mark.skipif(connection.vendor != "postgresql", reason="needs PostgreSQL")
ROUNDS = 10


@pytest.fixture
def people(tmp_path: Path) -> Iterator[People]:
    with shared_database(tmp_path):
        yield alone(a_st_marys)


def at_the_gates(row: PupilWifi, people: People, outcomes: tuple[str, str]) -> list:
    """Both gates decide in the same moment."""
    gates = [row.gates.get(order=number).approval for number in (1, 2)]
    return at_once(
        [
            partial(decide, gate, person, outcome, "Because")
            for gate, person, outcome in zip(gates, (people.bob, people.dan), outcomes, strict=True)
        ]
    )


@on_postgres
@pytest.mark.postgres
def test_two_yeses_at_once_open_it_once(people: People) -> None:
    for _ in range(ROUNDS):
        row = a_wifi(people.alice, people.school)
        assert not failures(at_the_gates(row, people, ("approved", "approved")), Refused)
        row.refresh_from_db()
        assert row.stage == Stage.TO_OPEN
        allowed = AuditEvent.objects.filter(action="approvals.wifi_allowed", subject__endswith=f":{row.pk}")
        assert allowed.count() == 1


@on_postgres
@pytest.mark.postgres
def test_a_yes_and_a_no_at_once_come_to_nothing_without_a_deadlock(people: People) -> None:
    for number in range(ROUNDS):
        row = a_wifi(people.alice, people.school)
        pair = ("approved", "refused") if number % 2 else ("refused", "refused")
        assert not failures(at_the_gates(row, people, pair), Refused)
        row.refresh_from_db()
        assert row.stage == Stage.CLOSED
    close_left_gates()
    assert not ApprovalRequest.objects.filter(status__in=ApprovalRequest.OPEN).exists()


def test_the_same_form_five_times_at_once_is_one_request(people: People) -> None:
    until = timezone.localdate() + timezone.timedelta(days=9)
    for ask, values, model in ((unblock_ask, UNBLOCK, UnblockRequest), (wifi_ask, WIFI, PupilWifi)):
        send = partial(
            ask,
            actor=people.alice,
            school=people.school,
            once=uuid.uuid4(),
            values={**values, "until": until},
        )
        assert not failures(at_once([send] * 5), Refused)
        assert alone(model.objects.count) == 1


def test_opened_five_times_at_once_is_opened_once(people: People) -> None:
    row = alone(partial(an_unblock, people.alice, people.school))
    alone(partial(decide, row.approval, people.bob, "approved", "Fine"))
    outcomes = at_once([partial(opening_opened, actor=people.dan, row=row)] * 5)
    assert not failures(outcomes, Refused)
    assert outcomes.count(None) == 1
    opened = AuditEvent.objects.filter(action="approvals.unblock_opened")
    assert alone(opened.count) == 1


@on_postgres
@pytest.mark.postgres
def test_two_sweeps_at_once_end_it_once(people: People) -> None:
    for _ in range(5):
        row = an_unblock(people.alice, people.school)
        decide(row.approval, people.bob, "approved", "Fine")
        opening_opened(actor=people.dan, row=UnblockRequest.objects.get(pk=row.pk))
    yesterday = timezone.localdate() - timezone.timedelta(days=1)
    UnblockRequest.objects.update(until=yesterday, next_at=timezone.now())
    assert sum(at_once([openings_due] * 4)) == 5
    assert Notice.objects.filter(kind="approvals.network_over").count() == 10
