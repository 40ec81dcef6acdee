"""Reviews of the demo's policies: finished, refused, waiting for the ratifiers, half signed, given up. All invented.

The documents are those of `smgov.demo.documents`, the first of each kind at each place.
"""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from django.utils import timezone

from approvals.models import ApprovalStep, Decision
from approvals.services import step_decide
from policies.documents.services import version_draft
from policies.models import Document, DocumentKind, Review, Version
from policies.reviews.content import OPEN, seen_hash
from policies.reviews.services import Found, review_drop, review_sign, review_start, review_write
from policies.reviews.sweeps import reviews_remind
from smgov.demo.clock import Scene
from smgov.demo.people import Cast

SOCIAL, PARENTS, STAFF = DocumentKind.SOCIAL_MEDIA, DocumentKind.PARENTS_CODE, DocumentKind.STAFF_CODE


@dataclass(frozen=True)
class Step:
    """One thing that happened to the review of a document: `words` are findings, reasons, or a role."""

    days: int
    place: str
    kind: str
    what: str
    who: str
    words: str = ""


VAGUE = "Say which platforms are meant: ours have changed since 2023. Then we look at it again."
STEPS = (
    # the trust: refused once, now waiting for the executive team
    Step(
        88,
        "hub",
        SOCIAL,
        "draft",
        "Saoirse O'Malley",
        "Comments on new platforms are answered as on the old.",
    ),
    Step(87, "hub", SOCIAL, "start", "Saoirse O'Malley"),
    Step(
        86, "hub", SOCIAL, "write", "Saoirse O'Malley", "Two new platforms came up; nothing said about them."
    ),
    Step(85, "hub", SOCIAL, "sign", "Saoirse O'Malley", "head_of_comms"),
    Step(80, "hub", SOCIAL, "refuse", "Rhiannon Castellanos", VAGUE),
    Step(
        20,
        "hub",
        SOCIAL,
        "draft",
        "Saoirse O'Malley",
        "It holds for every platform on the list of the trust.",
    ),
    Step(19, "hub", SOCIAL, "start", "Saoirse O'Malley"),
    Step(18, "hub", SOCIAL, "write", "Saoirse O'Malley", "As asked for: the list of the trust is named now."),
    Step(17, "hub", SOCIAL, "sign", "Saoirse O'Malley", "head_of_comms"),
    # St Cedd's: headteacher and academy council, nobody ratifies
    Step(76, "stcedds", SOCIAL, "draft", "Judith Amankwah", "The office answers in the holidays."),
    Step(75, "stcedds", SOCIAL, "start", "Judith Amankwah"),
    Step(74, "stcedds", SOCIAL, "write", "Judith Amankwah", "It worked well. Holidays were left open."),
    Step(73, "stcedds", SOCIAL, "sign", "Judith Amankwah", "headteacher"),
    Step(66, "stcedds", SOCIAL, "sign", "Ursula Fenwick", "governance"),
    Step(11, "stcedds", PARENTS, "start", "Judith Amankwah"),
    Step(
        10, "stcedds", PARENTS, "same", "Judith Amankwah", "Read with the parents' forum. Nothing to change."
    ),
    Step(9, "stcedds", PARENTS, "sign", "Judith Amankwah", "headteacher"),
    # the Lanterns: the committee reviews, headteacher and chair ratify; the chair has still to sign
    Step(
        33,
        "lanterns",
        SOCIAL,
        "draft",
        "Valentina Ruiz",
        "Live streams need the headteacher's word first.",
    ),
    Step(32, "lanterns", SOCIAL, "start", "Valentina Ruiz"),
    Step(
        31,
        "lanterns",
        SOCIAL,
        "write",
        "Oluwaseun Martins",
        "Due since 2024. Streaming was not foreseen in it.",
    ),
    Step(27, "lanterns", SOCIAL, "sign", "Valentina Ruiz", "governance"),
    Step(25, "lanterns", SOCIAL, "yes", "Oluwaseun Martins"),
    Step(6, "lanterns", STAFF, "start", "Oluwaseun Martins"),
    # Fernhollow: begun too early, and given up
    Step(58, "fernhollow", SOCIAL, "start", "Harriet Balogun"),
    Step(
        52, "fernhollow", SOCIAL, "drop", "Harriet Balogun", "The council is about to publish its own model."
    ),
    Step(8, "fernhollow", SOCIAL, "start", "Harriet Balogun"),
    Step(7, "fernhollow", SOCIAL, "same", "Harriet Balogun", "The council's model says no more than ours."),
)


def _document(cast: Cast, step: Step) -> Document:
    rows = Document.objects.filter(school=cast.schools[step.place], kind=step.kind, retired_at=None)
    return rows.order_by("pk")[0]


def _review(cast: Cast, step: Step) -> Review:
    return Review.objects.get(document=_document(cast, step), state__in=OPEN)


def _draft(cast: Cast, step: Step) -> None:
    """The words in force, and one more paragraph."""
    row = _document(cast, step)
    words = row.versions.get(state=Version.State.IN_FORCE).text
    version_draft(actor=cast.who(step.who), document=row, text=f"{words}\n\n{step.words}", changes=step.words)


def _start(cast: Cast, step: Step) -> None:
    review_start(actor=cast.who(step.who), document=_document(cast, step), once=uuid.uuid4())


def _write(cast: Cast, step: Step) -> None:
    """A new version, or none; the next review in a year, by month where the document says a month."""
    review = _review(cast, step)
    day: date = timezone.localdate() + timedelta(days=365)
    found = Found(step.words, step.what == "write", day, review.document.review_by_month)
    review_write(actor=cast.who(step.who), review=review, found=found, seen=seen_hash(review))


def _sign(cast: Cast, step: Step) -> None:
    review = _review(cast, step)
    review_sign(
        actor=cast.who(step.who),
        review=review,
        spec=step.words,
        seen=seen_hash(review),
        declared=True,
        typed_name=step.who,
    )


def _decide(cast: Cast, step: Step) -> None:
    request = _review(cast, step).approval
    yes = step.what == "yes"
    step_decide(
        request=request,
        expected_step=request.steps.get(status=ApprovalStep.Status.CURRENT).pk,
        expected_hash=request.rounds.last().hash,
        actor=cast.who(step.who),
        outcome=Decision.Outcome.APPROVED if yes else Decision.Outcome.REFUSED,
        reasons=step.words,
        typed_name=step.who,
    )


def _drop(cast: Cast, step: Step) -> None:
    review_drop(actor=cast.who(step.who), review=_review(cast, step), because=step.words)


DOING = {
    "draft": _draft,
    "start": _start,
    "write": _write,
    "same": _write,
    "sign": _sign,
    "refuse": _decide,
    "yes": _decide,
    "drop": _drop,
}


def scenes(cast: Cast) -> Iterator[Scene]:
    """Each step on its day; the sweep of reminders now and then."""
    for number, step in enumerate(STEPS):
        yield Scene(step.days, 10 + number % 5, partial(DOING[step.what], cast, step))
    for days in (117, 90, 60, 40, 26, 12, 3):
        yield Scene(days, 8.75, reviews_remind)
