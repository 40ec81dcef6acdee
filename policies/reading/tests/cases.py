"""Documents in force, and people who have read them and were trained, in one line each."""

import hashlib
import uuid
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from core.audit import audited
from core.models import Platform
from people.models import School, User
from policies.documents.services import brought_into_force
from policies.models import Document, Training, TrainingRecord, Version
from policies.reading.services import version_acknowledge

TODAY = timezone.localdate


def a_document(
    school: School, title: str = "Social media policy", kind: str = "social_media", **more: Any
) -> Document:
    """A document that everybody employed reads; nothing of it is in force yet."""
    keeper = more.pop("by", None) or User.objects.order_by("pk").first()
    return Document.objects.create(
        school=school,
        once=uuid.uuid4(),
        kind=kind,
        title=title,
        readers=more.pop("readers", ["staff"]),
        created_by=keeper,
        **more,
    )


def in_force(document: Document, text: str = "Be kind.", *, since: date | None = None) -> Version:
    """The next version of a document comes into force, as its ratification would bring it."""
    number = document.versions.count() + 1
    text = f"{text} ({number})"
    with audited():
        document.versions.filter(state="in_force").update(state="past", in_force_until=TODAY(), chase_on=None)
        version = Version.objects.create(
            document=document,
            number=number,
            text=text,
            sha256=hashlib.sha256(text.encode()).hexdigest(),
            state="in_force",
            in_force_from=since or TODAY(),
            made_by=document.created_by,
        )
        brought_into_force(version, document, document.created_by)
    return version


def read(user: User, version: Version) -> None:
    """Somebody says that they have read and understood it."""
    version_acknowledge(actor=user, version=version, seen=version.sha256)


def trained(
    user: User, school: School, platform: str = "", *, on: date | None = None, **more: Any
) -> TrainingRecord:
    """Somebody was trained in running an account, on one platform or on all."""
    return TrainingRecord.objects.create(
        once=uuid.uuid4(),
        school=school,
        user=user,
        kind=Training.PLATFORM,
        platform=Platform.objects.get(slug=platform) if platform else None,
        title="The platform and its rules",
        done_on=on or TODAY() - timedelta(days=1),
        trainer="The marketing officer",
        by=user,
        **more,
    )
