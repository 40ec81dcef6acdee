"""What the rows of a page say, read from the ledger itself, in three queries for any number of schools."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from consent.access import flag_rules, pupil_rules
from consent.ledger import Asking, PupilFacts, PurposeFacts, State, Verdict, Word, state_of, use_of
from consent.models import Channel, Medium, Pupil, Purpose
from consent.register.filters import facts_of_purpose
from consent.selectors import facts_of, words_of
from consent.terms import Terms, terms_of
from people.governance.profile import Profile
from people.selectors import Place, governed_by

MEDIA = {
    Medium.IMAGE: "Photos",
    Medium.VIDEO: "Videos",
    Medium.BOTH: "Photos and videos",
    Medium.WORK: "Work",
    Medium.VOICE: "Voice",
}
CHANNELS = {
    Channel.SCHOOL: "school accounts",
    Channel.TRUST: "trust accounts",
    Channel.WEBSITE: "website",
    Channel.NEWSLETTER: "newsletter",
    Channel.PRESS: "press",
    Channel.INSIDE: "inside only",
}


class Sight(NamedTuple):
    """What a reader sees of the pupils of one school."""

    details: bool
    flag: bool


def sights(user: Any) -> dict[int, Sight]:
    """What a reader sees, by the id of each school whose pupils they see."""
    details = pupil_rules.schools(user, "details")
    flags = flag_rules.schools(user, "view")
    return {school: Sight(school in details, school in flags) for school in pupil_rules.schools(user, "view")}


def profile_at(user: Any, school: int) -> Profile:
    """How a school of the user's governs, from what the request has read already."""
    return next(profile for place, profile in governed_by(user).items() if place.pk == school)


def place_at(user: Any, school: int) -> Place:
    """A school of the user's, from what the request has read already."""
    return next(place for place in governed_by(user) if place.pk == school)


def terms_at(user: Any) -> dict[int, Terms]:
    """The terms of every school of the user's, worked out once for those that govern alike."""
    done: dict[int, Terms] = {}
    found: dict[int, Terms] = {}
    for place, profile in governed_by(user).items():
        found[place.pk] = done.setdefault(id(profile), terms_of(profile))
    return found


class Questions(NamedTuple):
    """What a school asks about, in its order, and what it asked about before: a no to that still binds."""

    asked: list[Purpose]
    retired: list[PurposeFacts]


NO_QUESTIONS = Questions([], [])


def questions_of(schools: Iterable[int], moment: datetime | None = None) -> dict[int, Questions]:
    """The questions of each school, now or as they were at a moment, in one query."""
    rows = Purpose.objects.filter(school__in=list(schools)).select_related("platform")
    if moment is not None:
        rows = rows.filter(created_at__lte=moment)
    found: dict[int, Questions] = {}
    for row in rows.order_by("order", "pk"):
        questions = found.setdefault(row.school_id, Questions([], []))
        if row.retired_at is None or (moment is not None and row.retired_at > moment):
            questions.asked.append(row)
        else:
            questions.retired.append(facts_of_purpose(row)._replace(retired=True))
    return found


def purposes_of(schools: Iterable[int]) -> dict[int, list[Purpose]]:
    """What each school asks about now, in the order in which it asks."""
    return {school: found.asked for school, found in questions_of(schools).items()}


def short_title(purpose: Purpose) -> str:
    """The heading of a column: "Photos: Instagram, group"."""
    where = CHANNELS.get(Channel(purpose.channel)) or str(purpose.platform)
    conditions = ", group" * purpose.group_only + ", no name" * purpose.no_first_name
    return f"{MEDIA[Medium(purpose.medium)]}: {where}{conditions}"


class Judge:
    """The verdicts on the use of each question of one school on a day, for one pupil after another."""

    def __init__(self, questions: Questions, terms: Terms, day: date) -> None:
        self.terms, self.day = terms, day
        asked = [facts_of_purpose(one) for one in questions.asked]
        every = [*asked, *questions.retired]
        self.asking = {one.pk: Asking(every, use_of(one), terms, day) for one in asked}

    def states(self, facts: PupilFacts, words: Mapping[int, list[Word]]) -> dict[int, State]:
        """The state of each question with an answer."""
        return {pk: state_of(said, facts, self.day, self.terms) for pk, said in words.items()}

    def verdicts(self, facts: PupilFacts, states: Mapping[int, State]) -> dict[int, Verdict]:
        """The verdict on the use that each question asks about."""
        return {pk: asking.verdict(facts, states) for pk, asking in self.asking.items()}


def verdicts_of(
    pupils: Iterable[Pupil],
    questions: Mapping[int, Questions],
    terms: Mapping[int, Terms],
    day: date,
) -> dict[int, dict[int, Verdict]]:
    """By pupil and purpose: the verdict on the use that the purpose asks about, from the ledger itself.

    `questions` and `terms` by school. Two queries, however many pupils.
    """
    schools = {one.pk: one.school_id for one in pupils}
    facts, words = facts_of(Pupil.objects.filter(pk__in=schools)), words_of(list(schools))
    judges = {
        school: Judge(questions.get(school, NO_QUESTIONS), terms[school], day)
        for school in set(schools.values())
    }
    found: dict[int, dict[int, Verdict]] = {}
    for pk, one in facts.items():
        judge = judges[schools[pk]]
        found[pk] = judge.verdicts(one, judge.states(one, words.get(pk, {})))
    return found
