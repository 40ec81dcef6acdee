"""Documents and their reviews in one line each."""

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django.test import Client
from django.utils import timezone

from core.models import AuditEvent
from core.roles import Post, Role
from people.models import School, User
from policies.documents.services import version_draft
from policies.models import Document, Review, ReviewSignature, Version
from policies.reviews.content import seen_hash
from policies.reviews.services import Found, review_sign, review_start, review_write
from smgov.testing import a_person, a_school

WORDS = "Be kind online.\n\nNever post a pupil's name."


@dataclass
class ReviewCrew:
    """A school and the people who may have to do with its policies."""

    school: School
    bob: User
    cora: User
    ella: User
    gina: User
    greg: User
    alice: User


def a_review_crew(preset: str = "cit", **chosen: Any) -> ReviewCrew:
    """Bob heads it, Cora is Head of Communications, Ella of the executive team, Gina chairs, Greg governs."""
    school = a_school("Hilltop", preset=preset, **chosen)
    return ReviewCrew(
        school,
        bob=a_person("Bob Barnes", Role.HEADTEACHER, school),
        cora=a_person("Cora Clay", Role.HEAD_OF_COMMS, school),
        ella=a_person("Ella Tate", Role.SENIOR_LEADER, school, post=Post.ELT),
        gina=a_person("Gina Gold", Role.GOVERNANCE, school, post=Post.CHAIR),
        greg=a_person("Greg Gray", Role.GOVERNANCE, school),
        alice=a_person("Alice Archer", Role.STAFF, school),
    )


def in_days(days: int) -> date:
    """So many days from today, in London."""
    return timezone.localdate() + timedelta(days=days)


def a_policy(crew: ReviewCrew, due_in: int | None = 20, **changes: Any) -> Document:
    """The social media policy, its first version in force for a year, its review due in so many days."""
    review_on = None if due_in is None else in_days(due_in)
    values = {
        "kind": "social_media",
        "title": "Social media policy",
        "review_on": review_on,
        "remind_on": review_on and review_on - timedelta(days=60),
        **changes,
    }
    row = Document.objects.create(once=uuid4(), school=crew.school, created_by=crew.bob, **values)
    Version.objects.create(
        document=row,
        number=1,
        text=WORDS,
        sha256=hashlib.sha256(WORDS.encode()).hexdigest(),
        state=Version.State.IN_FORCE,
        made_by=crew.bob,
        in_force_from=in_days(-365),
    )
    return row


def drafted(crew: ReviewCrew, document: Document, text: str = "Be kind, also on new platforms.") -> Version:
    """The next version, written by the Head of Communications."""
    return version_draft(actor=crew.cora, document=document, text=text, changes="New platforms")


def begun(crew: ReviewCrew, actor: User | None = None, document: Document | None = None) -> Review:
    """A review, by the Head of Communications unless somebody else is named."""
    document = document or a_policy(crew)
    return review_start(actor=actor or crew.cora, document=document, once=uuid4())


def write(review: Review, actor: User, **changes: Any) -> Review:
    """Findings; nothing changes unless `changes=True`; the next review in a year."""
    review.refresh_from_db()
    found = Found(
        **{
            "findings": "All in order.",
            "changes": False,
            "next_on": in_days(365),
            "by_month": False,
            **changes,
        }
    )
    return review_write(actor=actor, review=review, found=found, seen=seen_hash(review))


def sign_it(review: Review, actor: User, spec: str, **changes: Any) -> ReviewSignature:
    """A signature on what the review says now."""
    review = Review.objects.get(pk=review.pk)
    values = {"seen": seen_hash(review), "declared": True, "typed_name": actor.full_name, **changes}
    return review_sign(actor=actor, review=review, spec=spec, **values)


def fresh(row: Any) -> Any:
    """The row as the database has it."""
    return type(row).objects.get(pk=row.pk)


def recorded(action: str) -> int:
    """How often it stands in the log."""
    return AuditEvent.objects.filter(action=action).count()


def client_of(user: User) -> Client:
    """A browser of this person."""
    client = Client()
    client.force_login(user)
    return client
