"""What reviews put on a person's to-do list: what was begun with them as reviewer, and what is to be begun.

The latter comes from the profiles, without a query.
"""

from collections import defaultdict
from datetime import timedelta
from typing import Any

from django.db.models import DateTimeField, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone

from approvals.signers import CHAIR
from core.todo import line, lines_of, source
from people.models import Deputy, Membership
from people.selectors import governed_by
from policies.models import Document, Review, ReviewSignature, Version
from policies.reviews.access import held_specs, named_as, ratifier_specs, reviewing
from policies.reviews.content import OPEN
from policies.reviews.dates import BEFORE

SIGN = line(
    "review-sign",
    "Sign the review: {name}",
    lambda key: reverse("policies:review-sign", args=[key]),
    "Sign",
    rank=40,
)
DUE = line(
    "review-due",
    "Review: {name}",
    lambda key: reverse("policies:review-start", args=[key]),
    "Begin",
    rank=41,
)
DRAFT = line(
    "review-draft",
    "A draft to be reviewed: {name}",
    lambda key: reverse("policies:review-start", args=[key]),
    "Begin",
    rank=42,
)
OPEN_REVIEW = Exists(Review.objects.filter(document=OuterRef("pk"), state__in=OPEN))


def _kept_to_ratify(user: Any, roles: dict[str, set[int]]) -> Q:
    """Reviews that this person is needed to ratify, so that their signature would be refused (CBC-0.03).

    As `parties.kept_to_ratify`, in one expression and without a query: nobody else, no deputy and no chair could
    ratify in their place, and somebody else could sign in the role that they hold.
    """
    at: dict[str, set[int]] = defaultdict(set)
    for place, profile in governed_by(user).items():
        for spec in ratifier_specs(profile):
            if place.pk in roles.get(spec, ()):
                at[spec].add(place.pk)
    found = Q(pk__in=[])
    if not at:
        return found
    school = OuterRef("document__school")
    here = Q(school=school) | Q(trust=OuterRef("document__school__trust"))
    others = Membership.objects.active().filter(here).exclude(user=user).order_by()
    instead = Exists(others.meeting(CHAIR)) | Exists(
        Deputy.objects.active().filter(person=user, school=school)
    )
    for spec, schools in at.items():
        alone = Q(document__school__in=schools) & ~Q(Exists(others.meeting(spec))) & ~Q(instead)
        for mine, places in roles.items():
            if places & schools:
                found |= (
                    alone & Q(document__school__in=places) & named_as(mine) & Q(Exists(others.meeting(mine)))
                )
    return found


@source
def to_sign(user: Any) -> QuerySet | None:
    """Reviews that wait for this person's signature, but for those that they are needed to ratify."""
    roles = held_specs(user)
    if not roles:
        return None
    given = ReviewSignature.objects.filter(review=OuterRef("pk"), round=OuterRef("round"))
    waits = Q(pk__in=[])
    for spec, schools in roles.items():
        waits |= Q(document__school__in=schools) & named_as(spec) & ~Exists(given.filter(spec=spec))
    rows = Review.objects.filter(waits, ~Exists(given.filter(user=user)), state=Review.State.OPEN)
    return lines_of(
        rows.filter(~_kept_to_ratify(user, roles)).exclude(findings=""),
        line=SIGN,
        key="uuid",
        place="document__school__name",
        since="started_at",
        due_on=F("was_due_on"),
        name=F("document__title"),
    )


def _documents(user: Any) -> QuerySet | None:
    """Documents that this person reviews and of which no review is open."""
    roles = reviewing(user)
    schools: set[int] = set().union(*roles.values())
    if not schools:
        return None
    return Document.objects.filter(~OPEN_REVIEW, school__in=schools, retired_at=None)


def _soon() -> Q:
    return Q(review_on__lte=timezone.localdate() + timedelta(days=max(BEFORE)))


@source
def to_review(user: Any) -> QuerySet | None:
    """Documents whose review is due soon, or overdue."""
    rows = _documents(user)
    if rows is None:
        return None
    return lines_of(
        rows.filter(_soon()).annotate(first_told=Cast("review_on", DateTimeField())),
        line=DUE,
        key="uuid",
        place="school__name",
        since="first_told",
        due_on=F("review_on"),
        name=F("title"),
    )


@source
def drafts(user: Any) -> QuerySet | None:
    """Drafts that nobody has begun to review, where the review is not due anyway."""
    rows = _documents(user)
    if rows is None:
        return None
    draft = Version.objects.filter(document=OuterRef("pk"), state=Version.State.DRAFT)
    return lines_of(
        rows.filter(Exists(draft), ~_soon() | Q(review_on=None)),
        line=DRAFT,
        key="uuid",
        place="school__name",
        since="created_at",
        name=F("title"),
    )
