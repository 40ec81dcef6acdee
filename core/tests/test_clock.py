"""Working days and due times, proved against a plain loop and the published bank holidays."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import clock

BANK_HOLIDAYS = {
    2026: ["1 Jan", "3 Apr", "6 Apr", "4 May", "25 May", "31 Aug", "25 Dec", "28 Dec"],
    2027: ["1 Jan", "26 Mar", "29 Mar", "3 May", "31 May", "30 Aug", "27 Dec", "28 Dec"],
    2028: ["3 Jan", "14 Apr", "17 Apr", "1 May", "29 May", "28 Aug", "25 Dec", "26 Dec"],
}
"""Days off in England that fall on weekdays, substitute days in place of the weekend ones."""
DAYS = st.dates(date(2025, 12, 1), date(2029, 1, 31))
CLOSURES = st.frozensets(DAYS, max_size=30)


def published(year: int) -> set[date]:
    return {datetime.strptime(f"{text} {year}", "%d %b %Y").date() for text in BANK_HOLIDAYS[year]}


@pytest.mark.parametrize("year", BANK_HOLIDAYS)
def test_the_working_days_of_a_year_are_all_weekdays_but_the_published_holidays(year: int) -> None:
    day, off = date(year, 1, 1), published(year)
    while day.year == year:
        assert clock.is_working_day(day) == (day.weekday() < 5 and day not in off), day
        day += timedelta(days=1)


def test_substitute_days_are_holidays() -> None:
    assert not clock.is_working_day(date(2026, 12, 28))  # Boxing Day is a Saturday
    assert not clock.is_working_day(date(2027, 12, 27))  # Christmas is a Saturday
    assert not clock.is_working_day(date(2027, 12, 28))
    assert not clock.is_working_day(date(2028, 1, 3))  # New Year's Day is a Saturday
    assert clock.is_working_day(date(2026, 12, 29))


def test_scotlands_holidays_are_not_ours() -> None:
    assert clock.is_working_day(date(2026, 1, 2))
    assert clock.is_working_day(date(2026, 8, 3))
    assert clock.is_working_day(date(2026, 11, 30))


@settings(max_examples=300, deadline=None, database=None)
@given(day=DAYS, count=st.integers(0, 30), closures=CLOSURES)
def test_adding_working_days_says_the_same_as_counting_them(
    day: date, count: int, closures: frozenset[date]
) -> None:
    found = clock.add_working_days(day, count, closures)
    between = [day + timedelta(days=n) for n in range(1, (found - day).days + 1)]
    worked = [d for d in between if clock.is_working_day(d, closures)]
    assert len(worked) == count
    assert found == (worked[-1] if worked else day)


@settings(max_examples=200, deadline=None, database=None)
@given(day=DAYS, closures=CLOSURES)
def test_the_next_working_day_is_the_first_one(day: date, closures: frozenset[date]) -> None:
    found = clock.next_working_day(day, closures)
    assert found > day
    assert clock.is_working_day(found, closures)
    skipped = [day + timedelta(days=n) for n in range(1, (found - day).days)]
    assert not any(clock.is_working_day(d, closures) for d in skipped)


def test_closure_days_count_only_where_they_are_given() -> None:
    friday, half_term = date(2026, 10, 23), {date(2026, 10, 26) + timedelta(days=n) for n in range(5)}
    assert clock.next_working_day(friday) == date(2026, 10, 26)
    assert clock.next_working_day(friday, half_term) == date(2026, 11, 2)


@pytest.mark.parametrize(
    ("day", "end"),
    [
        (date(2026, 3, 28), datetime(2026, 3, 28, 23, 59, 59, tzinfo=UTC)),  # the last day of winter
        (date(2026, 3, 29), datetime(2026, 3, 29, 22, 59, 59, tzinfo=UTC)),  # 23 hours long
        (date(2026, 10, 24), datetime(2026, 10, 24, 22, 59, 59, tzinfo=UTC)),
        (date(2026, 10, 25), datetime(2026, 10, 25, 23, 59, 59, tzinfo=UTC)),  # 25 hours long
    ],
)
def test_a_day_ends_at_midnight_in_london_also_when_the_clocks_change(day: date, end: datetime) -> None:
    assert clock.end_of_day(day) == end
    assert clock.end_of_day(day).utcoffset() == timedelta(0)
    assert clock.local_day(end) == day
    assert clock.local_day(end + timedelta(seconds=1)) == day + timedelta(days=1)


@pytest.mark.parametrize(
    ("received", "day"),
    [
        (datetime(2026, 3, 29, 0, 30, tzinfo=UTC), date(2026, 3, 29)),
        (datetime(2026, 3, 29, 23, 30, tzinfo=UTC), date(2026, 3, 30)),  # half past midnight in summer time
        (datetime(2026, 10, 24, 23, 30, tzinfo=UTC), date(2026, 10, 25)),
        (datetime(2026, 10, 25, 23, 30, tzinfo=UTC), date(2026, 10, 25)),
        (datetime(2026, 7, 3, 23, 0, tzinfo=UTC), date(2026, 7, 4)),
    ],
)
def test_which_day_it_is_is_judged_in_london(received: datetime, day: date) -> None:
    assert clock.local_day(received) == day


@pytest.mark.parametrize(
    ("received", "count", "due"),
    [
        # on a Friday evening: the end of Monday
        (datetime(2026, 6, 5, 19, 0, tzinfo=UTC), 1, datetime(2026, 6, 8, 22, 59, 59, tzinfo=UTC)),
        # late on a Sunday in UTC, which is a Monday in London: the end of Tuesday
        (datetime(2026, 6, 7, 23, 10, tzinfo=UTC), 1, datetime(2026, 6, 9, 22, 59, 59, tzinfo=UTC)),
        # the day before Good Friday: Easter Monday is no working day either
        (datetime(2026, 4, 2, 12, 0, tzinfo=UTC), 1, datetime(2026, 4, 7, 22, 59, 59, tzinfo=UTC)),
        # Christmas Eve of a year with a substitute day
        (datetime(2026, 12, 24, 12, 0, tzinfo=UTC), 2, datetime(2026, 12, 30, 23, 59, 59, tzinfo=UTC)),
        # across the night on which the clocks go back
        (datetime(2026, 10, 23, 12, 0, tzinfo=UTC), 1, datetime(2026, 10, 26, 23, 59, 59, tzinfo=UTC)),
        # no working day at all: the end of the same day
        (datetime(2026, 6, 6, 12, 0, tzinfo=UTC), 0, datetime(2026, 6, 6, 22, 59, 59, tzinfo=UTC)),
    ],
)
def test_due_times(received: datetime, count: int, due: datetime) -> None:
    assert clock.due_in_working_days(received, count) == due


@settings(max_examples=200, deadline=None, database=None)
@given(
    received=st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC)),
    count=st.integers(1, 15),
)
def test_a_due_time_is_never_before_the_receipt_and_later_receipts_are_never_due_earlier(
    received: datetime, count: int
) -> None:
    due = clock.due_in_working_days(received, count)
    assert due > received + timedelta(days=count - 1)
    assert clock.due_in_working_days(received + timedelta(hours=7), count) >= due
    assert clock.is_working_day(clock.local_day(due))
