"""One cell of a file: cleaned, understood, or refused in words that say what to do."""

import re
import unicodedata
from datetime import date
from functools import lru_cache

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LONG = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T]00:00(?::00(?:\.0+)?)?)?")
_BRITISH = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})(?: 00:00(?::00)?)?")
_WORDS = re.compile(r"(\d{1,2})[ -]([a-z]{3,9})\.?[ -](\d{4})")
_UPN = re.compile(r"[A-Z][0-9]{11}[0-9A-Z]")
_YES = {"yes", "y", "true", "t", "1"}
_NO = {"no", "n", "false", "f", "0"}
_YEAR = re.compile(r"(?:nc )?(?:year|yr|y)? ?0*(\d{1,2})")
EARLIEST = date(1900, 1, 1)
MOST_AHEAD = 10
"""A last day further ahead, in years, is a slip."""


class BadCell(Exception):
    """What is wrong with a cell, for the person who mends it."""


def text_of(cell: str, longest: int) -> str:
    """Text on one line, without control characters. Raises BadCell where it is too long."""
    if not cell.isprintable():
        cell = "".join(c if unicodedata.category(c) != "Cc" else " " for c in cell)
        cell = " ".join(cell.split())
    elif "  " in cell:
        cell = " ".join(cell.split())
    if len(cell) > longest:
        raise BadCell(f"This is longer than {longest} characters. Shorten it.")
    return cell


@lru_cache(maxsize=20_000)
def _date(text: str) -> date | None:
    """The date, or None for text that is none."""
    text = text.strip().lower()
    if found := _ISO.fullmatch(text):
        year, month, day = (int(part) for part in found.groups())
    elif found := _BRITISH.fullmatch(text):
        day, month, year = (int(part) for part in found.groups())
    elif found := _WORDS.fullmatch(text):
        name = found.group(2)
        short = name[:3] if name in _LONG or name in (*_MONTHS, "sept") else ""
        if not short:
            return None
        day, month, year = int(found.group(1)), _MONTHS.index(short) + 1, int(found.group(3))
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def date_of(cell: str, latest: date) -> date | None:
    """A day in one of the usual three forms; None for an empty cell. Raises BadCell."""
    if not cell:
        return None
    day = _date(cell)
    if day is None:
        raise BadCell(f"“{_short(cell)}” is not a date. Write it like 05/05/2015, 2015-05-05 or 5 May 2015.")
    if day < EARLIEST or day > latest:
        raise BadCell(f"“{_short(cell)}” cannot be right. Check the year.")
    return day


def upn_of(cell: str) -> str:
    """A UPN, a temporary one too; "" for an empty cell. Raises BadCell."""
    upn = cell.replace(" ", "").upper()
    if upn and not _UPN.fullmatch(upn):
        raise BadCell(
            f"“{_short(cell)}” is not a UPN: a UPN has 13 characters, a letter and 12 numbers "
            "(the last may be a letter)."
        )
    return upn


def yes_or_no(cell: str) -> str:
    """ "yes", "no", or "" for an empty cell. Raises BadCell."""
    word = cell.lower()
    if not word:
        return ""
    if word in _YES:
        return "yes"
    if word in _NO:
        return "no"
    raise BadCell(f"“{_short(cell)}” is neither yes nor no. Write yes or no, or leave the cell empty.")


def email_of(cell: str) -> str:
    """An e-mail address in small letters; "" for an empty cell. Raises BadCell."""
    if not cell:
        return ""
    if not _is_email(cell):
        raise BadCell(f"“{_short(cell)}” is not an e-mail address. Write it like name@example.com.")
    return cell.lower()


@lru_cache(maxsize=4096)
def _is_email(text: str) -> bool:
    if len(text) > 254:
        return False
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def year_of(cell: str, longest: int) -> str:
    """A year group: "Year 5", "Y5" and "05" are 5; other words stay. Raises BadCell."""
    text = text_of(cell, longest)
    found = _YEAR.fullmatch(text.lower())
    return found.group(1) if found else text


def _short(cell: str) -> str:
    return cell if len(cell) <= 40 else f"{cell[:39]}…"
