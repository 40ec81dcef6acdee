"""What is sent to each address about training and education, for the test of events."""

from collections.abc import Callable

from django.utils import timezone

from smgov.tests.access.forms import csv_of, date_parts
from smgov.tests.access.world import World

TRAINING_SENT: dict[str, tuple[str, Callable[[World], dict]]] = {
    "policies:training-import": (
        "headteacher",
        lambda w: {
            "file": csv_of(
                "email,kind,title,day,trainer\n"
                f"{w.people['staff'].email},social_media,Yearly,{timezone.localdate()},Council\n"
            )
        },
    ),
    "policies:training-record": ("headteacher", lambda w: _done()),
    "policies:training-withdraw": ("headteacher", lambda w: {"reason": "The wrong person"}),
    "policies:session-new": (
        "headteacher",
        lambda w: {**_done(), "people": [str(w.people["staff"].uuid)]},
    ),
    "policies:session-join": ("headteacher", lambda w: {"people": [str(w.people["staff"].uuid)]}),
    "policies:refresh-ask": ("dsl", lambda w: {"kinds": ["safeguarding"], "reason": "After a change"}),
    "policies:refresh-call-off": ("dsl", lambda w: {"because": "A mistake"}),
    "policies:education-plan": (
        "staff",
        lambda w: {
            "audience": "pupils",
            "medium": "pshe",
            "title": "Kindness online",
            **date_parts("on", timezone.localdate()),
        },
    ),
    "policies:education-hold": ("staff", lambda w: {"invited": "60", "attended": "58"}),
    "policies:education-off": ("staff", lambda w: {"because": "Snow"}),
    "policies:education-reopen": ("staff", lambda w: {"because": "The wrong day"}),
    "policies:resource-add": ("staff", lambda w: {"title": "A leaflet"}),
    "policies:resource-remove": ("staff", lambda w: {}),
}


def _done() -> dict:
    return {
        "kind": "safeguarding",
        "title": "Safeguarding day",
        "trainer": "The council",
        **date_parts("on", timezone.localdate()),
    }
