"""What is sent to each address about background work and calendars, for the test of events."""

from collections.abc import Callable

from smgov.tests.access.world import World

CLOCKS_SENT: dict[str, tuple[str, Callable[[World], dict]]] = {
    "core:mail-again": ("it", lambda w: {}),
    "core:mails-again": ("it", lambda w: {}),
    "core:feed-settings": ("staff", lambda w: {}),
    "core:feed-end": ("owner", lambda w: {}),
}
