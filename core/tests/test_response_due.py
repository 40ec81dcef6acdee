"""When an answer to a comment is due: examples for every rule, and a plain model that counts the time by steps."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.clock import bank_holidays, response_due

LONDON = ZoneInfo("Europe/London")
PUBLISHED = {
    2024: ["1 Jan", "29 Mar", "1 Apr", "6 May", "27 May", "26 Aug", "25 Dec", "26 Dec"],
    2025: ["1 Jan", "18 Apr", "21 Apr", "5 May", "26 May", "25 Aug", "25 Dec", "26 Dec"],
    2026: ["1 Jan", "3 Apr", "6 Apr", "4 May", "25 May", "31 Aug", "25 Dec", "28 Dec"],
    2027: ["1 Jan", "26 Mar", "29 Mar", "3 May", "31 May", "30 Aug", "27 Dec", "28 Dec"],
    2028: ["3 Jan", "14 Apr", "17 Apr", "1 May", "29 May", "28 Aug", "25 Dec", "26 Dec"],
}
"""England's bank holidays as gov.uk lists them, substitute days included: 28 Dec 2026, 27 and 28 Dec 2027, 3 Jan 2028."""
OFF = {
    datetime.strptime(f"{text} {year}", "%d %b %Y").date() for year in PUBLISHED for text in PUBLISHED[year]
}


def at(text: str) -> datetime:
    """A moment on the clock in London, "2026-10-23 18:00"; the earlier one where it stands twice."""
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


def due(text: str, hours: int = 24, **rules: object) -> str:
    """When it is due, on the clock in London."""
    found = response_due(at(text), hours=hours, **rules)
    assert found.utcoffset() == timedelta()
    return f"{found.astimezone(LONDON):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize("year", PUBLISHED)
def test_the_bank_holidays_are_those_that_are_published(year: int) -> None:
    assert {day for day in bank_holidays(year) if day.weekday() < 5} == {d for d in OFF if d.year == year}


@pytest.mark.clause("RAV-4.02")
@pytest.mark.parametrize(
    ("received", "expected"),
    [
        ("2026-06-10 09:15", "2026-06-11 09:15"),
        ("2026-06-10 23:59", "2026-06-11 23:59"),
        ("2026-10-23 18:00", "2026-10-24 18:00"),  # Friday: by the letter, though that is a Saturday
        ("2026-10-23 23:59", "2026-10-24 23:59"),
        ("2026-04-03 12:00", "2026-04-04 12:00"),  # Good Friday is a weekday
        ("2026-08-31 10:00", "2026-09-01 10:00"),  # and so is a bank-holiday Monday
        ("2026-12-24 16:00", "2026-12-25 16:00"),
    ],
)
def test_on_a_weekday_it_is_24_hours_by_the_clock_whatever_day_comes_after(
    received: str, expected: str
) -> None:
    assert due(received) == expected


@pytest.mark.clause("RAV-4.03")
@pytest.mark.parametrize(
    ("received", "expected"),
    [
        ("2026-10-24 00:00", "2026-10-26 23:59"),
        ("2026-10-25 23:59", "2026-10-26 23:59"),
        ("2026-08-30 11:00", "2026-09-01 23:59"),  # Monday is a bank holiday
        ("2026-04-05 09:00", "2026-04-07 23:59"),  # Easter
        ("2026-12-26 09:00", "2026-12-29 23:59"),  # Monday stands in for Boxing Day
        ("2027-12-25 09:00", "2027-12-29 23:59"),
    ],
)
def test_at_a_weekend_it_is_the_end_of_the_next_working_day(received: str, expected: str) -> None:
    assert due(received) == expected


def test_the_whole_of_the_day_counts_unless_the_school_names_an_hour() -> None:
    whole = response_due(at("2026-10-24 12:00"), hours=24)
    assert whole == datetime(2026, 10, 26, 23, 59, 59, tzinfo=UTC)
    assert due("2026-10-24 12:00", day_ends="17:00") == "2026-10-26 17:00"
    assert due("2026-03-28 12:00", day_ends="17:00") == "2026-03-30 17:00"  # the clocks went forward


def test_a_school_may_have_it_answered_at_the_weekend_too() -> None:
    assert due("2026-10-24 12:00", weekend_rule="literal") == "2026-10-25 11:00"  # 24 hours, clocks back
    assert due("2026-06-13 12:00", weekend_rule="literal") == "2026-06-14 12:00"


@pytest.mark.parametrize(
    ("received", "hours", "expected"),
    [
        ("2026-10-23 18:00", 24, "2026-10-26 23:59"),
        ("2026-08-28 18:00", 24, "2026-09-01 23:59"),
        ("2026-04-03 12:00", 24, "2026-04-07 23:59"),
        ("2026-10-23 09:00", 4, "2026-10-23 13:00"),  # it runs out on Friday still
        ("2026-10-22 18:00", 48, "2026-10-24 18:00"),  # it came in on Thursday
        ("2026-06-12 18:00", 72, "2026-06-15 18:00"),  # it runs out on Monday
    ],
)
def test_a_school_may_let_friday_evening_wait(received: str, hours: int, expected: str) -> None:
    assert due(received, hours, friday_rule="next_working_day") == expected


@pytest.mark.parametrize(
    ("received", "expected"),
    [
        ("2026-03-28 12:00", "2026-03-29 13:00"),  # an hour is missing
        ("2026-10-24 12:00", "2026-10-25 11:00"),  # an hour comes twice
        ("2026-03-29 00:30", "2026-03-30 01:30"),
        ("2026-10-25 00:30", "2026-10-25 23:30"),
    ],
)
def test_24_hours_are_24_hours_when_the_clocks_change(received: str, expected: str) -> None:
    assert due(received, weekend_rule="literal") == expected


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (datetime(2026, 6, 12, 22, 59, tzinfo=UTC), datetime(2026, 6, 13, 22, 59, tzinfo=UTC)),
        (datetime(2026, 6, 12, 23, 0, tzinfo=UTC), datetime(2026, 6, 15, 22, 59, 59, tzinfo=UTC)),
        (datetime(2026, 6, 14, 22, 59, tzinfo=UTC), datetime(2026, 6, 15, 22, 59, 59, tzinfo=UTC)),
        (datetime(2026, 6, 14, 23, 0, tzinfo=UTC), datetime(2026, 6, 15, 23, 0, tzinfo=UTC)),
    ],
)
def test_which_day_it_is_is_judged_in_london(moment: datetime, expected: datetime) -> None:
    assert response_due(moment, hours=24) == expected


def test_on_closure_days_the_time_stands_still() -> None:
    half_term = {date(2026, 10, 26) + timedelta(days=n) for n in range(5)}
    assert due("2026-10-24 12:00", closures=half_term) == "2026-11-02 23:59"
    assert due("2026-10-27 12:00", closures=half_term) == "2026-11-03 00:00"  # it begins on Monday
    assert due("2026-10-23 18:00", closures=half_term) == "2026-10-24 18:00"
    inset = {date(2026, 6, 10)}
    assert due("2026-06-09 10:00", closures=inset) == "2026-06-11 10:00"
    assert due("2026-06-10 10:00", closures=inset) == "2026-06-12 00:00"
    two = {date(2026, 11, 26), date(2026, 11, 27)}  # Thursday and Friday; then comes the weekend
    assert due("2026-11-25 10:00", closures=two) == "2026-11-30 10:00"
    assert due("2026-11-25 00:00", closures=two) == "2026-11-26 00:00"


@pytest.mark.parametrize("bad", [{"hours": 0}, {"received": datetime(2026, 6, 10, 9)}])
def test_what_cannot_be_counted_is_refused(bad: dict) -> None:
    with pytest.raises(ValueError, match=r"the moment|one hour"):
        response_due(bad.pop("received", at("2026-06-10 09:00")), **{"hours": 24, **bad})


# The model: it walks through the time in steps of five minutes and looks at the calendar at each


STEP = timedelta(minutes=5)


def working(day: date, closures: frozenset[date]) -> bool:
    return day.weekday() < 5 and day not in OFF and day not in closures


def end_of_next(day: date, ends: str, closures: frozenset[date]) -> datetime:
    day += timedelta(days=1)
    while not working(day, closures):
        day += timedelta(days=1)
    clock = "23:59:59" if ends == "23:59" else ends
    return datetime.combine(day, time.fromisoformat(clock), LONDON).astimezone(UTC)


def model(
    received: datetime, hours: int, weekend: str, friday: str, ends: str, closures: frozenset[date]
) -> datetime:
    first = received.astimezone(LONDON).date()
    if first.isoweekday() in (6, 7) and weekend == "next_working_day":
        return end_of_next(first, ends, closures)
    now, counted, stopped = received, timedelta(), False
    while counted < timedelta(hours=hours):
        day = now.astimezone(LONDON).date()
        stopped = day in closures or (stopped and not working(day, closures))
        counted += timedelta() if stopped else STEP
        now += STEP
    last = now.astimezone(LONDON).date()
    if first.isoweekday() == 5 and friday == "next_working_day" and last.isoweekday() in (6, 7):
        return end_of_next(last, ends, closures)
    return now


STARTS = st.integers(0, 5 * 365 * 288 - 40 * 288).map(lambda n: datetime(2024, 1, 1, tzinfo=UTC) + n * STEP)
CHANGES = [
    datetime(year, month, day, 1, tzinfo=UTC)
    for year, march, october in (
        (2024, 31, 27),
        (2025, 30, 26),
        (2026, 29, 25),
        (2027, 28, 31),
        (2028, 26, 29),
    )
    for month, day in ((3, march), (10, october))
]
"""When the clocks change."""
NEAR = st.tuples(st.sampled_from(CHANGES), st.integers(-3 * 288, 288)).map(
    lambda both: both[0] + both[1] * STEP
)
RULE = st.sampled_from(["next_working_day", "literal"])


@settings(max_examples=200, deadline=None, database=None)
@given(
    received=STARTS | NEAR,
    hours=st.sampled_from([24, 24, 1, 12, 25, 48, 72]),
    weekend=RULE,
    friday=RULE,
    ends=st.sampled_from(["23:59", "17:00", "00:30"]),
    closed=st.frozensets(st.integers(-2, 8), max_size=6),
)
def test_it_says_the_same_as_a_model_that_walks_through_the_time(
    received: datetime, hours: int, weekend: str, friday: str, ends: str, closed: frozenset[int]
) -> None:
    closures = frozenset(received.astimezone(LONDON).date() + timedelta(days=n) for n in closed)
    found = response_due(
        received,
        hours=hours,
        weekend_rule=weekend,
        friday_rule=friday,
        day_ends=ends,
        closures=closures,
    )
    assert found == model(received, hours, weekend, friday, ends, closures)
    assert found > received
