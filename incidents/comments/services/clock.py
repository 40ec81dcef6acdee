"""The clock of a comment: a reminder before, a record that time ran out, and word up the line, each exactly once."""

from datetime import UTC, datetime

from django.utils import timezone

from core.audit import audited, record
from core.notices import Telling, notify_each
from incidents.comments.hearers import Hearers
from incidents.comments.services.writing import (
    Did,
    list_of,
    locked,
    locked_together,
    step_of,
    step_write,
    url_of,
)
from incidents.comments.terms import escalate_at, first_stage, reached
from incidents.models import Comment, CommentStep
from people.governance.profile import Profile
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


def comments_due_together(keys: list[int]) -> int:
    """The same of some comments in one transaction, of all or of none. Returns with how many something was done."""
    with audited():
        return _advance(locked_together(keys), timezone.now())


def clock_advance(row: Comment, now: datetime) -> bool:
    """Every stage that a locked comment has reached, in order, and one notice for the newest of them.

    A person is told once, of the newest stage, also where a sweep comes days late. Call it inside `audited()`.
    """
    return bool(_advance([row], now))


def _advance(rows: list[Comment], now: datetime) -> int:
    """The same for locked comments. What they share is read once, and rows of a kind are written at once."""
    rows = [row for row in rows if _runs_out(row, now)]
    if not rows:
        return 0
    hearers = Hearers(rows)
    steps: list[CommentStep] = []
    tellings: list[Telling] = []
    for row in rows:
        profile = hearers.profile(row)
        found = reached(profile, row.stage, row.due_at, now)
        people: list[User] = []
        for stage in found.stages:
            steps.append(step_of(row, STEPS[Stage(stage)], None))
            record("incidents.comment_clock", school=row.school, subject=row, data={"stage": int(stage)})
            people += _people(hearers, row, stage)
        row.stage, row.next_at = found.then, found.next_at
        if found.stages:
            tellings.append(_telling(row, found.stages[-1], people, profile))
    CommentStep.objects.bulk_create(steps)
    Comment.objects.bulk_update(rows, ["stage", "next_at"])
    notify_each(tellings)
    return len(rows)


def _runs_out(row: Comment, now: datetime) -> bool:
    """Whether its clock runs, and asks something now."""
    if row.next_at is None or row.next_at > now or row.due_at is None:
        return False
    return row.answered_at is None and row.resolved_at is None


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
    hearers = Hearers([row])
    notify_each([_telling(row, Stage.BREACH, hearers.breach(row), hearers.profile(row))])


def _people(hearers: Hearers, row: Comment, stage: int) -> list[User]:
    if stage == Stage.REMIND:
        return hearers.first(row)
    return hearers.breach(row) if stage == Stage.BREACH else hearers.up_the_line(row)


def _telling(row: Comment, stage: int, people: list[User], profile: Profile) -> Telling:
    """One notice for each comment; of a file one for each stage and each hour in which comments were due.

    What had passed when the file was read has one notice for each stage, whenever it was due.
    """
    kind = KINDS[Stage(stage)]
    if row.source != Comment.Source.FILE:
        return Telling(kind, people, row, f"{row.pk}:{int(stage)}", url_of(row))
    when = escalate_at(profile, row.due_at) if stage == Stage.ESCALATE else row.due_at
    hour = "past" if when <= row.logged_at else f"{row.due_at.astimezone(UTC):%Y%m%d%H}"
    file = f"{row.school_id}:{row.logged_at:%Y%m%d%H%M%S%f}"
    return Telling(kind, people, row, f"file:{file}:{int(stage)}:{hour}", list_of(row.school))
