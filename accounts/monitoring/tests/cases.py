"""Monitoring reports in one line each."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from accounts.models import MonitoringReport, SocialAccount
from accounts.monitoring.services import report_send, report_start
from accounts.monitoring.written import Act, Looked, Written
from core.models import Platform
from people.models import School, User


def an_account(school: School, name: str = "Hilltop news", **more: Any) -> SocialAccount:
    """A live account of the school."""
    values = {"status": "live", "live_since": timezone.localdate() - timedelta(days=40), **more}
    platform = Platform.objects.order_by("pk").first()
    return SocialAccount.objects.create(school=school, platform=platform, name=name, **values)


def written(**changes: Any) -> Written:
    """What was found in the last month."""
    today = timezone.localdate()
    values = {
        "starts_on": today - timedelta(days=30),
        "ends_on": today,
        "findings": "Looked at every account twice",
        "mitigations": "A second person reads posts",
        **changes,
    }
    return Written(**values)


def a_report(actor: User, school: School, **changes: Any) -> MonitoringReport:
    """A draft."""
    return report_start(actor=actor, school=school, once=uuid4(), written=written(**changes))


def a_sent_report(actor: User, school: School, **changes: Any) -> MonitoringReport:
    """One that was sent."""
    return report_send(actor=actor, report=a_report(actor, school, **changes))


def an_act(owner: User, due_on: date | None = None, what: str = "Renew the password") -> Act:
    """Something to do within ten days."""
    return Act(what, owner, due_on or timezone.localdate() + timedelta(days=10))


def looked(found: str = "fine", note: str = "") -> Looked:
    """What was found on an account."""
    return Looked(found, note)
