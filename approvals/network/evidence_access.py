"""Who may see and do what with security measures, blocked sites and the yearly statement."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from approvals.models import BlockedSite, SecurityMeasure
from core.access import Rules, Standing, standing_of
from core.roles import EMPLOYED, Role, spec_matches, with_deputies
from people.models import School, User
from people.selectors import governed_by, profile_of

DIRECTORS = (Role.HEADTEACHER, Role.HEAD_OF_COMMS, Role.SENIOR_LEADER)
"""Who says which measures there shall be (CIT-2.48, STM-2.37); the executive team are senior leaders (CIT-2.14)."""
VIEWERS = (*DIRECTORS, Role.DSL, Role.GOVERNANCE, Role.DPO, Role.IT)
REVIEWERS = (Role.IT, Role.HEADTEACHER, Role.DPO)
"""Headteacher, data protection officer and technicians work on it together (CIT-2.22, STM-2.13)."""

NEVER_NAMED = ("staff", "contributor", "governance", "hr")
"""Roles that no profile may name for looking after the network."""
SITE_READERS = with_deputies((*EMPLOYED, Role.GOVERNANCE))


def _named_by_policy(user: Any, standing: Standing, action: str) -> Q | None:
    """Whoever installs firewalls by the school's policy sees and carries out too (STM-9.01, CIT-9.01)."""
    if action not in ("view", "carry_out"):
        return None
    covered = VIEWERS if action == "view" else (Role.IT,)
    others = standing.all_schools() - standing.schools(map(str, covered))
    schools = others & where_named(user, "firewall_installer")
    return Q(school__in=schools) if schools else None


def where_named(user: Any, setting: str, nobody: Iterable[str] = NEVER_NAMED) -> set[int]:
    """Ids of the schools whose profile names a role of the person in a setting that lists roles.

    `nobody` are roles that the setting never names: who holds no other costs no query.
    """
    standing = standing_of(user)
    if all(role in nobody for role, _post, _school in standing.held):
        return set()
    return {
        place.pk
        for place, profile in governed_by(user).items()
        if any(
            spec_matches(str(spec), role, post)
            for spec in profile.value(setting) or []
            for role, post in standing.roles_at(place.pk)
        )
    }


measure_rules = Rules(
    SecurityMeasure,
    {
        "view": VIEWERS,
        "direct": DIRECTORS,
        "carry_out": (Role.IT,),
        "review": REVIEWERS,
        "withdraw": DIRECTORS,
        "export": VIEWERS,
        "statement": VIEWERS,
    },
    by_name=_named_by_policy,
)


def _own_private(user: Any, standing: Standing, action: str) -> Q | None:
    """What was blocked after a report about somebody is seen by whoever blocked it and nobody else."""
    schools = standing.schools(SITE_READERS) if action != "block" else set()
    return Q(private=True, blocked_by=user, school__in=schools) if schools else None


site_rules = Rules(
    BlockedSite,
    {"view": SITE_READERS, "block": (Role.IT,), "lift": (Role.IT,)},
    at_schools=lambda schools: Q(school__in=schools, private=False),
    by_name=_own_private,
)


def may_block(user: User, school: School) -> bool:
    """Whether the person may put a site on the school's list: technicians, and who acts on reports of content."""
    if site_rules.allows_at(user, "block", school):
        return True
    return school.pk in where_named(user, "content_report_recipient", nobody=())


def installer_specs(school: School) -> list[str]:
    """Role specs of who carries measures out at a school: technicians, and whom the policy names."""
    return [Role.IT.value, *(str(spec) for spec in profile_of(school).firewall_installer or [])]
