"""Reminders under faults: in the portal exactly once, no mail lost, at most one duplicate a kill (quality D6).

Real workers and clocks are killed while a real mail server takes their mails; time runs fast for them, so that
the leases of the killed run out in seconds. The small form runs in CI; `make gate` runs 3,000 reminders.
"""

import os
import random
import shutil
import signal
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from accounts.models import SocialAccount
from accounts.tests.register.cases import an_account
from approvals.models import SecurityMeasure
from core.models import Notice
from core.roles import Role
from incidents.models import Comment
from people.models import User
from smgov.testing import a_measure, a_person, a_school
from smgov.tests.fleet import Fleet, Letterbox, OwnRedis, the_redis
from smgov.tests.test_portal_command import descendants, needs_proc, wait_for

pytestmark = [pytest.mark.django_db(transaction=True), needs_proc]
SPEED = 150
CLOCK_CHANGES = {
    "spring": datetime(2027, 3, 28, 0, 40, tzinfo=UTC),
    "autumn": datetime(2027, 10, 31, 0, 40, tzinfo=UTC),
}


@pytest.fixture
def letterbox() -> Iterator[Letterbox]:
    server = Letterbox()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def fleets(letterbox: Letterbox, tmp_path: Path) -> Iterator[Callable[..., Fleet]]:
    """Makes fleets, and ends them with the test."""
    made: list[Fleet] = []

    def make(**told: object) -> Fleet:
        made.append(Fleet(tmp_path / f"var{len(made)}", letterbox, **{"speed": SPEED, **told}))
        return made[-1]

    yield make
    for fleet in made:
        fleet.end()


def reminders(many: int, clock: datetime, comments: int = 0) -> None:
    """What is due at about the moment `clock`: security measures, and so many of the reminders are comments to answer.

    A notice each: for the technician, and for whoever leads the account. The comments have a year to be answered.
    """
    school = a_school("Hilltop Primary")
    head = a_person("Bob Barnes", Role.HEADTEACHER, school)
    a_person("Dan Dale", Role.IT, school)
    first = a_measure(head, school)
    day = timezone.localdate(clock)
    SecurityMeasure.objects.filter(pk=first.pk).update(review_on=day, next_at=clock)
    first.refresh_from_db()
    SecurityMeasure.objects.bulk_create(
        [_copy(first, clock + timedelta(seconds=number % 120)) for number in range(1, many - comments)],
        batch_size=500,
    )
    account = an_account(school, head, lead=a_person("Lena Lamb", Role.STAFF, school))
    Comment.objects.bulk_create(
        [_a_comment(account, head, clock, number) for number in range(comments)], batch_size=500
    )
    Notice.objects.all().delete()


def _a_comment(account: SocialAccount, by: User, clock: datetime, number: int) -> Comment:
    return Comment(
        once=uuid.uuid4(),
        school=account.school,
        account=account,
        kind=Comment.Kind.QUERY,
        author="parent_of_two",
        words=f"Question {number}",
        received_at=clock,
        logged_by=by,
        due_at=clock + timedelta(days=365),
        stage=Comment.Stage.REMIND,
        next_at=clock + timedelta(seconds=number % 120),
    )


def _copy(row: SecurityMeasure, due: datetime) -> SecurityMeasure:
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    values.pop("id")
    return SecurityMeasure(**{**values, "uuid": uuid.uuid4(), "once": uuid.uuid4(), "next_at": due})


DUE = "kind IN ('approvals.measure_review_due', 'incidents.comment_reminder')"


def left(fleet: Fleet) -> int:
    """Mails that are not marked as sent."""
    return fleet.ask(f"SELECT count(*) FROM core_notice WHERE {DUE} AND sent_at IS NULL")[0][0]


def written(fleet: Fleet) -> int:
    return fleet.ask(f"SELECT count(*) FROM core_notice WHERE {DUE}")[0][0]


def all_sent(fleet: Fleet, many: int) -> None:
    """Wait until every reminder is written and marked as sent."""
    wait_for(lambda: written(fleet) >= many and not left(fleet), f"the end of it; {fleet.output()[-3000:]}")


def proved(fleet: Fleet, letterbox: Letterbox, many: int, comments: int = 0) -> None:
    """In the portal exactly once, no mail lost, at most one duplicate a kill, under the same Message-ID."""
    rows = fleet.ask(f"SELECT subject, message_id FROM core_notice WHERE {DUE}")
    copies = letterbox.copies()
    assert len(rows) == len({subject for subject, _ in rows}) == many, "in the portal exactly once"
    assert {message for message, _ in copies} == {message for _, message in rows}, (
        "no mail lost, none invented"
    )
    assert sum(subject.startswith("incidents.comment:") for subject, _ in rows) == comments
    assert len(copies) == many, "a duplicate goes to the same address"
    assert sum(copies.values()) - many <= fleet.kills


def test_sixty_reminders_two_workers_two_clocks_and_three_kills(
    fleets: Callable[..., Fleet], letterbox: Letterbox
) -> None:
    now = timezone.now()
    reminders(60, now, comments=20)
    fleet = fleets(clock=now, redis_url=the_redis())
    letterbox.refusing, letterbox.slowness = True, 0.02
    letterbox.taken = lambda number: (
        [fleet.kill(each) for each in ("worker 1", "worker 2", "beat 1")] if number == 10 else None
    )
    for each in ("worker 1", "worker 2", "beat 1", "beat 2"):
        fleet.start(each)
    wait_for(lambda: letterbox.refused > 5, f"a mail that is refused; {fleet.output()[-3000:]}")
    letterbox.refusing = False
    all_sent(fleet, 60)
    assert fleet.kills == 3
    proved(fleet, letterbox, 60, comments=20)


def test_the_same_without_redis_from_the_one_command(
    fleets: Callable[..., Fleet], letterbox: Letterbox
) -> None:
    now = timezone.now()
    reminders(60, now)
    fleet = fleets(clock=now)
    letterbox.slowness = 0.02

    def kill(number: int) -> None:
        if number in (10, 30):
            worker = [
                p
                for p, words in descendants(fleet.running["portal"].pid).items()
                if "--child worker" in words
            ]
            for pid in worker:
                _kill(pid)
            fleet.kills += len(worker)

    letterbox.taken = kill
    fleet.start("portal")
    all_sent(fleet, 60)
    assert fleet.kills == 2
    proved(fleet, letterbox, 60)


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


# The whole of it, in `make gate`


@pytest.mark.gate
@pytest.mark.parametrize("night", CLOCK_CHANGES)
def test_three_thousand_reminders_through_the_night_of_a_clock_change(
    fleets: Callable[..., Fleet], letterbox: Letterbox, tmp_path: Path, night: str
) -> None:
    """At least fifty kills, Redis killed and emptied twice, a mail server that refuses for a while."""
    if not shutil.which("redis-server"):
        pytest.skip("needs Redis (redis-server)")
    clock, many = CLOCK_CHANGES[night], 3000
    reminders(many, clock)
    server = OwnRedis(tmp_path)
    fleet = fleets(clock=clock, redis_url=server.url, speed=60)
    names = ("worker 1", "worker 2", "beat 1", "beat 2")
    chance = random.Random(night)
    letterbox.slowness = 0.005
    try:
        for each in names:
            fleet.start(each)
        wait_for(lambda: letterbox.copies(), f"a first mail; {fleet.output()[-3000:]}")
        for number in range(52):
            time.sleep(chance.uniform(0.2, 2.5))
            fleet.kill(chance.choice(names))
            letterbox.refusing = 15 <= number < 22
            if number in (10, 35):
                server.kill()
                time.sleep(2)
                server.start()
        until = time.monotonic() + 600
        while (written(fleet) < many or left(fleet)) and time.monotonic() < until:
            time.sleep(1)
        assert fleet.kills >= 50
        proved(fleet, letterbox, many)
    finally:
        fleet.end()
        server.kill()


@pytest.mark.gate
def test_the_control_without_a_lease_mails_come_twice(
    fleets: Callable[..., Fleet], letterbox: Letterbox
) -> None:
    now = timezone.now()
    reminders(60, now)
    fleet = fleets(clock=now, redis_url=the_redis(), control="no lease")
    letterbox.slowness = 0.05
    for each in ("worker 1", "worker 2", "beat 1", "beat 2"):
        fleet.start(each)
    all_sent(fleet, 60)
    with pytest.raises(AssertionError):
        proved(fleet, letterbox, 60)
