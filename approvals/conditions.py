"""Who reads what somebody still lacks before the last yes.

What a colleague has not read or was not trained in is theirs, and of those who answer for it: whoever signs, and the
leaders of the school. Everybody else reads their own line, and after sending, how many others are not ready.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from approvals.access import READERS
from approvals.kinds import Condition
from approvals.models import ApprovalRequest, ApprovalStep
from core.access import standing_of


@dataclass(frozen=True)
class Shown:
    """What a page shows: lines with names, and how many people without a line are not ready yet."""

    conditions: list[Condition]
    others: int = 0


def has_decided(user: Any, steps: Iterable[ApprovalStep]) -> bool:
    """Whether the person decided at one of the steps, whose decisions are there already."""
    return any(one.decided_by_id == user.pk for step in steps for one in step.decisions.all())


def shown_to(
    user: Any,
    conditions: list[Condition],
    *,
    school: int,
    approval: ApprovalRequest | None,
    signs: bool,
) -> Shown:
    """What a person reads of the conditions of a subject at a school (its id).

    `signs`: whether they may sign the request or have signed it. A draft, and what was sent back, names anybody whom
    its author likes, and none of them was told: there even the number would tell.
    """
    if signs or school in standing_of(user).schools(map(str, READERS)):
        return Shown(conditions)
    own = [one for one in conditions if one.person in (None, user.pk)]
    if approval is None or approval.status != ApprovalRequest.Status.PENDING:
        return Shown(own)
    return Shown(own, sum(1 for one in conditions if one.missing and one not in own))
