"""Who the contacts of a file are, and what their rows change."""

from collections.abc import Collection, Iterable, Sequence

from consent.importing.reading import Listed, Record
from consent.importing.register import KnownContact, KnownTie
from core.signatures import plain_name

UNKNOWN = "unknown"
RESPONSIBLE = {"yes": "Yes", "no": "No", UNKNOWN: "Not recorded", "": "Not recorded"}


class ContactBook:
    """Finds a contact by number, by e-mail address with name, or by name among those of a pupil.

    `listed_ids` are the numbers of contacts that the file names; None: only equal numbers are one person.
    """

    def __init__(self, contacts: Iterable[KnownContact], listed_ids: Collection[str] | None) -> None:
        self.by_id: dict[str, int] = {}
        self.by_mail: dict[tuple[str, str], int] = {}
        self.of: dict[int, KnownContact] = {}
        self.listed_ids = listed_ids
        for one in contacts:
            self.of[one.pk] = one
            if one.local_id:
                self.by_id[one.local_id] = one.pk
            if one.email:
                self.by_mail.setdefault((one.email.lower(), plain_name(one.name)), one.pk)

    def find(self, listed: Listed, ties: Sequence[KnownTie], used: Collection[int]) -> int | None:
        """The id of the contact, or None for a new one. `used` are those that this pupil's row named already."""
        if listed.local_id and (found := self.by_id.get(listed.local_id)):
            return found if found not in used else None
        name = plain_name(listed.name)
        if listed.email:
            found = self.by_mail.get((listed.email, name))
            if found and self._fits(found, listed, used):
                return found
        for tie in ties:
            known = self.of.get(tie.contact)
            if known and plain_name(known.name) == name and self._fits(known.pk, listed, used):
                return known.pk
        return None

    def _fits(self, pk: int, listed: Listed, used: Collection[int]) -> bool:
        """A contact under another number is the same person only if the file names that number nowhere."""
        other = self.of[pk].local_id
        moved = self.listed_ids is not None and other not in self.listed_ids
        moved = moved or not listed.local_id or not other or other == listed.local_id
        return pk not in used and moved

    def learn(self, listed: Listed, pk: int) -> None:
        """A row has said who somebody is: further rows find them by the new number and address."""
        if listed.local_id:
            self.by_id.setdefault(listed.local_id, pk)
        if listed.email:
            self.by_mail.setdefault((listed.email, plain_name(listed.name)), pk)


def find_contacts(pupils: Sequence[tuple[Record, Sequence[KnownTie]]], book: ContactBook) -> None:
    """Write into each listed contact whom it is (`known`).

    Twice, since a row may tell who somebody is of whom an earlier row knew only the new address.
    """
    left = pupils
    for _ in range(2):
        open_ = []
        for record, ties in left:
            used = {one.known for one in record.contacts if one.known}
            waiting = False
            for one in record.contacts:
                if one.known:
                    continue
                one.known = book.find(one, ties, used)
                if one.known:
                    used.add(one.known)
                    book.learn(one, one.known)
                else:
                    waiting = True
            if waiting:
                open_.append((record, ties))
        left = open_


def contact_changes(
    record: Record, ties: Sequence[KnownTie], book: ContactBook
) -> list[tuple[str, str, str]]:
    """What a row changes about a pupil's contacts: what, before, after. Nothing for a row without contacts."""
    if not record.contacts:
        return []
    changes = []
    by_contact = {tie.contact: tie for tie in ties}
    for one in record.contacts:
        known = book.of.get(one.known) if one.known else None
        tie = by_contact.get(one.known) if one.known else None
        who = f"Contact {one.name}"
        if known:
            changes += [
                (f"{who}: {words}", old, new)
                for words, old, new in (
                    ("name", known.name, one.name),
                    ("e-mail address", known.email, one.email),
                    ("number in your system", known.local_id, one.local_id),
                )
                if new and new != old and not (words == "e-mail address" and new == old.lower())
            ]
        if tie is None or not tie.active:
            relation = f" ({one.relationship})" if one.relationship else ""
            changes.append(("New contact", "", f"{one.name}{relation}"))
        if tie is not None:
            if one.relationship and one.relationship != tie.relationship:
                changes.append((f"{who}: relationship", tie.relationship, one.relationship))
            if one.responsibility and one.responsibility != tie.responsibility:
                changes.append(
                    (
                        f"{who}: parental responsibility",
                        RESPONSIBLE[tie.responsibility],
                        RESPONSIBLE[one.responsibility],
                    )
                )
    listed = {one.known for one in record.contacts}
    changes += [
        ("No longer a contact", book.of[tie.contact].name, "")
        for tie in ties
        if tie.active and tie.contact not in listed and tie.contact in book.of
    ]
    return changes
