"""What the rows of a page say, read from the ledger itself, in three queries for any number of schools."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from consent.access import flag_rules, pupil_rules
from consent.ledger import PupilFacts, State, Verdict, Word, state_of, verdict
from consent.models import Channel, Medium, Pupil, Purpose
from consent.register.filters import facts_of_purpose, use_of
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


def purposes_of(schools: Iterable[int]) -> dict[int, list[Purpose]]:
    """What each school asks about now, in the order in which it asks."""
    rows = Purpose.objects.filter(school__in=list(schools), retired_at=None).select_related("platform")
    found: dict[int, list[Purpose]] = {}
    for row in rows.order_by("order", "pk"):
        found.setdefault(row.school_id, []).append(row)
    return found


def short_title(purpose: Purpose) -> str:
    """The heading of a column: "Photos: Instagram, group"."""
    where = CHANNELS.get(Channel(purpose.channel)) or str(purpose.platform)
    conditions = ", group" * purpose.group_only + ", no name" * purpose.no_first_name
    return f"{MEDIA[Medium(purpose.medium)]}: {where}{conditions}"


def verdicts_by_purpose(
    facts: PupilFacts,
    words: Mapping[int, list[Word]],
    purposes: Iterable[Purpose],
    terms: Terms,
    day: date,
) -> tuple[dict[int, Verdict], dict[int, State]]:
    """The verdict on the use that each purpose asks about, and the state of each purpose with an answer."""
    asked = [facts_of_purpose(one) for one in purposes]
    states = {pk: state_of(said, facts, day, terms) for pk, said in words.items()}
    return {one.pk: verdict(facts, states, asked, use_of(one), terms, day) for one in asked}, states


def verdicts_of(
    pupils: Iterable[Pupil],
    purposes: Mapping[int, list[Purpose]],
    terms: Mapping[int, Terms],
    day: date,
    moment: datetime | None = None,
) -> dict[int, dict[int, Verdict]]:
    """By pupil and purpose: the verdict on the use that the purpose asks about, from the ledger itself.

    `purposes` and `terms` by school; `moment` asks what was known then.
    """
    pupils = list(pupils)
    facts = facts_of(Pupil.objects.filter(pk__in=[one.pk for one in pupils]), moment)
    words = words_of(list(facts), moment=moment)
    return {
        one.pk: verdicts_by_purpose(
            facts[one.pk],
            words.get(one.pk, {}),
            purposes.get(one.school_id, ()),
            terms[one.school_id],
            day,
        )[0]
        for one in pupils
    }
