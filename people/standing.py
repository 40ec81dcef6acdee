"""How the ground floor learns a person's roles: one query."""

from typing import Any

from django.utils import timezone

from core.access import Standing
from people.models import Membership

TrustRoles = frozenset[tuple[int, str, str]]


def read(user: Any) -> Standing:
    """The person's roles today, trust-wide ones spread over every active school of the trust."""
    return read_all(user)[0]


def read_all(user: Any) -> tuple[Standing, TrustRoles]:
    """The same, and the trust-wide roles as (trust id, role, post)."""
    rows = list(
        Membership.objects.active(timezone.localdate())
        .filter(user_id=user.pk)
        .values_list("role", "post", "school_id", "trust_id", "trust__schools__id", "trust__schools__active")
    )
    held = frozenset(
        (role, post, school or in_trust)
        for role, post, school, _, in_trust, active in rows
        if school or (in_trust and active)
    )
    trust_wide = frozenset((trust, role, post) for role, post, _, trust, _, _ in rows if trust)
    return Standing(held, bool(user.is_superuser)), trust_wide
