"""Birthdays and school years: pure functions."""

from datetime import date, timedelta


def eighteenth(born: date) -> date:
    """The day on which somebody turns 18. Whoever was born on 29 February turns 18 on 1 March."""
    try:
        return born.replace(year=born.year + 18)
    except ValueError:
        return date(born.year + 18, 3, 1)


def is_adult(born: date | None, day: date) -> bool:
    """Whether somebody is 18 or older on a day; False where the date of birth is not known."""
    return born is not None and day >= eighteenth(born)


def born_by(day: date) -> date:
    """The last date of birth with which somebody is 18 or older on a day: `is_adult` as a filter."""
    try:
        return day.replace(year=day.year - 18)
    except ValueError:
        return date(day.year - 18, 2, 28)


def year_end(day: date, start_month: int) -> date:
    """The last day of the academic year in which `day` lies; the year begins on the 1st of `start_month`."""
    year = day.year + (1 if day.month >= start_month else 0)
    return date(year, start_month, 1) - timedelta(days=1)


def year_start(day: date, start_month: int) -> date:
    """The first day of the academic year in which `day` lies."""
    return date(day.year if day.month >= start_month else day.year - 1, start_month, 1)
