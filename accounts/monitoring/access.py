"""Who writes the monitoring report, and to whom it goes."""

from typing import Any

from django.db.models import Exists, OuterRef, Q

from accounts.models import MonitoringAction, MonitoringHearer, MonitoringReport
from core.access import Rules, Standing, held_as
from people.selectors import keeps_at

MONITORS = "monitor_roles"
"""The setting that names who monitors the accounts (CIT-2.15, CIT-2.41, STM-2.14)."""


def _hears(standing: Standing) -> Q:
    return Q(
        Exists(MonitoringHearer.objects.filter(held_as(standing, "report__school"), report=OuterRef("pk")))
    ) & ~Q(sent_at=None)


def _reports(user: Any, standing: Standing, action: str) -> Q | None:
    """A report that is not sent is its writer's; one that is sent, that of monitors, hearers and action owners."""
    written = Q(by=user, school__in=standing.all_schools())
    if action in ("edit", "send"):
        return written & Q(sent_at=None)
    if action == "read":
        return _hears(standing) & ~Q(by=user)
    monitors = keeps_at(user, (MONITORS,))
    monitored = Q(school__in=monitors) if monitors else Q(pk__in=[])
    if action in ("write", "follow"):
        return monitored & ~Q(sent_at=None) if monitors else None
    if action == "view":
        acts = MonitoringAction.objects.filter(owner=user, report=OuterRef("pk"))
        owned = Q(Exists(acts), school__in=standing.all_schools()) & ~Q(sent_at=None)
        return written | _hears(standing) | owned | monitored & ~Q(sent_at=None)
    return None


class MonitoringRules(Rules):
    """Rules that know whom each school's profile names as monitor."""

    def schools(self, user: Any, action: str) -> set[int]:
        """The schools at which the school's own profile grants the action."""
        found = super().schools(user, action)
        return found | keeps_at(user, (MONITORS,)) if action in ("write", "follow") else found

    def allows_at(self, user: Any, action: str, school: Any) -> bool:
        """Whether the action is open at a school."""
        return school.pk in self.schools(user, action)


monitoring_rules = MonitoringRules(
    MonitoringReport,
    {"view": (), "write": (), "edit": (), "send": (), "read": (), "follow": ()},
    by_name=_reports,
)
