"""The clock of a comment: a reminder before, a record that time ran out, and word up the line, each exactly once."""

from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from core.audit import audited, record
from incidents.comments.hearers import breach_hearers, first_hearers, up_the_line
from incidents.comments.services.writing import Did, locked, step_write, tell
from incidents.comments.terms import escalate_at, first_stage, reached
from incidents.models import Comment
from people.models import User
from people.selectors import profile_of

Stage = Comment.Stage
STEPS = {Stage.REMIND: Did.REMINDED, Stage.BREACH: Did.BREACHED, Stage.ESCALATE: Did.ESCALATED}
KINDS = {
    Stage.REMIND: "incidents.comment_reminder",
    Stage.BREACH: "incidents.comment_breach",
    Stage.ESCALATE: "incidents.comment_escalated",
}


def comment_due(pk: int) -> bool:
    """What time asks of one comment now (subtle 56). Returns whether something was done."""
    with audited():
        return clock_advance(locked(Comment(pk=pk)), timezone.now())


def clock_advance(row: Comment, now: datetime) -> bool:
    """Every stage that a locked comment has reached, in order, and one notice for the newest of them.

    A person is told once, of the newest stage, also where a sweep comes days late. Call it inside `audited()`.
    """
    if row.next_at is None or row.next_at > now or row.due_at is None or row.answered_at or row.resolved_at:
        return False
    found = reached(profile_of(row.school), row.stage, row.due_at, now)
    people: list[User] = []
    for stage in found.stages:
        step_write(row, STEPS[Stage(stage)], None)
        record("incidents.comment_clock", school=row.school, subject=row, data={"stage": int(stage)})
        people += _hearers(row, stage)
    row.stage, row.next_at = found.then, found.next_at
    row.save(update_fields=["stage", "next_at"])
    if found.stages:
        _tell(row, found.stages[-1], people)
    return True


def clock_end(row: Comment, now: datetime) -> None:
    """End the clock of a locked comment; that time had run out before is recorded, if no sweep has done it.

    The caller sets when it was answered or resolved, and saves `stage` and `next_at`.
    """
    late = row.due_at is not None and row.due_at < now
    if late and row.stage in (Stage.REMIND, Stage.BREACH):
        step_write(row, Did.BREACHED, None)
        record("incidents.comment_clock", school=row.school, subject=row, data={"stage": int(Stage.BREACH)})
    row.stage, row.next_at = Stage.DONE, None


def clock_resume(row: Comment, now: datetime) -> None:
    """Let the clock of a locked comment run on that was resolved without an answer; each stage comes once.

    Its due time stays as it was. The caller saves `stage` and `next_at`.
    """
    if row.answered_at is not None:
        return
    done = set(row.steps.values_list("did", flat=True))
    if row.due_at is None or Did.ESCALATED in done:
        row.stage, row.next_at = Stage.DONE, None
    elif Did.BREACHED in done:
        row.stage, row.next_at = Stage.ESCALATE, escalate_at(profile_of(row.school), row.due_at)
    elif Did.REMINDED in done:
        row.stage, row.next_at = Stage.BREACH, row.due_at
    else:
        row.stage, row.next_at = first_stage(profile_of(row.school), row.due_at, now)


def _hearers(row: Comment, stage: int) -> list[User]:
    if stage == Stage.REMIND:
        return first_hearers(row)
    return breach_hearers(row) if stage == Stage.BREACH else up_the_line(row)


def _tell(row: Comment, stage: int, people: list[User]) -> None:
    """One notice for each comment; for all comments of one file, one notice for each stage together."""
    if row.source != Comment.Source.FILE:
        tell(row, KINDS[Stage(stage)], people, key=f"{row.pk}:{int(stage)}")
        return
    file = f"{row.school_id}:{row.logged_at:%Y%m%d%H%M%S%f}"
    link = f"{reverse('incidents:comment-list')}?school={row.school.uuid}"
    tell(row, KINDS[Stage(stage)], people, key=f"file:{file}:{int(stage)}", link=link)
