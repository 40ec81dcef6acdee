"""What the world holds of what staff declare: a link, departures and uses at every stage, their words planted."""

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from core.roles import Role
from policies.declarations.departures import Case, departure_ask_hr, departure_make
from policies.declarations.keeping import words_hold
from policies.declarations.name_use import name_use_ask
from policies.declarations.relationships import Told, declaration_make, declaration_note
from smgov.testing import choose, decide

if TYPE_CHECKING:
    from smgov.tests.access.world import World


def declarations_things(world: "World") -> None:
    """Everything is the owner's; the DSL hears of links, the headteacher of the rest."""
    things, say, owner, school = world.things, world.say, world.owner, world.school
    people, today = world.people, timezone.localdate()
    choose(school.trust.profile, departure_hr_advice=True, contact_social_circle=True)
    for name, relation, contact in (
        ("declaration", "relative", True),
        ("declaration_not_allowed", "other", True),
        ("declaration_noted", "social", False),
        ("declaration_held", "relative", False),
    ):
        told = Told("pupil", relation, say(f"pupil {name}")[:150], contact, say("details")[:2000])
        things[name] = declaration_make(actor=owner, school=school, once=uuid.uuid4(), told=told)
    noted = things["declaration_noted"]
    declaration_note(actor=people[Role.DSL], declaration=noted, advice=say("advice")[:1000])
    noted.refresh_from_db()
    words_hold(
        actor=people[Role.DSL],
        row=things["declaration_held"],
        until=today + timedelta(days=90),
        reason=say("why it is kept")[:1000],
    )
    for name in ("departure", "departure_hr", "departure_held"):
        case = Case("done", today, say("what was done")[:4000], say("why")[:4000])
        things[name] = departure_make(actor=owner, school=school, once=uuid.uuid4(), case=case)
    words_hold(
        actor=people[Role.HEADTEACHER],
        row=things["departure_held"],
        until=today + timedelta(days=90),
        reason=say("why the departure is kept")[:1000],
    )
    asked = things["departure_hr"]
    departure_ask_hr(actor=people[Role.HEADTEACHER], departure=asked, question=say("question for HR")[:1000])
    asked.refresh_from_db()
    for name in ("name_use", "name_use_granted"):
        things[name] = name_use_ask(
            actor=owner,
            school=school,
            once=uuid.uuid4(),
            what=["name", "logo"],
            where="paper",
            purpose=say("leaflet")[:2000],
            begun=False,
            until=today + timedelta(days=60),
        )
    decide(things["name_use_granted"].approval, people[Role.HEADTEACHER])
    things["name_use_granted"].refresh_from_db()
