"""Notices for pupils, parents and staff: made when a version comes into force or by hand, and recorded as sent.

The portal sends nothing to pupils and parents itself. A notice that is sent, or put aside, does not change any
more (CIT-12.03, STM-12.03, STM-8.11 to 8.13, BEC-4.39, BEC-6.07).
"""

from datetime import date, timedelta
from hashlib import sha256
from uuid import UUID, uuid5

from django.db import IntegrityError
from django.db.models import Q
from django.utils import timezone

from core.audit import audited, record
from core.errors import Refused, Stale
from people.governance.profile import Profile
from people.models import School, User
from people.selectors import profile_of, profiles_of
from policies.documents.access import notice_rules, version_rules
from policies.documents.services import ON_FORCE
from policies.documents.suggested import GAP, Words, suggested
from policies.models import CommunityNotice, Document, Version

MOST_WORDS = 8000
MOST_NOTE = 300
FURTHEST_BACK = timedelta(days=366)
NEWER = "A newer version is in force"
NOT_ANY_MORE = (
    "This notice was recorded as sent or put aside, so it does not change any more. Make a new one."
)


def notices_for(version: Version, actor: User) -> None:
    """A version came into force: make the notices whose audiences the profile names, each exactly once.

    For a document of the whole trust, at each active school of it, by that school's own profile (CIT-12.03). What
    was not sent of an earlier version is put aside. A document that was in force before it was entered here has
    not changed, so nobody is told. Called while the document is locked.
    """
    _drop_older(version, actor)
    if version.in_force_from < timezone.localtime(version.made_at).date() and version.number == 1:
        return
    schools = _told_at(version.document)
    profiles = profiles_of(schools)
    made = [
        _change_at(school, profiles[school.pk], str(audience), version)
        for school in schools
        for audience in profiles[school.pk].change_notice_audiences or ()
    ]
    rows = CommunityNotice.objects.filter(once__in=[one.once for one in made])
    known = set(rows.values_list("once", flat=True))
    for notice in CommunityNotice.objects.bulk_create([one for one in made if one.once not in known]):
        data = {"version": version.pk, "audience": notice.audience}
        record("policies.notice_made", actor=actor, school=notice.school, subject=notice, data=data)


def _told_at(document: Document) -> list[School]:
    """The schools whose people are told of a document: its own, and for a trust's every active school of it."""
    own = document.school
    if not document.for_trust or own.trust_id is None:
        return [own]
    rows = School.objects.filter(trust=own.trust_id, active=True).exclude(pk=own.pk)
    return [own, *rows.order_by("name", "pk")]


def _change_at(school: School, profile: Profile, audience: str, version: Version) -> CommunityNotice:
    """The notice of one school for one audience, not saved yet; its `once` is always the same."""
    own = school.pk == version.document.school_id
    topic = CommunityNotice.Topic.CHANGE
    words = suggested(school, profile, topic, audience, version)
    return CommunityNotice(
        once=uuid5(version.uuid, audience if own else f"{school.uuid}:{audience}"),
        school=school,
        version=version,
        topic=topic,
        audience=audience,
        subject=words.subject,
        text=words.text,
    )


def _drop_older(version: Version, actor: User) -> None:
    """Put aside what was not sent of earlier versions of the document: it would tell what holds no more."""
    rows = CommunityNotice.objects.select_for_update(of=("self",), no_key=True).select_related("school")
    older = rows.filter(version__document=version.document, sent_on=None, dropped_at=None)
    for notice in older.exclude(version=version).order_by("pk"):
        notice.dropped_at, notice.dropped_because = timezone.now(), NEWER
        notice.save(update_fields=["dropped_at", "dropped_because"])
        record("policies.notice_dropped", actor=actor, school=notice.school, subject=notice)


if notices_for not in ON_FORCE:
    ON_FORCE.append(notices_for)


def notice_make(
    *,
    actor: User,
    school: School,
    once: UUID,
    topic: str,
    audience: str,
    version: Version | None = None,
) -> CommunityNotice:
    """Make a notice by hand, with suggested words to be edited. The same page sent twice makes one.

    Raises PermissionDenied, or Refused.
    """
    notice_rules.require_at(actor, "make", school)
    if topic not in CommunityNotice.Topic.values:
        raise Refused("Choose what it is about.", field="topic")
    if audience not in CommunityNotice.Audience.values:
        raise Refused("Choose who is told.", field="audience")
    if version is not None:
        seen = version_rules.visible_to(actor, "view").filter(pk=version.pk, state=Version.State.IN_FORCE)
        if not seen.filter(_holds_at(school), document__retired_at=None).exists():
            raise Refused("Choose a document that is in force at this school.", field="document")
    if known := _known(actor, school, once):
        return known
    words = suggested(school, profile_of(school), topic, audience, version)
    try:
        with audited():
            notice = CommunityNotice.objects.create(
                once=once,
                school=school,
                version=version,
                topic=topic,
                audience=audience,
                subject=words.subject,
                text=words.text,
                made_by=actor,
            )
            data = {"version": version.pk if version else None, "audience": audience}
            record("policies.notice_made", actor=actor, school=school, subject=notice, data=data)
    except IntegrityError as error:
        if known := _known(actor, school, once):
            return known
        raise Refused("This page cannot be sent. Open it afresh and send it again.") from error
    return notice


def notice_edit(*, actor: User, notice: CommunityNotice, words: Words, seen: str) -> CommunityNotice:
    """Change the words of a notice that is not sent yet. `seen` is the mark of the words that were on the page.

    Raises PermissionDenied, Stale, or Refused.
    """
    notice_rules.require(actor, "send", notice)
    subject, text = " ".join(words.subject.split())[:200], words.text.replace("\r\n", "\n").strip()
    if not subject:
        raise Refused("Enter a subject.", field="subject")
    if not text:
        raise Refused("Enter the words of the notice.", field="text")
    if len(text) > MOST_WORDS:
        raise Refused(f"Shorten the words to {MOST_WORDS:,} characters.", field="text")
    with audited():
        row = _open(notice)
        if (row.subject, row.text) == (subject, text):
            return row
        if mark_of(row) != seen:
            raise Stale("Somebody has changed the words meanwhile. Open this page afresh and look at them.")
        row.subject, row.text = subject, text
        row.save(update_fields=["subject", "text"])
        record("policies.notice_changed", actor=actor, school=row.school, subject=row)
    return row


def notice_sent(
    *, actor: User, notice: CommunityNotice, sent_on: date, channel: str, note: str = "", seen: str
) -> CommunityNotice:
    """Record that the school told its people: on which day, and how. It is kept and never rewritten.

    `seen` is the mark of the words that were sent. The same page sent twice records it once. Raises PermissionDenied,
    Stale, or Refused.
    """
    notice_rules.require(actor, "send", notice)
    if channel not in CommunityNotice.Channel.values:
        raise Refused("Choose how they were told.", field="channel")
    today = timezone.localdate()
    if sent_on > today:
        raise Refused("The day cannot be in the future. Record it when it is sent.", field="sent_on")
    if sent_on < today - FURTHEST_BACK:
        raise Refused("That is more than a year ago. Check the day.", field="sent_on")
    said = " ".join(note.split())
    if len(said) > MOST_NOTE:
        raise Refused(f"Shorten the note to {MOST_NOTE} characters.", field="note")
    with audited():
        row = _held(notice)
        if (row.sent_on, row.sent_by_id, row.channel, row.note) == (sent_on, actor.pk, channel, said):
            return row
        _still_open(row)
        if mark_of(row) != seen:
            raise Stale("The words were changed meanwhile. Look at them, then record it again.")
        if GAP in f"{row.subject} {row.text}":
            raise Refused("First fill in, or take out, what stands in square brackets in the words.")
        row.sent_on, row.sent_by, row.sent_recorded_at = sent_on, actor, timezone.now()
        row.channel, row.note = channel, said
        row.save(update_fields=["sent_on", "sent_by", "sent_recorded_at", "channel", "note"])
        data = {"words": mark_of(row)}
        record("policies.notice_sent", actor=actor, school=row.school, subject=row, data=data)
    return row


def notice_drop(*, actor: User, notice: CommunityNotice, reason: str) -> CommunityNotice:
    """Put a notice aside that is not to be sent, with the reason. Raises PermissionDenied, or Refused."""
    notice_rules.require(actor, "send", notice)
    because = " ".join(reason.split())
    if not because:
        raise Refused("Say why nobody is told.", field="reason")
    if len(because) > MOST_NOTE:
        raise Refused(f"Shorten the reason to {MOST_NOTE} characters.", field="reason")
    with audited():
        row = _open(notice)
        row.dropped_at, row.dropped_because = timezone.now(), because
        row.save(update_fields=["dropped_at", "dropped_because"])
        record("policies.notice_dropped", actor=actor, school=row.school, subject=row)
    return row


def _holds_at(school: School) -> Q:
    """Versions of what holds at a school: its own documents, and those of its whole trust."""
    own = Q(document__school=school)
    return (
        own | Q(document__for_trust=True, document__school__trust=school.trust_id) if school.trust_id else own
    )


def mark_of(notice: CommunityNotice) -> str:
    """A mark of the words as they are now."""
    return sha256(f"{notice.subject}\n{notice.text}".encode()).hexdigest()


def _held(notice: CommunityNotice) -> CommunityNotice:
    """The row, held until the end of the transaction."""
    rows = CommunityNotice.objects.select_for_update(of=("self",), no_key=True).select_related("school")
    return rows.get(pk=notice.pk)


def _still_open(row: CommunityNotice) -> None:
    """Raise Refused where it is sent or put aside."""
    if row.sent_on is not None or row.dropped_at is not None:
        raise Refused(NOT_ANY_MORE)


def _open(notice: CommunityNotice) -> CommunityNotice:
    """The row, held. Raises Refused where it is sent or put aside."""
    row = _held(notice)
    _still_open(row)
    return row


def _known(actor: User, school: School, once: UUID) -> CommunityNotice | None:
    return CommunityNotice.objects.filter(once=once, made_by=actor, school=school).first()
