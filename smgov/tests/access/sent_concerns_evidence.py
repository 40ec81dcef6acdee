"""What is sent about evidence, packs, emergency access and duty, for the test of events."""

from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone

from smgov.tests.access.forms import date_parts
from smgov.tests.access.world import World

TODAY = timezone.localdate

CONCERNS_EVIDENCE_SENT: dict[str, tuple[str, Callable[[World], dict]]] = {
    "incidents:evidence-add": (
        "dsl",
        lambda w: {
            "could": "no",
            "kind": "text",
            "text": "Copied words",
            "title": "A message",
            "place": "A group chat",
            "captured_time": "00:00",
            "captured_by": "Somebody",
            **date_parts("captured_on", TODAY() - timedelta(days=1)),
        },
    ),
    "incidents:evidence-original": ("dsl", lambda w: {}),
    "incidents:concern-pack": ("dsl", lambda w: {"whom": "own", "single_names": "on", "do": "make"}),
    "incidents:glass-take": (
        "headteacher",
        lambda w: {"school": str(w.school.uuid), "reason": "Nobody is here"},
    ),
    "incidents:duty-list": (
        "dsl",
        lambda w: {
            "school": str(w.school.uuid),
            "user": str(w.people["dsl"].uuid),
            **date_parts("starts", TODAY() + timedelta(days=50)),
            **date_parts("ends", TODAY() + timedelta(days=51)),
        },
    ),
    "incidents:duty-end": ("dsl", lambda w: {}),
}
