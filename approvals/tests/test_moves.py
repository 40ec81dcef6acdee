"""The table of moves: pure, and proved by walking it (quality D1)."""

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from approvals import moves
from approvals.models import ApprovalRequest

S = ApprovalRequest.Status
ENDS = {S.APPROVED, S.REFUSED, S.WITHDRAWN, S.EXPIRED}
ALL_MOVES = [moves.APPROVE, moves.RETURN, moves.REFUSE, moves.RESUBMIT, moves.WITHDRAW, moves.EXPIRE]


class Road(RuleBasedStateMachine):
    """A request of three steps, moved at random; a plain model of what a school expects beside it."""

    @initialize()
    def start(self) -> None:
        self.status, self.step, self.signed = S.PENDING, 1, []

    @rule(move=st.sampled_from(ALL_MOVES))
    def try_a_move(self, move: str) -> None:
        last = self.step == 3
        target = moves.after(self.status, move, last=last)
        if self.status in ENDS:
            assert target is None, "a closed request moves"
        if target is None:
            return
        if move == moves.APPROVE:
            self.signed.append(self.step)
            self.step += 1
        if move == moves.RESUBMIT:
            assert self.status == S.RETURNED
            self.step, self.signed = 1, []
        self.status = target

    @rule()
    @precondition(lambda self: self.status in ENDS)
    def begin_again(self) -> None:
        self.start()

    @invariant()
    def approved_means_every_step_signed_in_order(self) -> None:
        if getattr(self, "status", None) == S.APPROVED:
            assert self.signed == [1, 2, 3]


def test_a_hundred_thousand_random_moves_never_leave_the_table() -> None:
    run_state_machine_as_test(
        Road,
        settings=settings(
            max_examples=1000,
            stateful_step_count=100,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )


def test_a_closed_request_never_moves_again() -> None:
    assert all(
        moves.after(status, move, last=last) is None
        for status in ENDS
        for move in ALL_MOVES
        for last in (0, 1)
    )


def test_only_the_last_yes_approves() -> None:
    assert moves.after(S.PENDING, moves.APPROVE, last=False) == S.PENDING
    assert moves.after(S.PENDING, moves.APPROVE, last=True) == S.APPROVED


def test_a_returned_request_cannot_be_approved_before_it_is_sent_again() -> None:
    assert moves.after(S.RETURNED, moves.APPROVE, last=True) is None
    assert moves.after(S.RETURNED, moves.RESUBMIT) == S.PENDING
