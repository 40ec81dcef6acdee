"""Moments as people type them into a file: on the clock in London, or with an offset."""

import re
from datetime import UTC, datetime

from core.clock import LONDON

FORMATS = ("%d/%m/%Y %H:%M", "%d/%m/%Y %H:%M:%S", "%d/%m/%y %H:%M", "%d.%m.%Y %H:%M", "%d-%m-%Y %H:%M")
HOW = "Write it as 27/03/2026 14:30, on the clock in London"
GAP = "There was no such time: the clocks went forward. Write the time that the clock showed"


def moment_in(text: str) -> datetime:
    """The aware moment that a text means, in UTC.

    Without an offset it is the time on the clock in London; of an hour that comes twice in October, the first.
    Raises ValueError, in plain English, for a text that is no moment and for an hour that March leaves out.
    """
    text = " ".join(text.split())
    found = _iso(text) or _typed(text)
    if found is None:
        raise ValueError(HOW)
    try:
        return _in_utc(found)
    except OverflowError:  # at the ends of what a calendar of computers holds
        raise ValueError(HOW) from None


def _in_utc(found: datetime) -> datetime:
    if found.tzinfo is not None:
        return found.astimezone(UTC)
    local = found.replace(tzinfo=LONDON)
    moment = local.astimezone(UTC)
    if moment.astimezone(LONDON).replace(tzinfo=None) != found:
        raise ValueError(GAP)
    return moment


def text_of(moment: datetime) -> str:
    """A moment as the file holds it: London time with its offset, so that it is read back unchanged."""
    return moment.astimezone(LONDON).replace(microsecond=0).isoformat(sep=" ")


def _iso(text: str) -> datetime | None:
    """A date alone is no moment."""
    if not re.match(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}", text):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _typed(text: str) -> datetime | None:
    for form in FORMATS:
        try:
            return datetime.strptime(text, form)
        except ValueError:
            continue
    return None
