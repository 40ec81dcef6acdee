"""Working days and due times: pure functions (design, section 6).

Due times are stored in UTC when the thing is received; which day it is, is judged in
Europe/London. Statutory clocks pass no `closures`.
"""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

LONDON = ZoneInfo("Europe/London")
UTC = ZoneInfo("UTC")


@lru_cache(maxsize=64)
def bank_holidays(year: int) -> frozenset[date]:
    """England's bank holidays of a year, substitute days included."""
    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))


def local_day(moment: datetime) -> date:
    """The calendar day in London of an aware moment."""
    return moment.astimezone(LONDON).date()


def is_working_day(day: date, closures: Collection[date] = ()) -> bool:
    """Whether a day is neither weekend nor bank holiday nor one of the school's closure days."""
    return day.weekday() < 5 and day not in bank_holidays(day.year) and day not in closures


def next_working_day(day: date, closures: Collection[date] = ()) -> date:
    """The first working day after `day`."""
    day += timedelta(days=1)
    while not is_working_day(day, closures):
        day += timedelta(days=1)
    return day


def add_working_days(day: date, count: int, closures: Collection[date] = ()) -> date:
    """The `count`-th working day after `day` (count of 0: the day itself)."""
    for _ in range(count):
        day = next_working_day(day, closures)
    return day


def end_of_day(day: date) -> datetime:
    """23:59:59 in London on a day, in UTC."""
    return datetime.combine(day, time(23, 59, 59), LONDON).astimezone(UTC)


def due_in_working_days(received: datetime, count: int, closures: Collection[date] = ()) -> datetime:
    """The end of the `count`-th working day after an aware moment, in UTC."""
    return end_of_day(add_working_days(local_day(received), count, closures))


NEXT_WORKING_DAY, LITERAL = "next_working_day", "literal"
WHOLE_DAY = "23:59"
"""An end of the day that means the whole of it."""


def response_due(
    received: datetime,
    *,
    hours: int,
    weekend_rule: str = NEXT_WORKING_DAY,
    friday_rule: str = LITERAL,
    day_ends: str = WHOLE_DAY,
    closures: Collection[date] = (),
) -> datetime:
    """When a comment that reached an account at an aware moment must be answered, in UTC (RAV-4.02, 4.03).

    What was chosen where the policies leave it open:

    - `hours` are elapsed time, counted in UTC, at any hour of day or night: 24 hours across a change of the
      clocks are 24 hours, though the clock on the wall shows one more or one less (subtle 50, 52).
    - Which day a moment belongs to is judged in Europe/London: Friday 23:59 in London is a Friday.
    - Received on a Saturday or Sunday, it is due at the end of the next working day, which is neither weekend,
      nor bank holiday of England, nor one of `closures`: Sunday before a bank-holiday Monday means Tuesday
      (subtle 51). With a `weekend_rule` of "literal" it has the same hours as any other.
    - Received on a weekday it is literal, on a bank holiday too: Good Friday at noon is due on Saturday at noon.
    - Received on a Friday with a `friday_rule` of "next_working_day", what would run out on a Saturday or Sunday
      is due at the end of the next working day. What would run out on another day stays, and so does what came
      in before Friday.
    - `day_ends` ("HH:MM" on the clock in London) is the moment at which the next working day is over;
      "23:59" means the whole of that day, so 23:59:59. It is never doubtful: clocks change on Sundays.
    - On `closures`, whole days in London, the time stands still. It runs on from the first minute of the next
      working day, so that it does not run out at the weekend within a holiday. Only this clock takes them;
      a statutory one never does.

    Raises ValueError for a moment without a time zone or for less than one hour.
    """
    if received.tzinfo is None:
        raise ValueError("the moment needs a time zone")
    if hours < 1:
        raise ValueError("there must be one hour at least")
    day = local_day(received)
    if day.weekday() >= 5 and weekend_rule == NEXT_WORKING_DAY:
        return _over_at(next_working_day(day, closures), day_ends)
    due = _elapsed(received.astimezone(UTC), timedelta(hours=hours), closures)
    runs_out = local_day(due)
    if day.weekday() == 4 and friday_rule == NEXT_WORKING_DAY and runs_out.weekday() >= 5:
        return _over_at(next_working_day(runs_out, closures), day_ends)
    return due


def _elapsed(moment: datetime, left: timedelta, closures: Collection[date]) -> datetime:
    """The moment (in UTC) after so much time, in which closure days do not count."""
    while True:
        day = local_day(moment)
        if day in closures:
            moment = _begin_of(next_working_day(day, closures))
            continue
        midnight = _begin_of(day + timedelta(days=1))
        if moment + left <= midnight:
            return moment + left
        left -= midnight - moment
        moment = midnight


def _begin_of(day: date) -> datetime:
    """Midnight in London at the beginning of a day, in UTC."""
    return datetime.combine(day, time(), LONDON).astimezone(UTC)


def _over_at(day: date, day_ends: str) -> datetime:
    if day_ends == WHOLE_DAY:
        return end_of_day(day)
    return datetime.combine(day, time.fromisoformat(day_ends), LONDON).astimezone(UTC)
