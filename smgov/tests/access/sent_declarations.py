"""What is sent to each address about what staff declare, for the test of events."""

import uuid
from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone

from smgov.tests.access.forms import date_parts
from smgov.tests.access.world import World

DECLARATIONS_SENT: dict[str, tuple[str, Callable[[World], dict]]] = {
    "policies:declaration-make": (
        "staff",
        lambda w: {
            **_page(w),
            "about": "pupil",
            "relation": "relative",
            "person": "Kit Quill",
            "contact": "no",
        },
    ),
    "policies:declaration-note": ("dsl", lambda w: {"advice": "Keep it apart from school"}),
    "policies:declaration-end": ("owner", lambda w: {"note": "We moved away"}),
    "policies:declaration-meant": (
        "dsl",
        lambda w: {"colleague": str(w.people["staff"].uuid), "meant": "yes"},
    ),
    "policies:declaration-hold": (
        "dsl",
        lambda w: {"reason": "Looked into", **date_parts("until", timezone.localdate() + timedelta(days=30))},
    ),
    "policies:declaration-release": ("dsl", lambda w: {}),
    "policies:departure-hold": (
        "headteacher",
        lambda w: {"reason": "Looked into", **date_parts("until", timezone.localdate() + timedelta(days=30))},
    ),
    "policies:departure-release": ("headteacher", lambda w: {}),
    "policies:departure-make": (
        "staff",
        lambda w: {
            **_page(w),
            "when": "done",
            "what": "I answered a parent at night",
            "why": "The child was not home",
            "clauses": "",
            **date_parts("on", timezone.localdate()),
        },
    ),
    "policies:departure-advice": ("headteacher", lambda w: {"question": "May I agree?"}),
    "policies:departure-advise": ("hr", lambda w: {"advice": "You may"}),
    "policies:departure-answer": ("headteacher", lambda w: {"outcome": "noted", "note": "Thank you"}),
    "policies:departure-withdraw": ("owner", lambda w: {}),
    "policies:name-use-ask": (
        "staff",
        lambda w: {
            **_page(w),
            "what": ["logo"],
            "where": "paper",
            "purpose": "A leaflet for the fair",
            "begun": "no",
            "how_long": "day",
            **date_parts("until", timezone.localdate() + timedelta(days=30)),
        },
    ),
    "policies:name-use-end": ("headteacher", lambda w: {"because": "The logo has changed"}),
    "policies:name-use-withdraw": ("owner", lambda w: {}),
}


def _page(world: World) -> dict:
    """What every form of these says of itself."""
    return {"school": str(world.school.uuid), "once": str(uuid.uuid4())}
