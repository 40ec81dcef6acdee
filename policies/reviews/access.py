"""Who may do what with the review of a document."""

from collections import defaultdict
from typing import Any

from django.db.models import F, Q, TextField, Value
from django.db.models.functions import Cast, StrIndex
from django.db.models.lookups import GreaterThan

from approvals.signers import signable_steps
from core.access import Rules, Standing, standing_of
from core.roles import Post, Role
from people.governance.profile import Profile
from people.selectors import governed_by, keeps_at
from policies.documents.access import KEEPERS, REVIEW
from policies.models import Review

READERS = (*KEEPERS, Role.GOVERNANCE)


def reviewer_specs(profile: Profile) -> list[str]:
    """Which roles review, each with a signature: the headteacher where the school names nobody."""
    return [str(spec) for spec in profile.reviewer or ()] or [str(Role.HEADTEACHER)]


def ratifier_specs(profile: Profile) -> list[str]:
    """Which roles ratify, in order; none where the school names nobody."""
    return [str(spec) for spec in profile.ratifier or ()]


def reviewing(user: Any) -> dict[str, set[int]]:
    """As which roles a person reviews, and at which schools. No query beside the standing and the profiles."""
    standing, found = standing_of(user), defaultdict(set)
    if not standing.held:
        return {}
    at: dict[str, set[int]] = {}
    for place, profile in governed_by(user).items():
        for spec in reviewer_specs(profile):
            if spec not in at:
                at[spec] = standing.schools([spec])
            if place.pk in at[spec]:
                found[spec].add(place.pk)
    return dict(found)


def named_as(spec: str) -> Q:
    """Reviews whose frozen reviewers name a role spec. In JSON a spec stands between quotation marks."""
    return Q(GreaterThan(StrIndex(Cast(F("reviewers"), TextField()), Value(f'"{spec}"')), Value(0)))


def held_specs(user: Any) -> dict[str, set[int]]:
    """The role specs that a person meets now, and at which schools. A deputy's post meets none but its own."""
    found = defaultdict(set)
    for (role, post), schools in standing_of(user).places.items():
        if post != Post.DEPUTY:
            found[str(role)] |= schools
        if post:
            found[f"{role}/{post}"] |= schools
    return dict(found)


def _frozen(user: Any) -> Q:
    """Reviews that were begun with a role of the person as reviewer, whatever the profile says today."""
    found = Q(pk__in=[])
    for spec, schools in held_specs(user).items():
        found |= Q(document__school__in=schools) & named_as(spec)
    return found


def _reviews(user: Any, standing: Standing, action: str) -> Q | None:
    """Reviewers and ratifiers whom the school's profile names, and the reviewers with whom a review was begun.

    The latter alone sign; who signs which line is asked by the service. To read one review is also open to whoever
    must ratify it now in place of somebody else, such as a deputy.
    """
    if action == "sign":
        return _frozen(user)
    if action not in ("view", "read", "write"):
        return None
    named = keeps_at(user, REVIEW)
    found = Q(document__school__in=named) if named else None
    if action == "write":
        return found
    found = _frozen(user) if found is None else found | _frozen(user)
    return found | Q(approval__in=signable_steps(user).values("request")) if action == "read" else found


class ReviewRules(Rules):
    """Rules that know the reviewers and ratifiers of each school's profile."""

    def schools(self, user: Any, action: str) -> set[int]:
        """The schools at which a role, or the school's own profile, grants the action."""
        found = super().schools(user, action)
        return found | keeps_at(user, REVIEW) if action in ("view", "write") else found

    def can_ever(self, user: Any, action: str) -> bool:
        """Whether the list is worth opening: a review of before is reached by its notice and the to-do list."""
        return bool(self.schools(user, action)) if action == "view" else super().can_ever(user, action)


review_rules = ReviewRules(
    Review,
    {
        "view": READERS,
        "read": READERS,  # the page of one review, and the words or the file that it proposes
        "write": KEEPERS,  # findings, the proposed version, the next date; take it over; give it up
        "sign": (),  # the reviewers whom the profile named when it was begun, alone
        "export": READERS,
    },
    school_field="document__school",
    by_name=_reviews,
)
