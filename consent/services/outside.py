"""What somebody reads and answers through their link, without an account (CIT-7.09, STM-7.09)."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from consent.models import (
    Answer,
    AnswerLink,
    Basis,
    Effect,
    Pupil,
    Purpose,
    Reply,
    Round,
    Route,
    Weight,
    Wording,
)
from consent.services.links import reached_by
from consent.services.replies import Said, reply_add
from consent.terms import Terms, terms_of
from core.audit import audited
from core.errors import Refused
from core.tables import date_text
from people.models import School
from people.selectors import profile_of

SENT_BEFORE = "You have sent this page before. Look at your answers below, then send them again."


class LinkOver(Exception):
    """The link stopped working, or stopped opening this pupil, while its page was open."""


@dataclass(frozen=True)
class Question:
    """One purpose, with the newest words for it."""

    purpose: Purpose
    wording: Wording

    @property
    def name(self) -> str:
        """The name of its field."""
        return f"q_{self.purpose.uuid.hex}"

    @property
    def objects(self) -> bool:
        """Whether the school does it unless somebody objects."""
        return self.purpose.basis == Basis.PUBLIC_TASK

    @property
    def conditions(self) -> list[str]:
        """What the conditions of the purpose mean, in a sentence each."""
        shown = []
        if self.purpose.group_only:
            shown.append("In a group only: a picture is used only if other pupils are in it too.")
        if self.purpose.no_first_name:
            shown.append("Without the first name: no name stands beside the picture.")
        return shown

    def choice(self, allows: bool) -> str:
        """What the answer is called on the page."""
        if self.objects:
            return "I do not object" if allows else "I object"
        return "Yes" if allows else "No"


@dataclass(frozen=True)
class Line:
    """What one person said last about one purpose: `text` says it with how long it holds."""

    question: Question
    text: str
    said: bool = False
    allows: bool = False

    @property
    def title(self) -> str:
        """What it is about."""
        return self.question.purpose.title


def questions_of(school: School, terms: Terms) -> list[Question]:
    """What a school asks about now, in its order, each with its newest words; in two queries."""
    rows = Purpose.objects.filter(school=school, retired_at=None).select_related("platform")
    purposes = [one for one in rows.order_by("order", "pk") if terms.publishes(one.channel)]
    newest = {one.purpose_id: one for one in Wording.objects.filter(purpose__in=purposes).order_by("number")}
    return [Question(one, newest[one.pk]) for one in purposes if one.pk in newest]


def last_lines(
    link: AnswerLink, pupils: Iterable[Pupil], questions: Sequence[Question]
) -> dict[int, list[Line]]:
    """What the person of a link said last, by pupil, a line for each question; nobody else's answers.

    A telephone call that is only noted is left out: it does not count (CIT-7.10).
    """
    pupils = list(pupils)
    rows = Answer.objects.filter(pupil__in=pupils, contact=link.contact_id).exclude(weight=Weight.NOTED)
    rows = rows.filter(purpose__in=[one.purpose.pk for one in questions]).order_by("received_at", "pk")
    last = {(one.pupil_id, one.purpose_id): one for one in rows}
    today = timezone.localdate()
    return {
        pupil.pk: [line_of(one, last.get((pupil.pk, one.purpose.pk)), today) for one in questions]
        for pupil in pupils
    }


def line_of(question: Question, answer: Answer | None, today: date) -> Line:
    """One answer in words."""
    if answer is None:
        return Line(question, "No answer yet")
    if answer.kind == Effect.SET_ASIDE:
        return Line(question, "Your answer does not count. Please ask the school office.")
    text, until = question.choice(answer.allows), answer.valid_until
    if answer.allows and until is not None and until < today:
        return Line(question, f"{text}, until {date_text(until)}. That is over: please answer again.")
    if answer.weight == Weight.TO_CHECK and answer.allows:
        text += ", once the school has checked it"
    if answer.allows and until is not None:
        text += f", until {date_text(until)}"
    return Line(question, text, said=True, allows=answer.allows)


def holds_until(school: School, terms: Terms) -> date | None:
    """The last day of a yes that is given today; None: as long as the pupil is at the school."""
    row = Round.objects.filter(school=school, closed_at=None).first()
    return terms.valid_until(timezone.localdate(), row.until if row else None)


def answer_send(
    *,
    link: AnswerLink,
    pupil: Pupil,
    once: uuid.UUID,
    answers: Mapping[int, bool],
    wordings: Mapping[int, int],
    words: str = "",
) -> Reply:
    """Record what somebody answered through their link. It counts at once.

    The person is the link's, never one that was sent. The same page sent again is one reply; with other
    answers it is refused. Raises LinkOver where the link or the pupil is out of reach by now, or Refused.
    """
    with audited():
        contact = _use(link, pupil).contact
        before = Reply.objects.filter(once=once).first()
        if before is not None:
            same = (before.pupil_id, before.contact_id) == (pupil.pk, link.contact_id)
            if same and dict(before.answers.values_list("purpose_id", "allows")) == dict(answers):
                return before
            raise Refused(SENT_BEFORE)
        said = Said(pupil, answers, contact, wordings=wordings, words=words)
        return reply_add(said=said, once=once, route=Route.LINK, received_at=timezone.now())


def answer_withdraw(*, link: AnswerLink, pupil: Pupil, once: uuid.UUID) -> Reply:
    """Say no to everything that the school asks about now, whatever its words are (CIT-7.09, STM-7.09)."""
    questions = questions_of(pupil.school, terms_of(profile_of(pupil.school)))
    return answer_send(
        link=link,
        pupil=pupil,
        once=once,
        answers={one.purpose.pk: False for one in questions},
        wordings={one.purpose.pk: one.wording.pk for one in questions},
    )


def _use(link: AnswerLink, pupil: Pupil) -> AnswerLink:
    """Lock the link and the pupil, ask again, and note the use. Raises LinkOver."""
    rows = AnswerLink.objects.select_for_update(of=("self",)).select_related(
        "contact__school", "pupil__school"
    )
    row = rows.get(pk=link.pk)
    Pupil.objects.select_for_update(of=("self",)).get(pk=pupil.pk)
    if pupil.pk not in {one.pk for one in reached_by(row)}:
        raise LinkOver
    row.opened_at = timezone.now()
    row.save(update_fields=["opened_at"])
    return row


def reply_of(link: AnswerLink, uuid_: Any, children: Iterable[Pupil]) -> Reply | None:
    """A reply that came through this person's link, about one of their pupils."""
    rows = Reply.objects.filter(uuid=uuid_, contact=link.contact_id, route=Route.LINK)
    return rows.filter(pupil__in=[one.pk for one in children]).first()
