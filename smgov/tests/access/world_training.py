"""What the world holds about training and education: one of everything, with its words in every text."""

import io
import uuid
from typing import TYPE_CHECKING

from django.utils import timezone
from PIL import Image

from core.roles import Role
from core.uploads import clean_file
from policies.education.services import Plan, education_hold, education_plan, resource_add
from policies.models import Training
from policies.training.services import What, refresh_ask, session_hold, training_record

if TYPE_CHECKING:
    from smgov.tests.access.world import World


def training_things(world: "World") -> None:
    """A record with evidence of the owner, a session, a refresher, and an event with material."""
    things, school, say = world.things, world.school, world.say
    head, today = world.people[Role.HEADTEACHER], timezone.localdate()
    what = What(
        Training.DEVELOPMENT, say("training")[:200], today, say("trainer")[:150], notes=say("covered")
    )
    things["training"] = training_record(
        actor=head,
        school=school,
        user=things["owner"],
        once=uuid.uuid4(),
        what=what,
        evidence=clean_file(_picture()),
        evidence_name=say("certificate")[:150],
    )
    things["session"] = session_hold(
        actor=head, school=school, once=uuid.uuid4(), what=what, people=[things["owner"]]
    )
    things["refresh"] = refresh_ask(
        actor=world.people[Role.DSL],
        school=school,
        kinds=[Training.SAFEGUARDING, "pupils"],
        reason=say("a change")[:300],
        once=uuid.uuid4(),
    )
    plan = Plan("everybody", "assembly", say("event")[:200], today, say("class")[:200], say("leader")[:150])
    things["education"] = education_plan(
        actor=things["owner"], school=school, once=uuid.uuid4(), plan=plan, tell_staff=True
    )
    other = education_plan(actor=things["owner"], school=school, once=uuid.uuid4(), plan=plan)
    things["education_held"] = education_hold(
        actor=things["owner"], event=other, on=today, notes=say("covered")
    )
    things["resource"] = resource_add(
        actor=things["owner"],
        event=things["education"],
        title=say("material")[:200],
        file=clean_file(_picture()),
    )


def _picture() -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (20, 20), "navy").save(written, "PNG")
    return written.getvalue()
