"""Who may do what with the review of a document."""

from typing import Any

from django.db.models import Q

from core.access import Rules, Standing
from core.roles import Role
from people.selectors import keeps_at
from policies.documents.access import KEEPERS, REVIEW
from policies.models import Review

READERS = (*KEEPERS, Role.GOVERNANCE)


def _reviews(user: Any, standing: Standing, action: str) -> Q | None:
    """Reviewers and ratifiers whom the school's profile names. Who signs which line is asked by the service."""
    if action not in ("view", "sign", "write"):
        return None
    named = keeps_at(user, REVIEW if action == "view" else ("reviewer",))
    return Q(document__school__in=named) if named else None


review_rules = Rules(
    Review,
    {
        "view": READERS,
        "write": KEEPERS,  # findings, the proposed version, the next date; give it up
        "sign": (Role.HEADTEACHER,),  # where the profile names no reviewer
    },
    school_field="document__school",
    by_name=_reviews,
)
