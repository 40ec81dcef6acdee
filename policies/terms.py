"""Terms and school years: pure functions of the months in which a school's terms begin (`term_months`).

A term runs from the first day of its month to the day before the next term begins: three months make three
terms a year, and never quarters (CIT-11.01, STM-11.04). A school year begins with the first term that starts in
August or later, and where there is none, with the first term of the calendar year.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

AUGUST = 8


class Span(NamedTuple):
    """A stretch of days, both ends included."""

    first: date
    last: date

    def __contains__(self, day: object) -> bool:
        """Whether a day lies in it."""
        return isinstance(day, date) and self.first <= day <= self.last


def _span(day: date, months: Sequence[int]) -> Span:
    """The stretch between two of these months in which a day lies."""
    starts = [
        date(year, month, 1) for year in (day.year - 1, day.year, day.year + 1) for month in sorted(months)
    ]
    first = max(start for start in starts if start <= day)
    return Span(first, min(start for start in starts if start > first) - timedelta(days=1))


def term_of(day: date, months: Sequence[int]) -> Span:
    """The term in which a day lies."""
    return _span(day, months)


def next_term(term: Span, months: Sequence[int]) -> Span:
    """The term after a term."""
    return _span(term.last + timedelta(days=1), months)


def year_month(months: Sequence[int]) -> int:
    """The month in which the school year begins."""
    return min((month for month in months if month >= AUGUST), default=min(months))


def year_of(day: date, months: Sequence[int]) -> Span:
    """The school year in which a day lies."""
    return _span(day, (year_month(months),))


def terms_of(year: Span, months: Sequence[int]) -> list[Span]:
    """The terms of a school year, in order."""
    found = [term_of(year.first, months)]
    while found[-1].last < year.last:
        found.append(next_term(found[-1], months))
    return found


def twelve_months_after(day: date) -> date:
    """The same day a year later; of 29 February, 28 February."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)
