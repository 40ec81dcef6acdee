"""Setting up a school from the server's console: its first people have nobody to confirm them."""

from django.utils.text import slugify

from core.audit import audited, record
from core.errors import Refused
from core.roles import Role
from people.governance.presets import PRESETS
from people.models import GovernanceProfile, Membership, School, Trust, User


def school_start(
    *, name: str, preset: str, head_email: str, head_name: str, trust: Trust | None = None, kind: str = "school"
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
        user = User.objects.filter(email=head_email.lower()).first()
        user = user or User.objects.create_user(head_email, head_name)
        role = Role.SENIOR_LEADER if kind == "central" else Role.HEADTEACHER
        first = Membership.objects.create(
            user=user, role=role, post="elt" if kind == "central" else "", school=school
        )
        record("people.school_started", school=school, subject=school, data={"preset": preset})
        record("people.membership_given", school=school, subject=first, data={"user": user.pk, "role": role})
    return school, user
