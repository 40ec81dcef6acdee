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


def carriers(row: TimedOpening, profile: Profile | None = None) -> list[User]:
    """Who opens this and blocks it again: the receivers, and for the Wi-Fi the technicians (CIT-6.03)."""
    if isinstance(row, UnblockRequest):
        return receivers(row.school, profile)
    return list(holders_of_any(row.school, [Role.IT]))


def is_carrier(user: User, row: TimedOpening) -> bool:
    """Whether the person is one of them."""
    if isinstance(row, UnblockRequest):
        return is_receiver(user, row.school)
    return any(spec_matches(Role.IT, role, post) for role, post in standing_of(user).roles_at(row.school_id))


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


def require_two_people(school: School, step: StepSpec, receiving: list[User], actor: User) -> None:
    """Refuse what one person alone would both decide and carry out. Raises Refused."""
    deciding = {signer.user.pk for signer in signers_at(school, str(step.ref), "", {actor.pk})}
    people = deciding | {user.pk for user in receiving}
    if deciding and receiving and len(people) == 1:
        raise Refused(
            "The only person who could open the site is the one who decides on it, and these must be different "
            "people. Ask your headteacher to give somebody else the role of IT."
        )


def decided_by(row: TimedOpening, user: User) -> bool:
    """Whether this person gave the permission, for themselves or for somebody else.

    The technician's gate of the Wi-Fi is no permission: whoever took the measures also opens it.
    """
    given = Q(unblock_request=row) if isinstance(row, UnblockRequest) else Q(wifi_gate__permission=row)
    approvals = ApprovalRequest.objects.filter(given).exclude(kind=WIFI_SECURITY)
    return Decision.objects.filter(step__request__in=approvals.values("pk"), decided_by=user).exists()


def refuse_receiver_as_decider(row: UnblockRequest, decision: Decision) -> None:
    """Whoever gave the technical view, or alone could carry it out, does not decide. Raises Refused."""
    if UnblockNote.objects.filter(request=row, author=decision.decided_by).exists():
        raise Refused("You gave the technical view on this request, so somebody else decides on it.")
    if decision.outcome != Decision.Outcome.APPROVED or provider_of(profile_of(row.school)):
        return
    if not [one for one in receivers(row.school) if one.pk != decision.decided_by_id]:
        raise Refused("You are the only one who could open the site, so somebody else decides on it.")
