"""Who may do what with people, schools and profiles."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Q

from core.access import Rules, Standing, standing_of
from core.roles import Post, Role, spec_matches, with_deputies
from people.models import (
    Deputy,
    GovernanceProfile,
    Invitation,
    Membership,
    PendingChange,
    School,
    Trust,
    User,
)

CHAIR = f"{Role.GOVERNANCE}/{Post.CHAIR}"
ELT = f"{Role.SENIOR_LEADER}/{Post.ELT}"
HR_DIRECTOR = f"{Role.HR}/{Post.HR_DIRECTOR}"

EVERYBODY = with_deputies(Role)
LEADERS = (Role.HEADTEACHER, Role.SENIOR_LEADER, Role.HEAD_OF_COMMS)
MANAGERS = (Role.HEADTEACHER, Role.IT, ELT)
"""Who invites people and gives roles."""
CONFIRMERS = (Role.HEADTEACHER, Role.DSL, ELT, CHAIR, HR_DIRECTOR)
"""Who is the second person for a sensitive role or a routing setting."""
DIRECTORY = (*LEADERS, *MANAGERS, *CONFIRMERS, Role.OFFICE)
"""Who may look up the people of a school."""

school_rules = Rules(
    School,
    {
        "view": EVERYBODY,
        "edit": (Role.IT, Role.HEADTEACHER),
        "add": (),
        "directory": DIRECTORY,
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


def trusts_where(user: Any, specs: Iterable[str]) -> set[int]:
    """Ids of the trusts in which the person holds one of the roles in the whole trust.

    A request keeps what its own user holds (people.middleware.Standing).
    """
    held = getattr(user, "_trust_roles", None)
    if held is None:
        rows = Membership.objects.active().filter(user_id=user.pk, trust__isnull=False)
        held = rows.values_list("trust", "role", "post")
    return {trust for trust, role, post in held if meets(specs, role, post)}


def meets(specs: Iterable[str], role: str, post: str) -> bool:
    """Whether role and post meet one of the specs."""
    return any(spec_matches(str(spec), role, post) for spec in specs)


def trusts_of(user: Any, schools: set[int]) -> set[int]:
    """Ids of the trusts of the schools at which the user holds something."""
    kept = getattr(user, "_trust_of", None)
    if kept is None:
        rows = School.objects.filter(pk__in=schools, trust__isnull=False)
        return set(rows.values_list("trust", flat=True))
    return {kept[school] for school in schools if kept.get(school)}


def _more_memberships(user: Any, standing: Standing, action: str) -> Q | None:
    """One's own; those in a whole trust are seen from its schools and managed by trust-wide managers."""
    if action == "view":
        schools = standing.schools(DIRECTORY)
        return Q(user=user) | Q(trust__in=trusts_of(user, schools)) if schools else Q(user=user)
    trusts = trusts_where(user, MANAGERS) if action == "manage" else set()
    return Q(trust__in=trusts) if trusts else None


membership_rules = Rules(
    Membership,
    {"view": DIRECTORY, "manage": MANAGERS, "deputise": (Role.HEADTEACHER, CHAIR)},
    by_name=_more_memberships,
    superuser=frozenset({"view", "manage"}),
)


def _with_role(places: Q) -> Q:
    """People who have a role at these places now or later, or an invitation that is not used yet."""
    held = Membership.objects.filter(places, user=OuterRef("pk"), ended_at=None).order_by()
    asked = Invitation.objects.filter(
        places, user=OuterRef("pk"), accepted_at=None, revoked_at=None
    ).order_by()
    return Q(Exists(held)) | Q(Exists(asked))


def _more_users(user: Any, standing: Standing, action: str) -> Q | None:
    """For a directory, oneself, the people of the school, leavers too, and those of the whole trust.

    A leaver is seen where they were, and changed only where they are; trust-wide people by the trust.
    """
    if action != "view":
        trusts = trusts_where(user, MANAGERS)
        return _with_role(Q(trust__in=trusts)) if trusts else None
    schools = standing.schools(DIRECTORY)
    if not schools:
        return Q(pk=user.pk)
    places = Q(school__in=schools) | Q(trust__in=trusts_of(user, schools))
    held = Membership.objects.filter(places, user=OuterRef("pk")).order_by()
    asked = Invitation.objects.filter(places, user=OuterRef("pk")).order_by()
    return Q(pk=user.pk) | Q(Exists(held)) | Q(Exists(asked))


user_rules = Rules(
    User,
    {"view": (), "manage": MANAGERS},  # whom a directory shows is in _more_users
    at_schools=lambda schools: _with_role(Q(school__in=schools)),
    by_name=_more_users,
    superuser=frozenset({"view", "manage"}),
)


def _own_changes(user: Any, standing: Standing, action: str) -> Q | None:
    """Whoever asked, and whom it is about, may see it; the whole trust's are the whole trust's people's."""
    specs = (*MANAGERS, *CONFIRMERS) if action == "view" else CONFIRMERS
    trusts = trusts_where(user, specs)
    if action == "view":
        return Q(requested_by=user) | Q(about=user) | Q(trust__in=trusts)
    return Q(trust__in=trusts) if trusts else None


change_rules = Rules(
    PendingChange,
    {"view": tuple({*MANAGERS, *CONFIRMERS}), "confirm": CONFIRMERS},
    by_name=_own_changes,
    superuser=frozenset({"view"}),
)


def _trust_invitations(user: Any, standing: Standing, action: str) -> Q | None:
    """Invitations into the whole trust belong to its trust-wide managers."""
    trusts = trusts_where(user, MANAGERS)
    return Q(trust__in=trusts) if trusts else None


invitation_rules = Rules(
    Invitation,
    {"view": MANAGERS, "manage": MANAGERS},
    by_name=_trust_invitations,
    superuser=frozenset({"view", "manage"}),
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
