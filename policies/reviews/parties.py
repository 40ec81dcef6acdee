"""A review has two parties, who review and who ratify (CIT-12.01): who of the first is barred from the second.

Whoever looks after a review, signed it or ever wrote or changed its draft does not ratify it. One exception, for a
small school: where nobody could ratify otherwise, whoever alone holds both the ratifier's role and the role in which
they signed (or in which the draft could have been written) ratifies too, and it is recorded.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from approvals.signers import signers_at
from core.errors import Refused
from people.governance.profile import Profile
from people.governance.who import joined
from people.models import School
from people.selectors import holders, holders_of_any
from policies.documents.access import KEEPERS
from policies.documents.services import makers_of
from policies.models import Review
from policies.reviews.access import ratifier_specs, reviewer_specs
from policies.reviews.content import title_of


@dataclass(frozen=True)
class Parties:
    """Ids of who had a part in a review and does not ratify it, and of who had one and may all the same."""

    barred: frozenset[int] = frozenset()
    excused: frozenset[int] = frozenset()


def enough_people(options: Sequence[Iterable[int]]) -> bool:
    """Whether each place can be given to a person of its own. Pure: a matching by augmenting paths."""
    places = [set(one) for one in options]
    given: dict[int, int] = {}

    def seat(place: int, tried: set[int]) -> bool:
        for person in places[place] - tried:
            tried.add(person)
            if person not in given or seat(given[person], tried):
                given[person] = place
                return True
        return False

    return all(seat(place, set()) for place in range(len(places)))


def all_could_sign(school: School, profile: Profile, specs: list[str]) -> None:
    """Raise Refused unless every reviewer's role can be signed by a person of its own."""
    options = [set(holders(school, spec).values_list("pk", flat=True)) for spec in specs]
    titles = [title_of(profile, spec) for spec in specs]
    if empty := [title for title, people in zip(titles, options, strict=True) if not people]:
        raise Refused(
            f"Nobody could sign as {joined(empty, 'or')}. Ask your headteacher or IT lead to give somebody that "
            "role, or to change in the settings who reviews."
        )
    if not enough_people(options):
        raise Refused(
            f"There are too few people to sign as {joined(titles)}: nobody signs for two roles. Ask your headteacher "
            "or IT lead to give one of these roles to another person, or to change in the settings who reviews."
        )


def parties_of(row: Review, profile: Profile, signed: Iterable[tuple[int, str]]) -> Parties:
    """Who does not ratify, when these people have signed, each by id and role spec; nobody without ratifiers.

    Raises Refused, with what to do, where nobody would be left who could ratify.
    """
    steps = ratifier_specs(profile)
    if not steps:
        return Parties()
    school = row.document.school
    parts = [(person, [spec]) for person, spec in signed]
    if row.proposed_id:
        writers = [*map(str, KEEPERS), *reviewer_specs(profile)]
        parts += [(maker.pk, writers) for maker in makers_of(row.proposed)]
    everybody = frozenset(person for person, _ in parts)
    missing = _missing(school, profile, steps, everybody | {row.started_by_id})
    if not missing:
        return Parties(everybody)
    replaceable = {
        person for person, specs in parts if holders_of_any(school, specs).exclude(pk=person).exists()
    }
    alone = _single_holders(school, steps) & everybody - replaceable - {row.started_by_id}
    if alone and not _missing(school, profile, steps, (everybody - alone) | {row.started_by_id}):
        return Parties(everybody - alone, alone)
    raise Refused(
        f"Nobody could ratify this as {joined(missing, 'or')}: whoever signs a review, wrote or changed its draft or "
        "looks after it does not ratify it. Let somebody else sign, or let a colleague take the review over on its "
        "page. Where those who ratify changed the draft, give the review up, put the draft aside and let somebody "
        "else write it. Or ask your headteacher or IT lead to give another person the role."
    )


def kept_to_ratify(row: Review, profile: Profile) -> set[int]:
    """Ids of those who hold a reviewer's role and whose signature would be refused, as they are needed to ratify.

    They are not asked to sign: at CBC the chair ratifies, so another governor signs (CBC-0.03).
    """
    school, found = row.document.school, set()
    for person in _single_holders(school, ratifier_specs(profile)):
        mine = [spec for spec in row.reviewers if holders(school, spec).filter(pk=person).exists()]
        if mine and not any(_could_sign(row, profile, person, spec) for spec in mine):
            found.add(person)
    return found


def _could_sign(row: Review, profile: Profile, person: int, spec: str) -> bool:
    try:
        parties_of(row, profile, [(person, spec)])
    except Refused:
        return False
    return True


def _single_holders(school: School, steps: list[str]) -> frozenset[int]:
    """Ids of those who alone hold the role of a ratifier's step."""
    found = [list(holders(school, spec).values_list("pk", flat=True)) for spec in steps]
    return frozenset(people[0] for people in found if len(people) == 1)


def _missing(school: School, profile: Profile, steps: list[str], barred: frozenset[int]) -> list[str]:
    """The titles as which nobody could ratify; all of them where there are too few people; none where it works."""
    titles = [title_of(profile, spec) for spec in steps]
    options = [
        {signer.user.pk for signer in signers_at(school, spec, title, set(barred))}
        for spec, title in zip(steps, titles, strict=True)
    ]
    if empty := [title for title, people in zip(titles, options, strict=True) if not people]:
        return empty
    return [] if enough_people(options) else titles
