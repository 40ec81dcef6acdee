"""Who may hold a right on an account, who gives it, who may take it away, and whether there are enough."""

from dataclasses import dataclass

from accounts.access import account_rules
from accounts.choices import Right
from accounts.models import AccountRight, RightsRequest, SocialAccount
from accounts.models.account import right_in_force
from core.access import standing_of
from core.errors import Refused
from core.roles import Role, spec_matches
from people.governance.profile import Profile
from people.governance.who import RoleRef, StepSpec
from people.models import School, User
from people.selectors import employees_at, people_at, profile_of

WATCHERS = (Role.HEADTEACHER, Role.HEAD_OF_COMMS)
"""Who hears that an account is short of people, and may always take a right away."""
IN_USE = (SocialAccount.Status.APPROVED, SocialAccount.Status.LIVE)
"""Accounts on which rights are given."""


def grantors(profile: Profile, school: School) -> list[RoleRef]:
    """Who gives rights at a school: the profile's `admin_grantors`.

    CIT-2.42, CIT-3.09: headteacher and Head of Communications; STM-3.09: headteacher alone. A
    central team has no headteacher: its executive team stands in that place (inferred, CIT-2.27).
    """
    named = [RoleRef(who) for who in profile.admin_grantors or []]
    if not school.is_central:
        return named
    return [RoleRef("senior_leader/elt") if who == Role.HEADTEACHER else who for who in named]


def grantor_chain(profile: Profile, school: School, move: str) -> list[StepSpec]:
    """Who signs a change of rights: all grantors in their order; the first of them to end one."""
    chain = [StepSpec(who.role, who.post, "any") for who in grantors(profile, school)]
    return chain if move == RightsRequest.Move.GRANT else chain[:1]


@dataclass(frozen=True)
class Present:
    """Who has a role at a school, and whom it employs: ids, read once for many checks (accounts.directory)."""

    people: frozenset[int]
    employed: frozenset[int]


def check_person(
    school: School, profile: Profile, user: User, right: str, present: Present | None = None
) -> None:
    """Raise Refused for somebody who may not hold the right here.

    CIT-3.09: staff only. RAV-3.06: the lead is employed. RAV-3.11, STM-3.09: others may administer
    where the profile lets them; whether they may post is a setting of its own (STM-3.17).
    """
    here = user.pk in present.people if present else people_at(school).filter(pk=user.pk).exists()
    if not here:
        raise Refused(f"{user} has no role at {school}.", field="user")
    employed = user.pk in present.employed if present else employees_at(school).filter(pk=user.pk).exists()
    if employed:
        return
    if right == Right.LEAD and profile.lead_must_be_employed:
        raise Refused(f"{user} is not employed here. The lead must be a member of staff.", field="user")
    outsider = f"{user} is not a member of staff. Your school's policy lets only staff"
    if right == Right.ADMINISTRATOR and not profile.allow_non_staff_admin:
        raise Refused(f"{outsider} administer an account.", field="user")
    if right == Right.POSTER and not profile.allow_non_staff_posting:
        raise Refused(f"{outsider} post.", field="user")


def may_end(user: User, account: SocialAccount, profile: Profile | None = None) -> bool:
    """Whether a person may end rights on an account at once: its grantors, headteacher, Head of Communications."""
    if not account_rules.allows_at(user, "end_rights", account.school):
        return False
    specs = [*WATCHERS, *grantors(profile or profile_of(account.school), account.school)]
    held = standing_of(user).roles_at(account.school_id)
    return any(spec_matches(str(spec), role, post) for spec in specs for role, post in held)


def administrators_of(account: SocialAccount) -> int:
    """How many people hold administrator rights in force."""
    return AccountRight.objects.filter(right_in_force(), account=account, right=Right.ADMINISTRATOR).count()


def shortfall(account: SocialAccount, profile: Profile, held: int | None = None) -> int:
    """How many administrators are missing (0 or less: none), STM-15.21."""
    return (profile.min_admins or 1) - (administrators_of(account) if held is None else held)
