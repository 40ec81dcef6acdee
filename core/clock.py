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
