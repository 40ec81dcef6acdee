"""Reads of this room that cross models: facts, states, and verdicts, in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from consent.ledger import (
    Asking,
    PupilFacts,
    PurposeFacts,
    State,
    Use,
    Verdict,
    Word,
    bears_on,
    state_of,
)
from consent.models import Answer, Assessment, NeverShow, Pupil, Purpose
from consent.terms import Terms

FACTS = ("pk", "born", "leaves_on", "competent", "never_show", "joined_on")
PURPOSE_FACTS = ("pk", "medium", "channel", "platform_id", "group_only", "no_first_name", "basis")
WORD = (
    "pk",
    "contact_id",
    "standing",
    "kind",
    "allows",
    "weight",
    "received_at",
    "valid_until",
    "reply_id",
)


def flagged(moment: datetime | None = None) -> Exists:
    """Whether the pupil has the flag "never show" now, or had it at a moment."""
    rows = NeverShow.objects.filter(pupil=OuterRef("pk"))
    if moment is None:
        return Exists(rows.filter(lifted_at=None))
    return Exists(rows.filter(set_at__lte=moment).exclude(lifted_at__lte=moment))


def with_facts(pupils: QuerySet[Pupil], moment: datetime | None = None) -> QuerySet[Pupil]:
    """Pupils with `competent` and `never_show`, now or as they were known at a moment."""
    assessed = Assessment.objects.filter(pupil=OuterRef("pk"))
    if moment is not None:
        assessed = assessed.filter(at__lte=moment)
    return pupils.annotate(
        competent=Subquery(assessed.order_by("-at", "-pk").values("competent")[:1]),
        never_show=flagged(moment),
    )


def facts_of(pupils: QuerySet[Pupil], moment: datetime | None = None) -> dict[int, PupilFacts]:
    """The facts of pupils by id, now or as they were known at a moment, in one query."""
    rows = with_facts(pupils.order_by(), moment)
    return {row[0]: PupilFacts._make(row) for row in rows.values_list(*FACTS)}


def purposes_at(school: Any) -> list[PurposeFacts]:
    """The purposes that a school asks about, in the order in which they are asked."""
    return [one for one in purposes_then(school) if not one.retired]


def words_of(
    pupils: Iterable[int] | QuerySet,
    purposes: Collection[int] | QuerySet | None = None,
    moment: datetime | None = None,
) -> dict[int, dict[int, list[Word]]]:
    """The answers about pupils, by pupil and purpose; of those recorded by a moment if one is given."""
    rows = Answer.objects.filter(pupil__in=pupils)
    if purposes is not None:
        rows = rows.filter(purpose__in=purposes)
    if moment is not None:
        rows = rows.filter(recorded_at__lte=moment)
    found: dict[int, dict[int, list[Word]]] = defaultdict(lambda: defaultdict(list))
    for row in rows.order_by().values_list(*WORD, "pupil_id", "purpose_id"):
        found[row[-2]][row[-1]].append(Word._make(row[:-2]))
    return found


def states_of(
    facts: dict[int, PupilFacts],
    terms: Terms,
    day: date,
    purposes: Collection[int] | None = None,
    moment: datetime | None = None,
) -> dict[int, dict[int, State]]:
    """The state of each pupil for each purpose of which anything was said, in one query."""
    words = words_of(facts, purposes, moment)
    return {
        pupil: {purpose: state_of(said, facts[pupil], day, terms) for purpose, said in words[pupil].items()}
        for pupil in facts
        if pupil in words
    }


def verdicts(
    pupils: QuerySet[Pupil],
    school: Any,
    use: Use,
    terms: Terms,
    day: date,
    moment: datetime | None = None,
) -> dict[int, Verdict]:
    """Whether each pupil may be shown in a use, read from the ledger itself, in three queries.

    With `moment` as it was known then: purposes that were retired since are asked too.
    """
    purposes = [one for one in purposes_then(school, moment) if bears_on(one, use)]
    facts = facts_of(pupils, moment)
    states = states_of(facts, terms, day, [one.pk for one in purposes], moment) if purposes else {}
    asking = Asking(purposes, use, terms, day)
    return {pk: asking.verdict(pupil, states.get(pk, {})) for pk, pupil in facts.items()}


def purposes_then(school: Any, moment: datetime | None = None) -> list[PurposeFacts]:
    """Every purpose of a school, now or as they were at a moment, those that are asked about no more included."""
    rows = Purpose.objects.filter(school=school)
    if moment is not None:
        rows = rows.filter(created_at__lte=moment)
    found = rows.order_by("order", "pk").values_list(*PURPOSE_FACTS, "retired_at")
    return [PurposeFacts(*row[:-1], retired=_retired(row[-1], moment)) for row in found]


def _retired(at: datetime | None, moment: datetime | None) -> bool:
    return at is not None and (moment is None or at <= moment)


def here(day: date) -> Q:
    """Pupils who are at the school on a day, or will be: neither left nor erased."""
    return Q(erased_at=None) & (Q(leaves_on=None) | Q(leaves_on__gte=day))
