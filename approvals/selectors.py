"""Reads of the approval engine that pages share."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, QuerySet

from approvals.access import approval_rules
from approvals.models import ApprovalRequest, ApprovalRound, ApprovalStep, Decision
from approvals.signers import barred_by_kind


def to_sign(user: Any) -> QuerySet[ApprovalRequest]:
    """What waits for this person's signature, the most urgent first."""
    return (
        approval_rules.visible_to(user, "decide")
        .select_related("school", "requested_by")
        .only(
            *("uuid", "title", "due_at", "submitted_at", "round"),
            *("school__name", "requested_by__full_name"),
        )
        .order_by("due_at", "pk")
    )


def signed_by(user: Any) -> QuerySet[Decision]:
    """What this person decided, the newest first."""
    return (
        Decision.objects.filter(decided_by=user)
        .select_related("step__request__school", "acting_for")
        .order_by("-at", "-pk")
    )


def steps_of(request: ApprovalRequest) -> list[ApprovalStep]:
    """The chain with every decision on it, in two queries."""
    decisions = Decision.objects.select_related("decided_by", "acting_for", "signature").order_by("at", "pk")
    return list(request.steps.order_by("order").prefetch_related(Prefetch("decisions", queryset=decisions)))


def barred_in(request: ApprovalRequest, steps: list[ApprovalStep]) -> set[int]:
    """As `signers.barred_from`, from a chain that was read with its decisions."""
    decided = {
        decision.decided_by_id
        for step in steps
        for decision in step.decisions.all()
        if decision.round == request.round
    }
    return {request.requested_by_id, request.about_id, *decided} - {None} | barred_by_kind(request)


@dataclass(frozen=True)
class Change:
    """One answer that differs between two rounds."""

    label: str
    before: str
    after: str


def changes_since_return(rounds: list[ApprovalRound]) -> list[Change]:
    """What differs between the last two submissions; empty in the first round."""
    if len(rounds) < 2:
        return []
    before, after = (_answers(entry.snapshot) for entry in rounds[-2:])
    labels = {
        **{key: label for key, (label, _) in before.items()},
        **{key: label for key, (label, _) in after.items()},
    }
    return [
        Change(label, before.get(key, ("", "Not asked"))[1], after.get(key, ("", "Not asked"))[1])
        for key, label in labels.items()
        if before.get(key, ("", None))[1] != after.get(key, ("", None))[1]
    ]


def _answers(snapshot: dict) -> dict[str, tuple[str, str]]:
    return {
        row["key"]: (row["label"], in_lines(row["value"]))
        for section in snapshot["sections"]
        for row in section["rows"]
    }


def in_lines(value: str | list[str]) -> str:
    """An answer of a snapshot as text, a list as one line each."""
    return "\n".join(value) if isinstance(value, list) else value


def snapshot_sections(snapshot: dict) -> list[dict]:
    """A snapshot as the pages show it: sections with rows for a summary list, warnings apart."""
    return [
        {
            "title": section["title"],
            "slug": section["slug"],
            "rows": [{"key": row["label"], "value": in_lines(row["value"])} for row in section["rows"]],
            "warnings": [row["warning"] for row in section["rows"] if row.get("warning")],
        }
        for section in snapshot["sections"]
    ]


def timeline_of(steps: list[ApprovalStep], rounds: list[ApprovalRound]) -> list[dict]:
    """Everything that happened to a request, oldest first, for the timeline component."""
    events = [
        {
            "title": "Sent for approval" if entry.number == 1 else "Sent again",
            "when": entry.submitted_at,
            "by": entry.submitted_by.full_name,
        }
        for entry in rounds
    ]
    for step in steps:
        for decision in step.decisions.all():
            events.append(
                {
                    "title": decision.capacity
                    + (f" (for {decision.acting_for.full_name})" if decision.acting_for else ""),
                    "status": decision.outcome,
                    "when": decision.at,
                    "by": f"signed {decision.signature.typed_name}",
                    "text": "\n".join([*decision.attested, decision.reasons]).strip(),
                }
            )
    return sorted(events, key=lambda event: event["when"])
