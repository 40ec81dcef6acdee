"""Who may see and decide an approval request."""

from typing import Any

from django.db.models import Q

from approvals.models import ApprovalRequest, ApprovalStep
from approvals.signers import signable_steps
from core.access import Rules, Standing
from core.roles import Role

READERS = (Role.HEADTEACHER, Role.HEAD_OF_COMMS, Role.SENIOR_LEADER)
"""Leaders read every submitted request of their school (RAV-2.06)."""
OF_PUPILS = ("wifi-permission", "wifi-security")
"""Kinds in which pupils may be named: the Head of Communications has no business with them."""
READERS_OF_PUPILS = (Role.HEADTEACHER, Role.SENIOR_LEADER)


def _by_name(user: Any, standing: Standing, action: str) -> Q | None:
    """The requester sees their own; a signer sees what is theirs to sign or what they signed.

    Who has left reads nothing of the school any more; where a role reads everything, nothing is asked
    by name.
    """
    if action == "decide":
        return Q(pk__in=signable_steps(user).values("request"))
    if action == "withdraw":
        return Q(requested_by=user)
    read = standing.schools(map(str, READERS_OF_PUPILS))
    partly = standing.schools(map(str, READERS)) - read
    elsewhere = standing.all_schools() - read
    if not elsewhere:
        return None
    signed = ApprovalStep.objects.filter(decisions__decided_by=user).values("request")
    mine = Q(requested_by=user) | Q(pk__in=signed)
    found = Q(pk__in=signable_steps(user, but=read).values("request")) | (Q(school__in=elsewhere) & mine)
    return found | (Q(school__in=partly) & ~Q(kind__in=OF_PUPILS)) if partly else found


approval_rules = Rules(
    ApprovalRequest,
    {"view": READERS_OF_PUPILS, "decide": (), "withdraw": ()},
    by_name=_by_name,
)
