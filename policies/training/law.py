"""The law of training: who owes which kind, by when, and what meets it until when. Pure functions.

What is asked of whom comes from the profile (`training_intervals`): of staff, of governors and the executive
team, and of whoever runs an account. The first training of a kind is due 30 days after the start of the role,
whatever the interval. Then a yearly one holds for twelve months, a termly one to the end of the next term, and
what is asked for at the start holds for good; a record's own last day wins where it is earlier. A refresher that
is not called off voids what was learned before its day, for whoever was there by then (CIT-11.03, STM-11.08): for
whoever held such a role, or, of those who run accounts, whoever belonged to the school on that day. The gate of
`policies.reading.gate` keeps to the same.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from core.roles import EMPLOYED, Post, Role
from policies.models import Training
from policies.terms import next_term, term_of, twelve_months_after

FIRST_WITHIN = timedelta(days=30)
"""From the start of a role to the last day for the first training; the policies say "at induction"."""
UNBROKEN = 31
"""Days between two roles that still count as one stretch: the summer, or the time until a promotion."""
FOREVER = date(9999, 12, 31)
"""The last day of what does not run out."""
INDUCTION, YEARLY, TERMLY, NONE = "induction", "yearly", "termly", "none"
STAFF, GOVERNORS, RUNNERS = "staff", "governors", "runners"
ROWS: dict[str, tuple[str, str]] = {
    Training.SAFEGUARDING: ("staff_safeguarding", STAFF),
    Training.SOCIAL_MEDIA: ("staff_social_media", STAFF),
    Training.AT_RISK: ("staff_at_risk", STAFF),
    Training.GOVERNANCE: ("governors", GOVERNORS),
    Training.PLATFORM: ("runners", RUNNERS),
    Training.DEVELOPMENT: ("", STAFF),
}
"""Kind of training, its row of `training_intervals`, and of whom it is asked. Further training has no interval."""


@dataclass(frozen=True)
class Asked:
    """What a profile says: the interval of each row, whether runners must be trained, when terms begin."""

    intervals: Mapping[str, str]
    runners_trained: bool = False
    term_months: Sequence[int] = (1, 4, 9)

    def interval(self, kind: str) -> str:
        """How often a kind is asked for. Whoever runs an account is trained once where only the gate asks."""
        found = self.intervals.get(ROWS[kind][0], NONE)
        return INDUCTION if found == NONE and kind == Training.PLATFORM and self.runners_trained else found


@dataclass(frozen=True)
class Held:
    """A role that a person holds at a school, or held until a day; None while it is held."""

    role: str
    post: str
    since: date
    until: date | None = None


@dataclass(frozen=True)
class Runs:
    """A platform on which a person runs an account, and since when."""

    platform: int
    since: date


@dataclass(frozen=True)
class Done:
    """A record that was not taken back. `until` is the last day that it names itself."""

    key: int
    kind: str
    on: date
    until: date | None = None
    platform: int | None = None


@dataclass(frozen=True)
class Anew:
    """A refresher that is not called off: training before `since` is void, and due again on `due_on`."""

    kinds: frozenset[str]
    since: date
    due_on: date


@dataclass(frozen=True)
class Duty:
    """The last day of what meets it, or by which it must be met. `met_by` is the key of the record."""

    kind: str
    due_on: date
    met_by: int | None = None


def group_of(role: str, post: str) -> set[str]:
    """The groups to which a role belongs: the executive team are staff, and keep up as the board does (CIT-2.02)."""
    found = {STAFF} if role in EMPLOYED else set()
    return found | ({GOVERNORS} if role == Role.GOVERNANCE or post == Post.ELT else set())


def began(roles: Iterable[Held]) -> date | None:
    """Since when somebody has held one of these roles without a break; None where they hold none now.

    A role that ends when another begins, or up to UNBROKEN days before, changes nothing: what was owed stays owed.
    """
    roles = list(roles)
    start = min((one.since for one in roles if one.until is None), default=None)
    ended = sorted((one for one in roles if one.until is not None), key=lambda one: one.until, reverse=True)
    for one in ended:
        if start is not None and (start - one.until).days - 1 <= UNBROKEN:
            start = min(start, one.since)
    return start


def was_there(roles: Iterable[Held], day: date) -> bool:
    """Whether one of these roles was in force on a day."""
    return any(one.since <= day <= (one.until or FOREVER) for one in roles)


def duties_of(
    asked: Asked,
    held: Iterable[Held],
    runs: Iterable[Runs],
    done: Iterable[Done],
    anew: Iterable[Anew],
    there: Iterable[Held] = (),
) -> list[Duty]:
    """What one person owes at one school, by kind.

    `held` are the roles for which they are trained there, those that ended among them; `there` all their roles at
    the school, which say whether a refresher is for them as somebody who runs accounts.
    """
    held, runs, done, anew, there = list(held), list(runs), list(done), list(anew), list(there)
    since: dict[str, date] = {}
    for group in (STAFF, GOVERNORS):
        start = began(one for one in held if group in group_of(one.role, one.post))
        if start is not None:
            since[group] = start
    found = []
    for kind, (_, group) in ROWS.items():
        records = [one for one in done if one.kind == kind]
        refreshed = [one for one in anew if kind in one.kinds]
        interval = asked.interval(kind)
        if group == RUNNERS:
            starts = [(one.since, _on_platform(records, one)) for one in runs]
            meant: Callable[[date], bool] | None = partial(was_there, there)
        else:
            starts = [(since[group], records)] if group in since else []
            meant = None
        each = [
            owed(kind, interval, start, some, refreshed, asked.term_months, meant) for start, some in starts
        ]
        # One duty for all platforms: that of which the day comes first, and one that is not met before others.
        if some_owed := [one for one in each if one]:
            found.append(min(some_owed, key=lambda one: (one.due_on, one.met_by is not None)))
    return found


def _on_platform(records: Iterable[Done], run: Runs) -> list[Done]:
    """What counts for one platform: training of that platform, and of none in particular."""
    return [one for one in records if one.platform in (None, run.platform)]


def owed(
    kind: str,
    interval: str,
    since: date,
    records: Sequence[Done],
    refreshed: Iterable[Anew],
    term_months: Sequence[int],
    meant: Callable[[date], bool] | None = None,
) -> Duty | None:
    """One kind, for somebody of whom it can be asked since a day; None where nothing asks for it.

    `meant` says whether a refresher of a day is for them: by default, if it was not before that start. The interval
    and each refresher ask for themselves, and what comes first is due: by the interval every record counts, by a
    refresher those since its day, so that what it made void meets nothing any more.
    """
    asks = [one for one in refreshed if (meant(one.since) if meant else since <= one.since)]

    def met(by: date, some: Iterable[Done]) -> tuple[date, int | None]:
        # What runs out before the first day by which it is due makes nothing due sooner.
        lasting = [(holds_until(one, interval, term_months), one.on, one.key) for one in some]
        best = max(lasting, default=None)
        return (best[0], best[2]) if best and best[0] >= by else (by, None)

    each = [met(one.due_on, (record for record in records if record.on >= one.since)) for one in asks]
    if interval != NONE:
        each.append(met(since + FIRST_WITHIN, records))
    if not each:
        return None
    due_on, met_by = min(each, key=lambda one: one[0])
    return Duty(kind, due_on, None if any(key is None for _, key in each) else met_by)


def holds_until(record: Done, interval: str, term_months: Sequence[int]) -> date:
    """The last day on which a record meets its kind."""
    by_interval = {
        YEARLY: lambda: twelve_months_after(record.on),
        TERMLY: lambda: next_term(term_of(record.on, term_months), term_months).last,
    }.get(interval, lambda: FOREVER)()
    return min(by_interval, record.until or FOREVER)


# Reminders -----------------------------------------------------------------------------------

BEFORE = (30, 7, 1)
AGAIN = 14
"""Days before the last day on which somebody is reminded; days between the reminders when it is past."""


def newest_stage(due_on: date, today: date) -> date | None:
    """The last day up to today on which a reminder was due."""
    if today > due_on:
        return due_on + timedelta(days=1 + (today - due_on - timedelta(days=1)).days // AGAIN * AGAIN)
    return max((day for day in _before(due_on) if day <= today), default=None)


def next_stage(due_on: date, today: date) -> date | None:
    """The next day after today on which a reminder is due; None for what does not run out."""
    if due_on == FOREVER:
        return None
    if today > due_on:
        stage = newest_stage(due_on, today)
        return stage + timedelta(days=AGAIN) if stage else None
    return min(day for day in (*_before(due_on), due_on + timedelta(days=1)) if day > today)


def _before(due_on: date) -> list[date]:
    return [due_on - timedelta(days=days) for days in BEFORE]
