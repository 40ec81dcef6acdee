"""The clock of a comment: a reminder before, a record that time ran out, and word up the line, each exactly once."""

from datetime import UTC, datetime

from django.utils import timezone

from core.audit import audited, record
from incidents.comments.hearers import breach_hearers, first_hearers, up_the_line
from incidents.comments.services.writing import Did, list_of, locked, step_write, tell
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
    """End the clock of a locked comment at a moment; that time had run out by then is recorded, if no sweep did.

    The caller sets when it was answered or resolved, and saves `stage` and `next_at`.
    """
    late = row.due_at is not None and row.due_at < now
    if late and not row.steps.filter(did=Did.BREACHED).exists():
        step_write(row, Did.BREACHED, None)
        record("incidents.comment_clock", school=row.school, subject=row, data={"stage": int(Stage.BREACH)})
    row.stage, row.next_at = Stage.DONE, None


def clock_resume(row: Comment, now: datetime) -> None:
    """Let the clock of a locked comment run on that was resolved without an answer; each stage comes once.

    Its due time stays as it is. The caller saves `stage` and `next_at`.
    """
    if row.answered_at is not None or row.left_at is not None:
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


def late_of_file(row: Comment) -> None:
    """Tell of a comment of a file that was answered late, as of one that a sweep finds. Call it inside `audited()`."""
    _tell(row, Stage.BREACH, breach_hearers(row))


def _hearers(row: Comment, stage: int) -> list[User]:
    if stage == Stage.REMIND:
        return first_hearers(row)
    return breach_hearers(row) if stage == Stage.BREACH else up_the_line(row)


def _tell(row: Comment, stage: int, people: list[User]) -> None:
    """One notice for each comment; of a file one for each stage and each hour in which comments were due.

    What had passed when the file was read has one notice for each stage, whenever it was due.
    """
    if row.source != Comment.Source.FILE:
        tell(row, KINDS[Stage(stage)], people, key=f"{row.pk}:{int(stage)}")
        return
    when = escalate_at(profile_of(row.school), row.due_at) if stage == Stage.ESCALATE else row.due_at
    hour = "past" if when <= row.logged_at else f"{row.due_at.astimezone(UTC):%Y%m%d%H}"
    file = f"{row.school_id}:{row.logged_at:%Y%m%d%H%M%S%f}"
    tell(row, KINDS[Stage(stage)], people, key=f"file:{file}:{int(stage)}:{hour}", link=list_of(row.school))
