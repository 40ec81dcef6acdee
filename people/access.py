"""Who may do what with people, schools and profiles."""

from typing import Any

from django.db.models import Q

from core.access import Rules, Standing, standing_of
from core.roles import Post, Role
from people.models import Deputy, GovernanceProfile, Invitation, Membership, PendingChange, School, Trust, User

CHAIR = f"{Role.GOVERNANCE}/{Post.CHAIR}"
ELT = f"{Role.SENIOR_LEADER}/{Post.ELT}"
HR_DIRECTOR = f"{Role.HR}/{Post.HR_DIRECTOR}"

EVERYBODY = tuple(Role)
LEADERS = (Role.HEADTEACHER, Role.SENIOR_LEADER, Role.HEAD_OF_COMMS)
MANAGERS = (Role.HEADTEACHER, Role.IT, ELT)
"""Who invites people and gives roles."""
CONFIRMERS = (Role.HEADTEACHER, Role.DSL, ELT, CHAIR, HR_DIRECTOR)
"""Who is the second person for a sensitive role or a routing setting."""

school_rules = Rules(
    School,
    {
        "view": EVERYBODY,
        "edit": (Role.IT, Role.HEADTEACHER),
        "add": (),
        "directory": (*LEADERS, *MANAGERS, *CONFIRMERS, Role.OFFICE),
    },
    school_field="pk",
    superuser=frozenset({"view", "edit", "add"}),
)

trust_rules = Rules(
    Trust,
    {"view": EVERYBODY, "edit": (), "add": ()},
    at_schools=lambda schools: Q(pk__in=School.objects.filter(pk__in=schools).values("trust")),
    superuser=frozenset({"view", "edit", "add"}),
)


def _own_profile(user: Any, standing: Standing, action: str) -> Q | None:
    """A trust's profile is read by everybody in its schools, and changed by its executive team."""
    if action == "view":
        trusts = School.objects.filter(pk__in=standing.all_schools()).values("trust")
        return Q(trust__in=trusts)
    if action == "edit":
        return Q(trust__memberships__in=Membership.objects.active().filter(user_id=user.pk).meeting(ELT))
    return None


profile_rules = Rules(
    GovernanceProfile,
    {"view": EVERYBODY, "edit": (Role.HEADTEACHER, Role.IT, ELT)},
    by_name=_own_profile,
    superuser=frozenset({"view"}),
)


def _trust_memberships(user: Any, standing: Standing, action: str) -> Q | None:
    """Trust-wide memberships are seen from its schools and managed by trust-wide managers."""
    if action == "view":
        schools = standing.schools(school_rules.table["directory"])
        return Q(trust__in=School.objects.filter(pk__in=schools).values("trust")) if schools else None
    trust_wide = Membership.objects.active().filter(user_id=user.pk, trust__isnull=False)
    trusts = [m.trust_id for m in trust_wide if any(_meets(m, spec) for spec in MANAGERS)]
    return Q(trust__in=trusts) if trusts else None


def _meets(membership: Membership, spec: str) -> bool:
    role, _, post = str(spec).partition("/")
    return membership.role == role and (not post or membership.post == post)


membership_rules = Rules(
    Membership,
    {"view": school_rules.table["directory"], "manage": MANAGERS, "deputise": (Role.HEADTEACHER, CHAIR)},
    by_name=_trust_memberships,
    superuser=frozenset({"view", "manage"}),
)


def _own_user(user: Any, standing: Standing, action: str) -> Q | None:
    if action == "view":
        return Q(pk=user.pk)
    return None


user_rules = Rules(
    User,
    {"view": school_rules.table["directory"], "manage": MANAGERS},
    at_schools=lambda schools: Q(
        pk__in=Membership.objects.filter(Q(school__in=schools) | Q(trust__schools__in=schools)).values("user")
    ),
    by_name=_own_user,
    superuser=frozenset({"view", "manage"}),
)


def _own_changes(user: Any, standing: Standing, action: str) -> Q | None:
    """Whoever asked may see and withdraw; trust-wide changes are confirmed at the trust."""
    if action == "view":
        return Q(requested_by=user)
    if action == "confirm":
        trusts = School.objects.filter(pk__in=standing.schools(CONFIRMERS)).values("trust")
        return Q(trust__in=trusts)
    return None


change_rules = Rules(
    PendingChange,
    {"view": tuple({*MANAGERS, *CONFIRMERS}), "confirm": CONFIRMERS},
    by_name=_own_changes,
    superuser=frozenset({"view"}),
)

invitation_rules = Rules(
    Invitation, {"view": MANAGERS, "manage": MANAGERS}, superuser=frozenset({"view", "manage"})
)


def _own_deputies(user: Any, standing: Standing, action: str) -> Q | None:
    if action == "view":
        return Q(person=user) | Q(deputy=user)
    return Q(person=user)


deputy_rules = Rules(
    Deputy,
    {"view": (Role.HEADTEACHER, CHAIR), "manage": (Role.HEADTEACHER, CHAIR)},
    by_name=_own_deputies,
)


def may_enter_admin(user: Any) -> bool:
    """The IT lead of a school, and whoever runs the server."""
    standing = standing_of(user)
    return standing.is_superuser or bool(standing.schools([Role.IT]))
