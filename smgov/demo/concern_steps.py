"""One concern of the demo, and everything that can follow it, each as a step that a scene plays."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils import timezone

from incidents.concerns.sanctions import Sanction
from incidents.concerns.services.actions import action_add, action_done
from incidents.concerns.services.casework import case_assign, case_wait
from incidents.concerns.services.chronology import concern_read, note_add
from incidents.concerns.services.outcomes import case_close, parents_told, sanction_record
from incidents.concerns.services.referrals import advice_record, referral_add
from incidents.concerns.services.sending import Somebody, Told, concern_send
from incidents.concerns.services.sharing import case_share
from incidents.models import Concern, EntryKind, PartIn, Right, Sort
from smgov.demo.people import Cast

Step = Callable[["Case", Cast], Any]


@dataclass
class Case:
    """One concern from its first day: who reported it, where, what was said, and what follows."""

    school: str
    teller: str
    days: float
    told: Callable[[Cast], dict[str, Any]]
    then: tuple[tuple[float, Step], ...] = ()
    hour: float = 11
    concern: Concern | None = None
    others: dict[str, Any] = field(default_factory=dict)

    def start(self, cast: Cast) -> None:
        """The first day. Nobody is the teller on the page for pupils and parents."""
        self.concern = concern_send(
            actor=cast.who(self.teller) if self.teller else None,
            school=cast.schools[self.school],
            once=uuid.uuid4(),
            told=Told(**self.told(cast)),
        )

    def go(self, step: Step, cast: Cast) -> None:
        """One thing that follows."""
        self.concern.refresh_from_db()
        step(self, cast)


def pupil(part: PartIn, words: str) -> Somebody:
    """A pupil, in words."""
    return Somebody(part, Sort.PUPIL, words)


def reads(name: str) -> Step:
    """Somebody opens it."""
    return lambda case, cast: concern_read(actor=cast.who(name), concern=case.concern)


def notes(name: str, text: str) -> Step:
    """Somebody adds a note."""
    return lambda case, cast: note_add(actor=cast.who(name), concern=case.concern, text=text)


def corrects(name: str, text: str) -> Step:
    """Somebody corrects the last note."""

    def act(case: Case, cast: Cast) -> None:
        wrong = case.concern.entries.filter(kind=EntryKind.NOTE).last()
        note_add(actor=cast.who(name), concern=case.concern, text=text, corrects=wrong)

    return act


def takes(name: str) -> Step:
    """Somebody takes it on."""

    def act(case: Case, cast: Cast) -> None:
        case_assign(actor=cast.who(name), concern=case.concern, user=cast.who(name))

    return act


def plans(name: str, text: str, days: int) -> Step:
    """An action, due so many days later."""

    def act(case: Case, cast: Cast) -> None:
        case.others["action"] = action_add(
            actor=cast.who(name),
            concern=case.concern,
            text=text,
            owner=cast.who(name),
            due_on=timezone.localdate() + timedelta(days=days),
        )

    return act


def does(name: str, note: str) -> Step:
    """The last action is done."""
    return lambda case, cast: action_done(actor=cast.who(name), action=case.others["action"], note=note)


def waits(name: str, whom: str) -> Step:
    """It waits for somebody."""
    return lambda case, cast: case_wait(actor=cast.who(name), concern=case.concern, waiting_for=whom)


def shares(name: str, with_name: str, reason: str, days: int) -> Step:
    """It is shared with a colleague until a day."""

    def act(case: Case, cast: Cast) -> None:
        case_share(
            actor=cast.who(name),
            concern=case.concern,
            user=cast.who(with_name),
            right=Right.READ,
            reason=reason,
            until=timezone.localdate() + timedelta(days=days),
        )

    return act


def refers(name: str, body: str, reference: str) -> Step:
    """A body outside is contacted."""

    def act(case: Case, cast: Cast) -> None:
        case.others["referral"] = referral_add(
            actor=cast.who(name),
            concern=case.concern,
            body=body,
            made_at=timezone.now(),
            caller=cast.who(name),
            reference=reference,
            holds=body == "lado",
        )

    return act


def advised(name: str, advice: str) -> Step:
    """Its advice comes."""

    def act(case: Case, cast: Cast) -> None:
        advice_record(
            actor=cast.who(name), referral=case.others["referral"], advice=advice, advised_at=timezone.now()
        )

    return act


def told_parents(name: str, words: str) -> Step:
    """Parents are told."""

    def act(case: Case, cast: Cast) -> None:
        parents_told(
            actor=cast.who(name), concern=case.concern, when=timezone.now(), how="phone", words=words
        )

    return act


def measure(name: str, what: Sanction, words: str) -> Step:
    """A measure against whose doing it was."""

    def act(case: Case, cast: Cast) -> None:
        sanction_record(
            actor=cast.who(name),
            concern=case.concern,
            what=what,
            words=words,
            decided_by=cast.who(name),
            part=case.concern.parts.filter(part=PartIn.SUBJECT).first(),
        )

    return act


def closes(name: str, outcome: str, reasons: str, *, refresh: bool = False) -> Step:
    """It is closed."""

    def act(case: Case, cast: Cast) -> None:
        case_close(
            actor=cast.who(name),
            concern=case.concern,
            outcome=outcome,
            reasons=reasons,
            refresh_training=refresh,
        )

    return act
