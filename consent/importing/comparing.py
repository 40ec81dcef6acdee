"""A file beside the register: who is new, what changed, who is missing, and where a person must decide."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from consent.importing.columns import PUPIL_LABELS
from consent.importing.contacts import ContactBook, contact_changes, find_contacts, two_addresses
from consent.importing.reading import Reading, Record
from consent.importing.register import Known, Register
from core.signatures import plain_name
from core.tables import date_text

NEW, CHANGED, UNCHANGED = "new", "changed", "unchanged"
MISSING, DOUBTFUL, WRONG = "missing", "doubtful", "wrong"
KEPT_WHEN_EMPTY = ("upn", "local_id", "first_name", "last_name", "born", "email", "joined_on")
"""Fields that an empty cell never takes away."""
SAME_BIRTHDAY = "A pupil of the register has the same last name and the same birthday."
TWO_PUPILS = "The UPN is that of one pupil, and the number in your system that of another."
OTHER_NAME = "The number is that of one pupil, and name and birthday are those of another."
OTHER_UPN = "A pupil has this number in your system, but another UPN and another name or birthday."
STRANGER = "A pupil has this number, but another name and another birthday."
TWICE = "Two rows of the file have the numbers of one pupil."
TWO_ROWS = "An earlier row of the file has the same name and birthday."
NOT_THERE = "No pupil of the register has this number. Import the pupils first."


@dataclass(slots=True)
class Found:
    """One pupil and what accepting would do. `pupil` is the id in the register."""

    outcome: str
    number: int = 0
    record: Record | None = None
    pupil: int | None = None
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)
    candidates: list[int] = field(default_factory=list)


def wanted(known: Any, values: Mapping[str, Any], today: date) -> dict[str, Any]:
    """The fields of a pupil that a row changes, with what they become.

    A pupil who has left and stands in the file again is at the school again, unless the file says when
    they leave.
    """
    changes: dict[str, Any] = {}
    for name, value in values.items():
        if not value and name in KEPT_WHEN_EMPTY:
            continue
        if (getattr(known, name) or None) != (value or None):
            changes[name] = value
    if "leaves_on" not in values and known.leaves_on is not None and known.leaves_on < today:
        changes["leaves_on"] = None
    return changes


class Comparison:
    """Compares a file with a register. `today` is the day in London."""

    def __init__(self, reading: Reading, register: Register, *, whole_school: bool, today: date) -> None:
        self.reading = reading
        self.register = register
        self.whole_school = whole_school and not reading.alone
        self.today = today
        self.sure: dict[int, int] = {}
        self.doubts: dict[int, tuple[str, list[int]]] = {}
        self.clashes: dict[int, str] = {}
        ids = {one.local_id for record in reading.records for one in record.contacts if one.local_id}
        self.book = ContactBook(register.contacts.values(), ids)

    def found(self) -> Iterator[Found]:
        """Every pupil of the file in its order, then those who are missing from it."""
        self._match()
        find_contacts(
            [
                (record, self.register.ties.get(self.sure.get(place, 0), ()))
                for place, record in enumerate(self.reading.records)
                if record.contacts
            ],
            self.book,
        )
        self.clashes = two_addresses(self.reading.records)
        for place, record in enumerate(self.reading.records):
            yield self._one(place, record)
        if self.whole_school:
            yield from self._missing()

    def _one(self, place: int, record: Record) -> Found:
        if words := self.clashes.get(record.number):
            return Found(WRONG, record.number, problems=[("", words)])
        if place in self.doubts:
            words, candidates = self.doubts[place]
            return Found(DOUBTFUL, record.number, record, problems=[("", words)], candidates=candidates)
        pk = self.sure.get(place)
        if pk is None:
            if self.reading.alone:
                return Found(WRONG, record.number, problems=[("", NOT_THERE)])
            return Found(NEW, record.number, record)
        known = self.register.pupils[pk]
        changes = [] if self.reading.alone else shown(known, wanted(known, record.values, self.today))
        changes += contact_changes(record, self.register.ties.get(pk, ()), self.book)
        return Found(CHANGED if changes else UNCHANGED, record.number, record, pk, changes)

    def _missing(self) -> Iterator[Found]:
        named = set(self.sure.values())
        for _, candidates in self.doubts.values():
            named.update(candidates)
        for pk, known in self.register.pupils.items():
            if pk not in named and (known.leaves_on is None or known.leaves_on >= self.today):
                before = date_text(known.leaves_on) if known.leaves_on else ""
                yield Found(
                    MISSING,
                    pupil=pk,
                    changes=[(PUPIL_LABELS["leaves_on"], before, date_text(self.today))],
                )

    # Who is who

    def _match(self) -> None:
        owner: dict[int, int] = {}
        strangers = []
        for place, record in enumerate(self.reading.records):
            pk, doubt = self._by_number(record)
            if doubt:
                self.doubts[place] = doubt
            elif pk is None:
                strangers.append(place)
            elif pk in owner:
                first = owner[pk]
                self.sure.pop(first, None)
                self.doubts[first] = self.doubts[place] = (TWICE, [pk])
            else:
                owner[pk] = place
                self.sure[place] = pk
        if self.reading.alone:
            return
        taken = set(self.sure.values())
        names: set[tuple[str, str, date]] = set()
        for place, record in enumerate(self.reading.records):
            born = record.values.get("born")
            if born:
                key = (record.values["last_name"].casefold(), record.values["first_name"].casefold(), born)
                if key in names and place not in self.sure and place not in self.doubts:
                    self.doubts[place] = (TWO_ROWS, [])
                names.add(key)
        self.doubts = {
            place: (words, [pk for pk in candidates if pk not in taken])
            for place, (words, candidates) in self.doubts.items()
        }
        if self.register.pupils:
            for place in strangers:
                alike = [
                    pk for pk in self._alike(self.reading.records[place], any_first=True) if pk not in taken
                ]
                if alike:
                    self.doubts[place] = (SAME_BIRTHDAY, alike)

    def _alike(self, record: Record, *, any_first: bool) -> list[int]:
        values = record.values
        return self.register.alike(
            values["first_name"], values["last_name"], values.get("born"), any_first=any_first
        )

    def _by_number(self, record: Record) -> tuple[int | None, tuple[str, list[int]] | None]:
        """The pupil with the numbers of a row, or why nobody can be sure."""
        upn, local_id = record.values.get("upn", ""), record.values.get("local_id", "")
        one = self.register.by_upn.get(upn) if upn else None
        other = self.register.by_local.get(local_id) if local_id else None
        if one and other and one != other:
            return None, (TWO_PUPILS, [one, other])
        pk = one or other
        if pk is None or self.reading.alone:
            return pk, None
        known = self.register.pupils[pk]
        if _same_person(known, record):
            return pk, None
        alike = [each for each in self._alike(record, any_first=False) if each != pk]
        if alike:
            return None, (OTHER_NAME, [pk, *alike])
        if one is None and upn and known.upn and known.upn != upn:
            return None, (OTHER_UPN, [pk])
        if _stranger(known, record):
            return None, (STRANGER, [pk])
        return pk, None


def _same_person(known: Known, record: Record) -> bool:
    values = record.values
    if known.last_name == values["last_name"] and known.first_name == values["first_name"]:
        return known.born == values.get("born", known.born) or not values.get("born") or not known.born
    return (
        plain_name(known.last_name) == plain_name(values["last_name"])
        and plain_name(known.first_name) == plain_name(values["first_name"])
        and (not values.get("born") or not known.born or known.born == values["born"])
    )


def _stranger(known: Known, record: Record) -> bool:
    """Neither the whole name nor the birthday fits: the number may have been given to a sibling."""
    values = record.values
    return bool(known.born and values.get("born") and known.born != values["born"]) and (
        plain_name(known.last_name) != plain_name(values["last_name"])
        or plain_name(known.first_name) != plain_name(values["first_name"])
    )


def shown(known: Any, changes: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """The changes of a pupil as the review shows them: what, before, after."""
    return [(PUPIL_LABELS[name], _words(getattr(known, name)), _words(new)) for name, new in changes.items()]


def _words(value: Any) -> str:
    return date_text(value) if isinstance(value, date) else str(value or "")
