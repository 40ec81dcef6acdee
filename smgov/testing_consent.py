"""Builders for tests about consent: pupils, contacts, purposes and answers in one line each."""

import itertools
import uuid
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from consent.models import Contact, Pupil, Purpose, Reply, Responsibility, Route, Tie
from consent.names import search_words
from consent.services.purposes import purposes_start
from consent.services.replies import Said, reply_add
from core.roles import Role
from people.models import GovernanceProfile, School, User
from smgov.testing import a_person, a_school, choose

_numbers = itertools.count(1)

CONSENT_CHOSEN: dict[str, Any] = {
    "consent_keeper": ["dpo"],
    "retention_image_consent": 2,
    "retention_raw_imports": 30,
}
"""What every preset leaves open about consent."""


def consent_chosen(school: School, **chosen: Any) -> School:
    """Choose what the part about consent needs, so that it is open."""
    choose(GovernanceProfile.objects.get(school=school), **{**CONSENT_CHOSEN, **chosen})
    return school


def a_consent_school(name: str = "", *, preset: str = "cit", **chosen: Any) -> tuple[School, list[Purpose]]:
    """A school whose part about consent is open, with the purposes that its profile gives, in order."""
    school = consent_chosen(a_school(name, preset=preset), **chosen)
    return school, ask_about(school)


def ask_about(school: School, actor: User | None = None) -> list[Purpose]:
    """Start the purposes that the school's profile gives."""
    return purposes_start(actor=actor or a_person("Dora Dart", Role.DPO, school), school=school)


def a_pupil(school: School, name: str = "", **facts: Any) -> Pupil:
    """A pupil of class 5A, ten years old."""
    number = next(_numbers)
    first, _, last = (name or f"Pupil {number}").partition(" ")
    values = {
        "upn": f"A{number:012}",
        "born": date(timezone.localdate().year - 10, 5, 5),
        "year_group": "5",
        "class_name": "5A",
        "joined_on": date(timezone.localdate().year - 4, 9, 1),
        **facts,
    }
    words = search_words(first, last, values.get("preferred_name", ""))
    return Pupil.objects.create(school=school, first_name=first, last_name=last, search_name=words, **values)


def a_contact(
    *pupils: Pupil,
    name: str = "",
    email: str | None = None,
    responsibility: str = Responsibility.YES,
    relationship: str = "Mother",
) -> Contact:
    """A contact of one or several pupils of a school."""
    number = next(_numbers)
    contact = Contact.objects.create(
        school=pupils[0].school,
        name=name or f"Parent {number}",
        email=f"parent{number}@families.example" if email is None else email,
    )
    for pupil in pupils:
        Tie.objects.create(
            pupil=pupil, contact=contact, relationship=relationship, responsibility=responsibility
        )
    return contact


def says(
    pupil: Pupil,
    answer: bool | dict[Purpose, bool],
    by: Contact | None = None,
    *,
    route: str = Route.PAPER,
    at: datetime | None = None,
    actor: User | None = None,
    **more: Any,
) -> Reply:
    """Somebody (the pupil without `by`) answers every purpose, or some of them; keyed in by the office."""
    purposes = Purpose.objects.filter(school=pupil.school, retired_at=None)
    answers = (
        {one.pk: value for one, value in answer.items()}
        if isinstance(answer, dict)
        else dict.fromkeys(purposes.values_list("pk", flat=True), answer)
    )
    office = None if route == Route.LINK else actor or _office(pupil.school)
    return reply_add(
        said=Said(pupil, answers, by, **more),
        once=uuid.uuid4(),
        route=route,
        received_at=at or timezone.now(),
        actor=office,
    )


def _office(school: School) -> User:
    found = User.objects.filter(memberships__school=school, memberships__role=Role.OFFICE).first()
    return found or a_person("Olga Ott", Role.OFFICE, school)
