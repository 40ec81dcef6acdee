"""What is sent to each address about the log of abuse, for the test of events."""

import io
import uuid
from collections.abc import Callable

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from smgov.tests.access.forms import date_parts
from smgov.tests.access.world import World

ABUSE_SENT: dict[str, tuple[str, Callable[[World], dict]]] = {
    "incidents:abuse-log": ("staff", lambda w: _logged(w)),
    "incidents:abuse-act": ("head_of_comms", lambda w: {"did": "hidden", "note": "At noon"}),
    "incidents:abuse-shot": ("owner", lambda w: _a_shot()),
    "incidents:abuse-close": ("head_of_comms", lambda w: {}),
    "incidents:abuse-reopen": ("head_of_comms", lambda w: {}),
}


def _logged(world: World) -> dict:
    """The form after the first question was answered with no."""
    return {
        "could": "no",
        "school": str(world.school.uuid),
        "once": str(uuid.uuid4()),
        "place": "elsewhere",
        "elsewhere": "A group of parents",
        "author": "angry_parent_77",
        "words": "Fools, all of them",
        "nature": "offensive",
        "against": "school",
        "seen_time": "00:00",
        "concern": "no",
        **date_parts("seen_on", timezone.localdate()),
    }


def _a_shot() -> dict:
    written = io.BytesIO()
    Image.new("RGB", (40, 30), "navy").save(written, "PNG")
    return {
        "could": "no",
        "captured_time": "00:00",
        "shown_at": "A group of parents",
        "captured_by": "Ann Ash",
        "title": "The comment",
        "files": SimpleUploadedFile("screen.png", written.getvalue(), "image/png"),
        **date_parts("captured_on", timezone.localdate()),
    }
