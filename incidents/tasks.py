"""Celery wakes the sweeps of this room; the truth is in rows."""

from celery import shared_task

from core.backlogs import backlog
from incidents.comments import sweeps as comments
from incidents.concerns.services import duty, widening
from incidents.services import bypasses, sending

for _name in ("bans_over", "roads_mend", "concerns_widen", "concerns_due"):
    backlog(f"incidents.tasks.{_name}", quiet=True)  # whom it concerns must not learn of it by a figure
backlog("incidents.tasks.comments_due", comments.due_comments)


@shared_task
def bans_over() -> int:
    """Tell of time limits that are over."""
    return bypasses.bans_over()


@shared_task
def roads_mend() -> int:
    """Lead open matters past roles that nobody holds any more."""
    return sending.roads_mend()


@shared_task
def concerns_widen() -> int:
    """Lead unread concerns further, and those of which nobody is left to hear; let in who is on duty today."""
    return duty.duty_begins() + widening.unread_widen() + widening.roads_mend()


@shared_task
def concerns_due() -> int:
    """Tell what is due or late, and end access that has run out."""
    return widening.actions_due() + widening.shares_over()


@shared_task
def comments_due() -> int:
    """Remind of comments that wait for an answer, record what is late, and go up the line."""
    return comments.comments_due()
