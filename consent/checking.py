"""Finding the pupils of whom somebody pastes names, and reading whether they may be shown.

Matching is pure: it works on the roster of one school and can never answer with a pupil of another.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple
from uuid import UUID

from consent.ledger import NOT_PUBLISHED, Use, Verdict
from consent.models import Pupil
from consent.selectors import verdicts
from consent.terms import Terms
from core.signatures import plain_name

PERSONAL = "personal"
"""Anybody's own account: a channel that one may ask about and that is never allowed."""
MOST_NAMES = 500
TYPED = 200
"""Characters of a pasted line that are shown and kept."""
CANDIDATES = 12
"""Pupils offered at most where a name is not clear."""

_MARKS = re.compile(r"[^\w\s]|_")
_SEPARATORS = re.compile(r"[\t;,|]")
_BRACKETS = re.compile(r"[(\[]([^)\]]*)[)\]]")


def name_key(text: str) -> str:
    """A name reduced to what counts when two are compared: no capitals, accents, hyphens, apostrophes."""
    return " ".join(_MARKS.sub("", plain_name(text).replace("-", " ")).split())


def class_key(text: str) -> str:
    """A class reduced in the same way, and without blanks: "6 Oak" is "6OAK"."""
    return name_key(text).replace(" ", "")


class Entry(NamedTuple):
    """A pupil as the check knows them."""

    pk: int
    uuid: UUID
    first: str
    preferred: str
    last: str
    class_name: str

    @property
    def name(self) -> str:
        """The name in use."""
        return f"{self.preferred or self.first} {self.last}".strip()

    @property
    def label(self) -> str:
        """The name with the class beside it."""
        return f"{self.name} ({self.class_name})" if self.class_name else self.name

    @property
    def order(self) -> tuple:
        """By last name, first name, then always in one order."""
        return (self.last.casefold(), (self.preferred or self.first).casefold(), self.pk)


ENTRY = ("pk", "uuid", "first_name", "preferred_name", "last_name", "class_name")


def class_order(name: str) -> list[tuple[int, int, str]]:
    """The order of class names in which 9B stands before 10A."""
    parts = re.findall(r"[0-9]+|[^0-9]+", name)
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part.casefold()) for part in parts]


class Reading(NamedTuple):
    """One way to read a pasted line: the key of the name, and that of the class beside it, if any."""

    key: str
    class_key: str


@dataclass(frozen=True)
class Roster:
    """The pupils of one school among whom names are looked for."""

    entries: tuple[Entry, ...]

    @cached_property
    def by_uuid(self) -> dict[UUID, Entry]:
        """Each pupil by public id."""
        return {entry.uuid: entry for entry in self.entries}

    @cached_property
    def classes(self) -> list[str]:
        """The names of the classes, in order."""
        return sorted({entry.class_name for entry in self.entries if entry.class_name}, key=class_order)

    @cached_property
    def class_keys(self) -> list[str]:
        """Their keys, the longest first."""
        return sorted({key for name in self.classes if (key := name_key(name))}, key=len, reverse=True)

    @cached_property
    def _index(self) -> tuple[dict[str, list[Entry]], dict[str, list[Entry]]]:
        """Pupils by whole name, in either order; and by a part of it, which is never enough by itself."""
        whole: dict[str, dict[int, Entry]] = defaultdict(dict)
        parts: dict[str, dict[int, Entry]] = defaultdict(dict)
        for entry in self.entries:
            last = name_key(entry.last)
            for first in {name_key(entry.first), name_key(entry.preferred)} - {""}:
                for key in (f"{first} {last}", f"{last} {first}"):
                    whole[key.strip()][entry.pk] = entry
                for key in (first, first.split()[0], f"{first.split()[0]} {last}"):
                    parts[key][entry.pk] = entry
            if last:
                parts[last][entry.pk] = entry
        return _lists(whole), _lists(parts)

    def of_classes(self, classes: Collection[str]) -> list[Entry]:
        """Everybody in these classes."""
        return [entry for entry in self.entries if entry.class_name and entry.class_name in classes]

    def search(self, text: str) -> list[Entry]:
        """Pupils of whom every word typed begins one of their names, at most CANDIDATES."""
        words = name_key(text).split()
        if not words:
            return []
        found = [entry for entry in self.entries if _begins(entry, words)]
        return sorted(found, key=lambda entry: entry.order)[:CANDIDATES]

    def look_up(self, readings: Iterable[Reading]) -> tuple[list[Entry], bool]:
        """The pupils whom a line may mean, and whether that is certain."""
        readings = list(readings)
        whole, parts = self._index
        for reading in readings:
            named = whole.get(reading.key)
            if named and not reading.class_key:
                return named, len(named) == 1 or _alike(named)
            if named:
                there = [entry for entry in named if class_key(entry.class_name) == reading.class_key]
                return there or named, bool(there) and (len(there) == 1 or _alike(there))
        for reading in readings:
            words = reading.key.split()
            keys = [reading.key, f"{words[0]} {words[-1]}"] if len(words) > 1 else [reading.key]
            for key in keys:
                found = whole.get(key) or parts.get(key) or []
                there = [entry for entry in found if class_key(entry.class_name) == reading.class_key]
                if there or found:
                    return (there or found)[:CANDIDATES], False
        return [], False


def _lists(index: dict[str, dict[int, Entry]]) -> dict[str, list[Entry]]:
    return {key: sorted(found.values(), key=lambda entry: entry.order) for key, found in index.items() if key}


def _begins(entry: Entry, words: list[str]) -> bool:
    names = name_key(f"{entry.preferred} {entry.first} {entry.last}").split()
    return all(any(name.startswith(word) for name in names) for word in words)


def _alike(entries: list[Entry]) -> bool:
    """Whether nobody could tell them apart by name and class; then all of them are meant."""
    return len({(name_key(entry.name), entry.class_name) for entry in entries}) == 1


def lines_of(text: str) -> list[str]:
    """The lines of a pasted list without numbers, bullets and blanks before them; no line twice."""
    stripped = (
        re.sub(r"^[^\w]*(?:\d+[^\w]+)?[^\w]*", "", line).strip()[:TYPED] for line in text.splitlines()
    )
    return list(dict.fromkeys(line for line in stripped if name_key(line)))


def readings_of(line: str, class_keys: Collection[str] = ()) -> list[Reading]:
    """The ways to read a line: "Sam Smith", "Smith, Sam", "Sam Smith (5A)", "Smith, Sam, 5A", "Sam Smith 5A".

    A note in brackets counts as a class where it is one of the school, or has a number in it.
    """
    compact = {one.replace(" ", "") for one in class_keys}
    noted = ""
    for note in _BRACKETS.findall(line):
        if _is_class(class_key(note), compact):
            noted = class_key(note)
    cells = [cell for cell in _SEPARATORS.split(_BRACKETS.sub(" ", line)) if name_key(cell)]
    key = name_key(" ".join(cells)) or name_key(line)
    found = [Reading(key, noted)]
    if not noted and len(cells) > 1 and _is_class(class_key(cells[-1]), compact):
        found.append(Reading(name_key(" ".join(cells[:-1])), class_key(cells[-1])))
    if not noted:
        ends = [one for one in class_keys if key.endswith(f" {one}")]
        last = key.split()[-1] if key else ""
        ends += [last] if " " in key and last not in ends and _is_class(last, compact) else []
        found += [Reading(key.removesuffix(f" {one}"), class_key(one)) for one in ends]
    return [one for one in dict.fromkeys(found) if one.key]


def _is_class(key: str, class_keys: Collection[str]) -> bool:
    return key in class_keys or any(c.isdigit() for c in key)


@dataclass(frozen=True)
class Doubt:
    """A pasted name that is not clear: the pupils whom it may mean."""

    typed: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Whom:
    """The pupils asked about, by name; what was pasted and is not clear; what is no pupil."""

    pupils: tuple[Entry, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    nobody: tuple[str, ...] = ()
    lines: tuple[str, ...] = field(default=(), compare=False)

    @property
    def leftovers(self) -> int:
        """How many pasted names have no answer."""
        return len(self.doubts) + len(self.nobody)


def whom(roster: Roster, classes: Collection[str], chosen: Collection[UUID], text: str) -> Whom:
    """Whom somebody asks about: whole classes, pupils chosen by hand, and a pasted list of names.

    A name that may mean several pupils is settled once one of them is chosen by hand, or when all of them
    are asked about anyway. Chosen ids that are not on the roster are left out.
    """
    by_hand = {uuid for uuid in chosen if uuid in roster.by_uuid}
    found = {entry.pk: entry for entry in roster.of_classes(classes)}
    found.update({roster.by_uuid[uuid].pk: roster.by_uuid[uuid] for uuid in by_hand})
    unclear: list[Doubt] = []
    nobody: list[str] = []
    lines = lines_of(text)
    for line in lines:
        entries, certain = roster.look_up(readings_of(line, roster.class_keys))
        if certain:
            found.update({entry.pk: entry for entry in entries})
        elif entries:
            unclear.append(Doubt(line, tuple(entries)))
        else:
            nobody.append(line)
    doubts = [
        doubt
        for doubt in unclear
        if not any(entry.uuid in by_hand for entry in doubt.entries)
        and not all(entry.pk in found for entry in doubt.entries)
    ]
    pupils = sorted(found.values(), key=lambda entry: entry.order)
    return Whom(tuple(pupils), tuple(doubts), tuple(nobody), tuple(lines))


def read_check(
    school: Any, pupil_ids: Collection[int], use: Use, terms: Terms, day: date
) -> dict[int, Verdict]:
    """Whether each pupil of a school may be shown in a use on a day, by id, from the ledger itself.

    Three queries, however many pupils. Ids of another school's pupils have no answer. On somebody's own
    account nobody may be shown (CIT-7.04, STM-7.05, RAV-9.04).
    """
    if not pupil_ids:
        return {}
    if use.channel == PERSONAL:
        return dict.fromkeys(pupil_ids, Verdict(False, NOT_PUBLISHED))
    return verdicts(Pupil.objects.filter(school=school, pk__in=pupil_ids), school, use, terms, day)
