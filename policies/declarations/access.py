"""Who may do what with declarations: whoever makes one, and the roles that hear it. Nobody hears their own."""

from typing import Any

from django.db.models import Exists, OuterRef, Q

from approvals.access import approval_rules
from core.access import Rules, Standing, held_as
from core.roles import EMPLOYED, Role, with_deputies
from people.selectors import keeps_at
from policies.models import Declaration, DeclarationHearer, Departure, DepartureHearer, NameUse

DECLARERS = with_deputies((*EMPLOYED, Role.CONTRIBUTOR, Role.GOVERNANCE))
"""Everybody who is bound by the policy: staff, volunteers, the board (CBC-2.03)."""
BRAND = "brand_permission"


def _declarations(user: Any, standing: Standing, action: str) -> Q | None:
    own = Q(by=user, school__in=standing.all_schools())
    hears = Q(
        Exists(
            DeclarationHearer.objects.filter(
                held_as(standing, "declaration__school"), declaration=OuterRef("pk")
            )
        )
    ) & ~Q(by=user)
    hears &= Q(text__erased_at=None)  # or whoever was kept out because it named them would see it appear
    hears &= ~Q(Exists(Declaration.names.through.objects.filter(declaration=OuterRef("pk"), user=user)))
    return {"view": own | hears, "end": own, "hear": hears}.get(action)


declaration_rules = Rules(
    Declaration, {"view": (), "make": DECLARERS, "end": (), "hear": ()}, by_name=_declarations
)


def _departures(user: Any, standing: Standing, action: str) -> Q | None:
    own = Q(by=user, school__in=standing.all_schools())

    def hears(**which: Any) -> Q:
        rows = DepartureHearer.objects.filter(
            held_as(standing, "departure__school"), departure=OuterRef("pk"), **which
        )
        return Q(Exists(rows)) & ~Q(by=user)

    return {
        "view": own | hears(),
        "withdraw": own,
        "answer": hears(advises=False),
        "advise": hears(advises=True),
    }.get(action)


departure_rules = Rules(
    Departure,
    {"view": (), "make": DECLARERS, "withdraw": (), "answer": (), "advise": ()},
    by_name=_departures,
)


def _name_uses(user: Any, standing: Standing, action: str) -> Q | None:
    if action == "withdraw":
        return Q(by=user, school__in=standing.all_schools())
    if action == "view":
        seen = Q(Exists(approval_rules.visible_to(user, "view").filter(pk=OuterRef("approval"))))
        mine = Q(by=user, school__in=standing.all_schools())
        schools = keeps_at(user, (BRAND,))
        return mine | seen | (Q(school__in=schools) if schools else Q(pk__in=[]))
    if action == "end":
        schools = keeps_at(user, (BRAND,))
        return Q(school__in=schools) if schools else None
    return None


name_use_rules = Rules(
    NameUse,
    {
        "view": (Role.HEADTEACHER, Role.HEAD_OF_COMMS),
        "ask": DECLARERS,
        "withdraw": (),  # whoever asked
        "end": (Role.HEADTEACHER,),  # and whose permission the profile asks for
    },
    by_name=_name_uses,
)
