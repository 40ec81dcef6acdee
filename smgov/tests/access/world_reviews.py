"""What the world holds about reviews: one that is open, one that waits to be ratified, one that was given up."""

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from core.roles import Role
from core.uploads import clean_file
from policies.documents.library import Facts, First, document_add
from policies.documents.services import NamedFile, version_draft
from policies.models import Document, DocumentKind, Review
from policies.reviews.content import seen_hash
from policies.reviews.services import Found, review_drop, review_sign, review_start, review_write

if TYPE_CHECKING:
    from smgov.tests.access.world import World

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def review_things(world: "World") -> None:
    """Its documents are of their own, in force for a month, their words in every text."""
    things, comms = world.things, world.people[Role.HEAD_OF_COMMS]
    things["reviewed_document"] = _document(world, "no review yet")
    things["policy_review"] = _review(world, "open review", drafted=False)
    ratifying = things["review_ratifying"] = _review(world, "to ratify", drafted=True)
    review_sign(
        actor=comms,
        review=ratifying,
        spec=Role.HEAD_OF_COMMS,
        seen=seen_hash(Review.objects.get(pk=ratifying.pk)),
        declared=True,
        typed_name=comms.full_name,
    )
    dropped = things["review_dropped"] = _review(world, "given up", drafted=False)
    review_drop(actor=comms, review=dropped, because=world.say("too early")[:300])


def _document(world: "World", label: str) -> Document:
    today = timezone.localdate()
    return document_add(
        actor=world.people[Role.HEADTEACHER],
        school=world.school,
        once=uuid.uuid4(),
        facts=Facts(DocumentKind.OTHER, world.say(label)[:200], code=world.say("code")[:40]),
        first=First(
            text=world.say("words of the policy"),
            edition=world.say("edition")[:80],
            in_force_from=today - timedelta(days=30),
        ),
        review_on=today + timedelta(days=20),
    )


def _review(world: "World", label: str, *, drafted: bool) -> Review:
    """By the Head of Communications, who is its one reviewer; every one of them proposes a draft."""
    comms, document = world.people[Role.HEAD_OF_COMMS], _document(world, label)
    content = (
        {"file": NamedFile(clean_file(PDF), f"{world.word}.pdf")}
        if drafted
        else {"text": world.say("new words")}
    )
    version_draft(actor=comms, document=document, changes=world.say("changed"), **content)
    review = review_start(actor=comms, document=document, once=uuid.uuid4())
    found = Found(world.say("findings"), changes=True, next_on=timezone.localdate() + timedelta(days=365))
    return review_write(actor=comms, review=review, found=found, seen=seen_hash(review))
