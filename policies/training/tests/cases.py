"""Builders for the tests of training and education: a school on St Mary's policy and who works there."""

import uuid
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from core.roles import Post, Role
from people.models import Membership, School, User
from people.selectors import profile_of
from policies.models import Training, TrainingRecord, TrainingSession
from policies.training.services import What, refresh_ask, session_hold, training_record
from smgov.testing import a_person, a_school


@dataclass
class Staffed:
    """A school with a headteacher, DSL, Head of Comms (who trains), a teacher, a governor; and a stranger."""

    school: School
    head: User
    dsl: User
    comms: User
    ann: User
    governor: User
    stranger: User


def a_staffed_school(preset: str = "st-marys", started: int = 100, **chosen: Any) -> Staffed:
    """Everybody began so many days ago."""
    school = a_school(preset=preset, **chosen)
    made = Staffed(
        school,
        head=a_person("Bob Barnes", Role.HEADTEACHER, school),
        dsl=a_person("Dora Day", Role.DSL, school),
        comms=a_person("Cora Clay", Role.HEAD_OF_COMMS, school),
        ann=a_person("Ann Ash", Role.STAFF, school),
        governor=a_person("Gina Gold", Role.GOVERNANCE, school, post=Post.CHAIR),
        stranger=a_person("Eve Earl", Role.HEADTEACHER, a_school(preset="beckstone")),
    )
    Membership.objects.filter(school=school).update(starts=ago(started))
    assert profile_of(school).training_intervals is not None or preset not in ("cit", "st-marys")
    return made


def ago(days: int) -> date:
    """So many days before today in London."""
    return timezone.localdate() - timedelta(days=days)


def what(kind: str = Training.SAFEGUARDING, days: int = 0, **more: Any) -> What:
    """Something that was done so many days ago."""
    return What(
        **{"kind": kind, "title": "Safeguarding day", "on": ago(days), "trainer": "The council", **more}
    )


def a_record(
    made: Staffed, user: User | None = None, kind: str = Training.SAFEGUARDING, days: int = 0, **more: Any
) -> TrainingRecord:
    """A record made by the headteacher."""
    return training_record(
        actor=made.head,
        school=made.school,
        user=user or made.ann,
        once=uuid.uuid4(),
        what=what(kind, days, **more),
    )


def a_session(
    made: Staffed, *people: User, kind: str = Training.SAFEGUARDING, days: int = 0
) -> TrainingSession:
    """A session recorded by the headteacher."""
    return session_hold(
        actor=made.head,
        school=made.school,
        once=uuid.uuid4(),
        what=what(kind, days),
        people=people or (made.ann,),
    )


def a_refresh(made: Staffed, *kinds: str, **more: Any) -> Any:
    """A refresher asked for by the DSL."""
    return refresh_ask(
        actor=made.dsl,
        school=made.school,
        kinds=kinds or (Training.SAFEGUARDING,),
        reason="After a significant change",
        once=uuid.uuid4(),
        **more,
    )
