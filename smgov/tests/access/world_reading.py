"""One of everything about reading: a policy in force that one person has read."""

import uuid
from typing import TYPE_CHECKING

from django.utils import timezone

from core.roles import Role
from policies.documents.library import Facts, First, document_add
from policies.models import DocumentKind, Readers
from policies.reading.services import version_acknowledge

if TYPE_CHECKING:
    from smgov.tests.access.world import World


def reading_things(world: "World") -> None:
    """It is in force, so that everybody at the school is asked to read it."""
    things, say, head = world.things, world.say, world.people[Role.HEADTEACHER]
    policy = document_add(
        actor=head,
        school=world.school,
        once=uuid.uuid4(),
        facts=Facts(
            kind=DocumentKind.TERMS,  # the social media policy is that of world_documents
            title=say("social media policy")[:200],
            code=say("reference")[:40],
            readers=tuple(str(one) for one in Readers),
        ),
        first=First(
            text=say("the words of the policy"),
            edition=say("edition")[:80],
            changes=say("what changed"),
            in_force_from=timezone.localdate(),
        ),
    )
    things["reading_document"] = policy
    things["reading_version"] = policy.versions.get()
    version_acknowledge(
        actor=things["second"], version=things["reading_version"], seen=things["reading_version"].sha256
    )
