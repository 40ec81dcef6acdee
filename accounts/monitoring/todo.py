"""What monitoring put on a person's to-do list."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import CharField, F, QuerySet
from django.db.models.functions import Cast
from django.urls import reverse

from accounts.models import MonitoringAction
from accounts.monitoring.access import monitoring_rules
from accounts.monitoring.selectors import unread_by
from core.access import standing_of
from core.tables import date_text
from core.todo import line, lines_of, source


def _at(name: str) -> Callable[[UUID], str]:
    return lambda key: reverse(name, args=[key])


def _up_to(words: str) -> Callable[[str, datetime | None], str]:
    """A title with the last day of the report, of which the row's name is the ISO text."""
    return lambda name, since: f"{words}, up to {date_text(date.fromisoformat(name))}"


READ = line(
    "monitoring-read",
    _up_to("Read a monitoring report"),
    _at("accounts:monitoring-detail"),
    "Read",
    rank=80,
)
ACT = line("monitoring-act", "{name}", _at("accounts:monitoring-action-done"), "Mark as done", rank=81)
DRAFT = line(
    "monitoring-draft",
    _up_to("Finish your monitoring report"),
    _at("accounts:monitoring-detail"),
    "Go on",
    rank=82,
)
LAST_DAY = Cast("ends_on", CharField())


@source
def _to_read(user: Any) -> QuerySet:
    """Reports that went to the person."""
    rows = unread_by(user)
    return lines_of(rows, line=READ, key="uuid", place="school__name", since="sent_at", name=LAST_DAY)


@source
def _to_do(user: Any) -> QuerySet:
    """What reports ask of the person."""
    rows = MonitoringAction.objects.filter(
        owner=user,
        done_at=None,
        report__sent_at__isnull=False,
        report__school__in=standing_of(user).all_schools(),
    )
    return lines_of(
        rows,
        line=ACT,
        key="uuid",
        place="report__school__name",
        since="report__sent_at",
        due_on=F("due_on"),
        name=F("what"),
    )


@source
def _drafts(user: Any) -> QuerySet:
    """Reports that the person has begun."""
    rows = monitoring_rules.visible_to(user, "edit")
    return lines_of(rows, line=DRAFT, key="uuid", place="school__name", since="at", name=LAST_DAY)
