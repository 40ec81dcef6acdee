"""The register of decisions on blocked content: the evidence for the yearly review of filtering (STM-9.07, STM-13)."""

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Min, Prefetch, Q, QuerySet
from django.utils import timezone

from approvals.models import ApprovalRequest, ApprovalStep, Decision, UnblockRequest
from approvals.network.unblock_access import unblock_rules
from approvals.network.years import SchoolYear, years_since
from core.audit import audited, record
from core.tables import Column, Table, date_text
from people.models import User

Outcome = ApprovalRequest.Status
OUTCOMES = {
    Outcome.APPROVED: "Approved",
    Outcome.REFUSED: "Refused",
    Outcome.PENDING: "Waiting",
    Outcome.RETURNED: "Sent back",
    Outcome.WITHDRAWN: "Withdrawn",
    Outcome.EXPIRED: "Expired",
}


def decisions_for(user: User) -> QuerySet[UnblockRequest]:
    """Every request whose decision the person may read as evidence."""
    return unblock_rules.visible_to(user, "register")


def years_of(rows: QuerySet[UnblockRequest]) -> list[SchoolYear]:
    """The school years in which somebody asked, and all since, the newest first."""
    return years_since(rows.order_by().aggregate(first=Min("created_at"))["first"])


def in_year(rows: QuerySet[UnblockRequest], year: SchoolYear) -> QuerySet[UnblockRequest]:
    """Those that were asked for in a school year."""
    first, after = year.moments
    return rows.filter(created_at__gte=first, created_at__lt=after)


def with_words(rows: QuerySet[UnblockRequest], words: str) -> QuerySet[UnblockRequest]:
    """Those that hold every word: in the addresses, the reasons, or what the decider wrote."""
    for word in words.split():
        decided = Decision.objects.filter(reasons__icontains=word).values("step__request")
        rows = rows.filter(
            Q(addresses__icontains=word)
            | Q(reasons__icontains=word)
            | Q(site_content__icontains=word)
            | Q(requested_by__full_name__icontains=word)
            | Q(approval__in=decided)
        )
    return rows


def with_decisions(rows: QuerySet[UnblockRequest]) -> QuerySet[UnblockRequest]:
    """With all that a line of the register says, in a fixed number of queries."""
    decisions = Decision.objects.select_related("decided_by", "acting_for").order_by("at", "pk")
    steps = ApprovalStep.objects.prefetch_related(Prefetch("decisions", queryset=decisions))
    return rows.select_related("school", "requested_by", "approval").prefetch_related(
        Prefetch("approval__steps", queryset=steps)
    )


def decisions_of(row: UnblockRequest) -> list[Decision]:
    """What was decided on a request, oldest first; from rows of `with_decisions`."""
    found = [one for step in row.approval.steps.all() for one in step.decisions.all()]
    return sorted(found, key=lambda one: (one.at, one.pk))


def decision_in_words(one: Decision) -> str:
    """Who decided what as what, for whom, when and why."""
    acting = f" for {one.acting_for.full_name}" if one.acting_for else ""
    outcome = OUTCOMES[Outcome(one.outcome)]
    words = f"{outcome} by {one.decided_by.full_name}{acting} ({one.capacity}), {date_text(day_of(one.at))}"
    return f"{words}: {one.reasons}" if one.reasons else words


def day_of(moment: Any) -> Any:
    """The day in London of a moment; None stays None."""
    return timezone.localtime(moment).date() if moment else None


def days_in_words(length: timedelta) -> str:
    """How long something took or lasted."""
    days = length.days
    if days < 1:
        return "less than a day"
    return "1 day" if days == 1 else f"{days} days"


def how_long(row: UnblockRequest) -> list[str]:
    """How long the decision took, and how long the site was open."""
    found = []
    approval = row.approval
    if approval.closed_at and approval.status in (Outcome.APPROVED, Outcome.REFUSED):
        found.append(f"Decided after {days_in_words(approval.closed_at - row.created_at)}")
    if row.opened_at:
        ended = row.over_at or timezone.now()
        lasted = days_in_words(ended - row.opened_at)
        found.append(f"Open for {lasted}" if row.over_at else f"Open for {lasted} so far")
    return found


# Counting ------------------------------------------------------------------------------------


def counts_of(rows: QuerySet[UnblockRequest]) -> Counter[tuple[str, str]]:
    """How many requests by category and outcome, in one query."""
    grouped = rows.order_by().values_list("category", "approval__status").annotate(many=Count("pk"))
    return Counter({(category, outcome): many for category, outcome, many in grouped})


def counts_table(counts: Counter[tuple[str, str]], caption: str, table_id: str = "counts") -> Table | None:
    """Category × outcome with totals; only the categories and outcomes that occur. None for nothing."""
    if not counts:
        return None
    outcomes = [one for one in OUTCOMES if any(key[1] == one for key in counts)]
    columns = [
        Column("category", "Kind of site"),
        *(Column(one.value, OUTCOMES[one], numeric=True) for one in outcomes),
        Column("total", "Total", numeric=True),
    ]
    kinds = [one for one in UnblockRequest.Category if any(key[0] == one for key in counts)]
    rows = [_count_row(kind.label, counts, [kind], outcomes) for kind in kinds]
    rows.append(_count_row("All", counts, kinds, outcomes))
    return Table(columns, rows, caption, caption_hidden=True, table_id=table_id)


def _count_row(
    label: str, counts: Counter[tuple[str, str]], kinds: list[str], outcomes: list[str]
) -> dict[str, Any]:
    numbers = {one.value: sum(counts[kind, one] for kind in kinds) for one in outcomes}
    return {"category": label, **numbers, "total": sum(numbers.values())}


# The file ------------------------------------------------------------------------------------

EXPORTED = (
    *("school", "asked on", "asked by", "sites", "addresses", "kind of site", "why", "reasons for access"),
    *("risks and control measures", "for whom", "last day", "outcome", "decisions and reasons"),
    *("decided on", "opened on", "opened by", "access ended on", "why it ended", "blocked again on"),
)
DAY = "%d/%m/%Y"


def decisions_export(
    *, actor: User, rows: QuerySet[UnblockRequest], filters: Iterable[str]
) -> list[list[str]]:
    """The lines of the file for those of `rows` that the actor reads as evidence. Recorded.

    A flat number of queries. Raises PermissionDenied for somebody who reads none.
    """
    if not unblock_rules.can_ever(actor, "register"):
        raise PermissionDenied("not allowed to export the decisions")
    found = list(with_decisions(rows.filter(pk__in=decisions_for(actor).values("pk"))))
    schools = {row.school_id: row.school for row in found}
    with audited():
        record(
            "approvals.decisions_exported",
            actor=actor,
            school=next(iter(schools.values())) if len(schools) == 1 else None,
            data={"requests": len(found), "filters": sorted(filters)},
        )
    return [_line(row) for row in found]


def _line(row: UnblockRequest) -> list[str]:
    return [
        row.school.name,
        _day(row.created_at),
        row.requested_by.full_name,
        "; ".join(row.hosts),
        row.addresses,
        row.get_category_display(),
        row.get_why_display(),
        row.reasons,
        row.risks,
        row.for_whom_in_words,
        row.until.strftime(DAY) if row.until else "",
        OUTCOMES[Outcome(row.approval.status)],
        "\n".join(decision_in_words(one) for one in decisions_of(row)),
        _day(row.approval.closed_at),
        _day(row.opened_at),
        row.opened_by_name,
        _day(row.over_at),
        row.over_because,
        _day(row.shut_at),
    ]


def _day(moment: Any) -> str:
    day = day_of(moment)
    return day.strftime(DAY) if day else ""
