"""The table of moves: what an approval request can do next. Pure, and nothing else decides it."""

from approvals.models import ApprovalRequest, Decision

S = ApprovalRequest.Status
_OUTCOME = Decision.Outcome

APPROVE, RETURN, REFUSE, RESUBMIT, WITHDRAW, EXPIRE = (
    "approve",
    "return",
    "refuse",
    "resubmit",
    "withdraw",
    "expire",
)

MOVES: dict[tuple[str, str], str] = {
    (S.PENDING, APPROVE): S.PENDING,  # the last step's yes makes it approved
    (S.PENDING, RETURN): S.RETURNED,
    (S.PENDING, REFUSE): S.REFUSED,
    (S.PENDING, WITHDRAW): S.WITHDRAWN,
    (S.RETURNED, RESUBMIT): S.PENDING,
    (S.RETURNED, WITHDRAW): S.WITHDRAWN,
    (S.RETURNED, EXPIRE): S.EXPIRED,
}

BY_OUTCOME = {_OUTCOME.APPROVED: APPROVE, _OUTCOME.RETURNED: RETURN, _OUTCOME.REFUSED: REFUSE}


def after(status: str, move: str, *, last: bool = False) -> str | None:
    """The status after a move, or None when it is illegal. `last` says that no step is left."""
    target = MOVES.get((status, move))
    if target is not None and move == APPROVE and last:
        return S.APPROVED
    return target
