"""Reads of monitoring reports for lists and the to-do list. None asks a query by itself."""

from typing import Any

from django.db.models import Case, CharField, Count, Exists, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import MonitoredAccount, MonitoringAction, MonitoringRead, MonitoringReport
from accounts.monitoring.access import monitoring_rules
from accounts.monitoring.services import SEEN


def unread_by(user: Any) -> QuerySet[MonitoringReport]:
    """Reports that went to the person and that they have not said to have read."""
    read = MonitoringRead.objects.filter(report=OuterRef("pk"), by=user)
    return monitoring_rules.visible_to(user, "read").filter(~Exists(read))


def with_state(rows: QuerySet[MonitoringReport], user: Any) -> QuerySet[MonitoringReport]:
    """With `state`: draft, unread (by this person), overdue, open or done."""
    todo = MonitoringAction.objects.filter(report=OuterRef("pk"), done_at=None)
    late = todo.filter(due_on__lt=timezone.localdate())
    return rows.annotate(
        state=Case(
            When(sent_at=None, then=Value("draft")),
            When(Exists(unread_by(user).filter(pk=OuterRef("pk"))), then=Value("unread")),
            When(Exists(late), then=Value("overdue")),
            When(Exists(todo), then=Value("open")),
            default=Value("done"),
            output_field=CharField(),
        )
    )


def with_numbers(rows: QuerySet[MonitoringReport]) -> QuerySet[MonitoringReport]:
    """With `looked_at`, `problems`, `to_do` and `readers`: how many accounts, actions and people."""
    looks = MonitoredAccount.objects.filter(report=OuterRef("pk"))
    acts = MonitoringAction.objects.filter(report=OuterRef("pk"), done_at=None)
    return rows.annotate(
        looked_at=_number(looks.filter(found__in=SEEN)),
        problems=_number(looks.filter(found=MonitoredAccount.Found.PROBLEM)),
        to_do=_number(acts),
        readers=_number(MonitoringRead.objects.filter(report=OuterRef("pk"))),
    )


def _number(rows: QuerySet) -> Coalesce:
    grouped = rows.order_by().values("report").annotate(many=Count("pk"))
    return Coalesce(Subquery(grouped.values("many")), 0)


def searched(rows: QuerySet[MonitoringReport], words: str) -> QuerySet[MonitoringReport]:
    """Those in whose words all of these stand."""
    for word in words.split():
        rows = rows.filter(
            Q(findings__icontains=word)
            | Q(mitigations__icontains=word)
            | Q(elsewhere__icontains=word)
            | Q(resources__icontains=word)
            | Q(by__full_name__icontains=word)
        )
    return rows
