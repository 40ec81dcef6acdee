"""The school year, from 1 September to 31 August in London, by which filtering is looked back on."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from core.clock import LONDON, UTC

FIRST_MONTH = 9
EARLIEST, LATEST = 2000, 2200


@dataclass(frozen=True, order=True)
class SchoolYear:
    """One school year, by the calendar year in which it begins."""

    begins: int

    @classmethod
    def of(cls, day: date) -> "SchoolYear":
        """The year to which a day belongs."""
        return cls(day.year if day.month >= FIRST_MONTH else day.year - 1)

    @classmethod
    def now(cls) -> "SchoolYear":
        """This school year."""
        return cls.of(timezone.localdate())

    @classmethod
    def read(cls, text: str) -> "SchoolYear | None":
        """The year of a link, None where it is none."""
        known = text.isascii() and text.isdigit() and EARLIEST <= int(text[:5]) <= LATEST
        return cls(int(text)) if known else None

    @property
    def start(self) -> date:
        """Its first day."""
        return date(self.begins, FIRST_MONTH, 1)

    @property
    def end(self) -> date:
        """Its last day."""
        return date(self.begins + 1, FIRST_MONTH, 1) - timedelta(days=1)

    def __str__(self) -> str:
        """In words."""
        return f"{self.begins} to {self.begins + 1}"

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """Its first moment, and the first moment after it, for rows that hold moments."""
        return beginning_of(self.start), beginning_of(self.end + timedelta(days=1))


def beginning_of(day: date) -> datetime:
    """Midnight in London at the beginning of a day, in UTC."""
    return datetime.combine(day, time(), LONDON).astimezone(UTC)


def years_since(first: datetime | None) -> list[SchoolYear]:
    """Every school year from that of a moment to this one, the newest first."""
    now = SchoolYear.now()
    begins = SchoolYear.of(first.astimezone(LONDON).date()).begins if first else now.begins
    return [SchoolYear(year) for year in range(now.begins, begins - 1, -1)]
