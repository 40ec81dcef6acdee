"""What measures put on a person's to-do list: to carry out, to review."""

from typing import Any

from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils import timezone

from approvals.models import SecurityMeasure
from approvals.network.evidence_access import measure_rules, where_named
from approvals.network.measures import REMIND_BEFORE
from core.access import standing_of
from core.roles import Role
from core.todo import NEVER, line, lines_of, source

CARRY_OUT = line(
    "measure-carry-out",
    "Carry out: {name}",
    lambda key: reverse("approvals:measure-detail", args=[key]),
    "Carry out",
    rank=26,
    detail="Directed by {note}",
)
REVIEW = line(
    "measure-review",
    "Review: {name}",
    lambda key: reverse("approvals:measure-detail", args=[key]),
    "Review",
    rank=60,
)


@source
def measures_to_carry_out(user: Any) -> QuerySet | None:
    """For IT, and whom the policy names: measures that somebody else directed (CIT-2.48, STM-2.37)."""
    schools = standing_of(user).schools([Role.IT]) | where_named(user, "firewall_installer")
    if not schools:
        return None
    rows = (
        measure_rules.visible_to(user, "carry_out")
        .filter(school__in=schools, status=SecurityMeasure.Status.DIRECTED)
        .exclude(directed_by=user)
    )
    return lines_of(
        rows,
        line=CARRY_OUT,
        key="uuid",
        place="school__name",
        since="directed_at",
        name=F("title"),
        note=F("directed_by__full_name"),
    )


@source
def reviews_due(user: Any) -> QuerySet | None:
    """For IT: reviews that are due in two weeks, due, or overdue (CIT-2.49, STM-2.38)."""
    schools = standing_of(user).schools([Role.IT])
    if not schools:
        return None
    rows = SecurityMeasure.objects.filter(
        school__in=schools,
        status=SecurityMeasure.Status.IN_PLACE,
        review_on__lte=timezone.localdate() + REMIND_BEFORE,
    ).annotate(never=NEVER)
    return lines_of(
        rows,
        line=REVIEW,
        key="uuid",
        place="school__name",
        since="never",
        due_on=F("review_on"),
        name=F("title"),
    )
