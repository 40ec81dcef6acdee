"""Sending the pages of reporting as a browser does."""

from datetime import date
from typing import Any
from uuid import uuid4

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from incidents.concerns.tests.cases import a_concern_crew
from incidents.models import Concern
from incidents.tests.cases import Crew, text_of
from people.models import User
from smgov.tests.access.forms import date_parts

__all__ = ["WRITE", "a_concern_crew", "browser", "image_answers", "last", "path", "send_form", "send_image"]
WRITE: dict[str, Any] = {
    "danger": "no",
    "could": "no",
    "category": "cyberbullying",
    "what": "Messages in a group chat",
    "rows": "2",
    "p1-sort": "pupil",
    "p1-pupil": "Kit Kale of 9B",
    "source": "seen",
}
"""What a hurried teacher sends."""


def path(name: str, *args: Any) -> str:
    """An address of this room."""
    return reverse(f"incidents:{name}", args=args)


def browser(user: User) -> Client:
    """Signed in."""
    client = Client()
    client.force_login(user)
    return client


def send_form(client: Client, crew: Crew, query: str = "", **changes: Any) -> Any:
    """The form, sent; keys with a dash as `p1_sort`."""
    more = {
        key.replace("_", "-", 1) if key[:1] == "p" and key[1:2].isdigit() else key: changes[key]
        for key in changes
    }
    data = {**WRITE, "school": str(crew.school.uuid), "once": str(uuid4()), **more}
    return client.post(
        path("concern-write") + query, {key: data[key] for key in data if data[key] is not None}
    )


def image_answers(crew: Crew, **changes: Any) -> dict[str, Any]:
    """The safe path: the police were called at noon yesterday."""
    day = timezone.localdate().replace(day=1)
    return {
        "school": str(crew.school.uuid),
        "once": str(uuid4()),
        "rows": "2",
        "by_pupil": "no",
        "called": "yes",
        "police_called_by": "Dora Dean",
        **date_parts("police_called_on", min(day, date.today())),
        "police_called_time": "00:00",
        "police_reference": "CAD 42",
        **changes,
    }


def send_image(client: Client, crew: Crew, **changes: Any) -> Any:
    """The record of the safe path, sent."""
    data = image_answers(crew, **changes)
    return client.post(path("concern-image"), data)


def last() -> Concern:
    """The newest concern."""
    return Concern.objects.select_related("words").latest("pk")


def shows(response: Any, words: str) -> bool:
    """Whether a page says it."""
    return words in text_of(response)
