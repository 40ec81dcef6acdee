"""What people do with a comment: take it on, answer, hide, pass it on, put it under another kind, resolve it."""

from datetime import datetime

from django.utils import timezone

from core.audit import audited, record
from core.errors import Refused
from incidents.comments.access import comment_rules, settles
from incidents.comments.hearers import press, up_the_line
from incidents.comments.moves import MOVES, MUST_ANSWER, Move, ends_clock, is_reserved, standing, why_not
from incidents.comments.services.clock import clock_end, clock_resume
from incidents.comments.services.complaining import tell_settlers
from incidents.comments.services.writing import (
    Did,
    done_there,
    hearers_by_kind,
    lead_on,
    locked,
    sent_twice,
    step_write,
    tell,
    tell_moved,
    words_of,
)
from incidents.models import Comment
from people.models import School, User
from people.selectors import profile_of

DO_NOT_ANSWER = (
    "A journalist wrote this. Do not answer: whoever answers the press has been told. You may add a note."
)
NOT_YOURS = (
    "This is a complaint about the policy: whoever handles such complaints decides when nothing more is to be "
    "done. You may add a note."
)
WHOSE: dict[str, str] = {Comment.Kind.PRESS: DO_NOT_ANSWER, Comment.Kind.POLICY: NOT_YOURS}
"""What is said to those who do not settle comments of a kind."""


def comment_take(*, actor: User, comment: Comment) -> Comment:
    """Take a comment on, also from somebody else. Raises PermissionDenied, or Refused."""
    comment_rules.require(actor, "handle", comment)
    with audited():
        row = locked(comment)
        if row.resolved_at:
            raise Refused("It is resolved. Open it again first.")
        if row.owner_id == actor.pk:
            return row
        record(
            "incidents.comment_taken",
            actor=actor,
            school=row.school,
            subject=row,
            data={"from": str(row.owner.uuid) if row.owner else None},
        )
        row.owner = actor
        row.save(update_fields=["owner"])
        step_write(row, Did.TAKEN, actor)
    return row


def comment_step(
    *, actor: User, comment: Comment, move: str, words: str = "", when: datetime | None = None
) -> Comment:
    """Make one of the moves of `MOVES`. Raises PermissionDenied, Refused, or KeyError for an unknown move.

    A journalist is answered, and the matter closed, only by those whom the profile names (RAV-5.07); a complaint
    about the policy is resolved by its panel or whoever leads the school (CIT-2.19). `when`, an aware moment, says when a
    dated move was made there, if that was not now: by it is judged whether it was in time, and a breach that
    was written meanwhile stays, with a note. The same page sent twice is one step.
    """
    one = MOVES[move]
    comment_rules.require(actor, "handle", comment)
    words = words_of(words, needed=one.needed)
    with audited():
        row = locked(comment)
        now = timezone.now()
        moment = done_there(when, row.received_at, "answered") if when and one.dated else now
        earlier = row.answered_at is not None and moment < row.answered_at
        if not earlier and sent_twice(row, one.did, actor, words):
            return row
        if is_reserved(one, row.kind) and not settles(actor, row):
            raise Refused(WHOSE[row.kind])
        steps = row.steps.order_by("pk").values_list("did", flat=True)
        if refusal := why_not(one, row, standing(row.kind, steps)):
            raise Refused(refusal)
        if moment < now:
            step_write(row, Did.NOTE, actor, _said_when(row, one, moment))
        _carry_out(row, one, actor, moment)
        step_write(row, one.did, actor, words)
        record(
            "incidents.comment_step", actor=actor, school=row.school, subject=row, data={"did": str(one.did)}
        )
        if one.did == Did.PASSED:
            _pass(row, actor)
    return row


def _said_when(row: Comment, move: Move, moment: datetime) -> str:
    """The note beside a step that was made there earlier than it is recorded."""
    done = str(move.did.label).removesuffix(" there")
    words = f"{done} there on {timezone.localtime(moment):%d/%m/%Y at %H:%M}"
    if row.due_at is None or not ends_clock(move, profile_of(row.school)):
        return f"{words}."
    if moment > row.due_at:
        return f"{words}, after the time had run out."
    if row.steps.filter(did=Did.BREACHED).exists():
        return f"{words}, in time. That the time ran out without an answer was written before this was known."
    return f"{words}, in time."


def _carry_out(row: Comment, move: Move, actor: User, moment: datetime) -> None:
    """What the step changes in the row: the clock, and whether it is resolved."""
    now = timezone.now()
    changed: list[str] = []
    first = row.answered_at is None or moment < row.answered_at
    if first and row.resolved_at is None and ends_clock(move, profile_of(row.school)):
        clock_end(row, moment)
        row.answered_at, row.answered_by = moment, actor
        changed += ["stage", "next_at", "answered_at", "answered_by"]
    if move.did == Did.NO_ANSWER and row.answered_at is None:
        clock_end(row, now)
        row.left_at, row.left_by = now, actor
        changed += ["stage", "next_at", "left_at", "left_by"]
    if move.did == Did.RESOLVED:
        if row.answered_at is None and row.left_at is None:
            clock_end(row, now)
        row.resolved_at, row.resolved_by = now, actor
        changed += ["stage", "next_at", "resolved_at", "resolved_by"]
    if move.did == Did.REOPENED:
        row.resolved_at = row.resolved_by = None
        clock_resume(row, now)
        changed += ["stage", "next_at", "resolved_at", "resolved_by"]
    if changed:
        row.save(update_fields=changed)


def _pass(row: Comment, actor: User) -> None:
    people = press(row) if row.kind == Comment.Kind.PRESS else up_the_line(row)
    key = f"{row.pk}:{row.steps.order_by('-pk').values_list('pk', flat=True).first()}"
    tell(row, "incidents.comment_passed", people, key=key, but=actor)


def comment_reclass(*, actor: User, comment: Comment, kind: str) -> Comment:
    """Put it under another kind; journalists and complaints about the policy take their own road at once.

    The clock runs on of what was left without an answer, and is a question or a complaint after all. What a
    journalist wrote, and a complaint about the policy, leave their kind only by those who settle it (`settles`);
    whoever was told of it because of its kind is told that it has left. Raises PermissionDenied, or Refused.
    """
    comment_rules.require(actor, "handle", comment)
    if kind not in Comment.Kind.values:
        raise Refused("Choose what it is.", field="kind")
    with audited():
        row = locked(comment)
        if row.resolved_at:
            raise Refused("It is resolved. Open it again first.")
        if row.kind == kind:
            raise Refused("It stands under this kind already.", field="kind")
        if not settles(actor, row):
            raise Refused(WHOSE[row.kind], field="kind")
        profile = profile_of(row.school)
        heard = hearers_by_kind(row, profile)
        words = f"{row.get_kind_display()} → {Comment.Kind(kind).label}"
        row.kind = kind
        if row.left_at and row.due_at and kind in MUST_ANSWER:
            row.left_at = row.left_by = None
            clock_resume(row, timezone.now())
        row.save(update_fields=["kind", "left_at", "left_by", "stage", "next_at"])
        step = step_write(row, Did.RECLASSED, actor, words)
        record(
            "incidents.comment_step",
            actor=actor,
            school=row.school,
            subject=row,
            data={"did": str(Did.RECLASSED), "kind": kind},
        )
        tell_moved(row, heard, step, actor)
        if lead_on(row, actor, profile):
            step_write(row, Did.PASSED, actor)
            tell_settlers(row, actor, profile)
    return row


def comments_exported(*, actor: User, school: School | None, count: int) -> None:
    """Record that somebody took comments away as a file."""
    with audited():
        record("incidents.comments_exported", actor=actor, school=school, data={"comments": count})


def figures_exported(*, actor: User, school: School | None, year: int) -> None:
    """Record that somebody took the response times away as a file."""
    with audited():
        record("incidents.comment_figures_exported", actor=actor, school=school, data={"year": year})
