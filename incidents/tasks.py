"""Celery wakes the sweep of bans whose last day has passed."""

from celery import shared_task

from incidents.services import bypasses


@shared_task
def bans_over() -> int:
    """Tell of what is over."""
    return bypasses.bans_over()
