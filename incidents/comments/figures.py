"""Response times by month and account: pure functions over lines of numbers, without a word of a comment."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from statistics import median
from typing import NamedTuple

from core.clock import local_day
from core.shares import percent
from incidents.abuse.figures import BAR, GAP, LINE, Bar, Chart, month_name, months_of


class Answered(NamedTuple):
    """One comment: its account, when it came, was due and was answered; when it was left without. All are aware."""

    account: int
    received_at: datetime
    due_at: datetime | None
    ended_at: datetime | None
    left_at: datetime | None = None


@dataclass
class Times:
    """How a group of comments was answered.

    `judged` are those with a time limit of which it is known whether they were in time: answered, or late.
    `left` without an answer before their time ran out are neither. `hours` are the elapsed hours from receipt
    to the answer, of those that were answered.
    """

    comments: int = 0
    judged: int = 0
    in_time: int = 0
    left: int = 0
    hours: list[float] = field(default_factory=list)

    def add(self, one: Answered, now: datetime) -> None:
        """Count one more."""
        self.comments += 1
        if one.ended_at is not None:
            self.hours.append((one.ended_at - one.received_at).total_seconds() / 3600)
        elif one.left_at is not None and (one.due_at is None or one.left_at <= one.due_at):
            self.left += 1
            return
        if one.due_at is None:
            return
        if one.ended_at is not None:
            self.judged += 1
            self.in_time += one.ended_at <= one.due_at
        elif one.left_at is not None or one.due_at < now:
            self.judged += 1

    @property
    def share(self) -> int | None:
        """In per cent, where 100 means all; None where nothing can be said."""
        return percent(self.in_time, self.judged) if self.judged else None

    @property
    def median_hours(self) -> float | None:
        """Half of them took longer; to a tenth of an hour."""
        return round(median(self.hours), 1) if self.hours else None


@dataclass(frozen=True)
class ResponseTimes:
    """One school year: all of it, its twelve months, its accounts, and each account in each month."""

    whole: Times
    months: dict[date, Times]
    accounts: dict[int, Times]
    both: dict[tuple[int, date], Times]


def times_of(rows: Iterable[Answered], year: int, now: datetime) -> ResponseTimes:
    """Lay the comments out by the month (in London) in which they came; what is outside the year is left out."""
    whole, months = Times(), {month: Times() for month in months_of(year)}
    accounts: dict[int, Times] = defaultdict(Times)
    both: dict[tuple[int, date], Times] = defaultdict(Times)
    for one in rows:
        month = local_day(one.received_at).replace(day=1)
        if month not in months:
            continue
        for group in (whole, months[month], accounts[one.account], both[one.account, month]):
            group.add(one, now)
    return ResponseTimes(whole, months, dict(accounts), dict(both))


def share_words(times: Times) -> str:
    """ "12 of 15 in time (80%)"."""
    if not times.comments:
        return "no comment"
    if times.share is None:
        return f"{times.comments}, none with an outcome yet"
    return f"{times.in_time} of {times.judged} in time ({times.share}%)"


def chart_of(times: ResponseTimes, title: str) -> Chart:
    """One bar for each month: the share that was answered in time."""
    bars = []
    for place, (month, one) in enumerate(times.months.items()):
        top = place * (LINE + BAR + GAP)
        words = f"{month_name(month)}: {share_words(one)}"
        bars.append(Bar(words, top + LINE - 6, top + LINE, f"{one.share or 0}%"))
    return Chart(title, bars)
