"""Random people answer, check, withdraw and grow up; a careful clerk with a stack of papers says what holds.

Quality D1, through the services and the database: what the lists keep, what the check reads and what the clerk
reads from their own stack must agree after every step.
"""

from datetime import date, timedelta
from typing import ClassVar

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from consent import ledger
from consent.ages import is_adult
from consent.ledger import PupilFacts, Use, Word
from consent.models import (
    Answer,
    Assessment,
    Channel,
    Effect,
    Medium,
    NeverShow,
    Position,
    Pupil,
    Reply,
    Says,
    Standing,
    Tie,
    Weight,
)
from consent.selectors import verdicts
from consent.services.positions import positions_work_out
from consent.services.settling import reply_settle, responsibility_change
from consent.terms import OPT_IN, terms_of
from consent.tests.test_ledger import clerk
from core.audit import audited
from core.errors import Refused
from people.selectors import profile_of
from smgov.testing import a_person
from smgov.testing_consent import a_consent_school, a_contact, a_pupil, says

pytestmark = pytest.mark.django_db
WANTED = 2000
WHO = ["mother", "father", "aunt", "uncle", "pupil"]
ROUTES = ["link", "paper", "email", "letter", "telephone", "in_person"]
OF_TIE = {"yes": Standing.PARENTAL, "unknown": Standing.UNPROVEN, "no": Standing.NONE}


class Family(RuleBasedStateMachine):
    """One pupil, four contacts, one purpose."""

    steps: ClassVar[int] = 0
    preset: ClassVar[str] = "cit"

    def __init__(self) -> None:
        super().__init__()
        self.mark = transaction.savepoint()
        self.school, (self.photos, *_) = a_consent_school(preset=self.preset)
        self.terms = terms_of(profile_of(self.school))
        self.office = a_person("Olga Ott", "office", self.school)
        self.stack: list[Word] = []
        self.number = 0

    def teardown(self) -> None:
        transaction.savepoint_rollback(self.mark)

    @initialize(age=st.sampled_from([10, 17, 18]))
    def begin(self, age: int) -> None:
        today = timezone.localdate()
        born = date(today.year - age, 1, 1) if age != 17 else date(today.year - 17, 1, 1)
        self.pupil = a_pupil(self.school, born=born)
        self.ties = {"mother": "yes", "father": "yes", "aunt": "unknown", "uncle": "no"}
        self.people = {
            name: a_contact(self.pupil, responsibility=held, relationship=name)
            for name, held in self.ties.items()
        }
        self.competent: bool | None = None
        self.flagged = self.left = False

    # What people do

    @rule(
        who=st.sampled_from(WHO),
        allows=st.booleans(),
        route=st.sampled_from(ROUTES),
        ago=st.integers(0, 40),
        capable=st.booleans(),
    )
    def answers(self, who: str, allows: bool, route: str, ago: int, capable: bool) -> None:
        at = timezone.now() - timedelta(days=ago)
        standing = self._standing(who, capable, timezone.localdate(at))
        call = {"route": route, "at": at, "capable": capable}
        if standing is None:
            with pytest.raises(Refused):
                says(self.pupil, {self.photos: allows}, self.people[who], **call)
            return
        reply = says(self.pupil, {self.photos: allows}, self.people.get(who), **call)
        spoken = self.terms.in_writing and route in ("telephone", "in_person")
        weight = Weight.COUNTS
        if spoken:
            weight = Weight.NOTED
        elif standing in (Standing.UNPROVEN, Standing.NONE):
            weight = Weight.TO_CHECK
        assert (reply.standing, reply.weight) == (standing, weight)
        self._put(who, allows, standing, weight, at, timezone.localdate(at))

    def _standing(self, who: str, capable: bool, day: date) -> str | None:
        adult = self.terms.at_18 and is_adult(self.pupil.born, day)
        if who == "pupil":
            if adult and self.competent is not False:
                return Standing.ADULT
            return Standing.CAPABLE if capable else Standing.PUPIL
        if not adult:
            return OF_TIE[self.ties[who]]
        if self.competent is not False:
            return None
        return Standing.FOR_ADULT if self.ties[who] == "yes" else Standing.UNPROVEN

    def _put(self, who, allows, standing, weight, at, day, kind="given") -> None:
        self.number += 1
        giver = None if who == "pupil" else self.people[who].pk
        until = self.terms.valid_until(day)
        self.stack.append(Word(self.number, giver, standing, kind, allows, weight, at, until))

    def _waits(self, who: str) -> list[Word]:
        """What waits from somebody: to be checked, and not settled (settled words leave the pile)."""
        giver = self.people[who].pk
        return [
            w for w in self.stack if w.giver == giver and w.weight == Weight.TO_CHECK and w not in self.done
        ]

    @property
    def done(self) -> list[Word]:
        return self.__dict__.setdefault("_done", [])

    def _settle(self, who: str, holds: bool, keep_noes: bool) -> None:
        for old in sorted(self._waits(who), key=lambda w: (w.received_at, w.pk)):
            self.done.append(old)
            standing = old.standing
            if holds and standing != Standing.FOR_ADULT:
                standing = Standing.PARENTAL
            self.number += 1
            counts = holds or (keep_noes and not old.allows)
            kind = "given" if counts else Effect.SET_ASIDE
            self.stack.append(
                old._replace(
                    pk=self.number,
                    weight=Weight.COUNTS,
                    standing=standing,
                    kind=kind,
                    allows=old.allows and counts,
                )
            )

    @rule(who=st.sampled_from(WHO[:4]), holds=st.booleans())
    def the_office_checks(self, who: str, holds: bool) -> None:
        replies = Reply.objects.filter(contact=self.people[who], weight=Weight.TO_CHECK).order_by("-pk")
        if not replies:
            return
        if not self._waits(who):
            with pytest.raises(Refused):
                reply_settle(actor=self.office, reply=replies[0], holds=holds)
            return
        open_one = next(r for r in replies if not Reply.objects.filter(settles=r).exists())
        reply_settle(actor=self.office, reply=open_one, holds=holds)
        self._settle(who, holds, self.preset == "ravens-wood")
        self.ties[who] = "yes" if holds else "no"

    @rule(who=st.sampled_from(WHO[:4]), held=st.sampled_from(["yes", "no", "unknown"]))
    def the_import_says_otherwise(self, who: str, held: str) -> None:
        was = self.ties[who]
        tie = Tie.objects.select_related("pupil", "contact").get(contact=self.people[who])
        with audited():
            responsibility_change(actor=self.office, tie=tie, responsibility=held)
        self.ties[who] = held
        if held == was:
            return
        if held != "unknown":
            self._settle(who, held == "yes", True)
        if was == "yes":
            mine = [w for w in self.stack if w.giver == self.people[who].pk and w.weight == Weight.COUNTS]
            last = max(mine, key=lambda w: (w.received_at, w.pk), default=None)
            if last is not None and last.allows:
                self._put(
                    who,
                    False,
                    last.standing,
                    Weight.COUNTS,
                    timezone.now(),
                    timezone.localdate(),
                    Effect.SET_ASIDE,
                )

    @rule(competent=st.booleans())
    def the_school_assesses(self, competent: bool) -> None:
        today = timezone.localdate()
        Assessment.objects.create(pupil=self.pupil, competent=competent, assessed_on=today, by=self.office)
        positions_work_out([self.pupil.pk], self.terms, today)
        self.competent = competent

    @rule()
    def the_flag_is_set_or_lifted(self) -> None:
        if self.flagged:
            NeverShow.objects.filter(pupil=self.pupil).update(lifted_at=timezone.now())
        else:
            NeverShow.objects.create(pupil=self.pupil, reason="x", set_by=self.office)
        self.flagged = not self.flagged

    @rule()
    def the_pupil_leaves_or_comes_back(self) -> None:
        yesterday = timezone.localdate() - timedelta(days=1)
        Pupil.objects.filter(pk=self.pupil.pk).update(leaves_on=None if self.left else yesterday)
        self.left = not self.left

    # What always holds

    @invariant()
    def the_lists_the_check_and_the_clerk_agree(self) -> None:
        if not hasattr(self, "pupil"):
            return
        Family.steps += 1
        today = timezone.localdate()
        facts = PupilFacts(self.pupil.pk, self.pupil.born, None, self.competent)
        wanted = clerk(self.stack, facts, today, self.terms)
        kept = Position.objects.filter(pupil=self.pupil, purpose=self.photos).values_list("says", flat=True)
        assert list(kept) == ([wanted] if [w for w in self.stack if w.weight] else []) or (
            not kept and wanted == Says.NOTHING
        )
        use = Use(Medium.IMAGE, Channel.SCHOOL)
        rows = Pupil.objects.filter(pk=self.pupil.pk)
        (found,) = verdicts(rows, self.school, use, self.terms, today).values()
        silent = wanted in (Says.NOTHING, Says.HELD) and self.terms.model != OPT_IN
        assert found.may == ((wanted == Says.YES or silent) and not self.flagged and not self.left)
        assert Answer.objects.filter(pupil=self.pupil).count() == len(self.stack), "only ever added to"


@pytest.mark.once
@pytest.mark.parametrize("preset", ["cit", "ravens-wood"])
def test_two_thousand_random_steps_leave_lists_check_and_clerk_of_one_mind(preset: str) -> None:
    Family.preset, Family.steps = preset, 0
    some = settings(
        max_examples=32,
        stateful_step_count=40,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Family, settings=some)
    assert Family.steps >= WANTED / 2, "both profiles together take the wanted number of steps"


@pytest.mark.once
def test_the_machine_notices_when_a_no_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """A control: with every no left out, the machine fails."""
    weigh = ledger._weigh

    def forgetful(spoken, held, *more):
        return weigh([word for word in spoken if word.allows], held, *more)

    monkeypatch.setattr(ledger, "_weigh", forgetful)
    Family.preset = "cit"
    faulty = settings(
        max_examples=32,
        stateful_step_count=40,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
    )
    with pytest.raises(AssertionError):
        run_state_machine_as_test(Family, settings=faulty)
