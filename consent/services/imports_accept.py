"""Taking over what the review of an import showed, some hundred rows in a transaction.

Pupils, contacts and ties are read and written in bulk; only a contact who has answered already goes through
the services of the ledger one by one. The result does not depend on where a worker was killed: a chunk is
written whole, together with the mark up to where the file is taken over.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils import timezone

from consent.importing.columns import contacts_alone
from consent.importing.comparing import wanted
from consent.importing.contacts import ContactBook, find_contacts
from consent.importing.reading import Listed, Record
from consent.importing.register import KnownContact, KnownTie
from consent.models import AnswerLink, Contact, ImportRow, Pupil, PupilImport, Reply, Responsibility, Tie
from consent.names import search_words
from consent.services.positions import positions_work_out
from consent.services.settling import after_dates_changed, responsibility_change, yes_set_aside
from consent.terms import terms_of
from core.signatures import plain_name
from people.models import User
from people.selectors import profile_of

Outcome = ImportRow.Outcome
DATES = ("born", "joined_on", "leaves_on")
PUPIL_FIELDS = (
    *("upn", "local_id", "first_name", "last_name", "preferred_name", "born", "year_group", "class_name"),
    *("email", "joined_on", "leaves_on"),
)
BIRTHDAY_OR_END = {"born", "leaves_on"}
"""Fields on which the present state rests."""


def values_of(row: ImportRow) -> tuple[dict[str, Any], list[Listed]]:
    """The fields and the contacts of a row, as they were read."""
    values = {name: value for name, value in row.values.items() if name != "contacts"}
    for name in DATES:
        if values.get(name):
            values[name] = date.fromisoformat(values[name])
        elif name in values:
            values[name] = None
    return values, [Listed(*one) for one in row.values.get("contacts", ())]


def pupil_set(pupil: Pupil, changes: dict[str, Any]) -> None:
    """Set fields of a pupil, and what is worked out from them. It is not saved here."""
    for name, value in changes.items():
        setattr(pupil, name, value)
    pupil.search_name = search_words(pupil.first_name, pupil.last_name, pupil.preferred_name)
    pupil.changed_at = timezone.now()


def links_stop(*, contacts: Iterable[int] = (), pupils: Iterable[int] = ()) -> int:
    """The links sent to an old address stop working. Returns how many."""
    who = Q(contact__in=list(contacts)) | Q(pupil__in=list(pupils))
    return AnswerLink.objects.filter(who, revoked_at=None).update(revoked_at=timezone.now())


class Taking:
    """Takes the rows of one import over. `today` is the day of the import."""

    def __init__(self, load: PupilImport, today: date) -> None:
        self.load, self.today = load, today
        self.actor: User = load.settled_by
        self.terms = terms_of(profile_of(load.school))
        self.alone = contacts_alone(one for one in load.mapping.values() if one)

    def chunk(self, rows: list[ImportRow]) -> None:
        """Take some rows over, inside the transaction of the caller."""
        pupils = self._locked(rows)
        listed: list[tuple[Pupil, list[Listed]]] = []
        new: list[Pupil] = []
        changed: dict[int, Pupil] = {}
        reckon: dict[int, tuple[date | None, date | None]] = {}
        self._free_numbers(rows, pupils)
        moved_mail = []
        for row in rows:
            values, contacts = values_of(row)
            if row.outcome == Outcome.NEW or row.decision == "new":
                pupil = Pupil(school_id=self.load.school_id)
                pupil_set(pupil, {name: value for name, value in values.items() if value})
                new.append(pupil)
            else:
                pupil = pupils.get(_key_of(row))
                if pupil is None:
                    continue  # erased since
                changes = {"leaves_on": self.today} if row.outcome == Outcome.MISSING else {}
                if row.outcome != Outcome.MISSING and not self.alone:
                    changes = wanted(pupil, values, self.today)
                if BIRTHDAY_OR_END & set(changes):
                    reckon[pupil.pk] = pupil.leaves_on, pupil.born
                if changes:
                    if "email" in changes and pupil.email:
                        moved_mail.append(pupil.pk)
                    pupil_set(pupil, changes)
                    changed[pupil.pk] = pupil
            if contacts:
                listed.append((pupil, contacts))
        Pupil.objects.bulk_create(new)
        _write(Pupil, list(changed.values()), (*PUPIL_FIELDS, "search_name", "changed_at"))
        if moved_mail:
            links_stop(pupils=moved_mail)
        if listed:
            self._contacts(listed, pupils)
        if reckon:
            self._dates_changed(reckon, changed)

    def _dates_changed(
        self, reckon: dict[int, tuple[date | None, date | None]], changed: dict[int, Pupil]
    ) -> None:
        """What follows for consent. `reckon` holds the old last day and date of birth by pupil."""
        today = timezone.localdate()
        for pk, (left_on, born) in reckon.items():
            came_back = left_on != changed[pk].leaves_on and left_on is not None and left_on < today
            if came_back or born != changed[pk].born:
                after_dates_changed(actor=self.actor, pupil=changed[pk], left_on=left_on, born=born)
        positions_work_out(list(reckon), self.terms, today)

    def _locked(self, rows: list[ImportRow]) -> dict[int, Pupil]:
        keys = {key for row in rows if (key := _key_of(row))}
        found = Pupil.objects.select_for_update(of=("self",)).filter(
            pk__in=keys, school=self.load.school_id, erased_at=None
        )
        pupils = {one.pk: one for one in found.order_by("pk")}
        for one in pupils.values():
            one.school = self.load.school
        return pupils

    def _free_numbers(self, rows: list[ImportRow], pupils: dict[int, Pupil]) -> None:
        """Take a number from whoever holds it where the review said that it is somebody else's."""
        if self.alone:
            return
        for field in ("upn", "local_id"):
            owners = {row.values[field]: _key_of(row) for row in rows if row.values.get(field)}
            holders = Pupil.objects.filter(
                **{"school": self.load.school_id, f"{field}__in": owners}
            ).values_list("pk", field)
            wrong = [pk for pk, number in holders if owners[number] != pk]
            if not wrong:
                continue
            Pupil.objects.filter(pk__in=wrong).update(**{field: ""})
            for pk in wrong:
                if pk in pupils:
                    setattr(pupils[pk], field, "")

    # Contacts

    def _contacts(self, listed: list[tuple[Pupil, list[Listed]]], pupils: dict[int, Pupil]) -> None:
        of_pupils = [pupil.pk for pupil, _ in listed if pupil.pk in pupils]
        ties: dict[int, list[Tie]] = {}
        for tie in Tie.objects.filter(pupil__in=of_pupils).order_by("pk"):
            ties.setdefault(tie.pupil_id, []).append(tie)
        contacts = self._find(listed, ties)
        self._name(listed, contacts)
        self._tie(listed, ties, contacts)

    def _find(
        self, listed: list[tuple[Pupil, list[Listed]]], ties: dict[int, list[Tie]]
    ) -> dict[int, Contact]:
        """Whom each listed contact is; whoever is new is made. Contacts by id."""
        everyone = [one for _, some in listed for one in some]
        rows = Contact.objects.filter(school=self.load.school_id, erased_at=None).filter(
            Q(pk__in={one.known for one in everyone if one.known})
            | Q(pk__in={tie.contact_id for some in ties.values() for tie in some})
            | Q(local_id__in={one.local_id for one in everyone if one.local_id})
            | Q(email__in={one.email for one in everyone if one.email})
        )
        contacts = {one.pk: one for one in rows.order_by("pk")}
        for one in everyone:
            if one.known not in contacts:
                one.known = None
        known = [KnownContact(one.pk, one.local_id, one.name, one.email) for one in contacts.values()]
        find_contacts(
            [
                (
                    Record(0, {}, some),
                    [
                        KnownTie(tie.pk, tie.pupil_id, tie.contact_id, tie.relationship, "", tie.active)
                        for tie in ties.get(pupil.pk, ())
                    ],
                )
                for pupil, some in listed
            ],
            ContactBook(known, None),
        )
        made = self._made(listed)
        Contact.objects.bulk_create(list(made.values()))
        for place, (_, some) in enumerate(listed):
            for one in some:
                if not one.known:
                    one.known = made[_new_key(place, one)].pk
        contacts.update({one.pk: one for one in made.values()})
        return contacts

    def _made(self, listed: list[tuple[Pupil, list[Listed]]]) -> dict[Any, Contact]:
        """Contacts to be made: one for each number, else for each e-mail address with name, else for each row."""
        made: dict[Any, Contact] = {}
        for place, (_, some) in enumerate(listed):
            for one in some:
                if not one.known:
                    made.setdefault(
                        _new_key(place, one),
                        Contact(
                            school_id=self.load.school_id,
                            name=one.name,
                            email=one.email,
                            local_id=one.local_id,
                        ),
                    )
        numbers = [one.local_id for one in made.values() if one.local_id]
        if numbers:
            old = Contact.objects.filter(school=self.load.school_id, local_id__in=numbers)
            old.exclude(erased_at=None).update(local_id="")
        return made

    @staticmethod
    def _name(listed: list[tuple[Pupil, list[Listed]]], contacts: dict[int, Contact]) -> None:
        """Names, addresses and numbers as the file has them; an empty cell takes nothing away."""
        changed: dict[int, Contact] = {}
        moved = set()
        for one in (one for _, some in listed for one in some):
            contact = contacts[one.known]
            for field in ("name", "email", "local_id"):
                value, before = getattr(one, field), getattr(contact, field)
                if not value or value == before or (field == "email" and value == before.lower()):
                    continue
                if field == "email" and before:
                    moved.add(contact.pk)
                setattr(contact, field, value)
                changed[contact.pk] = contact
        _write(Contact, list(changed.values()), ("name", "email", "local_id"))
        if moved:
            links_stop(contacts=moved)

    def _tie(
        self,
        listed: list[tuple[Pupil, list[Listed]]],
        ties: dict[int, list[Tie]],
        contacts: dict[int, Contact],
    ) -> None:
        """Who belongs to whom, with what follows for answers that were given."""
        new: dict[tuple[int, int], Tie] = {}
        changed: dict[int, Tie] = {}
        held: list[tuple[Tie, str]] = []
        ended: list[Tie] = []
        for pupil, some in listed:
            by_contact = {tie.contact_id: tie for tie in ties.get(pupil.pk, ())}
            for one in some:
                tie = by_contact.get(one.known)
                if tie is None:
                    said = one.responsibility or Responsibility.UNKNOWN
                    new[pupil.pk, one.known] = Tie(
                        pupil=pupil,
                        contact=contacts[one.known],
                        relationship=one.relationship,
                        responsibility=said,
                    )
                    continue
                if not tie.active or (one.relationship and one.relationship != tie.relationship):
                    tie.active, tie.relationship = True, one.relationship or tie.relationship
                    changed[tie.pk] = tie
                if one.responsibility and one.responsibility != tie.responsibility:
                    held.append((tie, one.responsibility))
            names = {one.known for one in some}
            ended += [tie for tie in by_contact.values() if tie.active and tie.contact_id not in names]
        Tie.objects.bulk_create(list(new.values()))
        answered = _answered(ended + [tie for tie, _ in held])
        for tie in ended:
            tie.active = False
            changed[tie.pk] = tie
        for tie, said in held:
            if (tie.pupil_id, tie.contact_id) not in answered:
                tie.responsibility = said
                changed[tie.pk] = tie
        _write(Tie, list(changed.values()), ("relationship", "active", "responsibility"))
        pupils = {pupil.pk: pupil for pupil, _ in listed}
        for tie, said in held:
            if (tie.pupil_id, tie.contact_id) in answered:
                tie.pupil, tie.contact = pupils[tie.pupil_id], contacts[tie.contact_id]
                responsibility_change(actor=self.actor, tie=tie, responsibility=said)
        for tie in ended:
            if (tie.pupil_id, tie.contact_id) in answered and tie.contact_id in contacts:
                yes_set_aside(actor=self.actor, pupil=pupils[tie.pupil_id], contact=contacts[tie.contact_id])


def _key_of(row: ImportRow) -> int | None:
    """The pupil of the register whom a row is, or was said to be."""
    return int(row.decision) if row.decision.isdigit() else row.pupil_id


def _new_key(place: int, one: Listed) -> Any:
    if one.local_id:
        return one.local_id
    name = plain_name(one.name)
    return (one.email, name) if one.email else (place, name, id(one))


def _answered(ties: list[Tie]) -> set[tuple[int, int]]:
    """Pupil and contact of the ties under which an answer stands."""
    if not ties:
        return set()
    rows = Reply.objects.filter(
        pupil__in={tie.pupil_id for tie in ties}, contact__in={tie.contact_id for tie in ties}
    )
    return set(rows.values_list("pupil_id", "contact_id"))


def _write(model: Any, rows: list[Any], fields: tuple[str, ...]) -> None:
    """Save fields of many rows that exist, in one statement for some hundred of them."""
    if rows:
        model.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["id"], update_fields=list(fields)
        )
