"""What the world holds about documents: one in force with a draft, one of the past, and what stands around them."""

import uuid
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from core.roles import Role
from policies.documents.community import mark_of, notice_drop, notice_edit, notice_make, notice_sent
from policies.documents.guidance import Edition, citation_add, edition_record
from policies.documents.library import Facts, First, document_add, document_retire, link_add
from policies.documents.services import document_dates_set, version_draft
from policies.documents.suggested import Words
from policies.models import CommunityNotice, Document

if TYPE_CHECKING:
    from smgov.tests.access.world import World


def documents_things(world: "World") -> None:
    """A document with a version in force and a draft, what it cites and is linked with, and notices."""
    things, say, head = world.things, world.say, world.people[Role.HEADTEACHER]
    document = things["document"] = _added(world, "document", "social_media", ("staff", "governance"))
    things["document_version"] = document.versions.get(state="in_force")
    document_dates_set(
        actor=head,
        document=document,
        review_on=timezone.localdate() + timedelta(days=20),
        by_month=False,
        reason=say("reason of the date"),
    )
    things["document_draft"] = version_draft(
        actor=head,
        document=document,
        text=say("draft of the document"),
        edition=say("draft edition"),
        changes=say("what changes"),
    )
    other = _added(world, "other document", "acceptable_use", ())
    things["document_link"] = link_add(actor=head, document=document, other=other)
    link_add(actor=head, document=document, title=say("a policy kept elsewhere"))
    law = Edition(say("law"), "law", say("first edition"), date(2010, 10, 1))
    things["document_citation"] = citation_add(actor=head, document=document, edition=law)
    edition_record(
        actor=head, school=world.school, edition=Edition(law.name, "law", "Newer", date(2020, 1, 1))
    )
    document_retire(
        actor=head, document=_added(world, "old document", "other", ()), reason=say("why it is retired")
    )
    things["community_notice"] = _notice(world, "notice")
    told = _notice(world, "told notice")
    notice_sent(
        actor=head,
        notice=told,
        sent_on=timezone.localdate(),
        channel="letter",
        note=say("note of the notice"),
        seen=mark_of(told),
    )
    notice_drop(actor=head, notice=_notice(world, "dropped notice"), reason=say("why it is dropped"))


def _added(world: "World", label: str, kind: str, readers: tuple[str, ...]) -> Document:
    say = world.say
    return document_add(
        actor=world.people[Role.HEADTEACHER],
        school=world.school,
        once=uuid.uuid4(),
        facts=Facts(kind, say(label), say("code"), readers, interval_months=12),
        first=First(
            text=say(f"words of the {label}"),
            edition=say("edition"),
            in_force_from=timezone.localdate() - timedelta(days=100),
        ),
    )


def _notice(world: "World", label: str) -> CommunityNotice:
    head = world.people[Role.HEADTEACHER]
    notice = notice_make(
        actor=head, school=world.school, once=uuid.uuid4(), topic="filtering", audience="parents"
    )
    words = Words(world.say(label), world.say(f"words of the {label}"))
    return notice_edit(actor=head, notice=notice, words=words, seen=mark_of(notice))
