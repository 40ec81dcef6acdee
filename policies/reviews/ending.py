"""How a review ends: ratified by the roles of the profile, finished by the last reviewer, or not ratified."""

from typing import Any

from django.db.models import Exists, F
from django.urls import reverse
from django.utils import timezone

from approvals.models import ApprovalRequest, Decision
from approvals.services import announce, request_submit
from core.audit import record
from core.errors import Stale
from core.notices import notify
from core.tables import date_text
from people.governance.profile import Profile
from people.governance.who import StepSpec
from people.models import User
from people.selectors import holders_of_any
from policies.documents.access import KEEPERS
from policies.documents.services import locked, review_date_put, version_into_force
from policies.models import Review, ReviewSignature, Version
from policies.reviews.access import ratifier_specs
from policies.reviews.content import snapshot_of
from policies.reviews.parties import Parties

KIND = "policy-ratification"


def all_signed(
    row: Review, actor: User, profile: Profile, given: list[ReviewSignature], parties: Parties
) -> None:
    """Every reviewer has signed: on to the ratifiers, or done where the profile names none (CIT-12.01)."""
    specs = ratifier_specs(profile)
    if not specs:
        finish(row, actor)
        return
    school = row.document.school
    both = User.objects.filter(pk__in=parties.excused).order_by("full_name", "pk")
    row.approval = request_submit(
        actor=row.started_by,
        kind=KIND,
        school=school,
        title=f"Ratify: {row.document.title}",
        chain=[StepSpec(role, post) for role, _, post in (spec.partition("/") for spec in specs)],
        snapshot=snapshot_of(row, given, profile, [person.full_name for person in both]),
    )
    row.state = Review.State.RATIFYING
    row.save(update_fields=["state", "approval"])
    row.barred.set(parties.barred)
    if parties.excused:
        data = {"people": sorted(parties.excused)}
        record("policies.review_same_person", actor=actor, school=school, subject=row, data=data)
    record("policies.review_to_ratify", actor=actor, school=school, subject=row, data={"round": row.round})
    announce(row.approval)


def finish(row: Review, actor: User) -> None:
    """The proposed version comes into force today, the next date is set, the review is done. All or nothing."""
    today = timezone.localdate()
    if row.proposed_id:
        version_into_force(actor=actor, version=row.proposed, on=today)
    review_date_put(
        actor=actor,
        document=row.document,
        review_on=row.next_review_on,
        by_month=row.next_by_month,
        reason=f"Agreed in the review that was finished on {date_text(today)}",
    )
    row.state, row.ended_at = Review.State.DONE, timezone.now()
    row.save(update_fields=["state", "ended_at"])
    school = row.document.school
    data = {"version": row.proposed_id, "next": row.next_review_on}
    record("policies.review_finished", actor=actor, school=school, subject=row, data=data)
    _tell_all(row, actor)


def ratified(review: Review, request: ApprovalRequest) -> None:
    """The last yes of the ratifiers. Raises Stale where what they signed is not what there is."""
    row = held(review)
    frozen = request.rounds.get(number=request.round).snapshot["proposed"]
    if row.state != Review.State.RATIFYING or frozen != (row.proposed.sha256 if row.proposed_id else None):
        raise Stale("The draft is not the one that was reviewed. Refuse it, and let it be reviewed again.")
    finish(row, _decider(request))


def not_ratified(review: Review, request: ApprovalRequest) -> None:
    """A no, or the request was taken back. The version in force stays in force, the date stays as it was.

    A refused draft is put aside as not adopted, so that the history keeps the very words that were refused;
    another draft starts a new review. What was taken back keeps its draft.
    """
    row = held(review)
    if row.state != Review.State.RATIFYING:
        return
    row.ended_at = timezone.now()
    if request.status != ApprovalRequest.Status.REFUSED:
        row.state, row.proposed = Review.State.DROPPED, None
        row.ended_because = "It was taken back before it was ratified."
        row.save(update_fields=["state", "proposed", "ended_at", "ended_because"])
        return
    decision = _last(request)
    row.state, row.ended_because = Review.State.REFUSED, decision.reasons[:300]
    row.save(update_fields=["state", "ended_at", "ended_because"])
    school, actor = row.document.school, decision.decided_by
    if row.proposed_id:
        draft = Version.objects.select_for_update(of=("self",), no_key=True).get(pk=row.proposed_id)
        draft.state = Version.State.DROPPED
        draft.save(update_fields=["state"])
        data = {"version": draft.pk}
        record("policies.draft_dropped", actor=actor, school=school, subject=row.document, data=data)
    record("policies.review_refused", actor=actor, school=school, subject=row)
    _tell_all(row, actor)


def held(review: Review) -> Review:
    """The row and its document, held in this order."""
    document = locked(review.document)
    rows = Review.objects.select_for_update(of=("self",), no_key=True)
    row = rows.select_related("proposed", "started_by", "approval").get(pk=review.pk)
    row.document = document
    return row


def _tell_all(row: Review, actor: User) -> None:
    """Reviewers, keepers and whoever started it hear how it ended."""
    people: Any = holders_of_any(row.document.school, [*row.reviewers, *map(str, KEEPERS)])
    people = people | User.objects.filter(pk=row.started_by_id)
    notify(
        "policies.review_ended",
        recipients=people.exclude(pk=actor.pk),
        about=row,
        key=str(row.pk),
        link=reverse("policies:review-detail", args=[row.uuid]),
    )


def _last(request: ApprovalRequest) -> Decision:
    return request_decisions(request).last()


def _decider(request: ApprovalRequest) -> User:
    return _last(request).decided_by


def barred(request: Any, person: Any) -> Exists:
    """Whether a person had a part in the review behind a request: reviewing and ratifying are two (CIT-12.01).

    Both are ids, or references to an outer query.
    """
    return Exists(Review.barred.through.objects.filter(review__approval=request, user=person))


def request_decisions(request: ApprovalRequest) -> Any:
    """The decisions of the present round, oldest first."""
    found = Decision.objects.filter(step__request=request, round=F("step__request__round"))
    return found.select_related("decided_by").order_by("at", "pk")
