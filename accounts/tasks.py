"""Celery wakes the sweep of rights whose last day has passed."""

from celery import shared_task

from accounts.services import rights


@shared_task
def end_due_rights() -> int:
    """End what is due."""
    return rights.end_due_rights()
