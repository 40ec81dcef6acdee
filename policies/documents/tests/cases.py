"""Documents, versions and notices in one line each."""

import uuid
from datetime import date, timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from core.audit import audited
from core.models import AuditEvent
from core.uploads import CleanFile
from people.models import School, User
from policies.documents.library import Facts, First, document_add
from policies.documents.services import NamedFile, version_draft, version_into_force
from policies.models import Document, Version

WORDS = "# Purpose\n\nWe keep children safe online.\n\nStaff use school accounts only."
CHANGED = (
    "# Purpose\n\nWe keep all children safe online.\n\nStaff use school accounts only.\n\nNew: ask first."
)
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\n%%EOF\n"


def today() -> date:
    """Today in London."""
    return timezone.localdate()


def days(number: int) -> date:
    """So many days from today."""
    return today() + timedelta(days=number)


def client_of(user: User) -> Client:
    """A browser of this person."""
    client = Client()
    client.force_login(user)
    return client


def a_document(actor: User, school: School, title: str = "Social media policy", **more: Any) -> Document:
    """A document whose first version is in force since last year, unless `first` says otherwise.

    With a title of its own it is another policy: one of each kind is entered as in force (`_never_had_one`).
    """
    first = more.pop("first", First(text=WORDS, edition="2025", in_force_from=days(-400)))
    names = ("readers", "interval_months", "supplements", "code", "follows")
    facts = {name: more.pop(name) for name in names if name in more}
    once = more.pop("once", None) or uuid.uuid4()
    kind = more.pop("kind", "social_media" if title == "Social media policy" else "other")
    return document_add(
        actor=actor, school=school, once=once, facts=Facts(kind, title, **facts), first=first, **more
    )


def a_draft(actor: User, document: Document, text: str = CHANGED, **more: Any) -> Version:
    """A draft of it."""
    return version_draft(actor=actor, document=document, text=text, **more)


def ratified(actor: User, version: Version, on: date | None = None) -> Version:
    """What a review does once it is ratified."""
    with audited():
        return version_into_force(actor=actor, version=version, on=on or today())


def a_pdf(name: str = "policy.pdf") -> NamedFile:
    """A small PDF."""
    return NamedFile(CleanFile(PDF, "application/pdf"), name)


def recorded(action: str) -> int:
    """How often the log says so."""
    return AuditEvent.objects.filter(action=action).count()
