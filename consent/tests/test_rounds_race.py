"""Two sweeps, and a sweep and the button, at the same moment: everybody gets one reminder."""

import uuid
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from django.db.models import Count
from django.utils import timezone

from consent.models import Ask, Round
from consent.services.rounds import round_open, round_remind
from consent.services.sweeps import rounds_remind
from core.errors import Refused
from core.models import Notice
from core.roles import Role
from people.models import School, User
from smgov.testing_consent import a_consent_school, a_contact, a_pupil
from smgov.tests.racing import alone, at_once, failures, shared_database

pytestmark = pytest.mark.django_db(transaction=True)
FAMILIES = 8


def a_round() -> tuple[School, User, Round]:
    """A round whose reminders are due."""
    school = a_consent_school(preset="cit")[0]
    for _ in range(FAMILIES):
        a_contact(a_pupil(school))
    dpo = User.objects.get(memberships__school=school, memberships__role=Role.DPO)
    row = opened(school, dpo)
    Ask.objects.update(written_at=timezone.now() - timedelta(days=8))
    return school, dpo, row


def opened(school: School, dpo: User, once: uuid.UUID | None = None) -> Round:
    last = timezone.localdate() + timedelta(days=20)
    return round_open(
        actor=dpo, school=school, title="Now", answer_by=last, remind_every=7, once=once or uuid.uuid4()
    )


@pytest.fixture
def case(tmp_path: Path) -> Iterator[tuple[School, User, Round]]:
    with shared_database(tmp_path):
        yield alone(a_round)


def mails(kind: str) -> list[int]:
    """How many of a kind each person got."""
    rows = Notice.objects.filter(kind=kind).order_by().values("address").annotate(number=Count("pk"))
    return list(rows.values_list("number", flat=True))


def test_two_sweeps_at_once_send_one_reminder(case) -> None:
    outcomes = at_once([rounds_remind] * 4)
    assert not failures(outcomes)
    assert alone(lambda: mails("consent.reminded")) == [1] * FAMILIES
    assert alone(lambda: set(Ask.objects.values_list("reminders", flat=True))) == {1}


def test_the_sweep_and_the_button_at_once_send_one_reminder(case) -> None:
    _, dpo, row = case
    press = partial(round_remind, actor=dpo, round=row)
    outcomes = at_once([press, rounds_remind, press, rounds_remind])
    assert not failures(outcomes, Refused)
    assert alone(lambda: mails("consent.reminded")) == [1] * FAMILIES


def test_the_same_form_five_times_at_once_opens_one_round(case) -> None:
    school, dpo, _ = case
    alone(lambda: Round.objects.update(closed_at=timezone.now()))
    before = alone(Ask.objects.count)
    outcomes = at_once(
        [partial(opened, school, dpo, uuid.uuid4())] * 2
        + [partial(opened, school, dpo, uuid.UUID(int=7))] * 5
    )
    assert not failures(outcomes, Refused)
    assert alone(lambda: Round.objects.filter(closed_at=None).count()) == 1
    assert alone(Ask.objects.count) == before + FAMILIES
