"""Taking a list of people out of the portal."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from core.audit import audited, record
from core.roles import Post, Role
from people.access import school_rules
from people.directory import STATES, Roles, people_for
from people.models import Membership, User

HEADINGS = ("email", "full name", "role", "post", "title", "school", "from", "until", "joined", "state")
"""The first four, "from" and "until" are what `staff_import` reads again."""


def people_export(*, actor: User, chosen: Mapping[str, Any]) -> list[tuple]:
    """The rows of the exported list, one for each role (of a leaver: each former role).

    Raises PermissionDenied. The event holds how many rows and which filters, no name.
    """
    if not school_rules.can_ever(actor, "directory"):
        raise PermissionDenied("only those who may look people up take out a list of them")
    people = list(people_for(actor, chosen).order_by("full_name", "pk"))
    roles = Roles(actor, people, chosen.get("school"))
    rows = [line for person in people for line in _lines(person, roles)]
    with audited():
        record(
            "people.register_exported",
            actor=actor,
            school=chosen.get("school"),
            data={"rows": len(rows), "filters": sorted(chosen)},
        )
    return rows


def _lines(person: User, roles: Roles) -> list[tuple]:
    joined = timezone.localtime(person.joined_at).date().isoformat() if person.joined_at else ""
    state = STATES[roles.state(person)]
    held = roles.shown(person)
    if not held:
        return [(person.email, person.full_name, "", "", "", "", "", "", joined, state)]
    return [(person.email, person.full_name, *_role(row, roles), joined, state) for row in held]


def _role(row: Membership, roles: Roles) -> tuple:
    return (
        Role(row.role).label,
        Post(row.post).label if row.post else "",
        roles.titles[row.pk],
        row.place.name,
        row.starts.isoformat(),
        row.ends.isoformat() if row.ends else "",
    )
