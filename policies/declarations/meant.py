"""Whom a declared name means: what was typed stays, and whoever hears it says which colleague is meant.

Whoever declares types a name and is offered none: a list of parents to search would show them all to every member of
staff. Pupils are linked by whoever hears it, through the register of the room above (`core.panels`).
"""

from core.audit import audited, record
from core.errors import Refused
from people.models import User
from people.selectors import people_at
from policies.declarations.access import declaration_rules
from policies.declarations.onward import declaration_lead_on
from policies.declarations.relationships import locked
from policies.models import Declaration


def colleague_meant(*, actor: User, declaration: Declaration, colleague: User) -> Declaration:
    """Say that a colleague is meant, perhaps oneself: from now on they do not hear it, and the next does.

    Raises PermissionDenied for anybody but who hears it; Refused for its declarer, or nobody of the school.
    """
    declaration_rules.require(actor, "hear", declaration)
    with audited():
        row = locked(declaration)
        if colleague.pk == row.by_id:
            raise Refused("This colleague made the declaration.", field="colleague")
        if not people_at(row.school).filter(pk=colleague.pk).exists():
            raise Refused("Choose somebody who works here.", field="colleague")
        if row.names.filter(pk=colleague.pk).exists():
            return row
        row.names.add(colleague)
        record("policies.declaration_meant", actor=actor, school=row.school, subject=row)
    declaration_lead_on(row.pk)
    return row


def colleague_not_meant(*, actor: User, declaration: Declaration, colleague: User) -> Declaration:
    """Say that a colleague who was kept out by the name is not meant: their role hears it again.

    Raises PermissionDenied for anybody but who hears it, Refused where they are not kept out.
    """
    declaration_rules.require(actor, "hear", declaration)
    with audited():
        row = locked(declaration)
        if not row.names.filter(pk=colleague.pk).exists():
            raise Refused("This colleague is not kept out.", field="colleague")
        row.names.remove(colleague)
        record("policies.declaration_not_meant", actor=actor, school=row.school, subject=row)
    return row
