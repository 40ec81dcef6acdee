"""What measures put on a person's to-do list: to carry out, to review."""

from collections.abc import Iterator
from typing import Any

from django.utils import timezone

from approvals.models import SecurityMeasure
from approvals.network.evidence_access import measure_rules, where_named
from approvals.network.measures import REMIND_BEFORE, url_of
from core.access import standing_of
from core.roles import Role
from core.todo import TodoItem, todo

MOST = 50


@todo
def measures_to_carry_out(user: Any) -> Iterator[TodoItem]:
    """For IT, and whom the policy names: measures that somebody else directed (CIT-2.48, STM-2.37)."""
    schools = standing_of(user).schools([Role.IT]) | where_named(user, "firewall_installer")
    if not schools:
        return
    rows = (
        measure_rules.visible_to(user, "carry_out")
        .filter(school__in=schools, status=SecurityMeasure.Status.DIRECTED)
        .exclude(directed_by=user)
    )
    for row in rows.select_related("school", "directed_by").order_by("directed_at", "pk")[:MOST]:
        yield TodoItem(
            f"Carry out: {row}",
            url_of(row),
            "Carry out",
            row.school.name,
            since=row.directed_at,
            detail=f"Directed by {row.directed_by.full_name}",
        )


@todo
def reviews_due(user: Any) -> Iterator[TodoItem]:
    """For IT: reviews that are due in two weeks, due, or overdue (CIT-2.49, STM-2.38)."""
    schools = standing_of(user).schools([Role.IT])
    if not schools:
        return
    rows = SecurityMeasure.objects.filter(
        school__in=schools,
        status=SecurityMeasure.Status.IN_PLACE,
        review_on__lte=timezone.localdate() + REMIND_BEFORE,
    )
    for row in rows.select_related("school").order_by("review_on", "pk")[:MOST]:
        yield TodoItem(
            f"Review: {row}",
            url_of(row),
            "Review",
            row.school.name,
            due_at=row.review_on,
        )
