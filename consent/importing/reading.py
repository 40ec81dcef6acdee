"""From the lines of a file to pupils with their contacts, and to every mistake by row and column."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from consent.importing.cells import (
    MOST_AHEAD,
    BadCell,
    date_of,
    email_of,
    text_of,
    upn_of,
    year_of,
    yes_or_no,
)
from consent.importing.columns import CONTACT_FIELDS, contacts_alone
from core.signatures import plain_name

MOST_CONTACTS = 20
"""Contacts that one pupil can have in a file."""


@dataclass(slots=True)
class Listed:
    """A contact as the file lists them. `responsibility` is yes, no, or "" where the file does not say.

    `number` is the row on which they stand first, and `group` tells its columns (see `columns.GROUPS`).
    """

    name: str
    email: str = ""
    relationship: str = ""
    responsibility: str = ""
    local_id: str = ""
    known: int | None = None
    number: int = 0
    group: int = 0


@dataclass(slots=True)
class Record:
    """A pupil of the file: the first row on which they stand, what the file says, and their contacts.

    `values` holds the fields for which the file has a column: text, or a date or None.
    """

    number: int
    values: dict[str, Any]
    contacts: list[Listed] = field(default_factory=list)


class Mistake(NamedTuple):
    """What is wrong in one cell; no column where the whole row is meant."""

    number: int
    column: str
    message: str


@dataclass
class Reading:
    """A whole file, read."""

    records: list[Record] = field(default_factory=list)
    mistakes: list[Mistake] = field(default_factory=list)
    rows: int = 0
    alone: bool = False


def _parsers(today: date) -> dict[str, Callable[[str], Any]]:
    ahead = date(today.year + MOST_AHEAD, 12, 31)

    def name(cell: str) -> str:
        return text_of(cell, 100)

    return {
        "upn": upn_of,
        "local_id": lambda cell: text_of(cell, 40),
        "last_name": name,
        "first_name": name,
        "preferred_name": name,
        "born": lambda cell: date_of(cell, today),
        "year_group": lambda cell: year_of(cell, 20),
        "class_name": lambda cell: text_of(cell, 40),
        "email": email_of,
        "joined_on": lambda cell: date_of(cell, ahead),
        "leaves_on": lambda cell: date_of(cell, ahead),
    }


_PARTS: dict[str, Callable[[str], str]] = {
    "name": lambda cell: text_of(cell, 200),
    "first": lambda cell: text_of(cell, 100),
    "last": lambda cell: text_of(cell, 99),
    "relationship": lambda cell: text_of(cell, 60),
    "email": email_of,
    "responsibility": yes_or_no,
    "local_id": lambda cell: text_of(cell, 40),
}


class Reader:
    """Reads the lines of one file under a mapping of its headings."""

    def __init__(self, headings: Sequence[str], mapping: Mapping[str, str], today: date) -> None:
        parsers = _parsers(today)
        self.headings = list(headings)
        self.pupil: list[tuple[int, str, Callable[[str], Any]]] = []
        groups: dict[int, list[tuple[int, str, Callable[[str], str]]]] = {}
        self.columns: dict[str, str] = {}
        for index, heading in enumerate(self.headings):
            name = mapping.get(heading, "")
            if not name:
                continue
            self.columns[name] = heading
            if name in parsers:
                self.pupil.append((index, name, parsers[name]))
            elif name in CONTACT_FIELDS:
                group, part = CONTACT_FIELDS[name]
                groups.setdefault(group, []).append((index, part, _PARTS[part]))
        self.groups = sorted(groups.items())
        self.alone = contacts_alone(self.columns)
        self.out = Reading(alone=self.alone)
        self.by_upn: dict[str, Record] = {}
        self.by_local: dict[str, Record] = {}
        self.shared: dict[str, tuple[int, Listed]] = {}

    def read(self, lines: Iterable[tuple[int, list[str]]]) -> Reading:
        """Read every line. What is wrong is collected; a pupil of a wrong row is left out."""
        wide = len(self.headings)
        for number, cells in lines:
            self.out.rows += 1
            if len(cells) > wide:
                self._wrong(
                    number, "", "This row has more cells than there are headings. A comma may be too many."
                )
                continue
            if len(cells) < wide:
                cells = cells + [""] * (wide - len(cells))
            before = len(self.out.mistakes)
            values = self._values(number, cells)
            contacts = self._contacts(number, cells)
            if len(self.out.mistakes) == before:
                self._place(number, values, contacts)
        return self.out

    def _wrong(self, number: int, column: str, message: str) -> None:
        self.out.mistakes.append(Mistake(number, column, message))

    def _values(self, number: int, cells: list[str]) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for index, name, parse in self.pupil:
            try:
                values[name] = parse(cells[index])
            except BadCell as problem:
                self._wrong(number, self.headings[index], str(problem))
                values[name] = ""
        return values

    def _contacts(self, number: int, cells: list[str]) -> list[Listed]:
        found = []
        for group, columns in self.groups:
            parts: dict[str, str] = {}
            for index, part, parse in columns:
                cell = cells[index]
                if not cell:
                    continue
                try:
                    parts[part] = parse(cell)
                except BadCell as problem:
                    self._wrong(number, self.headings[index], str(problem))
                    parts[part] = ""
            contact = self._contact(number, group, parts)
            if contact is not None:
                found.append(contact)
        return found

    def _contact(self, number: int, group: int, parts: dict[str, str]) -> Listed | None:
        name = parts.get("name") or " ".join(
            part for part in (parts.get("first", ""), parts.get("last", "")) if part
        )
        if not name:
            if parts.get("email") or parts.get("local_id"):
                column = next(
                    (
                        self.columns[field]
                        for field, (of, part) in CONTACT_FIELDS.items()
                        if of == group and part in ("name", "last", "first") and field in self.columns
                    ),
                    "",
                )
                self._wrong(number, column, "This contact has no name. Enter it.")
            return None  # a mere “no” to parental responsibility describes nobody
        contact = Listed(
            name,
            parts.get("email", ""),
            parts.get("relationship", ""),
            parts.get("responsibility", ""),
            parts.get("local_id", ""),
            number=number,
            group=group,
        )
        return self._agreed(number, group, contact) if contact.local_id else contact

    def _agreed(self, number: int, group: int, contact: Listed) -> Listed:
        """The contact, if the file says the same of them wherever their number stands."""
        first = self.shared.setdefault(contact.local_id, (number, contact))
        row, other = first
        if other is contact:
            return contact
        if plain_name(other.name) != plain_name(contact.name):
            self._wrong(
                number,
                self._column(group, "name", "last"),
                f"Contact {contact.local_id} has another name on row {row}. Make them agree.",
            )
        elif other.email and contact.email and other.email != contact.email:
            self._wrong(
                number,
                self._column(group, "email"),
                f"Contact {contact.local_id} has another e-mail address on row {row}. Make them agree.",
            )
        elif not other.email:
            other.email = contact.email
        contact.name, contact.email = other.name, other.email
        return contact

    def _column(self, group: int, *parts: str) -> str:
        return next(
            (
                self.columns[f"contact{group or ''}_{p}"]
                for p in parts
                if f"contact{group or ''}_{p}" in self.columns
            ),
            "",
        )

    def _place(self, number: int, values: dict[str, Any], contacts: list[Listed]) -> None:
        """A new pupil of the file, or one more row about the same."""
        upn, local_id = values.get("upn", ""), values.get("local_id", "")
        if not upn and not local_id:
            column = self.columns.get("upn") or self.columns.get("local_id", "")
            self._wrong(number, column, "This row has neither a UPN nor a number in your system. Enter one.")
            return
        one = self.by_upn.get(upn) if upn else None
        other = self.by_local.get(local_id) if local_id else None
        if one is not None and other is not None and one is not other:
            self._wrong(
                number,
                self.columns["upn"],
                f"The UPN is that of row {one.number}, and “{self.columns['local_id']}” that of row "
                f"{other.number}. Make them agree.",
            )
            return
        record = one or other
        if record is None:
            if not self.alone and not self._named(number, values):
                return
            record = Record(number, values)
            self.out.records.append(record)
        elif not self._same(number, record, values):
            return
        if upn:
            self.by_upn[upn] = record
        if local_id:
            self.by_local[local_id] = record
        for contact in contacts:
            self._join(record.contacts, contact)

    def _named(self, number: int, values: dict[str, Any]) -> bool:
        for name in ("last_name", "first_name"):
            if not values.get(name):
                words = "last name" if name == "last_name" else "first name"
                self._wrong(number, self.columns[name], f"The {words} of the pupil is missing. Enter it.")
                return False
        return True

    def _same(self, number: int, record: Record, values: dict[str, Any]) -> bool:
        """Whether a further row of a pupil says the same; an empty cell says nothing."""
        for name, value in values.items():
            if not value:
                continue
            before = record.values.get(name)
            if not before:
                record.values[name] = value
            elif before != value:
                self._wrong(
                    number,
                    self.columns[name],
                    f"Row {record.number} says something else about the same pupil. Make them agree.",
                )
                return False
        return True

    def _join(self, contacts: list[Listed], new: Listed) -> None:
        """Add a contact of a pupil, unless the same stands there already."""
        one = next((one for one in contacts if _same_contact(one, new)), None)
        if one is None:
            if len(contacts) < MOST_CONTACTS:
                contacts.append(new)
            else:
                self._wrong(
                    new.number,
                    "",
                    f"This pupil has more than {MOST_CONTACTS} contacts. Leave out those who are not asked.",
                )
            return
        if one.responsibility and new.responsibility and one.responsibility != new.responsibility:
            where = "also on this row" if one.number == new.number else f"on row {one.number}"
            self._wrong(
                new.number,
                self._column(new.group, "responsibility"),
                f"The same contact of this pupil stands {where} with “{one.responsibility}”. Make them agree.",
            )
        one.email = one.email or new.email
        one.relationship = one.relationship or new.relationship
        one.responsibility = one.responsibility or new.responsibility


def _same_contact(one: Listed, new: Listed) -> bool:
    """Whether two entries of a pupil are one person: by number, else by address and name."""
    if new.local_id or one.local_id:
        return new.local_id == one.local_id
    return one.email == new.email and plain_name(one.name) == plain_name(new.name)
