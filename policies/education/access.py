"""Who plans, holds and sees what pupils and parents are taught about social media."""

from core.access import Rules
from core.roles import EMPLOYED, Role, with_deputies
from policies.models import EducationEvent, EducationPeriod

PLANNERS = with_deputies(
    (Role.STAFF, Role.OFFICE, Role.HEADTEACHER, Role.DSL, Role.HEAD_OF_COMMS, Role.SENIOR_LEADER)
)
READERS = with_deputies((*EMPLOYED, Role.GOVERNANCE))
REMINDED = (Role.HEADTEACHER, Role.DSL)
"""Who hears that a term is about to end, or has ended, without what the policy asks for."""

education_rules = Rules(
    EducationEvent,
    {
        "view": READERS,
        "plan": PLANNERS,
        "close": PLANNERS,
        "export": (Role.HEADTEACHER, Role.DSL, Role.HEAD_OF_COMMS, Role.SENIOR_LEADER, Role.GOVERNANCE),
    },
)
period_rules = Rules(EducationPeriod, {"view": READERS, "hear": REMINDED})
