"""What is sent to each address about a case, for the test of events."""

from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone

from smgov.tests.access.forms import date_parts
from smgov.tests.access.world import World


def in_a_week(name: str) -> dict[str, str]:
    """A day in three boxes."""
    return date_parts(name, timezone.localdate() + timedelta(days=7))


CASEWORK_SENT: dict[str, tuple[str, Callable[[World], dict]]] = {
    "incidents:case-take": ("dsl", lambda w: {}),
    "incidents:case-note": ("dsl", lambda w: {"text": "Spoke with the class teacher"}),
    "incidents:case-correct": ("dsl", lambda w: {"text": "It was on Monday"}),
    "incidents:case-assign": ("dsl", lambda w: {"user": str(w.people["dsl"].uuid)}),
    "incidents:case-classify": ("dsl", lambda w: {"category": "hate", "reason": "It was worse"}),
    "incidents:case-wait": ("dsl", lambda w: {"waiting_for": "police"}),
    "incidents:case-policy": ("dsl", lambda w: {"policy": "Social media policy", "clauses": "CIT-8.06"}),
    "incidents:case-reference": ("dsl", lambda w: {"reference": "SF 77"}),
    "incidents:case-image": ("dsl", lambda w: {"reason": "A pupil said so"}),
    "incidents:case-decide": ("dsl", lambda w: {"decision": "Talk to both", "reasons": "First time"}),
    "incidents:case-action-add": ("dsl", lambda w: {"text": "Ring home", **in_a_week("due_on")}),
    "incidents:case-action-change": (
        "dsl",
        lambda w: {"owner": str(w.people["dsl"].uuid), **in_a_week("due_on")},
    ),
    "incidents:case-action-done": ("dsl", lambda w: {"note": "Rang"}),
    "incidents:case-link": (
        "dsl",
        lambda w: {"reference": w.things["concern_linked"].reference, "because": "The same quarrel"},
    ),
    "incidents:case-person-add": (
        "dsl",
        lambda w: {"part": "witness", "sort": "other", "words": "A passer-by"},
    ),
    "incidents:case-person-identify": (
        "dsl",
        lambda w: {"search": w.things["pupil"].name, "which": str(w.things["pupil"].uuid)},
    ),
    "incidents:case-person-mistaken": ("dsl", lambda w: {"reason": "It was somebody else"}),
    "incidents:case-not-meant": ("dsl", lambda w: {"reason": "A neighbour of that name"}),
    "incidents:case-share": (
        "dsl",
        lambda w: {
            "user": str(w.people["headteacher"].uuid),
            "right": "read_case",
            "reason": "Must know",
            **in_a_week("until"),
        },
    ),
    "incidents:case-unshare": ("dsl", lambda w: {}),
    "incidents:case-recuse": ("dsl", lambda w: {"reason": "My own niece"}),
}
