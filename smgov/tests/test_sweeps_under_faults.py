"""Reminders under faults: in the portal exactly once, no mail lost, at most one duplicate a kill (quality D6).

Real workers and clocks are killed while a real mail server takes their mails; time runs fast for them, so that
the leases of the killed run out in seconds. Three kinds of clocks are wound: reviews of security measures, comments
that wait for an answer, and reviews of documents, those overdue each week. The small form runs in CI; `make gate`
sends 3,000 reminders through both nights on which the clocks change.
"""

import random
import shutil
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from smgov.tests.due import COMMENT, MEASURE, OVERDUE, REVIEW, Due, reminders
from smgov.tests.fleet import Fleet, Letterbox, OwnRedis, the_redis
from smgov.tests.test_portal_command import needs_proc, wait_for

pytestmark = [pytest.mark.django_db(transaction=True), needs_proc]
SPEED = 150
ALL = ("worker 1", "worker 2", "beat 1", "beat 2")
NIGHTS = {
    # From twenty to midnight in London, so that a day begins, and then the clocks change (01:00 UTC).
    "spring": datetime(2027, 3, 27, 23, 40, tzinfo=UTC),
    "autumn": datetime(2027, 10, 30, 22, 40, tzinfo=UTC),
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


DUE = f"kind IN ('{MEASURE}', '{COMMENT}', '{REVIEW}', '{OVERDUE}')"


def left(fleet: Fleet) -> int:
    """Mails that are not marked as sent."""
    return fleet.ask(f"SELECT count(*) FROM core_notice WHERE {DUE} AND sent_at IS NULL")[0][0]


def written(fleet: Fleet) -> int:
    return fleet.ask(f"SELECT count(*) FROM core_notice WHERE {DUE}")[0][0]


def all_sent(fleet: Fleet, due: Due) -> None:
    """Wait until every reminder is written and marked as sent."""

    def over() -> bool:
        assert fleet.runs(), f"a process ended by itself; {fleet.output()[-3000:]}"
        return written(fleet) >= due.many and not left(fleet)

    wait_for(over, f"the end of it; {fleet.output()[-3000:]}")


def figures(fleet: Fleet, letterbox: Letterbox) -> str:
    """What `pytest -s` shows of a test."""
    copies = letterbox.copies()
    lost = {row[0] for row in fleet.ask(f"SELECT message_id FROM core_notice WHERE {DUE}")}
    lost -= {message for message, _ in copies}
    return (
        f"{written(fleet)} reminders, {fleet.kills} kills, {sum(copies.values()) - len(copies)} mails twice, "
        f"{len(lost)} lost, {letterbox.refused} refused"
    )


def proved_in_the_portal(fleet: Fleet, due: Due) -> None:
    """Each reminder is there exactly once, of each kind, and no clock went backwards or too far."""
    rows = fleet.ask(f"SELECT kind, subject, recipient_id FROM core_notice WHERE {DUE}")
    assert len(rows) == len(set(rows)), "nobody is told twice"
    assert {kind: sum(row[0] == kind for row in rows) for kind in due.kinds} == due.kinds, "everybody is told"
    assert fleet.ask("SELECT count(*) FROM core_notice")[0][0] == due.many, "and of nothing else"
    assert fleet.ask(
        "SELECT count(*), count(DISTINCT comment_id) FROM incidents_commentstep WHERE did = 'reminded'"
    ) == [(due.kinds[COMMENT], due.kinds[COMMENT])]
    assert fleet.ask("SELECT count(*) FROM approvals_securitymeasure WHERE next_at IS NOT NULL") == [(0,)]
    days = fleet.ask("SELECT DISTINCT remind_on FROM policies_document")
    assert {str(day) for (day,) in days} == due.next_days, "each document is met again on its own day"
    early = (
        f"kind IN ('{REVIEW}', '{OVERDUE}') AND created_at < '{due.midnight.astimezone(UTC):%Y-%m-%d %H:%M}'"
    )
    assert fleet.ask(f"SELECT count(*) FROM core_notice WHERE {early}") == [(0,)], "not on the day before"
    chain = fleet.ask("SELECT count(*), count(DISTINCT number), max(number) FROM core_auditevent")[0]
    assert len(set(chain)) == 1, "one number an event"


def proved(fleet: Fleet, letterbox: Letterbox, due: Due) -> None:
    """Besides, no mail lost, at most one duplicate a kill, under the same Message-ID; and nobody found a lock."""
    print(figures(fleet, letterbox))
    proved_in_the_portal(fleet, due)
    messages = {row[0] for row in fleet.ask(f"SELECT message_id FROM core_notice WHERE {DUE}")}
    copies = letterbox.copies()
    assert {message for message, _ in copies} == messages, "no mail lost, none invented"
    assert len(copies) == len(messages) == due.many, "a duplicate goes to the same address"
    assert sum(copies.values()) - due.many <= fleet.kills, "more mails came twice than kills"
    assert "database is locked" not in fleet.output()  # quality D3


def test_sixty_reminders_two_workers_two_clocks_and_three_kills(
    fleets: Callable[..., Fleet], letterbox: Letterbox
) -> None:
    now = timezone.now()
    due = reminders(now, measures=20, comments=20, documents=10)
    fleet = fleets(clock=now, redis_url=the_redis())
    letterbox.refusing, letterbox.slowness = True, 0.02
    letterbox.taken = lambda number: (
        [fleet.kill(each) for each in ("worker 1", "worker 2", "beat 1")] if number == 10 else None
    )
    for each in ALL:
        fleet.start(each)
    wait_for(lambda: letterbox.refused > 5, f"a mail that is refused; {fleet.output()[-3000:]}")
    letterbox.refusing = False
    all_sent(fleet, due)
    assert fleet.kills == 3
    proved(fleet, letterbox, due)


def test_the_same_without_redis_from_the_one_command(
    fleets: Callable[..., Fleet], letterbox: Letterbox
) -> None:
    now = timezone.now()
    due = reminders(now, measures=20, comments=20, documents=10)
    fleet = fleets(clock=now)
    letterbox.slowness = 0.02
    letterbox.taken = lambda number: (
        fleet.kill_child("portal", {10: "worker", 25: "beat"}[number]) if number in (10, 25) else None
    )
    fleet.start("portal")
    all_sent(fleet, due)
    assert fleet.kills == 2
    proved(fleet, letterbox, due)


# The whole of it, in `make gate`


@pytest.mark.gate
@pytest.mark.parametrize("night", NIGHTS)
def test_three_thousand_reminders_through_the_night_of_a_clock_change(
    fleets: Callable[..., Fleet], letterbox: Letterbox, tmp_path: Path, night: str
) -> None:
    """At least fifty kills, Redis killed and emptied twice, a mail server that refuses for a while.

    A kill follows upon a few mails. They go on until the clocks have changed; reminders fall due all the while.
    """
    if not shutil.which("redis-server"):
        pytest.skip("needs Redis (redis-server)")
    clock = NIGHTS[night]
    due = reminders(clock, measures=1500, comments=700, documents=400, apart=timedelta(seconds=80))
    server = OwnRedis(tmp_path)
    fleet = fleets(clock=clock, redis_url=server.url, speed=60)
    chance = random.Random(night)
    letterbox.slowness = 0.005
    try:
        for each in ALL:
            fleet.start(each)
        wait_for(lambda: letterbox.copies(), f"a first mail; {fleet.output()[-3000:]}")
        over = clock + timedelta(minutes=160)
        while fleet.kills < 52 or fleet.now() < over:
            letterbox.wait_for(chance.randint(5, 60), at_most=15)
            fleet.kill(chance.choice(ALL))
            letterbox.refusing = 15 <= fleet.kills < 20
            if fleet.kills in (10, 35):
                server.kill()
                time.sleep(2)
                server.start()
        print(
            f"{written(fleet)} written and {left(fleet)} of them to be sent at the last of {fleet.kills} kills"
        )
        until = time.monotonic() + 600
        while (written(fleet) < due.many or left(fleet)) and time.monotonic() < until:
            time.sleep(1)
        assert letterbox.refused
        proved(fleet, letterbox, due)
    finally:
        fleet.end()
        server.kill()


# The controls: without what is proved above these faults are seen


@pytest.mark.gate
def test_the_control_without_a_lease_mails_come_twice(
    fleets: Callable[..., Fleet], letterbox: Letterbox
) -> None:
    now = timezone.now()
    due = reminders(now, measures=20, comments=20, documents=10)
    fleet = fleets(clock=now, redis_url=the_redis(), control="no lease")
    letterbox.slowness = 0.05
    for each in ALL:
        fleet.start(each)
    all_sent(fleet, due)
    proved_in_the_portal(fleet, due)
    with pytest.raises(AssertionError, match="more mails came twice than kills"):
        proved(fleet, letterbox, due)


@pytest.mark.gate
def test_the_control_without_transactions_and_the_once_only_constraint_people_are_told_twice(
    fleets: Callable[..., Fleet], letterbox: Letterbox
) -> None:
    now = timezone.now()
    due = reminders(now, measures=200, comments=0, documents=0)
    fleet = fleets(clock=now, redis_url=the_redis(), control="not once")
    for each in ALL:
        fleet.start(each)
    wait_for(lambda: written(fleet) >= due.many, f"the end of it; {fleet.output()[-3000:]}")
    wait_for(
        lambda: (
            fleet.ask("SELECT count(*) FROM approvals_securitymeasure WHERE next_at IS NOT NULL") == [(0,)]
        ),
        "the last measure",
    )
    with pytest.raises(AssertionError, match="nobody is told twice"):
        proved_in_the_portal(fleet, due)
