"""A school in which concerns are reported, and concerns in one line each."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from core.roles import Post, Role
from incidents.concerns.services.chronology import concern_read
from incidents.concerns.services.sending import Somebody, Told, concern_send
from incidents.models import Category, Concern, PartIn, Sort
from incidents.tests.cases import Crew, a_crew
from people.models import User
from smgov.testing import a_person

CHOSEN: dict[str, Any] = {
    "misuse_recipient": ["headteacher"],
    "staff_concern_recipient": ["headteacher"],
    "head_concern_recipient": ["governance/chair"],
    "lado_contact": "The LADO, 01234 555000",
    "indecent_image_pupil_route": "dsl_decides",
    "retention_child_protection": 25,
    "retention_staff_allegation": 10,
}
"""What presets leave open before concerns open."""


def a_concern_crew(preset: str = "st-marys", **chosen: Any) -> Crew:
    """The school of `incidents.tests.cases`, with everything chosen that concerns need."""
    return a_crew(preset, **{**CHOSEN, **chosen})


def more_people(crew: Crew) -> dict[str, User]:
    """A deputy DSL, an HR director and a data protection officer."""
    return {
        "deputy": a_person("Debbie Dunn", Role.DSL, crew.school, post=Post.DEPUTY),
        "hr": a_person("Hal Hunt", Role.HR, crew.school, post=Post.HR_DIRECTOR),
        "dpo": a_person("Pia Post", Role.DPO, crew.school),
    }


def a_pupil_harmed(words: str = "Kit Kale of 9B") -> Somebody:
    """A pupil, by name."""
    return Somebody(PartIn.VICTIM, Sort.PUPIL, words)


def by(who: User | None = None, sort: str = "", words: str = "") -> Somebody:
    """Whose doing it is said to be: a colleague, the headteacher, a pupil."""
    return Somebody(PartIn.SUBJECT, Sort(sort) if sort else Sort.STAFF, words, who)


def a_concern(crew: Crew, *people: Somebody, actor: User | None = None, **told: Any) -> Concern:
    """A concern, sent by Alice; about a pupil where nobody is named."""
    once = told.pop("once", None) or uuid4()
    values = {
        "category": Category.CYBERBULLYING,
        "what": "Messages in a group chat, for two weeks",
        "happened_on": timezone.localdate() - timedelta(days=1),
        "people": people or (a_pupil_harmed(),),
        **told,
    }
    sender = actor or crew.alice
    return concern_send(actor=sender, school=crew.school, once=once, told=Told(**values))


def read_by(user: User, concern: Concern) -> Concern:
    """The same, after this person has opened it."""
    concern_read(actor=user, concern=concern)
    concern.refresh_from_db()
    return concern
