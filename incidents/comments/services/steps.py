"""What people do with a comment: take it on, answer, hide, pass it on, put it under another kind, resolve it."""

from django.utils import timezone

from core.audit import audited, record
from core.errors import Refused
from incidents.comments.access import answers_press, comment_rules
from incidents.comments.hearers import press, up_the_line
from incidents.comments.moves import MOVES, Move, ends_clock, why_not
from incidents.comments.services.clock import clock_end, clock_resume
from incidents.comments.services.writing import Did, lead_on, locked, sent_twice, step_write, tell, words_of
from incidents.models import Comment
from people.models import School, User
from people.selectors import profile_of

DO_NOT_ANSWER = (
    "A journalist wrote this. Do not answer: whoever answers the press has been told. You may add a note."
)


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


def comment_step(*, actor: User, comment: Comment, move: str, words: str = "") -> Comment:
    """Make one of the moves of `MOVES`. Raises PermissionDenied, Refused, or KeyError for an unknown move.

    A journalist is answered only by those whom the profile names (RAV-5.07). The same page sent twice is one
    step.
    """
    one = MOVES[move]
    comment_rules.require(actor, "handle", comment)
    words = words_of(words, needed=one.needed)
    with audited():
        row = locked(comment)
        if sent_twice(row, one.did, actor, words):
            return row
        if one.there and row.kind == Comment.Kind.PRESS and not answers_press(actor, row):
            raise Refused(DO_NOT_ANSWER)
        if refusal := why_not(one, row, set(row.steps.values_list("did", flat=True))):
            raise Refused(refusal)
        _carry_out(row, one, actor)
        step_write(row, one.did, actor, words)
        record(
            "incidents.comment_step", actor=actor, school=row.school, subject=row, data={"did": str(one.did)}
        )
        if one.did == Did.PASSED:
            _pass(row, actor)
    return row


def _carry_out(row: Comment, move: Move, actor: User) -> None:
    """What the step changes in the row: the clock, and whether it is resolved."""
    now = timezone.now()
    changed: list[str] = []
    if row.answered_at is None and row.resolved_at is None and ends_clock(move, profile_of(row.school)):
        clock_end(row, now)
        row.answered_at, row.answered_by = now, actor
        changed += ["stage", "next_at", "answered_at", "answered_by"]
    if move.did == Did.RESOLVED:
        if row.answered_at is None:
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

    Raises PermissionDenied, or Refused.
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
        words = f"{row.get_kind_display()} → {Comment.Kind(kind).label}"
        row.kind = kind
        row.save(update_fields=["kind"])
        step_write(row, Did.RECLASSED, actor, words)
        record(
            "incidents.comment_step",
            actor=actor,
            school=row.school,
            subject=row,
            data={"did": str(Did.RECLASSED), "kind": kind},
        )
        if lead_on(row, actor, profile_of(row.school)):
            step_write(row, Did.PASSED, actor)
    return row


def comments_exported(*, actor: User, school: School | None, count: int) -> None:
    """Record that somebody took comments away as a file."""
    with audited():
        record("incidents.comments_exported", actor=actor, school=school, data={"comments": count})


def figures_exported(*, actor: User, school: School | None, year: int) -> None:
    """Record that somebody took the response times away as a file."""
    with audited():
        record("incidents.comment_figures_exported", actor=actor, school=school, data={"year": year})
