"""Concerns, moved at random: the table of moves alone, and the services with their database (quality D1)."""

import random
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

from core.errors import Refused
from core.roles import Role
from incidents.concerns.moves import after
from incidents.concerns.selectors import readers_of
from incidents.concerns.services import outcomes, people
from incidents.concerns.services.chronology import concern_read, note_add
from incidents.concerns.services.outcomes import case_reopen
from incidents.concerns.services.people import part_add, recuse
from incidents.concerns.services.referrals import advice_record, hold_override
from incidents.concerns.services.sending import Somebody
from incidents.concerns.services.widening import roads_mend, unread_widen
from incidents.concerns.tests.cases import a_concern, a_concern_crew, by, more_people
from incidents.concerns.tests.closing import close, hour_ago, measure, refer
from incidents.models import Body, Concern, Entry, Excluded, PartIn, Sort, Status
from people.models import User
from smgov.testing import a_person

STEPS = 100_000
WANTED = 300
MOVES = ["read", "work", "close", "reopen", "widen", "add", "print", "burn"]

STEPS_OF_PEOPLE = [
    *["read"] * 3,
    *["refer"] * 3,
    *["close"] * 4,
    *["reopen", "note", "advise", "override", "measure", "person", "recuse", "time"],
]


def expected(status: str, move: str) -> str | None:
    """What a school expects, written without the table. None: refused."""
    if move == "read":
        return "closed" if status == "closed" else "open"
    if move == "widen":
        return status
    if move in ("work", "close"):
        return {"work": "open", "close": "closed"}[move] if status == "open" else None
    if move == "reopen":
        return "open" if status == "closed" else None
    if move == "add":
        return status
    if move == "print":
        return status if status != "unread" else None
    return None


def test_a_hundred_thousand_random_moves_never_leave_the_table() -> None:
    chance = random.Random(20260101)
    status, seen = "unread", Counter()
    for _ in range(STEPS):
        move = chance.choice(MOVES)
        wanted = expected(status, move)
        try:
            got = str(after(status, move))
        except Refused:
            got = None
        assert got == wanted, (status, move)
        seen[status, move] += 1
        status = got or status
        if status == "closed" and chance.random() < 0.05:
            status = "unread"  # the next concern
    assert {status for status, _ in seen} == set(Status.values)
    assert len(seen) == len(Status.values) * len(MOVES)


class CaseLife(RuleBasedStateMachine):
    """One case after the other: people who may and may not try everything."""

    crew: Any
    people: list[User]
    steps = done = 0
    reached: Counter[str] = Counter()

    @initialize(staff=st.booleans())
    def start(self, staff: bool) -> None:
        self.block = transaction.atomic()
        self.block.__enter__()
        who = by(self.crew.mark) if staff else by(sort="pupil", words="Kit of 9B")
        self.concern = a_concern(self.crew, who, actor=self.crew.alice)
        self.lines: list[int] = []
        self.out: set[int] = {self.crew.mark.pk} if staff else set()

    def teardown(self) -> None:
        if hasattr(self, "block"):
            transaction.set_rollback(True)
            self.block.__exit__(None, None, None)

    def attempt(self, actor: User | None, work: Callable[[], Any]) -> bool:
        """Try it; whoever may not read the case does nothing to it."""
        may = actor is None or actor.pk in {user.pk for user in readers_of(self.concern)}
        before = self.concern.entries.count()
        try:
            with transaction.atomic():
                work()
        except (Refused, PermissionDenied):
            assert self.concern.entries.count() == before, "a refusal leaves nothing"
            return False
        assert may, "somebody who may not read it did something to it"
        CaseLife.done += 1
        return True

    def in_turn(self, pick: int, lawful: bool) -> User:
        """A reader, if one is wanted and there is one; else anybody."""
        readers = readers_of(self.concern) if lawful else []
        return (readers or self.people)[pick % len(readers or self.people)]

    @rule(
        what=st.sampled_from(STEPS_OF_PEOPLE), pick=st.integers(0, 1000), lawful=st.integers(0, 4).map(bool)
    )
    def something_happens(self, what: str, pick: int, lawful: bool) -> None:
        """One step by one person, or the sweeps come round."""
        if what == "time":
            self.time_passes()
            return
        actor = User.objects.get(pk=self.in_turn(pick, lawful).pk)
        if self.attempt(actor, lambda: self.act(what, actor, pick)) and what == "recuse":
            self.out.add(actor.pk)

    def act(self, what: str, actor: User, pick: int) -> None:
        concern = Concern.objects.get(pk=self.concern.pk)
        if what == "read":
            concern_read(actor=actor, concern=concern)
        elif what == "note":
            note_add(actor=actor, concern=concern, text=f"Note {pick}")
        elif what == "refer":
            body = [Body.LADO, Body.MASH, Body.CEOP][pick % 3]
            refer(actor, concern, body, holds=bool(pick % 2), reference=str(pick))
        elif what == "close":
            close(actor, concern)
        elif what == "reopen":
            case_reopen(actor=actor, concern=concern, reasons="More came to light")
        elif what == "measure":
            measure(actor, concern, "warning", words=f"Talk {pick}", decided_by=self.crew.sue)
        elif what == "person":
            self.somebody_is_concerned(actor, concern, pick)
        elif what == "recuse":
            recuse(actor=actor, concern=concern, reason="A friend of the family")
        else:
            self.answer(what, actor, concern)

    def answer(self, what: str, actor: User, concern: Concern) -> None:
        referral = concern.referrals.filter(advised_at=None).last()
        if referral is None:
            raise Refused("Nothing was referred.")
        if what == "advise":
            advice_record(actor=actor, referral=referral, advice="Go on", advised_at=hour_ago(0.01))
        else:
            hold_override(actor=actor, referral=referral, reason="Danger")

    def somebody_is_concerned(self, actor: User, concern: Concern, pick: int) -> None:
        """Any colleague, the readers among them."""
        part, whom = PartIn.values[pick % 4], self.people[pick % len(self.people)]
        part_add(actor=actor, concern=concern, somebody=Somebody(PartIn(part), Sort.STAFF, "", whom))
        if part in (PartIn.SUBJECT, PartIn.VICTIM):
            self.out.add(whom.pk)

    def time_passes(self) -> None:
        """The sweeps come round."""
        Concern.objects.filter(pk=self.concern.pk, first_read_at=None).exclude(read_due_at=None).update(
            read_due_at=timezone.now() - timedelta(minutes=1)
        )
        self.attempt(None, lambda: (unread_widen(), roads_mend()))

    # What always holds

    @invariant()
    def the_case_is_as_it_must_be(self) -> None:
        if not hasattr(self, "concern"):
            return
        CaseLife.steps += 1
        row = Concern.objects.get(pk=self.concern.pk)
        CaseLife.reached[row.status] += 1
        readers = {user.pk for user in readers_of(row)}
        assert not self.out & readers, "whom it concerns, or who stood back, reads it"
        out = set(Excluded.objects.filter(concern=row, lifted_at=None).values_list("user", flat=True))
        assert not out & readers
        assert row.owner_id not in out
        assert (row.status == Status.CLOSED) == bool(row.outcome) == (row.closed_at is not None)
        assert (row.status == Status.UNREAD) == (row.first_read_at is None)
        lines = list(Entry.objects.filter(concern=row).order_by("pk").values_list("pk", flat=True))
        assert lines[: len(self.lines)] == self.lines, "the chronology only grows"
        self.lines = lines
        if row.status == Status.CLOSED:
            assert not any(one.is_holding for one in row.referrals.all())


@pytest.fixture
def life(db: None) -> type[CaseLife]:
    """The machine with its school and its people."""
    crew = a_concern_crew()
    CaseLife.crew = crew
    nobody = a_person("Ned Nobody", Role.STAFF, crew.school)
    CaseLife.people = [*crew.everybody(), *more_people(crew).values(), nobody]
    CaseLife.steps = CaseLife.done = 0
    CaseLife.reached.clear()
    return CaseLife


def some(examples: int, **more: Any) -> settings:
    """So many cases of 25 steps each."""
    return settings(
        max_examples=examples,
        stateful_step_count=25,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        **more,
    )


def test_random_work_on_cases_never_shows_them_to_whom_they_concern(life: type[CaseLife]) -> None:
    while life.steps < WANTED or set(life.reached) != set(Status.values):
        run_state_machine_as_test(life, settings=some(6))
    assert life.done > WANTED / 8, "enough of it goes through"


def _nobody_is_kept_out(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(people, "keep_out", lambda *args, **more: None)


def _nothing_holds(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(outcomes, "holds_on", lambda facts: [])


@pytest.mark.parametrize("fault", [_nobody_is_kept_out, _nothing_holds])
def test_the_machine_finds_a_fault_that_was_put_there(
    life: type[CaseLife], monkeypatch: pytest.MonkeyPatch, fault: Callable
) -> None:
    fault(monkeypatch)
    with pytest.raises(AssertionError):
        run_state_machine_as_test(life, settings=some(60, phases=[Phase.generate], derandomize=True))
