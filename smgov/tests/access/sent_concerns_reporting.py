"""What is sent to each address about reporting a concern, for the test of events."""

from collections.abc import Callable

from smgov.tests.access.world import World

REPORTING_SENT: dict[str, tuple[str, Callable[[World], dict]]] = {
    "incidents:concern-write": (
        "owner",
        lambda w: {
            "danger": "no",
            "could": "no",
            "category": "cyberbullying",
            "what": "Messages at night",
            "source": "seen",
            "p1-sort": "pupil",
            "p1-pupil": "Kit of 9B",
        },
    ),
    "incidents:concern-image": (
        "owner",
        lambda w: {"by_pupil": "unsure", "called": "no", "police_not_called": "The DSL is calling them"},
    ),
}

REPORTING_WITHOUT_SIGN_IN: dict[str, Callable[[World], dict]] = {
    "incidents:concern-public": lambda w: {
        "danger": "no",
        "could": "no",
        "once": "9f0dd2a2-3a4e-4c1c-9d0b-0c3a3f7c7a10",
        "who": "pupil",
        "what": "They write about me every night",
    },
}
"""What somebody without an account sends."""
