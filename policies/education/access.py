"""Who plans, holds and sees what pupils and parents are taught about social media."""

from core.access import Rules
from core.roles import EMPLOYED, Role, with_deputies
from policies.models import EducationEvent

PLANNERS = with_deputies(
    (Role.STAFF, Role.OFFICE, Role.HEADTEACHER, Role.DSL, Role.HEAD_OF_COMMS, Role.SENIOR_LEADER)
)

education_rules = Rules(
    EducationEvent,
    {
        "view": with_deputies((*EMPLOYED, Role.GOVERNANCE)),
        "plan": PLANNERS,
        "close": PLANNERS,
        "export": (Role.HEADTEACHER, Role.DSL, Role.HEAD_OF_COMMS, Role.SENIOR_LEADER, Role.GOVERNANCE),
    },
)
