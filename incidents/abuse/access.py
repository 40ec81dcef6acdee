"""Who may do what with the log of abuse: the keeper whom the profile names, those who read, whoever logged it.

An entry is no concern. Whether one was made of it is kept on the concern's side alone, behind its own rules.
"""

from typing import Any

from django.db.models import Q

from core.access import Rules, Standing
from core.roles import EMPLOYED, Role, with_deputies
from incidents.models import AbuseEntry
from people.selectors import keeps_at

KEEPER = "abuse_log_role"
"""The setting that says who hears of abuse, handles it and keeps the log (CIT-2.45, STM-2.17, RAV-7.01)."""
LOGGERS = with_deputies((*EMPLOYED, Role.CONTRIBUTOR))
"""Whoever works there may log what they came across (RAV-7.01)."""
READERS = with_deputies((Role.HEADTEACHER, Role.HEAD_OF_COMMS, Role.SENIOR_LEADER, Role.DSL))
"""Who reads the log beside its keeper."""
KEPT = frozenset(("view", "act", "close", "export", "figures"))
"""Actions that the profile opens to the keeper."""
OWN = frozenset(("view", "act"))
"""Actions on what one logged oneself: to read it, and to say what one did about it."""


def _by_name(user: Any, standing: Standing, action: str) -> Q | None:
    """The keeper's schools, and one's own entries where one still works."""
    found: Q | None = None
    if action in KEPT and (schools := keeps_at(user, (KEEPER,))):
        found = Q(school__in=schools)
    if action in OWN and (schools := standing.schools(LOGGERS)):
        own = Q(by=user, school__in=schools)
        found = own if found is None else found | own
    return found


class AbuseRules(Rules):
    """Rules that know the keeper of each school's log."""

    def schools(self, user: Any, action: str) -> set[int]:
        """The schools at which a role of the table or the school's own profile grants the action."""
        found = super().schools(user, action)
        return found | keeps_at(user, (KEEPER,)) if action in KEPT else found

    def allows_at(self, user: Any, action: str, school: Any) -> bool:
        """Whether the action is open at a school, by role or by the school's profile."""
        return school.pk in self.schools(user, action)


abuse_rules = AbuseRules(
    AbuseEntry,
    {
        "view": READERS,  # and whoever logged it
        "log": LOGGERS,
        "act": (),  # say what was done: the keeper, and whoever logged it
        "close": (),  # say that no more is to be done, or open it again: the keeper alone
        "export": READERS,
        "figures": (*READERS, Role.GOVERNANCE),  # how many there were, without a word of them
    },
    by_name=_by_name,
)
