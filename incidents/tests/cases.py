"""A school with everybody whom an incident may concern, and reports in one line each."""

import html
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.test import Client
from django.utils import timezone

from core.models import AuditEvent
from core.roles import Post, Role
from incidents.models import Matter
from incidents.services.bypasses import bypass_record
from incidents.services.reports import image_record, report_send
from incidents.services.sending import Whom
from people.models import School, User
from smgov.testing import a_person, a_school

ADDRESS = "https://www.bad-pictures.example/room?id=7&page=2"
LAST_CONTACT = "The chair of trustees, 01234 567890"


@dataclass
class Crew:
    """One school on St Mary's preset, and its people."""

    school: School
    alice: User  # teaches, and reports
    bob: User  # heads the school
    dora: User  # is the DSL
    dan: User  # is its technician
    ivy: User  # is a second technician
    sue: User  # is a senior leader
    gina: User  # chairs the governors
    ella: User  # sits in the executive team
    carl: User  # is a contributor
    mark: User  # teaches, and is talked about

    def everybody(self) -> list[User]:
        """All of them."""
        return [value for value in vars(self).values() if isinstance(value, User)]


def a_crew(preset: str = "st-marys", **chosen: Any) -> Crew:
    """The school; `chosen` overrides settings."""
    chosen.setdefault("last_resort_contact", LAST_CONTACT)
    school = a_school(preset=preset, **chosen)
    return Crew(
        school,
        alice=a_person("Alice Archer", Role.STAFF, school),
        bob=a_person("Bob Barnes", Role.HEADTEACHER, school),
        dora=a_person("Dora Dean", Role.DSL, school),
        dan=a_person("Dan Dale", Role.IT, school),
        ivy=a_person("Ivy Innes", Role.IT, school),
        sue=a_person("Sue Sand", Role.SENIOR_LEADER, school),
        gina=a_person("Gina Gold", Role.GOVERNANCE, school, post=Post.CHAIR),
        ella=a_person("Ella Tate", Role.SENIOR_LEADER, school, post=Post.ELT),
        carl=a_person("Carl Cole", Role.CONTRIBUTOR, school),
        mark=a_person("Mark Moor", Role.STAFF, school),
    )


def whom(about: str = "unknown", words: str = "", person: User | None = None) -> Whom:
    """Whose doing it was."""
    return Whom(about, words, person)


def a_report(crew: Crew, actor: User | None = None, who: Whom | None = None, **changes: Any) -> Matter:
    """A report of inappropriate content, sent."""
    values = {
        "seen_on": timezone.localdate() - timedelta(days=1),
        "addresses": ADDRESS,
        "nature": "violence",
        "words": "On the screen in room 4",
        "once": uuid4(),
        **changes,
    }
    return report_send(actor=actor or crew.alice, school=crew.school, whom=who or whom(), **values)


def an_image(crew: Crew, actor: User | None = None, who: Whom | None = None, **changes: Any) -> Matter:
    """The record of a possible indecent image."""
    values = {"once": uuid4(), "called_by": "Dora Dean", "called_at": timezone.now(), **changes}
    return image_record(actor=actor or crew.alice, school=crew.school, whom=who or whom(), **values)


def a_bypass(crew: Crew, actor: User | None = None, who: Whom | None = None, **changes: Any) -> Matter:
    """A recorded attempt to get round the firewall."""
    values = {
        "once": uuid4(),
        "happened_on": timezone.localdate(),
        "what": "A proxy on a memory stick",
        **changes,
    }
    who = who or whom("pupil", "Kit of 9B")
    return bypass_record(actor=actor or crew.dora, school=crew.school, whom=who, **values)


def page(user: User, path: str) -> tuple[int, str]:
    """Status and readable text of a page as this person."""
    client = Client()
    client.force_login(user)
    response = client.get(path)
    return response.status_code, text_of(response)


def text_of(response: Any) -> str:
    """The words of a page."""
    body = re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", response.content.decode(), flags=re.DOTALL)
    return " ".join(html.unescape(body).split())


def recorded(action: str) -> int:
    """How often it stands in the audit log."""
    return AuditEvent.objects.filter(action=action).count()
