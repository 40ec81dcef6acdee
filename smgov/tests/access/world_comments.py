"""What the world holds about comments: one to answer with a second opinion asked for, one answered, one resolved."""

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from core.roles import Role
from incidents.comments.services.logging import Arrived, comment_log
from incidents.comments.services.opinions import opinion_ask
from incidents.comments.services.steps import comment_step
from incidents.models import Comment
from smgov.testing import choose

if TYPE_CHECKING:
    from smgov.tests.access.world import World


def comment_things(world: "World") -> None:
    """The owner looks after the live account, and logs what comes in there; a clock runs."""
    choose(world.school.trust.profile, response_hours=24, response_acknowledgement=True)
    things, owner = world.things, world.owner
    for name in ("comment", "comment_answered", "comment_resolved"):
        things[name] = _logged(world, name)
    things["comment_plain"] = _logged(world, "comment_plain", "comment")
    for name in ("comment_answered", "comment_resolved"):
        words = world.say(f"answer to {name}")
        things[name] = comment_step(actor=owner, comment=things[name], move="answer", words=words)
    things["comment_resolved"] = comment_step(
        actor=owner, comment=things["comment_resolved"], move="resolve", words=world.say("all is done")
    )
    things["opinion"] = opinion_ask(
        actor=owner,
        comment=things["comment"],
        once=uuid.uuid4(),
        draft=world.say("draft"),
        of=world.people[Role.SENIOR_LEADER],
    )


def _logged(world: "World", name: str, kind: str = "query") -> Comment:
    return comment_log(
        actor=world.owner,
        school=world.school,
        once=uuid.uuid4(),
        arrived=Arrived(
            world.live,
            world.say("a parent")[:150],
            world.say(f"words of {name}"),
            kind,
            timezone.now() - timedelta(minutes=5),
        ),
    )
