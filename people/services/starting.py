"""Setting up a school from the server's console: its first people have nobody to confirm them."""

from django.utils.text import slugify

from core.audit import audited, record
from core.errors import Refused
from core.roles import Post, Role
from people.governance.presets import PRESETS
from people.models import GovernanceProfile, Membership, School, Trust, User


def school_start(
    *,
    name: str,
    preset: str,
    head_email: str,
    head_name: str,
    trust: Trust | None = None,
    kind: str = "school",
) -> tuple[School, User]:
    """Create a school with its profile and its first headteacher (or leader of a central team).

    Only commands call this: whoever runs the server vouches for the first person.
    """
    if preset and preset not in PRESETS:
        raise Refused(f"There is no preset {preset}. Choose one of: {', '.join(PRESETS)}.")
    with audited():
        school = School(name=name, slug=slugify(name)[:80], trust=trust, kind=kind)
        school.full_clean()
        school.save()
        GovernanceProfile.objects.create(school=school, preset=preset)
        user = _first_person(head_email, head_name)
        role = Role.SENIOR_LEADER if kind == "central" else Role.HEADTEACHER
        first = Membership.objects.create(
            user=user, role=role, post="elt" if kind == "central" else "", school=school
        )
        record("people.school_started", school=school, subject=school, data={"preset": preset})
        record("people.membership_given", school=school, subject=first, data={"user": user.pk, "role": role})
    return school, user


def trust_start(
    *, name: str, preset: str, central: str, lead_email: str, lead_name: str
) -> tuple[Trust, School, User]:
    """Create a trust with its profile, its central team and its first trust-wide executive leader.

    Only commands call this: a trust-wide role needs a trust-wide person to confirm it, and there is
    none yet. Raises Refused or ValidationError.
    """
    if preset not in PRESETS:
        raise Refused(f"There is no preset {preset}. Choose one of: {', '.join(PRESETS)}.")
    with audited():
        trust = Trust(name=name, slug=slugify(name)[:80])
        trust.full_clean()
        trust.save()
        GovernanceProfile.objects.create(trust=trust, preset=preset)
        hub = School(name=central, slug=f"{trust.slug}-central"[:80], trust=trust, kind=School.Kind.CENTRAL)
        hub.full_clean()
        hub.save()
        GovernanceProfile.objects.create(school=hub)
        user = _first_person(lead_email, lead_name)
        first = Membership.objects.create(user=user, role=Role.SENIOR_LEADER, post=Post.ELT, trust=trust)
        record("people.school_started", school=hub, subject=trust, data={"preset": preset})
        record(
            "people.membership_given", school=hub, subject=first, data={"user": user.pk, "trust": trust.pk}
        )
    return trust, hub, user


def _first_person(email: str, name: str) -> User:
    return User.objects.filter(email=email.strip().lower()).first() or User.objects.create_user(email, name)
