"""The eleven roles, and the posts that narrow them (policies/roles.md in the specification)."""

from collections.abc import Iterable

from django.db import models


class Role(models.TextChoices):
    """What a person is to a school. Settings name roles, never people."""

    STAFF = "staff", "Member of staff"
    CONTRIBUTOR = "contributor", "Volunteer or contributor"
    OFFICE = "office", "School office"
    HEADTEACHER = "headteacher", "Headteacher"
    DSL = "dsl", "Designated Safeguarding Lead"
    HEAD_OF_COMMS = "head_of_comms", "Head of Communications"
    SENIOR_LEADER = "senior_leader", "Senior leader"
    GOVERNANCE = "governance", "Governor or trustee"
    HR = "hr", "Human resources"
    DPO = "dpo", "Data protection officer"
    IT = "it", "IT technician"


class Post(models.TextChoices):
    """A post narrows a role where a policy does: the Business Manager is one senior leader."""

    BUSINESS_MANAGER = "business_manager", "Business manager"
    OFFICE_MANAGER = "office_manager", "Office manager"
    ELT = "elt", "Executive leadership team"
    CHAIR = "chair", "Chair"
    HR_DIRECTOR = "hr_director", "Director of HR"
    ONLINE_SAFETY = "online_safety", "Online safety officer"
    DEPUTY = "deputy", "Deputy"


EMPLOYED = (
    Role.STAFF,
    Role.OFFICE,
    Role.HEADTEACHER,
    Role.DSL,
    Role.HEAD_OF_COMMS,
    Role.SENIOR_LEADER,
    Role.HR,
    Role.DPO,
    Role.IT,
)
"""Roles whose holders are employed: what a policy allows to "staff", each of these may do."""

CONFIRMED_BY_TWO = (Role.DSL, Role.HEADTEACHER, Role.HR, Role.DPO, Role.GOVERNANCE)
"""Roles that take effect only when a second entitled person confirms (design 3.6)."""


def spec_matches(spec: str, role: str, post: str) -> bool:
    """Whether a holder of role and post meets `spec`, written `role` or `role/post`.

    A deputy headteacher is not the headteacher: the post `deputy` meets only `role/deputy`. Whoever
    stands in for somebody is appointed (people.models.Deputy) and recorded as acting for them.
    """
    wanted_role, _, wanted_post = spec.partition("/")
    return role == wanted_role and (post == wanted_post if wanted_post else post != Post.DEPUTY)


def with_deputies(roles: Iterable[str]) -> tuple[str, ...]:
    """The roles as specs, their deputies included: for what everybody at a school may see."""
    return tuple(spec for role in roles for spec in (str(role), f"{role}/{Post.DEPUTY}"))
