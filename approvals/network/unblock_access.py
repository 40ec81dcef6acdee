"""Who may see and do what with requests to open a blocked site, and with pupils on the Wi-Fi."""

from typing import Any

from django.db.models import Q

from approvals.models import PupilWifi, UnblockRequest
from core.access import Rules, Standing
from core.roles import EMPLOYED, Role, with_deputies

CARRIERS = (
    Role.IT,
    Role.OFFICE,
    Role.HEADTEACHER,
    Role.DSL,
    Role.HEAD_OF_COMMS,
    Role.SENIOR_LEADER,
    Role.DPO,
)
"""Roles that a profile may name as receiver; whether it does is asked by `approvals.network.receivers`."""
READERS = (*CARRIERS, Role.GOVERNANCE)
"""Who reads the register of decisions: leaders, whoever looks after the network, and who oversees it."""
WIFI_READERS = (Role.HEADTEACHER, Role.DSL, Role.IT, Role.SENIOR_LEADER)
"""Names of pupils may stand in these, so fewer people read them."""
STAFF = with_deputies(EMPLOYED)


def _own(user: Any, standing: Standing, action: str) -> Q | None:
    """What a person asked for themselves, while they have a role at the school."""
    if action in ("view", "change", "end"):
        return Q(requested_by=user, school__in=standing.all_schools())
    return None


unblock_rules = Rules(
    UnblockRequest,
    {
        "view": READERS,
        "ask": STAFF,
        "change": (),
        "carry_out": CARRIERS,
        "end": (Role.HEADTEACHER, Role.IT, Role.DSL),
        "register": READERS,
    },
    by_name=_own,
)

wifi_rules = Rules(
    PupilWifi,
    {
        "view": WIFI_READERS,
        "ask": STAFF,
        "change": (),
        "carry_out": (Role.IT,),
        "end": (Role.HEADTEACHER, Role.IT, Role.DSL),
    },
    by_name=_own,
)
