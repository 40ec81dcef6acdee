"""Who sees what of "read and understood": one's own, and for those who answer for it, their school's.

Of a document of a trust, whoever answers for one school sees the people of that school.
"""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q

from core.access import Rules, Standing
from people.selectors import governed_by
from policies.documents.access import FIGURES, WATCHERS
from policies.models import Acknowledgement, Document


def _own(user: Any, standing: Standing, action: str) -> Q | None:
    return Q(user=user) if action == "view" else None


acknowledgement_rules = Rules(
    Acknowledgement,
    {
        "view": WATCHERS,  # and one's own
        "figures": FIGURES,  # how many have, without a name
        "watch": WATCHERS,  # who has not, with names
        "remind": WATCHERS,
        "export": WATCHERS,
    },
    by_name=_own,
)


def scope_of(user: Any, action: str, document: Document) -> set[int]:
    """Ids of the schools whose readers of a document the person may see or remind; empty where there are none."""
    schools, trust = acknowledgement_rules.schools(user, action), document.school.trust_id
    if document.for_trust and trust:
        return schools & {place.pk for place in governed_by(user) if place.trust_id == trust}
    return schools & {document.school_id}


def require_scope(user: Any, action: str, document: Document) -> set[int]:
    """As `scope_of`; raises PermissionDenied where it is empty."""
    found = scope_of(user, action, document)
    if not found:
        raise PermissionDenied(f"readers of a document: {action} is not allowed here")
    return found
