"""Who may see and decide an approval request."""

from typing import Any

from django.db.models import Q

from approvals.models import ApprovalRequest, ApprovalStep
from approvals.signers import signable_steps
from core.access import Rules, Standing
from core.roles import Role

READERS = (Role.HEADTEACHER, Role.HEAD_OF_COMMS, Role.SENIOR_LEADER)
"""Leaders read every submitted request of their school (RAV-2.06)."""


def _by_name(user: Any, standing: Standing, action: str) -> Q | None:
    """The requester sees their own; a signer sees what is theirs to sign or what they signed."""
    signable = Q(pk__in=signable_steps(user).values("request"))
    if action == "decide":
        return signable
    if action == "withdraw":
        return Q(requested_by=user)
    here = Q(school__in=standing.all_schools())  # who has left reads nothing of the school any more
    signed = ApprovalStep.objects.filter(decisions__decided_by=user).values("request")
    return signable | here & (Q(requested_by=user) | Q(pk__in=signed))


approval_rules = Rules(
    ApprovalRequest,
    {"view": READERS, "decide": (), "withdraw": ()},
    by_name=_by_name,
)
