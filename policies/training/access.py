"""Who may do what with training: one's own, and for those who see to it, their school's."""

from typing import Any

from django.db.models import Q

from core.access import Rules, Standing
from core.roles import Role
from people.selectors import keeps_at
from policies.models import Refresh, TrainingDuty, TrainingRecord, TrainingSession

TRAINERS = "trainer"
"""The setting that names who trains those who post (CIT-3.16, STM-3.15, RAV-3.10)."""
MANAGERS = (Role.HEADTEACHER, Role.DSL, Role.SENIOR_LEADER, Role.HR)
"""Who records training and sees who owes what."""
COUNTERS = (*MANAGERS, Role.GOVERNANCE, Role.HEAD_OF_COMMS)
"""Who sees how many, without names."""
ASKERS = (Role.HEADTEACHER, Role.DSL, Role.SENIOR_LEADER)
"""Who asks for training to be refreshed."""


class TrainingRules(Rules):
    """Rules that know whom each school's profile names as trainer."""

    BY_PROFILE = frozenset(("view", "record", "list", "export"))

    def schools(self, user: Any, action: str) -> set[int]:
        """The schools at which a role, or the school's own profile, grants the action."""
        found = super().schools(user, action)
        return found | keeps_at(user, (TRAINERS,)) if action in self.BY_PROFILE else found

    def allows_at(self, user: Any, action: str, school: Any) -> bool:
        """Whether the action is open at a school."""
        return school.pk in self.schools(user, action)


def _own_too(user: Any, standing: Standing, action: str) -> Q | None:
    """One's own to read; the trainer's schools to record and to list."""
    found = Q(user=user) if action == "view" else None
    if action in TrainingRules.BY_PROFILE and (schools := keeps_at(user, (TRAINERS,))):
        trained = Q(school__in=schools)
        found = trained if found is None else found | trained
    return found


def _at_trainers_schools(user: Any, standing: Standing, action: str) -> Q | None:
    """The trainer's schools."""
    schools = keeps_at(user, (TRAINERS,)) if action in TrainingRules.BY_PROFILE else set()
    return Q(school__in=schools) if schools else None


training_rules = TrainingRules(
    TrainingRecord,
    {"view": MANAGERS, "record": MANAGERS, "export": MANAGERS, "withdraw": MANAGERS, "figures": COUNTERS},
    by_name=_own_too,
)
session_rules = TrainingRules(
    TrainingSession, {"view": MANAGERS, "record": MANAGERS}, by_name=_at_trainers_schools
)
duty_rules = TrainingRules(
    TrainingDuty,
    {"view": MANAGERS, "list": MANAGERS, "export": MANAGERS, "figures": COUNTERS},
    by_name=_own_too,
)
refresh_rules = Rules(
    Refresh,
    {
        "view": (*MANAGERS, Role.GOVERNANCE, Role.HEAD_OF_COMMS),
        "ask": ASKERS,
        "call_off": ASKERS,
    },
)
