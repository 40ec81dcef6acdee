"""What the columns of the usual information systems are called, and what a file needs."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

GROUPS = (0, 1, 2, 3, 4)
"""0: one contact in a row, one row for each; 1 to 4: numbered contacts side by side."""

PUPIL_LABELS = {
    "upn": "UPN",
    "local_id": "Admission number, or number in your system",
    "last_name": "Last name",
    "first_name": "First name",
    "preferred_name": "Preferred first name",
    "born": "Date of birth",
    "year_group": "Year",
    "class_name": "Class",
    "email": "The pupil’s own e-mail address",
    "joined_on": "Day of joining",
    "leaves_on": "Last day at the school",
}
PART_LABELS = {
    "name": "whole name",
    "first": "first name",
    "last": "last name",
    "relationship": "relationship to the pupil",
    "email": "e-mail address",
    "responsibility": "parental responsibility",
    "local_id": "number in your system",
}
_PUPIL = {
    "upn": "upn|unique pupil number|pupil upn|student upn",
    "local_id": "adno|admission number|admission no|admissions number|adm no|admno|adm number|pupil id|"
    "student id|mis id|local id|arbor student id|student number|pupil number|number in your system",
    "last_name": "legal surname|legal last name|legal family name|surname|last name|family name|"
    "pupil surname|student surname|pupil last name|student last name",
    "first_name": "legal forename|legal first name|legal given name|forename|first name|given name|"
    "pupil forename|student forename|pupil first name|student first name",
    "preferred_name": "preferred forename|preferred first name|chosen forename|chosen first name|"
    "preferred name|chosen name|known as|calling name",
    "born": "date of birth|dob|d o b|birth date|birthday|pupil dob|student dob",
    "year_group": "year group|nc year|year|national curriculum year|curriculum year|nc year actual|"
    "year taught in|yeargroup|yr",
    "class_name": "reg group|registration group|registration form|reg form|reg|class|class name|tutor group|"
    "form|form group|current class",
    "email": "pupil email|student email|pupil e mail|pupil email address|student email address",
    "joined_on": "date of admission|admission date|doa|joined|date joined|joining date|start date|"
    "entry date|date of entry",
    "leaves_on": "leaving date|date of leaving|dol|leave date|date left|leaver date|last day|left",
}
_CONTACT = {
    "name": "contact name|contact full name|parent name|parent carer name|guardian name|contact",
    "first": "contact forename|contact first name|parent forename|parent first name|guardian forename",
    "last": "contact surname|contact last name|parent surname|parent last name|guardian surname",
    "relationship": "relationship|relation to pupil|relationship to pupil|relation to student|"
    "relationship to student|relation|contact relationship",
    "email": "contact email|contact email address|contact e mail|parent email|primary email|primary e mail|"
    "main email|home email|home e mail|email|e mail|email address|e mail address",
    "responsibility": "parental responsibility|has parental responsibility|contact parental responsibility|pr",
    "local_id": "contact id|contact local id|contact person id|guardian id|arbor guardian id",
}
_NUMBERED = {
    "name": "|name|full name",
    "first": "forename|first name",
    "last": "surname|last name",
    "relationship": "relationship|relation|relationship to pupil|relation to pupil|relationship to student",
    "email": "email|e mail|email address|e mail address|primary email|home email|main email",
    "responsibility": "parental responsibility|has parental responsibility|pr",
    "local_id": "id|contact id|number in your system",
}
_SIDE_BY_SIDE = re.compile(r"(?:priority )?(?:contact|parent carer|parent|guardian) ?([1-4]) ?(\D*)$")
_BEHIND = re.compile(r"(?:contact|parent carer|parent|guardian) (\D+) ?([1-4])$")


def contact_field(group: int, part: str) -> str:
    """The name of the field of one part of a contact, "contact_email" or "contact2_email"."""
    return f"contact{group or ''}_{part}"


CONTACT_FIELDS = {contact_field(group, part): (group, part) for group in GROUPS for part in PART_LABELS}
FIELDS = {**PUPIL_LABELS}
for _name, (_group, _part) in CONTACT_FIELDS.items():
    FIELDS[_name] = f"Contact{f' {_group}' if _group else ''}: {PART_LABELS[_part]}"
"""Every field with the words in which the page names it."""


def plain_heading(heading: str) -> str:
    """A heading without capitals and punctuation, to compare it with another."""
    return re.sub(r"[^a-z0-9]+", " ", heading.lower()).strip() or heading.strip().lower()


def _ranks(names: Mapping[str, str]) -> dict[str, tuple[str, int]]:
    """Field and rank of each name; the first of a field is the one that counts most."""
    return {
        word: (field, rank) for field, words in names.items() for rank, word in enumerate(words.split("|"))
    }


_PUPIL_NAMES, _CONTACT_NAMES, _NUMBERED_NAMES = _ranks(_PUPIL), _ranks(_CONTACT), _ranks(_NUMBERED)


def _field_of(plain: str) -> tuple[str, int] | None:
    """The field that a heading names, with its rank."""
    if plain in _PUPIL_NAMES:
        return _PUPIL_NAMES[plain]
    if plain in _CONTACT_NAMES:
        part, rank = _CONTACT_NAMES[plain]
        return contact_field(0, part), rank
    if side := _SIDE_BY_SIDE.match(plain):
        group, rest = side.groups()
    elif behind := _BEHIND.match(plain):
        rest, group = behind.groups()
    else:
        return None
    named = _NUMBERED_NAMES.get(rest.strip())
    return (contact_field(int(group), named[0]), named[1]) if named else None


@dataclass
class Recognised:
    """What each heading is: a field, or "" to leave it out; and those of which nobody knows."""

    mapping: dict[str, str]
    unknown: list[str]


def recognise(headings: Sequence[str], remembered: Mapping[str, str] | None = None) -> Recognised:
    """Find the field of each heading. `remembered` is what the school said before, by plain heading.

    Where two headings name the same field, the more exact one is taken ("Legal Surname" before "Surname").
    """
    remembered = remembered or {}
    mapping: dict[str, str] = {}
    taken = {remembered[plain_heading(one)] for one in headings if plain_heading(one) in remembered}
    best: dict[str, tuple[int, str]] = {}
    unknown = []
    for heading in headings:
        plain = plain_heading(heading)
        mapping[heading] = ""
        if plain in remembered:
            mapping[heading] = remembered[plain]
        elif (named := _field_of(plain)) is None:
            unknown.append(heading)
        elif named[0] not in taken and (named[0] not in best or named[1] < best[named[0]][0]):
            best[named[0]] = (named[1], heading)
    for field, (_, heading) in best.items():
        mapping[heading] = field
    named_contact = any(
        field in mapping.values() for field in (contact_field(0, part) for part in ("name", "first", "last"))
    )
    if not named_contact:
        # "Email" beside no contact may be the pupil's own: only the school knows.
        for heading, field in mapping.items():
            if field == contact_field(0, "email") and plain_heading(heading) not in remembered:
                mapping[heading] = ""
                unknown.append(heading)
    return Recognised(mapping, unknown)


def contacts_alone(fields: Iterable[str]) -> bool:
    """Whether the file holds contacts of pupils who are in the register already, and no names of pupils."""
    return not {"last_name", "first_name"} & set(fields)


def lacking(fields: Iterable[str]) -> str:
    """What a file with these fields lacks, as a sentence; "" where it has enough."""
    fields = set(fields)
    if not {"upn", "local_id"} & fields:
        return (
            "No column holds the UPN or the number in your system. Without one of them a pupil cannot be "
            "told from another."
        )
    has_contact = any(CONTACT_FIELDS[one][1] in ("name", "last") for one in fields if one in CONTACT_FIELDS)
    if contacts_alone(fields):
        if has_contact:
            return ""
        return "No column holds the pupils’ last name and first name, and none holds the name of a contact."
    missing = [PUPIL_LABELS[one].lower() for one in ("last_name", "first_name") if one not in fields]
    if missing:
        return f"No column holds the pupils’ {missing[0]}."
    loose = sorted({CONTACT_FIELDS[one][0] for one in fields if one in CONTACT_FIELDS})
    for group in loose:
        if not {contact_field(group, part) for part in ("name", "first", "last")} & fields:
            name = f"contact {group}" if group else "the contact"
            return f"No column holds the name of {name}. Name it, or leave the other columns out."
    return ""
