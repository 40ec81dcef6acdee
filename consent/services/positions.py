"""The present state beside the ledger: worked out again whenever the ledger, a pupil or a profile changes."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from django.db import transaction
from django.utils import timezone

from consent.ledger import State
from consent.models import Position, Pupil
from consent.selectors import facts_of, states_of
from consent.terms import Terms, terms_of
from people.selectors import profile_of

CHUNK = 500


def positions_work_out(
    pupils: Collection[int],
    terms: Terms,
    day: date,
    purposes: Collection[int] | None = None,
    *,
    compare: bool = False,
) -> dict[int, dict[int, State]]:
    """Read the states of pupils from the ledger and store them. Inside the transaction of the change.

    With `compare` only rows that differ are written: one query more, and no writing where nothing changed.
    """
    facts = facts_of(Pupil.objects.filter(pk__in=pupils))
    states = states_of(facts, terms, day, purposes)
    positions_store(states, _stored(pupils) if compare else {})
    return states


def positions_store(
    states: dict[int, dict[int, State]], kept: Mapping[tuple[int, int], tuple] = MappingProxyType({})
) -> None:
    """Store states by pupil and purpose, but for those that are kept as they are already."""
    Position.objects.bulk_create(
        [
            Position(
                pupil_id=pupil,
                purpose_id=purpose,
                says=state.says,
                yes_until=state.yes_until,
                answered_for=state.answered_for,
                since=state.since or timezone.now(),
            )
            for pupil, of_pupil in states.items()
            for purpose, state in of_pupil.items()
            if kept.get((pupil, purpose)) != (state.says, state.yes_until, state.answered_for, state.since)
        ],
        update_conflicts=True,
        unique_fields=["pupil", "purpose"],
        update_fields=["says", "yes_until", "answered_for", "since"],
    )


def _stored(pupils: Collection[int]) -> dict[tuple[int, int], tuple]:
    """What is stored for these pupils, by pupil and purpose."""
    rows = Position.objects.filter(pupil__in=pupils).values_list(
        "pupil_id", "purpose_id", "says", "yes_until", "answered_for", "since"
    )
    return {(pupil, purpose): tuple(rest) for pupil, purpose, *rest in rows}


def positions_of_school(school: Any) -> int:
    """Work out every position of a school again, a few hundred pupils in a transaction. Returns how many pupils."""
    terms, day, done = terms_of(profile_of(school)), timezone.localdate(), 0
    ids = list(
        Pupil.objects.filter(school=school, erased_at=None).order_by("pk").values_list("pk", flat=True)
    )
    for some in _chunks(ids):
        with transaction.atomic():
            # The rows are locked, so that an answer that comes in meanwhile is not worked out without itself.
            list(Pupil.objects.select_for_update(of=("self",)).filter(pk__in=some).values_list("pk"))
            positions_work_out(some, terms, day, compare=True)
        done += len(some)
    return done


def _chunks(ids: Iterable[int]) -> Iterable[tuple[int, ...]]:
    ids = list(ids)
    return (tuple(ids[start : start + CHUNK]) for start in range(0, len(ids), CHUNK))
