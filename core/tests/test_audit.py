"""The audit chain: what joins it, and every attack on it found and placed (quality E5)."""

import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import append_only, audit
from core.audit import AuditHead, audited, record, verify
from core.models import AuditEvent
from core.roles import Role
from people.models import School, User
from smgov.testing import a_person, a_school

pytestmark = pytest.mark.django_db
ACTION = "core.notices_seen"


@pytest.fixture
def hilltop() -> School:
    return a_school("Hilltop Primary")


@pytest.fixture
def alice(hilltop: School) -> User:
    return a_person("Alice Archer", Role.STAFF, hilltop)


@pytest.fixture
def ten(alice: User, hilltop: School) -> None:
    """Ten events in the log, and no trigger in the way of an attacker who owns the database."""
    for n in range(10):
        with audited():
            record(ACTION, actor=alice, school=hilltop, subject=alice, data={"n": n})
    append_only.remove()


def head() -> AuditHead:
    return AuditHead.objects.get(pk=1)


def place() -> int | None:
    return verify().number


# What joins the chain


def test_events_follow_each_other(ten: None) -> None:
    rows = list(AuditEvent.objects.order_by("number"))
    assert [row.number for row in rows] == list(range(1, 11))
    assert rows[0].previous == audit.GENESIS
    assert all(later.previous == earlier.hash for earlier, later in pairwise(rows))
    assert verify() == audit.Verdict(10)


def test_an_event_says_who_did_what_to_which_row_of_which_school(alice: User, hilltop: School) -> None:
    with audited():
        record(ACTION, actor=alice, school=hilltop, subject=hilltop, data={"fields": ["name"]})
    event = AuditEvent.objects.get()
    assert (event.actor, event.school, event.subject) == (alice, hilltop, f"people.school:{hilltop.pk}")
    assert list(audit.history_of(hilltop)) == [event]
    assert not audit.history_of(alice)


def test_an_unregistered_action_raises_and_so_does_a_call_outside_a_block(alice: User) -> None:
    with audited(), pytest.raises(KeyError, match="not registered"):
        record("core.unheard_of", actor=alice)
    with pytest.raises(RuntimeError, match="outside"):
        record(ACTION, actor=alice)
    assert not AuditEvent.objects.exists()


def test_a_block_that_fails_leaves_nothing(alice: User) -> None:
    @audited()
    def fails() -> None:
        record(ACTION, actor=alice)
        alice.full_name = "Somebody Else"
        alice.save()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails()
    alice.refresh_from_db()
    assert alice.full_name == "Alice Archer"
    assert not AuditEvent.objects.exists()
    with pytest.raises(RuntimeError):
        record(ACTION, actor=alice)  # the failed block is closed


def test_a_nested_block_that_fails_loses_its_events_and_only_those(alice: User) -> None:
    @audited()
    def fails() -> None:
        record(ACTION, actor=alice, data={"n": "lost"})
        with audited():
            record(ACTION, actor=alice, data={"n": "lost too"})
        raise ZeroDivisionError

    with audited():
        record(ACTION, actor=alice, data={"n": "before"})
        with pytest.raises(ZeroDivisionError):
            fails()
        with audited():
            record(ACTION, actor=alice, data={"n": "after"})
    assert [event.data["n"] for event in AuditEvent.objects.order_by("number")] == ["before", "after"]
    assert verify().intact


def test_nothing_joins_the_chain_before_the_block_ends(alice: User) -> None:
    with audited():
        record(ACTION, actor=alice)
        assert not AuditEvent.objects.exists(), "the head is locked last, for a short time"
    assert AuditEvent.objects.count() == 1


def test_a_block_without_events_touches_no_head(alice: User) -> None:
    before = AuditHead.objects.values().get(pk=1)
    with audited():
        alice.save()
    assert AuditHead.objects.values().get(pk=1) == before


def test_dates_ids_and_numbers_survive_the_database(alice: User) -> None:
    data = {
        "day": date(2026, 3, 29),
        "at": datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
        "id": uuid.uuid4(),
        "amount": Decimal("1.10"),
        "fractions": [1e22, -0.0, 0.1, float("inf")],
        "words": "Zoë “quoted” \u2028 日本",
        "nothing": None,
        3: "a number as key",
    }
    with audited():
        record(ACTION, actor=alice, data=data)
    event = AuditEvent.objects.get()
    assert event.data["id"] == str(data["id"])
    assert event.data["day"] == "2026-03-29"
    assert verify().intact


_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.dates()
    | st.uuids()
    | st.text(st.characters(exclude_characters="\x00", exclude_categories=("Cs",)), max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=60, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(data=st.dictionaries(st.sampled_from(["x", "y", "z"]), _values, max_size=3))
def test_whatever_is_recorded_verifies_after_a_reload(data: dict[str, Any]) -> None:
    with audited():
        record(ACTION, data=data)
    assert verify().intact


# Attacks


def edit(**changes: Any) -> Callable[[], Any]:
    return lambda: AuditEvent.objects.filter(number=4).update(**changes)


@pytest.mark.parametrize(
    "attack",
    [
        edit(data={"n": 99}),
        edit(action="people.signed_in"),
        edit(actor=None),
        edit(school=None),
        edit(subject=""),
        edit(at=datetime(2026, 1, 1, tzinfo=UTC)),
        edit(hash="0" * 64),
        edit(previous="0" * 64),
    ],
    ids=["data", "action", "actor", "school", "subject", "time", "hash", "previous"],
)
def test_an_edited_event_is_found_at_its_number(ten: None, attack: Callable) -> None:
    assert attack() == 1
    assert place() == 4


def test_a_deleted_event_is_found_where_it_stood(ten: None) -> None:
    AuditEvent.objects.filter(number=6).delete()
    assert place() == 6


def test_a_deleted_event_whose_gap_was_closed_is_found(ten: None) -> None:
    AuditEvent.objects.filter(number=6).delete()
    for number in range(7, 11):
        AuditEvent.objects.filter(number=number).update(number=number - 1)
    assert place() == 6


def test_an_inserted_event_is_found(ten: None) -> None:
    for number in range(10, 4, -1):
        AuditEvent.objects.filter(number=number).update(number=number + 1)
    before = AuditEvent.objects.get(number=4)
    AuditEvent.objects.create(number=5, at=before.at, action=ACTION, previous=before.hash, hash="a" * 64)
    assert place() == 5


def test_a_copied_event_put_at_the_end_is_found(ten: None) -> None:
    last = AuditEvent.objects.get(number=10)
    AuditEvent.objects.create(number=11, at=last.at, action=last.action, previous=last.hash, hash=last.hash)
    assert place() == 11


def test_two_swapped_events_are_found_at_the_first(ten: None) -> None:
    for old, new in ((3, 33), (8, 3), (33, 8)):
        AuditEvent.objects.filter(number=old).update(number=new)
    assert place() == 3


def test_a_cut_tail_is_found_where_it_began(ten: None) -> None:
    AuditEvent.objects.filter(number__gt=7).delete()
    verdict = verify()
    assert (verdict.number, verdict.problem) == (8, "the end of the log is cut off")


def test_a_cut_tail_with_a_forged_head_is_found(ten: None) -> None:
    AuditEvent.objects.filter(number__gt=7).delete()
    AuditHead.objects.update(count=7, hash=AuditEvent.objects.get(number=7).hash)
    assert (place(), verify().problem) == (8, "the seal of the head is not ours")


def test_a_cut_tail_with_its_own_old_head_is_found_by_an_anchor(ten: None, alice: User) -> None:
    old = AuditHead.objects.filter(pk=1).values("count", "hash", "seal").get()
    for _ in range(3):
        with audited():
            record(ACTION, actor=alice)
    anchors = [(10, old["hash"]), (12, AuditEvent.objects.get(number=12).hash)]
    assert verify(anchors).intact
    AuditEvent.objects.filter(number__gt=10).delete()
    AuditHead.objects.update(**old)
    assert verify().intact, "inside the database nothing tells: this is what anchors are for"
    assert verify(anchors).number == 11


def test_a_tail_that_was_cut_and_grew_anew_differs_from_the_anchor_even_when_anchored_again(
    ten: None, alice: User
) -> None:
    old = AuditHead.objects.filter(pk=1).values("count", "hash", "seal").get()
    anchors = []
    for n in range(2):
        with audited():
            record(ACTION, actor=alice, data={"story": n})
        anchors.append((11, head().hash))
        if n == 0:
            AuditEvent.objects.filter(number=11).delete()
            AuditHead.objects.update(**old)
    assert verify().intact
    assert verify(anchors).number == 11


def test_an_emptied_log_is_found(ten: None) -> None:
    anchors = [(10, head().hash)]
    AuditEvent.objects.all().delete()
    assert place() == 1
    AuditHead.objects.update(count=0, hash=audit.GENESIS, seal="")
    assert verify(anchors).number == 1


def test_a_head_set_back_below_its_events_is_found(ten: None) -> None:
    AuditHead.objects.update(count=0, hash=audit.GENESIS, seal="")
    assert place() == 1


def test_a_chain_made_anew_with_another_key_is_found(ten: None, settings: Any) -> None:
    ours, settings.AUDIT_KEY = settings.AUDIT_KEY, "the key of somebody else"
    previous = AuditEvent.objects.get(number=4).hash
    for row in AuditEvent.objects.filter(number__gt=4).order_by("number"):
        row.data, row.previous = {"n": -1}, previous
        row.hash = previous = audit.chain_hash(row)
        row.save()
    AuditHead.objects.update(hash=previous, seal=audit.head_seal(10, previous))
    settings.AUDIT_KEY = ours
    assert place() == 5


def test_a_clock_that_went_back_is_found(ten: None, alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    earlier = AuditEvent.objects.get(number=10).at
    monkeypatch.setattr(audit.timezone, "now", lambda: earlier - timedelta(hours=1))
    with audited():
        record(ACTION, actor=alice)
    monkeypatch.undo()
    assert (place(), verify().problem) == (11, "the clock went back")


def test_a_transaction_of_some_minutes_is_no_clock_that_went_back(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = datetime(2026, 6, 1, 12, tzinfo=UTC)
    for minutes in (0, -4):
        monkeypatch.setattr(audit.timezone, "now", lambda m=minutes: now + timedelta(minutes=m))
        with audited():
            record(ACTION, actor=alice)
    assert verify().intact


def test_events_that_arrive_during_the_walk_raise_no_alarm(ten: None, alice: User) -> None:
    real, calls = audit._head, []

    def head_while_others_work() -> AuditHead:
        found = real()
        calls.append(found.count)
        if len(calls) == 1:
            with audited():
                record(ACTION, actor=alice)
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(audit, "_head", head_while_others_work)
        assert verify().intact
    assert calls == [10, 11]


def test_the_log_of_a_database_without_its_triggers_still_refuses_a_second_event_of_one_number(
    ten: None,
) -> None:
    row = AuditEvent.objects.get(number=10)
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)
