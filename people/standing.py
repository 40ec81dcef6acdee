"""How the ground floor learns a person's roles: one query."""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from core.access import Standing
from people.models import Membership


@dataclass(frozen=True)
class Held:
    """What a person holds today. `trust_wide` is (trust id, role, post); `trust_of` maps schools to trusts."""

    standing: Standing
    trust_wide: frozenset[tuple[int, str, str]]
    trust_of: dict[int, int | None]

    def keep(self, user: Any) -> None:
        """Keep it on a request's own user, so that it is read once."""
        user._standing = self.standing
        user._reach = {}  # core.access.Rules
        user._trust_roles = self.trust_wide
        user._trust_of = self.trust_of


def read(user: Any) -> Standing:
    """The person's roles today, trust-wide ones spread over every active school of the trust."""
    return read_all(user).standing


def keep(user: Any) -> None:
    """Read them and keep them on this very object."""
    read_all(user).keep(user)


def read_all(user: Any) -> Held:
    """The same, with the trust-wide roles and the trusts of the schools."""
    rows = list(
        Membership.objects.active(timezone.localdate())
        .filter(user_id=user.pk)
        .order_by()
        .values_list(
            "role", "post", "school", "school__trust", "trust", "trust__schools", "trust__schools__active"
        )
    )
    held, trust_of = set(), {}
    for role, post, school, its_trust, trust, in_trust, active in rows:
        if school:
            held.add((role, post, school))
            trust_of[school] = its_trust
        elif in_trust and active:
            held.add((role, post, in_trust))
            trust_of[in_trust] = trust
    trust_wide = frozenset((row[4], row[0], row[1]) for row in rows if row[4])
    return Held(Standing(frozenset(held), bool(user.is_superuser)), trust_wide, trust_of)
