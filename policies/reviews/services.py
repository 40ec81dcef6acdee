"""A review from its start to the last reviewer's signature. What follows on that is in `ending`.

Order of locks: the approval request, where there is one; the document; the review; the version.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from approvals.services import request_withdraw
from core.audit import audited, record
from core.errors import Refused, Stale
from core.notices import notify
from core.signatures import sign
from people.governance.profile import Profile
from people.models import User
from people.selectors import holders_of_any, profile_of
from policies.documents.access import document_rules
from policies.documents.services import ON_DRAFT, in_use, locked, review_day
from policies.models import Document, DocumentKind, Review, ReviewSignature, Version
from policies.reviews.access import review_rules, reviewer_specs
from policies.reviews.content import (
    OPEN,
    declaration,
    draft_of,
    holds,
    lines_of,
    looked_at,
    seen_hash,
    title_of,
)
from policies.reviews.dates import months_later
from policies.reviews.ending import all_signed, held
from policies.reviews.parties import all_could_sign, kept_to_ratify, parties_of

MOST_FINDINGS = 8000
MOST_BECAUSE = 300
MEANWHILE = "This review has changed since you opened it. Open its page, read it again, then go on."


@dataclass(frozen=True)
class Found:
    """What the reviewers found. `changes`: the draft of the document shall come into force."""

    findings: str
    changes: bool
    next_on: date | None
    by_month: bool = False


def url_of(review: Review) -> str:
    """The review's own page."""
    return reverse("policies:review-detail", args=[review.uuid])


def suggested(document: Document, profile: Profile) -> tuple[date | None, bool]:
    """The next review as the interval suggests it, counted from today: a day, and whether only its month counts.

    Without an interval the date of the profile is taken if it is still to come; else nothing is suggested: not
    every policy has a date (BEC-7.01), and not every interval is a whole number of years (CBC-0.01, CBC-0.02).
    """
    today = timezone.localdate()
    if months := document.interval_months or profile.review_interval_months:
        return review_day(months_later(today, months), document.review_by_month)
    stated = profile.next_review if document.kind == DocumentKind.SOCIAL_MEDIA else None
    if stated is None:
        return None, False
    day, by_month = review_day(date(stated.year, stated.month, stated.day or 1), stated.day is None)
    return (day, by_month) if day and day > today else (None, False)


def review_start(*, actor: User, document: Document, once: UUID) -> Review:
    """Begin a review; keepers, reviewers and ratifiers may. The reviewers are those of the profile, from now on.

    The same page sent twice starts one. Raises PermissionDenied, or Refused where one is open, the document is
    retired, or the reviewers' roles could not be signed each by a person of its own.
    """
    document_rules.require(actor, "review", document)
    known = Review.objects.filter(once=once, started_by=actor, document=document).first()
    if known:
        return known
    try:
        with audited():
            row = locked(document)
            in_use(row)
            if Review.objects.filter(document=row, state__in=OPEN).exists():
                raise Refused("A review of this document is open already. Go on with that one.")
            profile = profile_of(row.school)
            specs = reviewer_specs(profile)
            all_could_sign(row.school, profile, specs)
            review = Review.objects.create(
                once=once, document=row, was_due_on=row.review_on, started_by=actor, reviewers=specs
            )
            record("policies.review_started", actor=actor, school=row.school, subject=review)
    except IntegrityError as error:
        known = Review.objects.filter(once=once, started_by=actor, document=document).first()
        if known is None:
            raise Refused("This page is out of date. Open it again, then start.") from error
        return known
    return review


def review_write(*, actor: User, review: Review, found: Found, seen: str) -> Review:
    """Write down what was found, whether the draft shall come into force, and the next date.

    `seen` is the hash of what the writer had before them (`content.seen_hash`). After a signature, a change begins
    a new round: all sign anew. The same page sent twice changes nothing. Raises PermissionDenied, Stale, or Refused
    with what to do.
    """
    review_rules.require(actor, "write", review)
    with audited():
        row = held(review)
        in_use(row.document)
        _still_open(row)
        values = _checked(row, found)
        changed = [name for name, value in values.items() if getattr(row, name) != value]
        if not changed:
            return row
        if seen != seen_hash(row):
            raise Stale(
                "Somebody has changed the review or its draft meanwhile. Copy what you wrote, "
                "open this page afresh, and look at it."
            )
        for name in changed:
            setattr(row, name, values[name])
        if row.signatures.filter(round=row.round).exists():
            row.round += 1
        row.save(update_fields=[*changed, "round"])
        record(
            "policies.review_written",
            actor=actor,
            school=row.document.school,
            subject=row,
            data={"fields": changed, "round": row.round},
        )
        _ask(row, actor)
    return row


def _checked(row: Review, found: Found) -> dict[str, Any]:
    """The values of a review's fields, or Refused beside the field."""
    findings = found.findings.strip()
    if not findings:
        raise Refused("Say what you looked at and what you found.", field="findings")
    if len(findings) > MOST_FINDINGS:
        raise Refused(f"Shorten it to {MOST_FINDINGS:,} characters.", field="findings")
    proposed = draft_of(row.document) if found.changes else None
    if found.changes and proposed is None:
        raise Refused(
            "There is no draft to propose. Write it on the page of the document, then come back.",
            field="changes",
        )
    if not found.changes and not row.document.versions.filter(state=Version.State.IN_FORCE).exists():
        raise Refused("No version is in force yet. Propose a draft as the first one.", field="changes")
    day, by_month = review_day(found.next_on, found.by_month)
    if day is not None and day <= timezone.localdate():
        raise Refused("The next review must be after today.", field="next_on")
    return {"findings": findings, "proposed": proposed, "next_review_on": day, "next_by_month": by_month}


def _ask(row: Review, actor: User) -> None:
    """Ask the reviewers to sign this round, once."""
    people = holders_of_any(row.document.school, row.reviewers).exclude(pk=actor.pk)
    people = people.exclude(pk__in=kept_to_ratify(row, profile_of(row.document.school)))
    notify(
        "policies.review_to_sign", recipients=people, about=row, key=f"{row.pk}:{row.round}", link=url_of(row)
    )


def draft_changed(version: Version, actor: User) -> None:
    """The draft that a review proposes has changed: what was signed before does not count any more."""
    review = Review.objects.filter(proposed=version, state=Review.State.OPEN).first()
    if review is None:
        return
    row = held(review)
    if not row.signatures.filter(round=row.round).exists():
        return
    row.round += 1
    row.save(update_fields=["round"])
    record(
        "policies.review_round",
        actor=actor,
        school=row.document.school,
        subject=row,
        data={"round": row.round},
    )
    _ask(row, actor)


ON_DRAFT.append(draft_changed)


def review_sign(
    *, actor: User, review: Review, spec: str, seen: str, declared: bool, typed_name: str
) -> ReviewSignature:
    """Sign as one of the reviewers, with the equality statement (CIT-2.03, STM-2.06, STM-12.01).

    The last signature sends the review to the ratifiers, or finishes it where the profile names none. The same
    page sent twice is one signature. Raises PermissionDenied, Stale when anything has changed since it was seen,
    or Refused with what to do.
    """
    review_rules.require(actor, "sign", review)
    with audited():
        row = held(review)
        mine = row.signatures.filter(round=row.round, user=actor).select_related("signature").first()
        if mine and mine.spec == spec and mine.signature.content_hash == seen:
            return mine
        in_use(row.document)
        _still_open(row)
        version = looked_at(row)
        if version is not None:
            Version.objects.select_for_update(of=("self",), no_key=True).get(pk=version.pk)
        if seen != seen_hash(row):
            raise Stale(MEANWHILE)
        profile = profile_of(row.document.school)
        title = _may_sign(row, actor, spec, profile)
        if not declared:
            raise Refused(
                "Tick the statement on equality, or write into the findings what must change first.",
                field="declared",
            )
        before = list(row.signatures.filter(round=row.round).values_list("user", "spec"))
        parties = parties_of(row, profile, [*before, (actor.pk, spec)])
        signature = sign(actor=actor, typed_name=typed_name, declaration=declaration(title), signed_hash=seen)
        line = ReviewSignature.objects.create(
            review=row, round=row.round, spec=spec, signature=signature, user=actor
        )
        record(
            "policies.review_signed",
            actor=actor,
            school=row.document.school,
            subject=row,
            data={"round": row.round, "spec": spec},
        )
        given = list(row.signatures.filter(round=row.round).select_related("user"))
        if {one.spec for one in given} >= set(row.reviewers):
            all_signed(row, actor, profile, given, parties)
    return line


def _may_sign(row: Review, actor: User, spec: str, profile: Profile) -> str:
    """The title under which the actor signs, or Refused."""
    if not row.findings:
        raise Refused("Nothing is written down yet. Write what was found, then sign.")
    if row.next_review_on is not None and row.next_review_on <= timezone.localdate():
        raise Refused(
            "The day of the next review has come meanwhile. Change what the review says, then sign it."
        )
    if spec not in row.reviewers:
        raise Refused("Choose the role for which you sign.", field="spec")
    title = title_of(profile, spec)
    if not holds(actor, row.document.school, spec):
        raise Refused(f"You cannot sign as {title}: you do not hold that role.", field="spec")
    for line in lines_of(row, profile, list(row.signatures.filter(round=row.round))):
        if line.signature and line.signature.user_id == actor.pk:
            raise Refused(
                f"You have signed as {line.title}. Nobody signs for two roles: somebody else signs as {title}.",
                field="spec",
            )
        if line.signature and line.spec == spec:
            raise Refused(f"Somebody else has signed as {title} already.", field="spec")
    return title


def review_take_over(*, actor: User, review: Review) -> Review:
    """Answer for a review in place of whoever started it; whoever did may then ratify it,
    unless they signed it, or wrote or changed its draft. Raises Refused."""
    review_rules.require(actor, "write", review)
    with audited():
        row = held(review)
        _still_open(row)
        if row.started_by_id == actor.pk:
            raise Refused("This review is yours already.")
        before, row.started_by = row.started_by, actor
        row.save(update_fields=["started_by"])
        record(
            "policies.review_taken_over",
            actor=actor,
            school=row.document.school,
            subject=row,
            data={"from": before.pk},
        )
        notify(
            "policies.review_taken_over",
            recipients=[before],
            about=row,
            key=f"{row.pk}:{before.pk}:{actor.pk}:{timezone.now():%Y%m%d%H%M%S}",
            link=url_of(row),
        )
    return row


def review_drop(*, actor: User, review: Review, because: str) -> Review:
    """Give a review up, also while it waits to be ratified. The draft stays a draft, the date stays as it was.

    The same page sent twice gives it up once. Raises PermissionDenied, Stale, or Refused.
    """
    review_rules.require(actor, "write", review)
    because = " ".join(because.split())
    if not because:
        raise Refused("Say why the review is given up.", field="because")
    if len(because) > MOST_BECAUSE:
        raise Refused(f"Shorten the reason to {MOST_BECAUSE} characters.", field="because")
    with audited():
        before = Review.objects.select_related("approval").get(pk=review.pk)
        if (before.state, before.ended_because) == (Review.State.DROPPED, because):
            return before
        if before.state == Review.State.RATIFYING:
            request_withdraw(actor=None, request=before.approval)  # its hook ends the review
        row = held(review)
        if row.state == Review.State.OPEN:
            row.state, row.ended_at = Review.State.DROPPED, timezone.now()
        elif before.state != Review.State.RATIFYING or row.state != Review.State.DROPPED:
            raise Stale(MEANWHILE)
        proposed, row.proposed, row.ended_because = row.proposed_id, None, because
        row.save(update_fields=["state", "ended_at", "proposed", "ended_because"])
        school = row.document.school
        record("policies.review_dropped", actor=actor, school=school, subject=row, data={"version": proposed})
        people = holders_of_any(school, row.reviewers) | User.objects.filter(pk=row.started_by_id)
        notify(
            "policies.review_ended",
            recipients=people.exclude(pk=actor.pk),
            about=row,
            key=str(row.pk),
            link=url_of(row),
        )
    return row


def reviews_exported(*, actor: User, count: int) -> None:
    """Record that somebody took the list of reviews as a file."""
    with audited():
        record("policies.reviews_exported", actor=actor, data={"rows": count})


def _still_open(row: Review) -> None:
    if row.state != Review.State.OPEN:
        raise Stale(f"This is no longer possible: {row.get_state_display().lower()}.")
