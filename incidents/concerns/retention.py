"""How long a closed case is kept, by its kind. Pure: nothing is deleted, it is looked at again after that day."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from incidents.models import RetainedAs

CHILD_YEARS, STAFF_YEARS, INCIDENT_YEARS = 25, 10, 7
"""What holds where a school has not chosen: never shorter than common practice."""


@dataclass(frozen=True)
class Kept:
    """The kind of record, and until when it is kept; None: until the date of birth is known."""

    kind: RetainedAs
    until: date | None


def years_after(day: date, years: int) -> date:
    """The same day some years later; the day after 28 February where there is no 29th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def kept_for(
    *,
    closed_on: date,
    child: bool,
    staff: bool,
    births: Collection[date | None] = (),
    child_years: int | None = None,
    staff_years: int | None = None,
    incident_years: int | None = None,
) -> Kept:
    """Until when a case is kept that closes on a day. With a child and a member of staff the later day counts.

    `births` are those of the children concerned. One that is not known, or no child by name at all, keeps the
    case until it is. The last day is never before the day of closing.
    """
    by_staff = years_after(closed_on, staff_years or STAFF_YEARS) if staff else None
    if child:
        by_birth = _after_births(births, child_years or CHILD_YEARS, closed_on)
        if by_birth is None or by_staff is None or by_birth >= by_staff:
            return Kept(RetainedAs.CHILD, by_birth)
    if by_staff is not None:
        return Kept(RetainedAs.STAFF, by_staff)
    return Kept(RetainedAs.INCIDENT, years_after(closed_on, incident_years or INCIDENT_YEARS))


def _after_births(births: Collection[date | None], years: int, closed_on: date) -> date | None:
    known = [born for born in births if born is not None]
    if not known or len(known) < len(births):
        return None
    return max(closed_on, years_after(max(known), years))
