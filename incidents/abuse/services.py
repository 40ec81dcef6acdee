"""The log of abuse: what was seen, what was done about it, and that no more is to be done.

An entry is never changed and never deleted: what was hidden or deleted on the platform stays here (CBC-11.03).
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.db import IntegrityError
from django.db.models.fields.files import FieldFile
from django.urls import reverse
from django.utils import timezone

from accounts.access import account_rules
from accounts.models import SocialAccount
from core.audit import audited, record
from core.errors import Refused
from core.notices import notify
from core.roles import Role
from core.uploads import OriginalFile, files_kept
from incidents.abuse.access import KEEPER, abuse_rules
from incidents.abuse.selectors import is_withheld
from incidents.concerns.services.evidence import evidence_add_file
from incidents.models import AbuseAct, AbuseEntry, AbuseNature, Against, Evidence
from incidents.selectors import without
from incidents.services.reports import without_addresses
from people.governance.profile import Profile
from people.governance.who import joined
from people.models import School, User
from people.selectors import holders_of_any, profile_of

MOST_WORDS = 4000
NO_FILE = "No file is taken for this entry any more."
MOST_NOTE = 500
MOST_ADDRESS = 2000
FURTHEST_BACK = timedelta(days=20 * 366)


@dataclass(frozen=True)
class Seen:
    """What somebody came across: where, when, by whom, in which words, and against whom."""

    seen_at: datetime
    author: str
    words: str
    nature: str
    against: str
    account: SocialAccount | None = None
    elsewhere: str = ""
    address: str = ""


@dataclass(frozen=True)
class Done:
    """What was done about it. `who`: a name, where it was not the person who says so."""

    did: str
    who: str = ""
    note: str = ""

    @property
    def words(self) -> str:
        """The note that is kept."""
        who, note = " ".join(self.who.split()), self.note.strip()
        return " ".join(part for part in (f"Done by {who}." if who else "", note) if part)


@dataclass(frozen=True)
class Shot:
    """Where, when and by whom a screenshot was taken, and what it shows in a few words."""

    place: str
    captured_at: datetime
    captured_by: str
    title: str = "Screenshot of what was logged"


def keeper_specs(profile: Profile) -> list[str]:
    """Which roles keep the log: the headteacher where the school names nobody."""
    return [str(spec) for spec in profile.value(KEEPER) or ()] or [str(Role.HEADTEACHER)]


def keeper_titles(profile: Profile) -> str:
    """The keeper in the school's own words."""
    parts = (spec.partition("/") for spec in keeper_specs(profile))
    return joined((profile.title_of(role, post) for role, _, post in parts), "or")


def abuse_log(
    *,
    actor: User,
    school: School,
    once: UUID,
    seen: Seen,
    done: Iterable[Done] = (),
    files: Iterable[OriginalFile] = (),
) -> AbuseEntry:
    """Log a comment or other abuse, and tell the keeper at once (CIT-2.45, STM-2.17, RAV-7.01).

    Screenshots count as taken where and when it was seen, by whoever logs it. The same page sent twice is one
    entry, which gets what was added since; sent again with other words it is an entry of its own. Raises
    PermissionDenied, or Refused with what to do.
    """
    abuse_rules.require_at(actor, "log", school)
    profile = profile_of(school)
    seen = _checked(actor, school, profile, seen)
    done = [_checked_act(one) for one in done]
    if known := _known(actor, school, once):
        if _same(known, seen):
            return _completed(actor, known, done, list(files))
        once = uuid5(once, repr(sorted((key, str(value)) for key, value in _fields(seen).items())))
        if known := _known(actor, school, once):
            return _completed(actor, known, done, list(files))
    try:
        with files_kept() as kept, audited():
            entry = AbuseEntry.objects.create(once=once, school=school, by=actor, **_fields(seen))
            AbuseAct.objects.bulk_create(
                [AbuseAct(entry=entry, did=one.did, note=one.words, by=actor) for one in done]
            )
            record("incidents.abuse_logged", actor=actor, school=school, subject=entry)
            shot = Shot(entry.where, seen.seen_at, actor.full_name)
            _keep(actor, entry, shot, files, kept)
            notify(
                "incidents.abuse_logged",
                recipients=without(holders_of_any(school, keeper_specs(profile)), actor),
                about=entry,
                key=str(entry.pk),
                link=url_of(entry),
            )
    except IntegrityError as error:
        if known := _known(actor, school, once):
            return known
        raise Refused("This page cannot be sent. Open it afresh and send it again.") from error
    return entry


def _completed(actor: User, known: AbuseEntry, done: list[Done], files: list[OriginalFile]) -> AbuseEntry:
    """The entry of a page that was sent before, with what was added to the page since."""
    for one in done:
        if not known.acts.filter(did=one.did, note=one.words).exists():
            act_add(actor=actor, entry=known, done=one)
    kept = set(Evidence.objects.filter(abuse=known).values_list("sha256", flat=True))
    fresh = [one for one in files if hashlib.sha256(one.data).hexdigest() not in kept]
    if fresh:
        shot = Shot(known.where, known.seen_at, actor.full_name)
        shots_add(actor=actor, entry=known, shot=shot, files=fresh)
    return known


def shots_add(*, actor: User, entry: AbuseEntry, shot: Shot, files: Iterable[OriginalFile]) -> None:
    """Add screenshots to an entry later on. Raises PermissionDenied, or Refused."""
    abuse_rules.require(actor, "act", entry)
    files = list(files)
    if not files:
        raise Refused("Choose a screenshot.", field="files")
    if is_withheld(entry):
        raise Refused(NO_FILE, field="files")
    with files_kept() as kept, audited():
        _keep(actor, _locked(entry), shot, files, kept)


def _keep(
    actor: User, entry: AbuseEntry, shot: Shot, files: Iterable[OriginalFile], kept: list[FieldFile]
) -> None:
    """Keep each file as evidence, with the time, the date and the place of what it shows (CBC-11.04)."""
    for upload in files:
        evidence_add_file(
            actor=actor,
            upload=upload,
            place=shot.place,
            captured_at=shot.captured_at,
            captured_by=shot.captured_by,
            title=shot.title,
            abuse=entry,
            kept=kept,
        )


def act_add(*, actor: User, entry: AbuseEntry, done: Done) -> AbuseAct:
    """Say what was done about an entry. Raises Refused."""
    abuse_rules.require(actor, "act", entry)
    done = _checked_act(done)
    with audited():
        row = _locked(entry)
        if without_addresses(done.words) != done.words and is_withheld(row):
            raise Refused(NO_FILE, field="note")
        last = row.acts.order_by("-pk").first()
        if _sent_twice(last, actor, done):
            return last
        act = AbuseAct.objects.create(entry=row, did=done.did, note=done.words, by=actor)
        record("incidents.abuse_acted", actor=actor, school=row.school, subject=row)
    return act


def entry_close(*, actor: User, entry: AbuseEntry) -> AbuseEntry:
    """Say that no more is to be done about an entry. Raises Refused."""
    abuse_rules.require(actor, "close", entry)
    with audited():
        row = _locked(entry)
        if row.done_at is not None:
            raise Refused("Somebody has marked it as done already.")
        if not row.acts.exists():
            raise Refused("First say what was done about it, or that it was left as it is.")
        row.done_at, row.done_by = timezone.now(), actor
        row.save(update_fields=["done_at", "done_by"])
        record("incidents.abuse_closed", actor=actor, school=row.school, subject=row)
    return row


def entry_reopen(*, actor: User, entry: AbuseEntry) -> AbuseEntry:
    """There is more to do about an entry after all. Raises Refused."""
    abuse_rules.require(actor, "close", entry)
    with audited():
        row = _locked(entry)
        if row.done_at is None:
            raise Refused("It is open already.")
        row.done_at = row.done_by = None
        row.save(update_fields=["done_at", "done_by"])
        record("incidents.abuse_opened_again", actor=actor, school=row.school, subject=row)
    return row


def log_exported(*, actor: User, school: School | None, count: int) -> None:
    """Record that somebody took the log, or a part of it, away as a file."""
    with audited():
        record("incidents.abuse_exported", actor=actor, school=school, data={"entries": count})


def figures_exported(*, actor: User, school: School | None, year: int) -> None:
    """Record that somebody took the monthly counts away as a file."""
    with audited():
        record("incidents.abuse_figures_exported", actor=actor, school=school, data={"year": year})


def url_of(entry: AbuseEntry) -> str:
    """The page of an entry."""
    return reverse("incidents:abuse-detail", args=[entry.uuid])


def takes_elsewhere(profile: Profile) -> bool:
    """Whether the log takes in what stands outside the school's own accounts (STM-2.18)."""
    return bool(profile.abuse_log_elsewhere)


def elsewhere_refused(profile: Profile) -> str:
    """What to do with abuse that the log does not take in."""
    return (
        "At your school the log takes in only what stands on the school’s own accounts. "
        f"Tell the {keeper_titles(profile)} about it in person. "
        "If it is about somebody’s safety or conduct, report a concern."
    )


def _checked(actor: User, school: School, profile: Profile, seen: Seen) -> Seen:
    """What was seen, without blanks around it. Raises Refused."""
    seen = replace(
        seen,
        author=" ".join(seen.author.split())[:150],
        words=seen.words.strip()[:MOST_WORDS],
        elsewhere="" if seen.account else " ".join(seen.elsewhere.split())[:300],
        address=seen.address.strip()[:MOST_ADDRESS],
    )
    if seen.account is None:
        if not takes_elsewhere(profile):
            raise Refused(elsewhere_refused(profile), field="place")
        if not seen.elsewhere:
            raise Refused("Say where it was.", field="elsewhere")
    elif not account_rules.visible_to(actor, "view").filter(pk=seen.account.pk, school=school).exists():
        raise Refused("Choose an account of this school.", field="account")
    if not seen.author:
        raise Refused("Enter the name under which it was written.", field="author")
    if not seen.words:
        raise Refused("Enter what was written or shown.", field="words")
    if seen.nature not in AbuseNature.values:
        raise Refused("Choose what it is.", field="nature")
    if seen.against not in Against.values:
        raise Refused("Choose against whom it is.", field="against")
    now = timezone.now()
    if seen.seen_at > now:
        raise Refused("The time cannot be in the future. Check day and time.", field="seen_time")
    if seen.seen_at < now - FURTHEST_BACK:
        raise Refused("That is too long ago. Check the day.", field="seen_on")
    return seen


def _checked_act(done: Done) -> Done:
    if done.did not in AbuseAct.Did.values:
        raise Refused("Choose what was done.", field="did")
    if len(done.words) > MOST_NOTE:
        raise Refused(f"Shorten this to {MOST_NOTE} characters, the name included.", field="note")
    if done.did == AbuseAct.Did.OTHER and not done.note.strip():
        raise Refused("Say what was done.", field="note")
    return done


def _known(actor: User, school: School, once: UUID) -> AbuseEntry | None:
    return AbuseEntry.objects.filter(once=once, by=actor, school=school).first()


def _fields(seen: Seen) -> dict[str, Any]:
    return {one.name: getattr(seen, one.name) for one in fields(seen)}


def _same(known: AbuseEntry, seen: Seen) -> bool:
    """Whether a stored entry says the same; the minute in which it was seen may have passed."""
    wanted = _fields(seen)
    return all(getattr(known, name) == value for name, value in wanted.items())


def _sent_twice(last: AbuseAct | None, actor: User, done: Done) -> bool:
    """Whether the same person said the same a moment ago."""
    return (
        last is not None
        and last.by_id == actor.pk
        and (last.did, last.note) == (done.did, done.words)
        and timezone.now() - last.at < timedelta(minutes=1)
    )


def _locked(entry: AbuseEntry) -> AbuseEntry:
    return (
        AbuseEntry.objects.select_for_update(of=("self",), no_key=True)
        .select_related("school")
        .get(pk=entry.pk)
    )
