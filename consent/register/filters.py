"""Which pupils a list shows.

At one school the verdicts themselves are compared, read from the ledger; over several schools the positions
beside the ledger are asked, in the database.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from consent import ledger
from consent.ledger import PurposeFacts, Verdict
from consent.models import Answer, Position, Pupil, Purpose, Reply, Says, Weight
from consent.selectors import flagged, here
from consent.services.settling import waiting_replies
from consent.terms import Terms
from core.signatures import plain_name

YES, NO = "yes", "no"
SAID_NO, DISAGREE, TO_CHECK, NO_ANSWER, EXPIRES = (
    "said_no",
    "disagreement",
    "to_check",
    "no_answer",
    "expires",
)
EXPIRES_WITHIN = 60
"""Days before its end in which a consent counts as running out."""
FOR_ALL = {YES: "May be shown", NO: "Not to be used"}
FOR_DETAILS = {
    SAID_NO: "Somebody said no",
    DISAGREE: "They disagree",
    TO_CHECK: "An answer has to be checked",
    NO_ANSWER: "No answer, or it has run out",
    EXPIRES: f"Runs out within {EXPIRES_WITHIN} days",
}
"""Filters that tell why: only for whoever sees the whole record at the school."""
AT_SCHOOL, LEFT, ALL = "here", "left", "all"
WHO = {AT_SCHOOL: "At the school", LEFT: "Left", ALL: "Both"}
NOBODY = Q(pk__in=())
REASONS = {SAID_NO: (ledger.NO,), DISAGREE: (ledger.SPLIT,), NO_ANSWER: (ledger.SILENT, ledger.EXPIRED)}
"""The reasons of a verdict that a filter asks for."""


def facts_of_purpose(purpose: Purpose) -> PurposeFacts:
    """The terms of a purpose that was read as a row."""
    return PurposeFacts(
        purpose.pk,
        purpose.medium,
        purpose.channel,
        purpose.platform_id,
        purpose.group_only,
        purpose.no_first_name,
        purpose.basis,
    )


def named(rows: QuerySet[Pupil], words: str) -> QuerySet[Pupil]:
    """Those of `rows` in whose names every word of `words` stands, whatever its capitals and accents."""
    for word in plain_name(words).split():
        rows = rows.filter(search_name__contains=word)
    return rows


def who(rows: QuerySet[Pupil], which: str, day: date) -> QuerySet[Pupil]:
    """Pupils at the school on a day, those who left, or both. Whoever was erased is in none."""
    if which == LEFT:
        return rows.filter(erased_at=None, leaves_on__lt=day)
    return rows.filter(erased_at=None) if which == ALL else rows.filter(here(day))


class Conditions:
    """What a position says on a day, as conditions."""

    def __init__(self, day: date) -> None:
        lasting = Q(yes_until=None) | Q(yes_until__gte=day)
        self.yes = Q(says=Says.YES) & lasting
        self.split = Q(says=Says.SPLIT) & lasting
        self.no = Q(says=Says.NO) | Q(says=Says.SPLIT, yes_until__lt=day)
        self.held = Q(says=Says.HELD)
        self.answered = self.yes | self.split | self.no | self.held
        self.ending = Q(says=Says.YES, yes_until__gte=day, yes_until__lte=day + timedelta(EXPIRES_WITHIN))


def _said(purposes: Iterable[int], condition: Q) -> Q:
    ids = list(purposes)
    if not ids:
        return NOBODY
    return Q(Exists(Position.objects.filter(condition, pupil=OuterRef("pk"), purpose__in=ids)))


def verdict_matches(wanted: str, found: Verdict, day: date) -> bool:
    """Whether a verdict is what a filter asks for; TO_CHECK is asked with `waits`."""
    if wanted == EXPIRES:
        last = day + timedelta(days=EXPIRES_WITHIN)
        return found.may and found.until is not None and found.until <= last
    if wanted in (YES, NO):
        return found.may is (wanted == YES)
    return found.reason in REASONS.get(wanted, ())


def waits(purposes: Iterable[int] | None = None) -> Q:
    """Pupils about whom an answer waits to be checked, to one of these purposes where they are given."""
    rows = Reply.objects.filter(waiting_replies(), pupil=OuterRef("pk"), weight=Weight.TO_CHECK)
    if purposes is not None:
        rows = rows.filter(Exists(Answer.objects.filter(reply=OuterRef("pk"), purpose__in=list(purposes))))
    return Q(Exists(rows))


def said_anywhere(wanted: str, purposes: Iterable[tuple[PurposeFacts, Terms]], day: date) -> Q:
    """Pupils of several schools of whom an answer to at least one question is as wanted.

    `purposes`: each that is asked about at those schools, with the terms of its school.
    """
    if wanted == TO_CHECK:
        return waits()
    said = Conditions(day)
    published = [pair for pair in purposes if pair[1].publishes(pair[0].channel)]
    loud = [one.pk for one, terms in published if not terms.silence_means_yes(one.basis, one.channel)]
    clear = here(day) & Q(~flagged())
    if wanted == NO_ANSWER:
        answered = Position.objects.filter(
            said.answered, purpose=OuterRef("pk"), pupil=OuterRef(OuterRef("pk"))
        )
        asked = Purpose.objects.filter(~Exists(answered), pk__in=loud, school=OuterRef("school"))
        return clear & Q(Exists(asked))
    condition = {SAID_NO: said.no, DISAGREE: said.split, EXPIRES: said.ending}.get(wanted)
    if condition is None:
        return NOBODY
    rows = Position.objects.filter(condition, purpose__in=[one.pk for one, _ in published])
    return clear & Q(pk__in=rows.values("pupil"))


def school_lists(rows: QuerySet[Pupil], school: int) -> tuple[list[str], list[str]]:
    """The classes and the years that a school's pupils are in today, in one query."""
    pairs = rows.filter(here(timezone.localdate()), school=school).order_by()
    found: list[tuple[Any, Any]] = list(pairs.values_list("class_name", "year_group").distinct())
    return (
        sorted({name for name, _ in found if name}, key=by_number),
        sorted({year for _, year in found if year}, key=by_number),
    )


def by_number(name: str) -> tuple[int, str]:
    """Sorts "9A" before "10A", and names without a number last."""
    digits = name[: len(name) - len(name.lstrip("0123456789"))]
    return (int(digits) if digits else 10_000, name)
