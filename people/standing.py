"""How the ground floor learns a person's roles: one query."""

from typing import Any

from django.utils import timezone

from core.access import Standing
from people.models import Membership


def read(user: Any) -> Standing:
    """The person's roles today, trust-wide ones spread over every active school of the trust."""
    rows = list(
        Membership.objects.active(timezone.localdate())
        .filter(user_id=user.pk)
        .values_list("role", "post", "school_id", "trust__schools__id", "trust__schools__active", "school__name", "trust__name")
    )
    held = frozenset(
        (role, post, school or in_trust)
        for role, post, school, in_trust, active, *_ in rows
        if school or (in_trust and active)
    )
    places = {school_name or trust_name for *_, school_name, trust_name in rows}
    return Standing(held, bool(user.is_superuser), places.pop() if len(places) == 1 else "")
