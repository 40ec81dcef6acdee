"""The register of a school as a file is compared with it: plain facts in memory, found by every key."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from core.signatures import plain_name


class Known(NamedTuple):
    """A pupil of the register."""

    pk: int
    upn: str
    local_id: str
    first_name: str
    last_name: str
    preferred_name: str
    born: date | None
    year_group: str
    class_name: str
    email: str
    joined_on: date | None
    leaves_on: date | None


class KnownContact(NamedTuple):
    """A contact of the school."""

    pk: int
    local_id: str
    name: str
    email: str


class KnownTie(NamedTuple):
    """Who is whose contact."""

    pk: int
    pupil: int
    contact: int
    relationship: str
    responsibility: str
    active: bool


class Register:
    """Pupils, contacts and ties of one school, and a fingerprint that moves with any of them."""

    def __init__(
        self,
        pupils: Iterable[Sequence[Any]],
        contacts: Iterable[Sequence[Any]],
        ties: Iterable[Sequence[Any]],
    ) -> None:
        digest = hashlib.sha256()
        self.pupils: dict[int, Known] = {}
        self.by_upn: dict[str, int] = {}
        self.by_local: dict[str, int] = {}
        self.by_born: dict[date | None, list[int]] = defaultdict(list)
        for row in pupils:
            digest.update(repr(tuple(row)).encode())
            known = Known(*row)
            self.pupils[known.pk] = known
            self.by_born[known.born].append(known.pk)
            if known.upn:
                self.by_upn[known.upn] = known.pk
            if known.local_id:
                self.by_local[known.local_id] = known.pk
        digest.update(b"|")
        self.contacts: dict[int, KnownContact] = {}
        for row in contacts:
            digest.update(repr(tuple(row)).encode())
            contact = KnownContact(*row)
            self.contacts[contact.pk] = contact
        digest.update(b"|")
        self.ties: dict[int, list[KnownTie]] = defaultdict(list)
        for row in ties:
            digest.update(repr(tuple(row)).encode())
            tie = KnownTie(*row)
            self.ties[tie.pupil].append(tie)
        self.fingerprint = digest.hexdigest()

    def alike(self, first: str, last: str, born: date | None, *, any_first: bool) -> list[int]:
        """Pupils with this name and birthday; with `any_first` whatever their first name (twins).

        Where the birthday of one of the two is not known, the whole name must be the same.
        """
        plain_first, plain_last = plain_name(first), plain_name(last)
        found = []
        places = (self.by_born.get(born, []), self.by_born.get(None, [])) if born else (self.pupils, ())
        for exact, keys in zip((born is not None, False), places, strict=True):
            for pk in keys:
                one = self.pupils[pk]
                if plain_name(one.last_name) != plain_last:
                    continue
                if (exact and any_first) or plain_name(one.first_name) == plain_first:
                    found.append(pk)
        return found
