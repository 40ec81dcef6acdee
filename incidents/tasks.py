"""Celery wakes the sweeps of this room; the truth is in rows."""

from celery import shared_task

from incidents.concerns.services import duty, widening
from incidents.services import bypasses, sending


@shared_task
def bans_over() -> int:
    """Tell of what is over."""
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
