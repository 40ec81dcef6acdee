"""Kinds of value that hold a place in time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from people.governance.kind import Kind, Titles, list_of
from people.governance.plain_values import Integer
from people.governance.who import joined

# In English whatever the locale of the server.
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


@dataclass(frozen=True)
class MonthList(Kind):
    """Months of the year, 1 to 12, kept in the order of the calendar."""

    name = "month_list"

    def parse(self, raw: object) -> list[int]:
        one = Integer(1, 12)
        months = sorted({one.parse(item) for item in list_of(raw, "months", 12)})
        if not months:
            raise ValueError("Choose at least one month.")
        return months

    def describe(self, value: list[int], titles: Titles) -> str:
        return joined(MONTHS[month - 1] for month in value)


_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _parse_day(raw: object) -> date:
    if isinstance(raw, date) and not isinstance(raw, datetime):
        return raw
    if not isinstance(raw, str) or not _DATE.fullmatch(raw):
        raise ValueError("Give a date as year, month and day, such as 2026-09-23.")
    try:
        return date.fromisoformat(raw)
    except ValueError:
        raise ValueError(f"There is no date {raw}. Give year, month and day, such as 2026-09-23.") from None


@dataclass(frozen=True)
class Date(Kind):
    """A day of the calendar."""

    name = "date"

    def parse(self, raw: object) -> date:
        return _parse_day(raw)

    def to_json(self, value: date) -> str:
        return value.isoformat()

    def describe(self, value: date, titles: Titles) -> str:
        return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


@dataclass(frozen=True)
class DateList(Kind):
    """Days of the calendar, each once, in order. Empty is allowed: a school opts in."""

    name = "date_list"

    def parse(self, raw: object) -> list[date]:
        return sorted({_parse_day(item) for item in list_of(raw, "dates", 400)})

    def to_json(self, value: list[date]) -> list[str]:
        return [day.isoformat() for day in value]

    def describe(self, value: list[date], titles: Titles) -> str:
        return joined(Date().describe(day, titles) for day in value) or "None"


@dataclass(frozen=True)
class CalendarDate:
    """A date that may be known only to its month, as policies print it (CIT-12.02)."""

    year: int
    month: int
    day: int | None = None

    def __str__(self) -> str:
        month = f"{self.year:04}-{self.month:02}"
        return month if self.day is None else f"{month}-{self.day:02}"


@dataclass(frozen=True)
class MonthOrDate(Kind):
    """A date, or a month with no day. A month is not rounded to a day that the policy does not state."""

    name = "month_or_date"

    def parse(self, raw: object) -> CalendarDate:
        if isinstance(raw, str) and len(raw) == 7:
            day = _parse_day(f"{raw}-01")
            return CalendarDate(day.year, day.month)
        day = _parse_day(raw)
        return CalendarDate(day.year, day.month, day.day)

    def to_json(self, value: CalendarDate) -> str:
        return str(value)

    def describe(self, value: CalendarDate, titles: Titles) -> str:
        month = f"{MONTHS[value.month - 1]} {value.year}"
        return month if value.day is None else f"{value.day} {month}"


@dataclass(frozen=True)
class TimeOfDay(Kind):
    """A time by the clock on the wall in London, `HH:MM`."""

    name = "time"

    def parse(self, raw: object) -> str:
        if not isinstance(raw, str) or not re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", raw):
            raise ValueError("Give a time on the 24-hour clock, such as 17:30.")
        return raw
