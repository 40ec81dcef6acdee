"""A school with everybody who declares or hears, and what they declare in one line each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.test import Client
from django.utils import timezone

from core.models import Notice
from core.roles import Post, Role
from people.models import School, User
from policies.declarations.departures import Case, departure_make
from policies.declarations.name_use import name_use_ask
from policies.declarations.relationships import Told, declaration_make
from policies.models import Declaration, Departure, NameUse
from smgov.testing import a_person, a_school


@dataclass
class Crew:
    """One school and its people."""

    school: School
    alice: User  # teaches, and declares
    mark: User  # teaches too
    bob: User  # heads the school
    dora: User  # is the DSL
    sue: User  # is a senior leader
    hugo: User  # works in HR
    gina: User  # chairs the governors
    cora: User  # is Head of Communications


def a_crew(preset: str = "cit", **chosen: Any) -> Crew:
    """The school on a preset; `chosen` overrides settings."""
    school = a_school(preset=preset, **chosen)
    return Crew(
        school,
        alice=a_person("Alice Archer", Role.STAFF, school),
        mark=a_person("Mark Moor", Role.STAFF, school),
        bob=a_person("Bob Barnes", Role.HEADTEACHER, school),
        dora=a_person("Dora Dean", Role.DSL, school),
        sue=a_person("Sue Sand", Role.SENIOR_LEADER, school),
        hugo=a_person("Hugo Hart", Role.HR, school),
        gina=a_person("Gina Gold", Role.GOVERNANCE, school, post=Post.CHAIR),
        cora=a_person("Cora Clay", Role.HEAD_OF_COMMS, school),
    )


def told(**changes: Any) -> Told:
    """A relative among the pupils, with whom nobody is in touch."""
    values = {"about": "pupil", "relation": "relative", "person": "Kit Quill", "contact": False, **changes}
    return Told(**values)


def a_declaration(crew: Crew, actor: User | None = None, once: Any = None, **changes: Any) -> Declaration:
    """A declaration, sent by Alice."""
    return declaration_make(
        actor=actor or crew.alice, school=crew.school, once=once or uuid4(), told=told(**changes)
    )


def a_case(**changes: Any) -> Case:
    """Something that has happened today."""
    values = {
        "when": "done",
        "on": timezone.localdate(),
        "what": "I answered a parent at night",
        "why": "The child was not home",
        **changes,
    }
    return Case(**values)


def a_departure(crew: Crew, actor: User | None = None, once: Any = None, **changes: Any) -> Departure:
    """A departure, told by Alice."""
    return departure_make(
        actor=actor or crew.alice, school=crew.school, once=once or uuid4(), case=a_case(**changes)
    )


def use_of(**changes: Any) -> dict[str, Any]:
    """A logo on a leaflet, for forty days."""
    return {
        "what": ["logo"],
        "where": "paper",
        "purpose": "A leaflet for the summer fair",
        "begun": False,
        "until": timezone.localdate() + timedelta(days=40),
        **changes,
    }


def a_use(crew: Crew, actor: User | None = None, once: Any = None, **changes: Any) -> NameUse:
    """A use, asked for by Alice."""
    return name_use_ask(
        actor=actor or crew.alice, school=crew.school, once=once or uuid4(), **use_of(**changes)
    )


def hearers(row: Declaration | Departure) -> list[str]:
    """The frozen roles."""
    return sorted(str(one) for one in row.hearers.all())


def told_of(kind: str) -> list[str]:
    """The names of those to whom notices of this kind were written."""
    rows = Notice.objects.filter(kind=kind).select_related("recipient")
    return sorted(row.recipient.full_name for row in rows)


def client_of(user: User) -> Client:
    """A browser of this person."""
    client = Client()
    client.force_login(user)
    return client


def titles(items: Iterable[Any]) -> list[str]:
    """The titles of to-do lines."""
    return [item.title for item in items]
