"""Who sees what of "read and understood": one's own, and for those who answer for it, their school's."""

from typing import Any

from django.db.models import Q

from core.access import Rules, Standing
from policies.documents.access import WATCHERS
from policies.models import Acknowledgement


def _own(user: Any, standing: Standing, action: str) -> Q | None:
    return Q(user=user) if action == "view" else None


acknowledgement_rules = Rules(
    Acknowledgement, {"view": WATCHERS, "remind": WATCHERS, "export": WATCHERS}, by_name=_own
)
