"""What the tests of imports share: a file in one line, and an import up to any point."""

import uuid
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from consent.models import PupilImport
from consent.services.imports import import_accept, import_send
from consent.services.imports_work import import_run
from core.roles import Role
from people.models import School, User
from smgov.testing import a_person

HEAD = "UPN,Adno,Legal Surname,Legal Forename,DOB,Year Group,Reg Group"
WITH_CONTACT = f"{HEAD},Contact Name,Relationship,Email,Parental Responsibility"


def upn(number: int) -> str:
    """A UPN."""
    return f"Z{number:012}"


def line(number: int, name: str = "Anna Bell", born: str = "05/05/2015", more: str = "5,5A") -> str:
    """One row below HEAD."""
    first, last = name.split(" ", 1)
    return f"{upn(number)},{number},{last},{first},{born},{more}"


def csv_of(*lines: str) -> bytes:
    """A file."""
    return "\n".join(lines).encode()


def office_of(school: School) -> User:
    """Who sends it."""
    found = User.objects.filter(memberships__school=school, memberships__role=Role.OFFICE).first()
    return found or a_person("Olga Ott", Role.OFFICE, school)


def sent(
    school: School, data: bytes, *, whole: bool = True, by: User | None = None, **more: Any
) -> PupilImport:
    """A file that was sent."""
    return import_send(
        actor=by or office_of(school),
        school=school,
        once=more.pop("once", None) or uuid.uuid4(),
        upload=SimpleUploadedFile("pupils.csv", data),
        whole_school=whole,
    )


def compared(school: School, *lines: str, whole: bool = True) -> PupilImport:
    """A file whose review is there."""
    return import_run(sent(school, csv_of(*lines), whole=whole))


def taken(school: School, *lines: str, whole: bool = True, missing: str = "leaver") -> PupilImport:
    """A file that was taken over."""
    load = compared(school, *lines, whole=whole)
    assert load.status == "review", (load.status, load.problem, wrong(load))
    return import_run(import_accept(actor=office_of(school), load=load, missing=missing))


def wrong(load: PupilImport) -> list[tuple[int, str, str]]:
    """Row, column and words of every mistake."""
    rows = load.rows.filter(outcome="wrong")
    return [(row.number, column, words) for row in rows for column, words in row.problems]


def counts(load: PupilImport) -> dict[str, int]:
    """The counts that are not nothing."""
    outcomes = ("new", "changed", "unchanged", "missing", "doubtful", "wrong")
    return {name: load.counts[name] for name in outcomes if load.counts.get(name)}
