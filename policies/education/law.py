"""The law of education: what must be held in which stretch of days, and when somebody is reminded. Pure functions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from policies.models import EducationEvent
from policies.terms import Span, term_of, year_of

PUPILS, PARENTS = EducationEvent.Audience.PUPILS.value, EducationEvent.Audience.PARENTS.value
EVERYBODY = EducationEvent.Audience.EVERYBODY.value
TERMLY, YEARLY = "termly", "yearly"
BEFORE = (30, 7)
"""Days before the last day on which somebody is reminded; once more on the day after, if it was missed."""


@dataclass(frozen=True)
class Call:
    """A refresher that is not called off: an event from `since` on, by `due_on` (CIT-11.03, STM-11.08)."""

    audiences: frozenset[str]
    since: date
    due_on: date


class Wanted(NamedTuple):
    """A stretch of days in which something is held for pupils or for parents; `refresh`: because of a refresher."""

    audience: str
    starts_on: date
    due_on: date
    refresh: bool = False


class Event(NamedTuple):
    """An event that was held."""

    key: int
    audience: str
    on: date


def span_of(interval: str, day: date, months: Sequence[int]) -> Span | None:
    """The term or school year in which a day lies; None where the profile names no interval."""
    if interval == TERMLY:
        return term_of(day, months)
    return year_of(day, months) if interval == YEARLY else None


def wanted_on(
    day: date,
    last: Mapping[str, date],
    intervals: Mapping[str, str],
    months: Sequence[int],
    calls: Iterable[Call],
) -> list[Wanted]:
    """What is to be held in the stretches that are not over on a day, or that nobody has looked at yet.

    `last` is the end of the newest stretch that is kept for an audience: those between it and the day are made
    up for, so that what was missed meanwhile is seen. Of a school that begins, none before today's is asked for.
    What a refresher asks for stands beside the term, also where both begin on the same day.
    """
    found: dict[tuple[str, date, bool], date] = {}
    for audience in (PUPILS, PARENTS):
        at = min(day, last[audience] + timedelta(days=1)) if audience in last else day
        while at <= day:
            span = span_of(intervals.get(audience, ""), at, months)
            if span is None:
                break
            # Where the terms have changed since, a stretch begins after the one that is over.
            first = max(span.first, last[audience] + timedelta(days=1)) if audience in last else span.first
            found[audience, first, False] = span.last
            at = span.last + timedelta(days=1)
        for call in calls:
            if audience in call.audiences:
                due = min(call.due_on, found.get((audience, call.since, True), call.due_on))
                found[audience, call.since, True] = due
    return [Wanted(audience, first, due, anew) for (audience, first, anew), due in sorted(found.items())]


def met_by(wanted: Wanted, held: Iterable[Event]) -> int | None:
    """The first event in the stretch that was for these people; one for everybody is for them too."""
    fitting = (
        one
        for one in held
        if one.audience in (wanted.audience, EVERYBODY) and wanted.starts_on <= one.on <= wanted.due_on
    )
    first = min(fitting, key=lambda one: (one.on, one.key), default=None)
    return first.key if first else None


def newest_stage(due_on: date, today: date) -> date | None:
    """The last day up to today on which a reminder was due."""
    return max((day for day in _stages(due_on) if day <= today), default=None)


def next_stage(due_on: date, today: date) -> date | None:
    """The next day after today on which a reminder is due; none after the one that says that it was missed."""
    return min((day for day in _stages(due_on) if day > today), default=None)


def _stages(due_on: date) -> list[date]:
    return [*(due_on - timedelta(days=days) for days in BEFORE), due_on + timedelta(days=1)]
