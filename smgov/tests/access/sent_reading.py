"""What is sent to each address about reading, for the test of events."""

from collections.abc import Callable

from smgov.tests.access.world import World

READING_SENT: dict[str, tuple[str, Callable[[World], dict]]] = {
    "policies:reading-read": ("staff", lambda w: {"seen": w.reading_version.sha256, "understood": "on"}),
    "policies:reading-remind": ("headteacher", lambda w: {}),
}
