"""Pupils and their contacts, entered and changed by hand; with the same effects as an import."""

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils import timezone

from consent.access import pupil_rules
from consent.importing.contacts import ContactBook, find_contacts
from consent.importing.reading import Listed, Record
from consent.importing.register import KnownContact, KnownTie
from consent.models import Contact, Pupil, Responsibility, Tie
from consent.services.imports import require_no_import
from consent.services.imports_accept import BIRTHDAY_OR_END, PUPIL_FIELDS, links_stop, pupil_set
from consent.services.positions import positions_work_out
from consent.services.purposes import require_open
from consent.services.settling import after_dates_changed, responsibility_change, yes_set_aside
from consent.terms import terms_of
from core.audit import audited, record
from core.errors import Refused
from people.models import School, User
from people.selectors import profile_of

NUMBERS = {"upn": "UPN", "local_id": "number"}


def pupil_save(
    *, actor: User, school: School, pupil: Pupil | None, values: Mapping[str, Any], once: uuid.UUID
) -> Pupil:
    """Add a pupil, or change one (`values` by name of the field). The same form sent again adds nobody.

    Raises PermissionDenied, and Refused where another pupil has a number, or a file is being taken over.
    """
    if pupil is None:
        pupil_rules.require_at(actor, "record", school)
    else:
        pupil_rules.require(actor, "record", pupil)
    profile = profile_of(school)
    require_open(profile)
    values = {name: values[name] for name in PUPIL_FIELDS if name in values}
    _check_days(values, pupil)
    with audited():
        School.objects.select_for_update(of=("self",)).get(pk=school.pk)
        require_no_import(school)
        if pupil is None:
            key = uuid.uuid5(once, f"pupil {school.pk} {actor.pk}")
            again = Pupil.objects.filter(uuid=key).first()
            if again is not None:
                return again
            row = Pupil(school=school, uuid=key)
        else:
            row = Pupil.objects.select_for_update(of=("self",)).get(pk=pupil.pk, school=school)
            row.school = school
            if row.erased_at:
                raise Refused("What the school held about this pupil was erased.")
        _check_numbers(row, school, values)
        changes = {name: value for name, value in values.items() if getattr(row, name) != value}
        if pupil is not None and not changes:
            return row
        old_email, left_on, born = row.email, row.leaves_on, row.born
        pupil_set(row, changes)
        row.save()
        if "email" in changes and old_email:
            links_stop(pupils=[row.pk])
        if pupil is not None and BIRTHDAY_OR_END & set(changes):
            after_dates_changed(actor=actor, pupil=row, left_on=left_on, born=born)
            positions_work_out([row.pk], terms_of(profile), timezone.localdate())
        if pupil is None:
            record("consent.pupil_added", actor=actor, school=school, subject=row)
        else:
            record(
                "consent.pupil_changed",
                actor=actor,
                school=school,
                subject=row,
                data={"fields": sorted(changes)},
            )
    return row


def _check_days(values: Mapping[str, Any], pupil: Pupil | None) -> None:
    joined: date | None = values.get("joined_on", getattr(pupil, "joined_on", None))
    leaves: date | None = values.get("leaves_on", getattr(pupil, "leaves_on", None))
    if joined and leaves and leaves < joined:
        raise Refused("The last day must not be before the day of joining.", field="leaves_on")


def _check_numbers(row: Pupil, school: School, values: Mapping[str, Any]) -> None:
    for name, words in NUMBERS.items():
        value = values.get(name)
        others = Pupil.objects.filter(school=school).exclude(pk=row.pk)
        if value and others.filter(**{name: value}).exists():
            raise Refused(f"Another pupil of the school has this {words}. Check it.", field=name)


def contact_save(*, actor: User, pupil: Pupil, contact: Contact | None, values: Mapping[str, Any]) -> Contact:
    """Add a contact of a pupil, or change one.

    `values`: name, email, relationship, responsibility, and for a change `active` (False: no longer a
    contact of this pupil). Whoever the school knows already by e-mail address and name becomes a contact of
    this pupil too, and sent twice it is one. Raises PermissionDenied and Refused.
    """
    pupil_rules.require(actor, "record", pupil)
    require_open(profile_of(pupil.school))
    name, email = values["name"], values.get("email", "").lower()
    with audited():
        School.objects.select_for_update(of=("self",)).get(pk=pupil.school_id)
        require_no_import(pupil.school)
        row = Pupil.objects.select_for_update(of=("self",)).select_related("school").get(pk=pupil.pk)
        if row.erased_at:
            raise Refused("What the school held about this pupil was erased.")
        found = contact or _known(row, name, email) or Contact(school=row.school)
        if found.pk:
            found = Contact.objects.select_for_update(of=("self",)).get(pk=found.pk, school=row.school_id)
            if found.erased_at:
                raise Refused("What the school held about this contact was erased.")
        fields = _set_contact(found, name, email)
        fields += _set_tie(actor, row, found, values)
        if fields:
            record(
                "consent.contact_changed",
                actor=actor,
                school=row.school,
                subject=row,
                data={"contact": str(found.uuid), "fields": sorted(fields)},
            )
    return found


def _known(pupil: Pupil, name: str, email: str) -> Contact | None:
    """The contact of the school with this name and address, or of the pupil with this name and no address."""
    ties = list(pupil.ties.filter(contact__email="").select_related("contact"))
    rows = {tie.contact_id: tie.contact for tie in ties}
    if email:
        same = Contact.objects.filter(school=pupil.school_id, email__iexact=email, erased_at=None)
        rows.update({one.pk: one for one in same})
    listed = Listed(name, email)
    find_contacts(
        [
            (
                Record(0, {}, [listed]),
                [KnownTie(tie.pk, pupil.pk, tie.contact_id, "", "", tie.active) for tie in ties],
            )
        ],
        ContactBook([KnownContact(one.pk, one.local_id, one.name, one.email) for one in rows.values()], None),
    )
    return rows.get(listed.known) if listed.known else None


def _set_contact(contact: Contact, name: str, email: str) -> list[str]:
    """Name and address. The links that were sent to an old address stop working."""
    new = contact.pk is None
    changes = {
        field: value
        for field, value in (("name", name), ("email", email))
        if new or getattr(contact, field) != value
    }
    old = contact.email
    for field, value in changes.items():
        setattr(contact, field, value)
    if changes:
        contact.save()
    if "email" in changes and old and old.lower() != email:
        links_stop(contacts=[contact.pk])
    return ["contact"] if new else list(changes)


def _set_tie(actor: User, pupil: Pupil, contact: Contact, values: Mapping[str, Any]) -> list[str]:
    """How the two belong together, with what follows for their answers."""
    said = values.get("responsibility") or Responsibility.UNKNOWN
    tie = Tie.objects.filter(pupil=pupil, contact=contact).first()
    if tie is None:
        Tie.objects.create(
            pupil=pupil,
            contact=contact,
            relationship=values.get("relationship", ""),
            responsibility=said,
        )
        return ["tie"]
    tie.pupil, tie.contact = pupil, contact
    fields = []
    active = bool(values.get("active", True))
    if values.get("relationship", "") != tie.relationship:
        fields.append("relationship")
    if active != tie.active:
        fields.append("active")
    ended = tie.active and not active
    tie.relationship, tie.active = values.get("relationship", ""), active
    tie.save(update_fields=["relationship", "active"])
    if said != tie.responsibility:
        responsibility_change(actor=actor, tie=tie, responsibility=said)
        fields.append("responsibility")
    if ended:
        yes_set_aside(actor=actor, pupil=pupil, contact=contact)
    return fields
