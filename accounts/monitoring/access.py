"""Who writes the monitoring report, and to whom it goes."""

from typing import Any

from django.db.models import Exists, OuterRef, Q

from accounts.models import MonitoringAction, MonitoringHearer, MonitoringReport
from core.access import Rules, Standing, held_as, standing_of
from core.roles import Role
from people.governance.profile import Profile
from people.selectors import governed_by, keeps_at

MONITORS = "monitor_roles"
"""The setting that names who monitors the accounts (CIT-2.15, CIT-2.41, STM-2.14)."""
EVERY = "monitor_every_days"
"""The setting that says within how many days each account is looked at (RAV-4.01); none: it is for the monitors."""
UNLESS_NAMED = (str(Role.HEADTEACHER), str(Role.GOVERNANCE))
"""Who receives the report of a school whose policy names nobody."""


def hearer_specs(profile: Profile) -> list[str]:
    """Role specs of those to whom a school's report goes (CIT-2.15, CIT-2.41)."""
    return [str(spec) for spec in profile.monitor_report_to or ()] or list(UNLESS_NAMED)


def hears_at(user: Any) -> set[int]:
    """Ids of the schools whose reports go to a role of the user."""
    standing = standing_of(user)
    return {
        place.pk
        for place, profile in governed_by(user).items()
        if place.pk in standing.schools(hearer_specs(profile))
    }


def _hears(standing: Standing) -> Q:
    return Q(
        Exists(MonitoringHearer.objects.filter(held_as(standing, "report__school"), report=OuterRef("pk")))
    ) & ~Q(sent_at=None)


def _reports(user: Any, standing: Standing, action: str) -> Q | None:
    """A report that is not sent is its writer's; one that is sent, that of monitors, hearers and action owners."""
    written = Q(by=user, school__in=standing.all_schools())
    if action == "read":
        return _hears(standing) & ~Q(by=user)
    monitors = keeps_at(user, (MONITORS,))
    monitored = Q(school__in=monitors) if monitors else Q(pk__in=[])
    if action in ("edit", "send"):
        return written & monitored & Q(sent_at=None) if monitors else None
    if action in ("write", "follow"):
        return monitored & ~Q(sent_at=None) if monitors else None
    if action == "export":
        return (_hears(standing) | monitored & ~Q(sent_at=None)) if monitors or hears_at(user) else None
    if action == "view":
        acts = MonitoringAction.objects.filter(owner=user, report=OuterRef("pk"))
        owned = Q(Exists(acts), school__in=standing.all_schools()) & ~Q(sent_at=None)
        return written | _hears(standing) | owned | monitored & ~Q(sent_at=None)
    return None


class MonitoringRules(Rules):
    """Rules that know whom each school's profile names as monitor, and who receives the report there."""

    def schools(self, user: Any, action: str) -> set[int]:
        """The schools at which the school's own profile grants the action."""
        found = super().schools(user, action)
        if action in ("write", "follow", "export"):
            found = found | keeps_at(user, (MONITORS,))
        return found | hears_at(user) if action == "export" else found

    def allows_at(self, user: Any, action: str, school: Any) -> bool:
        """Whether the action is open at a school."""
        return school.pk in self.schools(user, action)


monitoring_rules = MonitoringRules(
    MonitoringReport,
    {
        "view": (),  # its writer; once it is sent, hearers, monitors, and who has to do something
        "write": (),  # begin one: monitors
        "edit": (),  # a draft: its writer, who still monitors
        "send": (),
        "read": (),  # say that one has read it: to whom it went, not the writer
        "follow": (),  # see that its actions are done: monitors
        "export": (),  # and the state of the accounts: monitors, and to whom reports go
    },
    by_name=_reports,
)


def _actions(user: Any, standing: Standing, action: str) -> Q | None:
    """With the report that it follows from; done by its owner, or by whoever follows the report."""
    reports = monitoring_rules.visible_to(user, "follow" if action == "do" else "view")
    found = Q(report__in=reports.exclude(sent_at=None).order_by().values("pk"))
    if action == "do":
        found |= Q(owner=user, report__school__in=standing.all_schools()) & ~Q(report__sent_at=None)
    return found


action_rules = Rules(
    MonitoringAction, {"view": (), "do": ()}, school_field="report__school", by_name=_actions
)
