"""Saying that one has read and understood, telling readers of a new version, and reminding them."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db import IntegrityError
from django.db.models import CharField, Exists, OuterRef, QuerySet
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone

from core.audit import audited, record
from core.errors import Refused, Stale
from core.models import Notice
from core.notices import notify
from core.tables import date_text
from people.models import Membership, School, User
from policies.documents.access import document_rules
from policies.models import Acknowledgement, Document, Version
from policies.reading.access import require_scope
from policies.reading.readers import asked_of, readers_of, unread, yet_to_read

STAGES = (7, 14, 28)
"""Days after a version came into force on which those who have not read it are reminded; then every 28 days."""
NEW_FOR = timedelta(days=7)
"""For how long after its first day a membership is looked at: a sweep may miss some days."""
TO_READ, REMINDER = "policies.to_read", "policies.reading_reminder"
GONE = "This version is no longer in force. Open the version that is in force now, and read that one."
RETIRED = "This document is not used any more, so nobody is asked to read it."


def url_of(version: Version) -> str:
    """The page on which a version is read."""
    return reverse("policies:reading-read", args=[version.uuid])


def statement_of(version: Version) -> str:
    """What a reader agrees to. It is kept word for word (RAV-3.09: read and understood)."""
    edition = f" ({version.edition})" if version.edition else ""
    day = f", in force from {date_text(version.in_force_from)}" if version.in_force_from else ""
    return f"I have read and understood “{version.document.title}”, version {version.number}{edition}{day}."


def version_acknowledge(*, actor: User, version: Version, seen: str) -> Acknowledgement:
    """The actor says that they have read and understood the version in force. Said twice, it is there once.

    `seen` is the hash of what was on their page. Whoever may see the document may say so, among its readers or not:
    who is about to run an account reads the terms of use. Raises PermissionDenied, Stale where the page showed
    something else, or Refused where the version is not in force now.
    """
    document_rules.require(actor, "view", version.document)
    try:
        with audited():
            rows = Version.objects.select_for_update(of=("self",), no_key=True)
            row = rows.select_related("document__school").get(pk=version.pk)
            if known := row.acknowledgements.filter(user=actor).first():
                return known
            if row.document.retired_at is not None:
                raise Refused(RETIRED)
            if row.state != Version.State.IN_FORCE:
                raise Refused(GONE)
            if seen != row.sha256:
                raise Stale(
                    "This page shows something else than the version in force. Open it afresh, and read it."
                )
            said = Acknowledgement.objects.create(
                version=row,
                user=actor,
                school=_school_of(actor, row.document),
                statement=statement_of(row),
                sha256=row.sha256,
            )
            record(
                "policies.version_acknowledged",
                actor=actor,
                school=said.school,
                subject=row.document,
                data={"version": row.pk, "sha256": row.sha256},
            )
    except IntegrityError:
        return Acknowledgement.objects.get(version=version, user=actor)
    return said


def _school_of(user: User, document: Document) -> School:
    """Whose list of readers the acknowledgement stands in: the person's own school in the trust, or the document's."""
    own = document.school
    if not document.for_trust or own.trust_id is None:
        return own
    held = Membership.objects.active().filter(user=user)
    if held.filter(trust=own.trust_id).exists():
        return own
    first = held.filter(school__trust=own.trust_id).select_related("school").order_by("starts", "pk").first()
    return first.school if first else own


def readers_told(version: Version, actor: User) -> None:
    """A version has come into force: every reader hears of it once (CIT-12.03, STM-12.03).

    It voids what was said of the version before, as that is another one (subtle 95). In the transaction in which it
    comes into force.
    """
    document = version.document
    if not document.readers:
        return
    _tell(version, _lean(readers_of(document)))
    version.chase_on = next_stage(version.in_force_from, timezone.localdate())
    version.save(update_fields=["chase_on"])


def readers_changed(document: Document, actor: User) -> None:
    """It was said anew who reads a document: readers of the version in force hear of it who have not yet.

    Whoever was told before, or has read it, is not told again. In the transaction of the change.
    """
    rows = Version.objects.select_for_update(of=("self",), no_key=True)
    version = rows.filter(document=document, state=Version.State.IN_FORCE).first()
    if version is None:
        return
    version.document = document
    if document.readers:
        _tell(version, _lean(yet_to_read(version)))
        version.chase_on = version.chase_on or next_stage(version.in_force_from, timezone.localdate())
    else:
        version.chase_on = None
    version.save(update_fields=["chase_on"])


def joined_since() -> QuerySet[Membership]:
    """Memberships that began in the last days (London). Whoever is not met in them is met by the reminders."""
    return Membership.objects.active().filter(starts__gte=timezone.localdate() - NEW_FOR)


def joiner_told(pk: int) -> bool:
    """Somebody has joined: they hear of what is in force there and is theirs to read, each document once.

    Safe to run twice: what a notice was written for is left out, and its key keeps two runs apart.
    """
    user = User.objects.get(pk=pk)
    with audited():
        told = Notice.objects.filter(kind=TO_READ, recipient=user, key=Cast(OuterRef("pk"), CharField()))
        rows = unread(asked_of(user), user).filter(~Exists(told)).select_related("document")
        versions = list(rows.order_by("pk"))
        for version in versions:
            _tell(version, [user])
    return bool(versions)


def _tell(version: Version, people: Iterable[User]) -> None:
    notify(TO_READ, recipients=people, about=version.document, key=f"{version.pk}", link=url_of(version))


def readers_remind(*, actor: User, document: Document) -> int:
    """Remind those who have not read the version in force, each at most once a day. Returns how many.

    The actor reminds the people of the schools for which they answer. Raises PermissionDenied, or Refused where
    there is nobody to remind.
    """
    document_rules.require(actor, "view", document)
    within = require_scope(actor, "remind", document)
    with audited():
        rows = Version.objects.select_for_update(of=("self",), no_key=True).select_related("document__school")
        version = rows.filter(document=document, state=Version.State.IN_FORCE).first()
        if document.retired_at is not None:
            raise Refused(RETIRED)
        if version is None:
            raise Refused("No version of this document is in force, so nobody is asked to read it.")
        missing = yet_to_read(version, within)
        if not missing.exists():
            raise Refused("Everybody who is asked to read it has said that they have read it.")
        people = list(_lean(_not_reminded(missing, version, timezone.localdate())))
        if not people:
            raise Refused("All of them were reminded today already. You can remind them again tomorrow.")
        _remind(version, people, timezone.localdate())
        record(
            "policies.readers_reminded",
            actor=actor,
            school=version.document.school,
            subject=version.document,
            data={"version": version.pk, "people": len(people)},
        )
    return len(people)


def reading_exported(*, actor: User, document: Document, count: int) -> None:
    """Record that somebody took the list of who has read a document as a file."""
    with audited():
        record(
            "policies.reading_exported",
            actor=actor,
            school=document.school,
            subject=document,
            data={"people": count},
        )


def chase_one(pk: int) -> bool:
    """Remind who has not read one version, if its day has come. Safe to run twice: the day is in the notice's key.

    A sweep that missed some weeks reminds once, for the newest stage.
    """
    today = timezone.localdate()
    with audited():
        rows = Version.objects.select_for_update(of=("self",), no_key=True).select_related("document__school")
        version = rows.get(pk=pk)
        if version.chase_on is None or version.chase_on > today:
            return False
        document = version.document
        asked = version.state == Version.State.IN_FORCE and document.retired_at is None and document.readers
        version.chase_on = next_stage(version.in_force_from, today) if asked else None
        version.save(update_fields=["chase_on"])
        if asked:
            _remind(version, _lean(_not_reminded(yet_to_read(version), version, today)), today)
    return True


def next_stage(start: date, today: date) -> date:
    """The next day after `today` on which the readers of a version in force from `start` are reminded."""
    passed = (today - start).days
    early = next((days for days in STAGES if days > passed), None)
    last = STAGES[-1]
    return start + timedelta(days=early or (passed // last + 1) * last)


def _remind(version: Version, people: Iterable[User], today: date) -> None:
    notify(
        REMINDER,
        recipients=people,
        about=version.document,
        key=_key(version, today),
        link=url_of(version),
    )


def _key(version: Version, today: date) -> str:
    return f"{version.pk}:{today:%Y%m%d}"


def _not_reminded(people: QuerySet[User], version: Version, today: date) -> QuerySet[User]:
    """Those who were not reminded today: by the sweep or by a colleague."""
    sent = Notice.objects.filter(kind=REMINDER, key=_key(version, today), recipient=OuterRef("pk"))
    return people.filter(~Exists(sent))


def _lean(people: QuerySet[User]) -> QuerySet[User]:
    """As little of each person as a notice needs: there may be thousands."""
    return people.only("pk", "is_active")
