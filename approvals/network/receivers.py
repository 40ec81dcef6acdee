"""Who receives a request about the network and carries it out, and who decides on it: never the same person."""

from django.db.models import Q

from approvals.models import ApprovalRequest, Decision, TimedOpening, UnblockNote, UnblockRequest
from approvals.signers import signers_at
from core.access import standing_of
from core.errors import Refused
from core.roles import Role, spec_matches
from people.governance.profile import Profile
from people.governance.who import RoleRef, StepSpec
from people.models import School, User
from people.selectors import holders_of_any, profile_of

WIFI_SECURITY = "wifi-security"
"""The kind of approval with which a technician confirms the security measures."""
NOBODY_DECIDES = (
    "Your school has not yet chosen who decides on blocked sites. "
    "Ask your headteacher or IT lead to choose it in the settings."
)


def receiver_specs(profile: Profile) -> list[str]:
    """Role specs of who receives requests and carries them out (STM-9.06, CIT-9.05)."""
    return [str(spec) for spec in profile.unblock_receiver or [Role.IT]]


def receivers(school: School, profile: Profile | None = None) -> list[User]:
    """The people of a school who receive and carry out."""
    return list(holders_of_any(school, receiver_specs(profile or profile_of(school))))


def provider_of(profile: Profile) -> str:
    """The e-mail address of the IT provider who answers by link; "" where requests stay in the portal."""
    return (profile.it_provider_email or "") if profile.unblock_route == "email" else ""


def is_receiver(user: User, school: School, profile: Profile | None = None) -> bool:
    """Whether the person holds a role that receives requests at the school."""
    held = standing_of(user).roles_at(school.pk)
    specs = receiver_specs(profile or profile_of(school))
    return any(spec_matches(spec, role, post) for spec in specs for role, post in held)


def deciding_step(profile: Profile, school: School, actor: User) -> StepSpec:
    """Who decides: the first role of the profile that somebody may sign for and that does not receive too.

    Raises Refused where nobody is chosen, or where whoever receives would decide as well (STM-9.06, 9.07).
    """
    chosen = [RoleRef(spec) for spec in profile.unblock_approver or []]
    if not chosen:
        raise Refused(NOBODY_DECIDES)
    apart = [spec for spec in chosen if spec not in receiver_specs(profile)]
    if not apart:
        raise Refused(
            "In your school's settings the same role receives requests and decides on them. These must be "
            "different people: ask your headteacher or IT lead to change one of the two settings."
        )
    for spec in apart:
        if signers_at(school, spec, "", {actor.pk}):
            return StepSpec(spec.role.value, spec.post)
    return StepSpec(apart[0].role.value, apart[0].post)  # the engine says in words that nobody can sign


def decided_by(row: TimedOpening, user: User) -> bool:
    """Whether this person gave the permission, for themselves or for somebody else.

    The technician's gate of the Wi-Fi is no permission: whoever took the measures also opens it.
    """
    given = Q(unblock_request=row) if isinstance(row, UnblockRequest) else Q(wifi_gate__permission=row)
    approvals = ApprovalRequest.objects.filter(given).exclude(kind=WIFI_SECURITY)
    return Decision.objects.filter(step__request__in=approvals.values("pk"), decided_by=user).exists()


def refuse_receiver_as_decider(row: UnblockRequest, decision: Decision) -> None:
    """Whoever gave the technical view on a request does not decide on it. Raises Refused."""
    if UnblockNote.objects.filter(request=row, author=decision.decided_by).exists():
        raise Refused("You gave the technical view on this request, so somebody else decides on it.")
