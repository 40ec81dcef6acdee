"""What a school's profile says about the time to answer, and how time is put into words. Pure functions.

A comment's due time is worked out once, when it is logged, and stays, whatever the profile says later.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from core.clock import response_due
from incidents.models import Comment
from people.governance.profile import Profile

SOON = timedelta(hours=4)
"""From when on a comment stands out on the board."""
LONG = 48
"""From so many hours on, days are said."""
Stage = Comment.Stage


def has_clock(profile: Profile) -> bool:
    """Whether comments must be answered within a time at this school."""
    return bool(profile.response_hours)


def due_of(profile: Profile, received: datetime) -> datetime | None:
    """When a comment received at an aware moment is to be answered, in UTC; None without a clock (RAV-4.02)."""
    if not has_clock(profile):
        return None
    return response_due(
        received,
        hours=profile.response_hours,
        weekend_rule=profile.weekend_rule,
        friday_rule=profile.friday_rule,
        day_ends=profile.next_working_day_ends,
        closures=frozenset(profile.closure_days or ()),
    )


def remind_at(profile: Profile, due: datetime) -> datetime:
    """When the reminder is sent."""
    return due - timedelta(hours=profile.comment_remind_hours or 0)


def escalate_at(profile: Profile, due: datetime) -> datetime:
    """When it goes up the line; hours after the time ran out."""
    return due + timedelta(hours=profile.comment_escalate_hours or 0)


def first_stage(profile: Profile, due: datetime | None, now: datetime) -> tuple[int, datetime | None]:
    """What the sweep does first with a comment that is logged now, and when."""
    if due is None:
        return Stage.DONE, None
    if due <= now:
        return Stage.BREACH, due
    return Stage.REMIND, max(remind_at(profile, due), now)


@dataclass(frozen=True)
class Reached:
    """Which stages a comment has reached by now, in order, and what comes next."""

    stages: tuple[int, ...]
    then: int
    next_at: datetime | None


def reached(profile: Profile, stage: int, due: datetime, now: datetime) -> Reached:
    """What is to be done now for a comment at a stage. A reminder that is too late is left out (subtle 56)."""
    if stage == Stage.REMIND and now < due:
        return Reached((Stage.REMIND,), Stage.BREACH, due)
    up = escalate_at(profile, due)
    stages = (Stage.BREACH,) if stage in (Stage.REMIND, Stage.BREACH) else ()
    if now < up:
        return Reached(stages, Stage.ESCALATE, up)
    return Reached((*stages, Stage.ESCALATE), Stage.DONE, None)


def ended_at(comment: Comment) -> datetime | None:
    """When its clock ended: acknowledged, answered, left without an answer, or resolved without any of these."""
    return comment.answered_at or comment.left_at or comment.resolved_at


def was_left(comment: Comment) -> bool:
    """Whether it was left without an answer before its time ran out; such a one is neither in time nor late."""
    left = comment.left_at is not None and comment.answered_at is None
    return left and (comment.due_at is None or comment.left_at <= comment.due_at)


def in_time(comment: Comment) -> bool | None:
    """Whether it was answered in time; None where no time is set, it still runs, or it was left in time."""
    end = ended_at(comment)
    if comment.due_at is None or end is None or was_left(comment):
        return None
    return end <= comment.due_at


def state_of(comment: Comment, now: datetime) -> str:
    """Its status, a value of `core.statuses`."""
    if comment.resolved_at:
        return "comment_resolved"
    if comment.answered_at:
        return "comment_answered"
    if comment.left_at:
        return "comment_left"
    if comment.due_at is None:
        return "comment_open"
    if comment.due_at < now:
        return "comment_late"
    return "comment_soon" if comment.due_at - now <= SOON else "comment_running"


def span(length: timedelta) -> str:
    """A length of time in words, rounded down: "35 minutes", "1 hour", "3 days"."""
    minutes = int(length.total_seconds() // 60)
    for number, unit in ((minutes // 1440, "day"), (minutes // 60, "hour"), (minutes, "minute")):
        if number and (unit != "day" or minutes >= LONG * 60):
            return f"{number} {unit}{'' if number == 1 else 's'}"
    return "less than a minute"


def time_words(comment: Comment, now: datetime) -> str:
    """How it stands with its time: "2 hours left", "3 hours late", "In time", "Left without an answer"."""
    if was_left(comment):
        return "Left without an answer"
    if comment.due_at is None:
        return "No time limit"
    end = ended_at(comment)
    if end is None:
        late = now > comment.due_at
        return f"{span(now - comment.due_at)} late" if late else f"{span(comment.due_at - now)} left"
    if end <= comment.due_at:
        return "In time"
    return f"{span(end - comment.due_at)} late"
