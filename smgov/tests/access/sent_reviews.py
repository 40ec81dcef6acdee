"""What is sent to each address about reviews, for the test of events."""

from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone

from policies.models import Review
from policies.reviews.content import seen_hash
from smgov.tests.access.forms import date_parts
from smgov.tests.access.world import World

REVIEWS_SENT: dict[str, tuple[str, Callable[[World], dict]]] = {
    "policies:review-start": ("head_of_comms", lambda w: {}),
    "policies:review-write": ("headteacher", lambda w: _written(w)),
    "policies:review-sign": ("head_of_comms", lambda w: _signed(w)),
    "policies:review-take-over": ("headteacher", lambda w: {}),
    "policies:review-drop": ("headteacher", lambda w: {"because": "New guidance comes next week"}),
}


def _seen(world: World) -> str:
    return seen_hash(Review.objects.get(pk=world.policy_review.pk))


def _written(world: World) -> dict:
    return {
        "seen": _seen(world),
        "findings": "All in order",
        "changes": "yes",
        "next": "day",
        **date_parts("next_on", timezone.localdate() + timedelta(days=200)),
    }


def _signed(world: World) -> dict:
    return {
        "seen": _seen(world),
        "spec": "head_of_comms",
        "declared": "on",
        "typed_name": world.people["head_of_comms"].full_name,
    }
