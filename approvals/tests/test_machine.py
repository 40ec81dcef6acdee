"""Random people try random things; a plain model says who may (quality D1, through the database)."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from approvals import moves, services, signers
from approvals.kinds import KINDS, ApprovalKind
from approvals.models import ApprovalRequest, Decision
from approvals.services import announce, chase, request_resubmit, request_submit, request_withdraw
from approvals.signers import signable_steps
from core import audit
from core.errors import Refused
from core.roles import Post, Role
from people.governance.who import StepSpec
from people.models import Deputy, Membership, User
from smgov.testing import a_cit_trust, a_person, decide, give

pytestmark = pytest.mark.django_db
WANTED = 2000
KIND = "machine"
SEEN = {"form": "machine", "sections": []}
WRONG = ["expected_hash", "expected_step", "typed_name", "reasons"]
YES, BACK, NO = Decision.Outcome.values
NAMES = ["alice", "bob", "hetty", "dan", "fay", "cora", "gina", "eve"]
REQUESTERS = ["alice", "bob", "dan", "fay"]
DEPUTY_OF = {"dan": "bob", "fay": "hetty"}
HEAD, COMMS = Role.HEADTEACHER, Role.HEAD_OF_COMMS
CHAINS = [
    [(HEAD, "any"), (COMMS, "any")],
    [(HEAD, "all"), (COMMS, "any")],
    [(HEAD, "all")],
    [(COMMS, "any"), (HEAD, "any")],
]


class Model:
    """What a school expects, in sets of names: no query, no class of the engine."""

    def __init__(self) -> None:
        self.holders = {HEAD: {"bob"}, COMMS: {"cora"}}
        self.deputies: set[str] = set()
        self.status = ""

    def begin(self, requester: str, chain: list[tuple[str, str]]) -> None:
        self.requester, self.chain = requester, chain
        self.status, self.round, self.log = "pending", 1, ["submitted"]
        self.decisions = 0
        self._first_step()

    def _first_step(self) -> None:
        self.step, self.signed, self.covered = 0, set(), set()

    def signers(self, role: str, barred: set[str]) -> set[str]:
        """Free holders and their deputies; else any holder's deputy; else the chair. Never skipped."""
        free = self.holders[role] - barred
        represented = free or self.holders[role]
        found = free | {d for d in self.deputies if DEPUTY_OF[d] in represented} - barred
        return found or {"gina"} - barred

    def may_decide(self, name: str) -> bool:
        if self.status != "pending":
            return False
        return name in self.signers(self.chain[self.step][0], {self.requester} | self.signed)

    def has_signers(self, requester: str, chain: list[tuple[str, str]]) -> bool:
        return all(self.signers(role, {requester}) for role, _ in chain)

    def decided(self, name: str, outcome: str) -> None:
        role, needed = self.chain[self.step]
        free = self.holders[role] - {self.requester} - self.signed
        self.decisions += 1
        self.log.append(outcome)
        acting_for = DEPUTY_OF.get(name) if name not in free else None
        self.signed.add(name)
        if outcome != YES:
            self.status = outcome
            return
        self.covered |= {name, acting_for}
        if needed == "all" and self.holders[role] - {self.requester} - self.signed - self.covered:
            return
        self.step, self.covered = self.step + 1, set()
        if self.step == len(self.chain):
            self.status = "approved"
            self.log.append("granted")

    def sent_again(self) -> None:
        self.status, self.round = "pending", self.round + 1
        self.log.append("resubmitted")
        self._first_step()


class Road(RuleBasedStateMachine):
    """The school, its people, and one request after the other."""

    people: dict[str, User]
    cast: Any
    told: list[str] = []
    reached: Counter[str] = Counter()
    steps = tried = 0

    @initialize()
    def start(self) -> None:
        self.block = transaction.atomic()
        self.block.__enter__()
        self.model = Model()
        self.request: ApprovalRequest | None = None
        self.told.clear()

    def teardown(self) -> None:
        if not hasattr(self, "block"):
            return
        try:
            assert audit.verify().intact
            self._history_says_what_happened()
        finally:
            transaction.set_rollback(True)
            self.block.__exit__(None, None, None)

    def _history_says_what_happened(self) -> None:
        if self.request is not None:
            actions = [event.action.partition(".")[2] for event in audit.history_of(self.request)]
            assert actions == self.model.log

    def attempt(self, allowed: bool, work: Callable[[], Any]) -> None:
        """Do it; the services let it through exactly when the model does."""
        Road.tried += 1
        try:
            work()
        except (Refused, PermissionDenied):
            assert not allowed, "a legal move was refused"
        else:
            assert allowed, "an illegal move went through"

    @rule(
        what=st.sampled_from(
            ["sign"] * 8 + ["send again"] * 3 + ["withdraw", "stale page", "time", "leave", "deputy"]
        ),
        lawful=st.integers(0, 3).map(bool),
        pick=st.integers(0, 1000),
        outcome=st.sampled_from([YES] * 6 + [BACK, BACK, NO]),
        requester=st.sampled_from(REQUESTERS),
        chain=st.sampled_from(CHAINS),
    )
    def something_happens(
        self, what: str, lawful: bool, pick: int, outcome: str, requester: str, chain: list[tuple[str, str]]
    ) -> None:
        """One rule for everything, so that people who may are tried as often as people who may not."""
        closed = self.model.status not in ("pending", "returned")
        if self.request is None or (closed and lawful and what == "sign"):
            self.submit(requester, chain)
        elif what == "sign":
            self.sign(self.one(lawful, pick, self.model.may_decide), outcome)
        elif what == "send again":
            self.send_again(self.one(lawful, pick, lambda name: name == self.model.requester))
        elif what == "withdraw":
            self.withdraw(self.one(lawful, pick, lambda name: name == self.model.requester))
        elif what == "stale page":
            self.sign_what_is_not_there(
                self.one(lawful, pick, self.model.may_decide), WRONG[pick % len(WRONG)]
            )
        elif what == "time":
            self.time_passes(overdue=lawful)
        elif what == "leave":
            self.comes_or_goes(*(("hetty", HEAD) if pick % 2 else ("cora", COMMS)))
        else:
            self.deputises_or_stops("dan" if pick % 2 else "fay")

    def one(self, lawful: bool, pick: int, may: Callable[[str], bool]) -> str:
        """Somebody who may, if there is one and that is wanted; else anybody."""
        fit = [name for name in NAMES if may(name)] if lawful else []
        return (fit or NAMES)[pick % len(fit or NAMES)]

    def submit(self, requester: str, chain: list[tuple[str, str]]) -> None:
        self._history_says_what_happened()
        steps = [StepSpec(role, "", needed) for role, needed in chain]

        def send() -> None:
            with audit.audited():
                self.request = request_submit(
                    actor=self.people[requester],
                    kind=KIND,
                    school=self.cast.hilltop,
                    title="A",
                    chain=steps,
                    snapshot=SEEN,
                )
                announce(self.request)

        allowed = self.model.has_signers(requester, chain)
        self.attempt(allowed, send)
        if allowed:
            self.model.begin(requester, chain)
            self.told.clear()

    def sign(self, name: str, outcome: str) -> None:
        actor, may = self.people[name], self.model.may_decide(name)
        assert signable_steps(actor).filter(request=self.request).exists() == may, (
            "the list of what to sign agrees"
        )
        self.attempt(may, lambda: decide(self.request, actor, outcome))
        if may:
            self.model.decided(name, outcome)

    def sign_what_is_not_there(self, name: str, wrong: str) -> None:
        other = {
            "expected_hash": "0" * 64,
            "expected_step": 0,
            "typed_name": "Somebody Else",
            "reasons": "   ",
        }
        outcome = BACK if wrong == "reasons" else YES
        self.attempt(False, lambda: decide(self.request, self.people[name], outcome, **{wrong: other[wrong]}))

    def send_again(self, name: str) -> None:
        allowed = self.model.status == "returned" and name == self.model.requester
        actor = self.people[name]
        self.attempt(
            allowed, lambda: request_resubmit(actor=actor, request=self.request, title="A", snapshot=SEEN)
        )
        if allowed:
            self.model.sent_again()

    def withdraw(self, name: str) -> None:
        allowed = self.model.status in ("pending", "returned") and name == self.model.requester
        self.attempt(allowed, lambda: request_withdraw(actor=self.people[name], request=self.request))
        if allowed:
            self.model.status = "withdrawn"
            self.model.log.append("withdrawn")

    def time_passes(self, overdue: bool) -> None:
        if overdue:
            open_ones = ApprovalRequest.objects.filter(pk=self.request.pk).exclude(due_at=None)
            open_ones.update(due_at=timezone.now() - timedelta(minutes=1))
        touched = chase()
        assert touched == (overdue and self.model.status in ("pending", "returned"))
        if overdue and self.model.status == "returned":
            self.model.status = "expired"
            self.model.log.append("expired")

    def comes_or_goes(self, name: str, role: str) -> None:
        place = self.cast.hilltop if role == HEAD else self.cast.trust
        if name in self.model.holders[role]:
            Membership.objects.filter(user=self.people[name], role=role).update(ended_at=timezone.now())
        else:
            give(self.people[name], role, place)
        self.model.holders[role] ^= {name}

    def deputises_or_stops(self, name: str) -> None:
        if name in self.model.deputies:
            Deputy.objects.filter(deputy=self.people[name]).update(ended_at=timezone.now())
        else:
            today, person = timezone.localdate(), self.people[DEPUTY_OF[name]]
            Deputy.objects.create(
                school=self.cast.hilltop,
                person=person,
                deputy=self.people[name],
                starts=today,
                ends=today,
                appointed_by=person,
            )
        self.model.deputies ^= {name}

    # What always holds

    @invariant()
    def the_database_agrees(self) -> None:
        if getattr(self, "request", None) is None:
            return
        Road.steps += 1
        Road.reached[self.model.status] += 1
        self.request.refresh_from_db()
        ends = {"approved": ["approved"], "pending": [], "returned": []}.get(self.model.status, ["closed"])
        assert self.told == ends, "the subject is told of its end, once"
        assert (self.request.status, self.request.round) == (self.model.status, self.model.round)
        current = list(self.request.steps.filter(status="current").values_list("order", flat=True))
        assert current == ([self.model.step + 1] if self.model.status == "pending" else [])
        made = list(Decision.objects.filter(step__request=self.request).values_list("round", "decided_by"))
        assert len(made) == len(set(made)) == self.model.decisions, "one decision a person a round"
        assert (self.request.closed_at is None) == self.request.is_open
        assert (self.request.due_at is None) == (not self.request.is_open)


@pytest.fixture
def road(monkeypatch: pytest.MonkeyPatch) -> type[Road]:
    """The machine with its school, its people and a kind of its own."""
    cast = a_cit_trust()
    kind = ApprovalKind(
        name=KIND,
        title="A thing",
        find=lambda request: request,
        url=lambda subject: "/",
        declaration=lambda subject, step: "I approve it.",
        on_approved=lambda subject, request: Road.told.append("approved"),
        on_closed=lambda subject, request: Road.told.append("closed"),
    )
    monkeypatch.setitem(KINDS, KIND, kind)
    Road.cast, Road.steps, Road.tried = cast, 0, 0
    Road.reached.clear()
    Road.people = {
        "alice": cast.alice,
        "bob": cast.bob,
        "hetty": a_person("Hetty Hope", Role.STAFF, cast.hilltop),
        "dan": cast.dan,
        "fay": a_person("Fay Fern", Role.OFFICE, cast.hilltop),
        "cora": cast.cora,
        "gina": cast.chair,
        "eve": a_person("Eve Ebb", Role.HEADTEACHER, cast.otherplace),
    }
    give(Road.people["cora"], Role.STAFF, cast.hilltop)
    give(Road.people["eve"], Role.GOVERNANCE, cast.otherplace, post=Post.CHAIR)
    return Road


def some(examples: int, **more: Any) -> settings:
    return settings(
        max_examples=examples,
        stateful_step_count=50,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        **more,
    )


@pytest.mark.once
def test_two_thousand_random_steps_through_the_services_make_no_illegal_move(road: type[Road]) -> None:
    while road.steps < WANTED:
        run_state_machine_as_test(road, settings=some(15))
    assert road.tried > WANTED / 2, "most steps are attempts"
    assert set(road.reached) == set(ApprovalRequest.Status.values), "every state was reached"


def _requester_signs(patch: pytest.MonkeyPatch) -> None:
    real = signers.barred_from
    patch.setattr(signers, "barred_from", lambda request: real(request) - {request.requested_by_id})


def _refused_is_withdrawn(patch: pytest.MonkeyPatch) -> None:
    patch.setitem(moves.MOVES, ("refused", moves.WITHDRAW), "withdrawn")


def _nobody_records_a_withdrawal(patch: pytest.MonkeyPatch) -> None:
    real = services.record
    patch.setattr(
        services, "record", lambda action, **k: None if "withdrawn" in action else real(action, **k)
    )


@pytest.mark.once
@pytest.mark.parametrize("fault", [_requester_signs, _refused_is_withdrawn, _nobody_records_a_withdrawal])
def test_the_machine_finds_a_fault_that_was_put_there(
    road: type[Road], monkeypatch: pytest.MonkeyPatch, fault: Callable
) -> None:
    fault(monkeypatch)
    with pytest.raises(AssertionError):
        run_state_machine_as_test(road, settings=some(100, phases=[Phase.generate], derandomize=True))
