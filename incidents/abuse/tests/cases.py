"""Entries of the log of abuse in one line each."""

import io
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone
from PIL import Image

from accounts.models import SocialAccount
from core.models import Platform
from core.roles import Role
from core.uploads import OriginalFile, original_file
from incidents.abuse.services import Done, Seen, abuse_log
from incidents.concerns.tests.cases import a_concern_crew
from incidents.models import AbuseEntry
from incidents.tests.cases import Crew
from people.models import School, User
from smgov.testing import a_person


def a_log_crew(preset: str = "st-marys", **chosen: Any) -> tuple[Crew, User]:
    """A school, its people, and its Head of Communications."""
    crew = a_concern_crew(preset, **chosen)
    return crew, a_person("Cora Cook", Role.HEAD_OF_COMMS, crew.school)


def an_account(school: School, name: str = "Hilltop news") -> SocialAccount:
    """A live account of the school."""
    platform = Platform.objects.order_by("pk").first()
    return SocialAccount.objects.create(
        school=school, platform=platform, name=name, status="live", live_since=timezone.localdate()
    )


def seen(**changes: Any) -> Seen:
    """What somebody came across, on a page elsewhere."""
    values = {
        "seen_at": timezone.now() - timedelta(hours=1),
        "author": "angry_parent_77",
        "words": "This school is run by fools",
        "nature": "offensive",
        "against": "school",
        "elsewhere": "A group of parents on a chat platform",
        **changes,
    }
    return Seen(**values)


def an_entry(
    crew: Crew, actor: User | None = None, done: tuple[Done, ...] = (), **changes: Any
) -> AbuseEntry:
    """An entry, logged by Alice."""
    once, files = changes.pop("once", None) or uuid4(), changes.pop("files", ())
    return abuse_log(
        actor=actor or crew.alice, school=crew.school, once=once, seen=seen(**changes), done=done, files=files
    )


def a_screenshot(colour: str = "navy") -> OriginalFile:
    """A small picture as it is uploaded."""
    written = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(written, "PNG")
    return original_file(written.getvalue(), "screen.png")
