"""Celery wakes the sweeps: bans whose last day has passed, matters of which nobody is left to hear."""

from celery import shared_task

from incidents.services import bypasses, sending


@shared_task
def bans_over() -> int:
    """Tell of what is over."""
    return bypasses.bans_over()


@shared_task
def roads_mend() -> int:
    """Lead open matters past roles that nobody holds any more."""
    return sending.roads_mend()
