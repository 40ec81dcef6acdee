"""What is sent to each address about consent, for the test of events."""

from collections.abc import Callable

from smgov.tests.access.world import World

CONSENT_SENT: dict[str, tuple[str, Callable[[World], dict]]] = {
    "consent:reply-settle": ("office", lambda w: {"holds": "yes"}),
    "consent:search-do": ("head_of_comms", lambda w: {"outcome": "none"}),
}
