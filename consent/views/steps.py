"""What may be done with one pupil besides recording answers: links on the pupil's page, each by its own rule."""

from typing import Any

from django.urls import reverse
from django.utils import timezone

from consent.access import pupil_rules
from consent.models import Pupil


def keeping_links(user: Any, pupil: Pupil) -> list[dict[str, Any]]:
    """Text and address of each step that is open to this person, for `consent/_keeping.html`. No query.

    `unflagged`: only for a pupil without the flag, which the page itself knows.
    """

    def may(action: str) -> bool:
        return pupil.school_id in pupil_rules.schools(user, action)

    steps = [
        ("never_show", "Never show this pupil", "consent:flag-set", not pupil.erased_at),
        ("export", "What the school holds about this child", "consent:pupil-export", True),
        (
            "erase",
            "Erase the data of this former pupil",
            "consent:pupil-erase",
            pupil.has_left(timezone.localdate()) and not pupil.erased_at,
        ),
    ]
    return [
        {"text": text, "url": reverse(name, args=[pupil.uuid]), "unflagged": action == "never_show"}
        for action, text, name, makes_sense in steps
        if makes_sense and may(action)
    ]
