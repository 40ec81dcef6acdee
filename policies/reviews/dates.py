"""On which days people are reminded of a review (CIT-12.02, STM-12.02, CBC-0.02).

Pure: days are days in Europe/London, there is no database and no clock. The last day of a review that names a
month only is the last day of that month (`policies.documents.services.review_day`).
"""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

BEFORE = (60, 30, 7, 1)
"""Days before the last day on which people are reminded."""
EVERY = 7
"""Days between two reminders of what is overdue; the first comes on the day after the last day."""


@dataclass(frozen=True)
class Stage:
    """One reminder: its name ("60", "1", "late-0", "late-1"), its day, and whether the review is overdue then."""

    name: str
    day: date
    overdue: bool


def stage_on(review_on: date | None, today: date) -> Stage | None:
    """The newest reminder whose day has come; None when none has, or no review is planned."""
    if review_on is None:
        return None
    late = (today - review_on).days - 1
    if late >= 0:
        weeks = late // EVERY
        return Stage(f"late-{weeks}", review_on + timedelta(days=1 + weeks * EVERY), True)
    left = (review_on - today).days
    come = [days for days in BEFORE if left <= days]
    if not come:
        return None
    return Stage(str(min(come)), review_on - timedelta(days=min(come)), False)


def next_reminder(review_on: date | None, after: date) -> date | None:
    """The first day of a reminder that is later than `after`. It never ends by itself while the date stands."""
    if review_on is None:
        return None
    for days in BEFORE:
        if (day := review_on - timedelta(days=days)) > after:
            return day
    first = review_on + timedelta(days=1)
    if first > after:
        return first
    return first + timedelta(days=((after - first).days // EVERY + 1) * EVERY)


def months_later(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
