"""Who may do what with incidents: the road of each, minus whom it names; and, their own words, its reporter."""

from typing import Any

from django.db.models import Exists, OuterRef, Q

from core.access import Rules, Standing, held_as
from core.roles import EMPLOYED, Role, with_deputies
from incidents.models import Handover, Matter, MatterKind, NamedPerson, RoadStep
from incidents.roads import KEEPERS

REPORTERS = with_deputies((*EMPLOYED, Role.CONTRIBUTOR))
"""Any employed person, and contributors (STM-14.01)."""
ON_THE_ROAD = {
    "read": Q(reads=True),
    "deal": Q(reads=True),
    "hand_over": Q(reads=True),
    "block": Q(blocks=True),
    "ban": Q(decides=True),
    "hear": Q(),
}
"""What a step of the road opens, by action."""


def held_steps(standing: Standing, wanted: Q) -> Q:
    """Matters with such a step that the person meets now; a deputy's post meets no step but its own."""
    return Q(
        Exists(RoadStep.objects.filter(held_as(standing, "matter__school"), wanted, matter=OuterRef("pk")))
    )


def not_named(user: Any) -> Q:
    """Matters that do not name the person."""
    return ~Q(Exists(NamedPerson.objects.filter(matter=OuterRef("pk"), user=user)))


def _by_road(user: Any, standing: Standing, action: str) -> Q | None:
    """Deputies never inherit, and a superuser without a role on the road sees nothing (design 3.5)."""
    if action in ON_THE_ROAD:
        return held_steps(standing, ON_THE_ROAD[action]) & not_named(user)
    if action == "view":
        read = held_steps(standing, ON_THE_ROAD["read"]) & not_named(user)
        return read | Q(reporter=user, school__in=standing.all_schools())
    if action == "own":
        return Q(reporter=user, school__in=standing.all_schools())
    return None


matter_rules = Rules(
    Matter,
    {
        "view": (),
        "read": (),
        "own": (),
        "deal": (),
        "hand_over": (),
        "block": (),
        "ban": (),
        "hear": (),
        "report": REPORTERS,
        "record": KEEPERS,
    },
    by_name=_by_road,
)


def _handed(user: Any, standing: Standing, action: str) -> Q:
    """Whoever fills in the technician's part, and whoever reads the whole."""
    return Q(matter__in=matter_rules.visible_to(user, "block").order_by().values("pk"))


handover_rules = Rules(Handover, {"view": ()}, school_field="matter__school", by_name=_handed)


def sees_reports(user: Any) -> bool:
    """Whether the pages of reports are worth showing: a role that may report, or something on the list."""
    return (
        bool(matter_rules.schools(user, "report"))
        or matter_rules.visible_to(user, "view").exclude(kind=MatterKind.BYPASS).exists()
    )


def keeps_records(user: Any) -> bool:
    """Whether the pages about getting round the firewall are worth showing: a role that records, or a record."""
    return (
        bool(matter_rules.schools(user, "record"))
        or matter_rules.visible_to(user, "view").filter(kind=MatterKind.BYPASS).exists()
    )
