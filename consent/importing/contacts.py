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
        self.renumbered: dict[int, str] = {}
        self.listed_ids = listed_ids
        for one in contacts:
            self.of[one.pk] = one
            if one.local_id:
                self.by_id[one.local_id] = one.pk
            if one.email:
                self.by_mail.setdefault((one.email.lower(), plain_name(one.name)), one.pk)

    def sure(self, listed: Listed, used: Collection[int]) -> int | None:
        """Whose number, or whose address and name, it is. `used` are those whom the pupil's rows name already."""
        if listed.local_id and (found := self.by_id.get(listed.local_id)):
            return found if found not in used else None
        if listed.email:
            found = self.by_mail.get((listed.email, plain_name(listed.name)))
            if found and self._fits(found, listed, used):
                return found
        return None

    def named(
        self, listed: Listed, others: Collection[Listed], ties: Sequence[KnownTie], used: Collection[int]
    ) -> int | None:
        """The contact of the pupil who alone has this name, or None where it may be somebody else.

        `others` are the pupil's further entries of whom nobody knows yet who they are: if one of them has
        the name too, or the known contact's address, they may be that contact.
        """
        name = plain_name(listed.name)
        alike = [
            (self.of[tie.contact], tie)
            for tie in sorted(ties, key=lambda tie: not tie.active)
            if tie.contact in self.of
            and plain_name(self.of[tie.contact].name) == name
            and self._fits(tie.contact, listed, used)
        ]
        if not listed.email:
            for known, _ in alike:
                if not known.email:
                    return known.pk
        if len(alike) != 1 or any(plain_name(one.name) == name for one in others):
            return None
        known, tie = alike[0]
        if known.email and known.email.lower() in {one.email for one in others}:
            return None
        if known.email and listed.email and _another(tie.relationship, listed.relationship):
            return None
        return known.pk

    def _fits(self, pk: int, listed: Listed, used: Collection[int]) -> bool:
        """A contact under another number is the same person only if the file names that number nowhere."""
        if listed.local_id and self.renumbered.get(pk, listed.local_id) != listed.local_id:
            return False
        other = self.of[pk].local_id
        moved = self.listed_ids is not None and other not in self.listed_ids
        moved = moved or not listed.local_id or not other or other == listed.local_id
        return pk not in used and moved

    def learn(self, listed: Listed, pk: int) -> None:
        """A row has said who somebody is: further rows find them by the new number and address."""
        if listed.local_id:
            self.by_id.setdefault(listed.local_id, pk)
            self.renumbered.setdefault(pk, listed.local_id)
        if listed.email:
            self.by_mail.setdefault((listed.email, plain_name(listed.name)), pk)


def _another(old: str, new: str) -> bool:
    """Whether two words for the relationship to a pupil are both there, and differ."""
    return bool(old and new) and plain_name(old) != plain_name(new)


def find_contacts(pupils: Sequence[tuple[Record, Sequence[KnownTie]]], book: ContactBook) -> None:
    """Write into each listed contact whom it is (`known`).

    Numbers and addresses of all first, then names; and numbers and addresses once more, since a name may
    tell who somebody is of whom another row knows only the new address.
    """
    for record, _ in pupils:
        for one in record.contacts:
            if one.known in book.of:
                book.learn(one, one.known)
    for by_name in (False, True, False):
        for record, ties in pupils:
            left = [one for one in record.contacts if not one.known]
            used = {one.known for one in record.contacts if one.known}
            for one in left:
                others = [each for each in left if each is not one and not each.known]
                found = book.named(one, others, ties, used) if by_name else book.sure(one, used)
                if found:
                    one.known = found
                    used.add(found)
                    book.learn(one, found)


def two_addresses(records: Iterable[Record]) -> dict[int, str]:
    """Where entries that are one contact have different addresses: what is wrong, by row of the pupil."""
    first: dict[int, Listed] = {}
    wrong: dict[int, str] = {}
    for record in records:
        for one in record.contacts:
            if not one.known or not one.email:
                continue
            before = first.setdefault(one.known, one)
            if before.email != one.email:
                wrong[record.number] = (
                    f"The contact {one.name} has another e-mail address on row {before.number} than on row "
                    f"{one.number}. Make them agree."
                )
    return wrong


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
