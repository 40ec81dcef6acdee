"""Reads about reviews for pages."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from people.governance.profile import Profile
from people.models import School
from people.selectors import governed_by, profile_of
from policies.documents.access import document_rules
from policies.models import Document, Review
from policies.reviews.content import OPEN


def overdue(user: Any) -> QuerySet[Document]:
    """Documents whose last day for a review has passed and whose review nobody has begun, the oldest first.

    Those alone of which the user may begin one.
    """
    begun = Exists(Review.objects.filter(document=OuterRef("pk"), state__in=OPEN))
    rows = document_rules.visible_to(user, "review").filter(
        ~begun, retired_at=None, review_on__lt=timezone.localdate()
    )
    return rows.order_by("review_on", "pk")


def governing(user: Any, school: School) -> Profile:
    """How a school governs; without a query where a page knows it already, as it is one of the user's own."""
    known = {place.pk: profile for place, profile in governed_by(user).items()}
    return known.get(school.pk) or profile_of(school)
