"""Celery wakes the sweep of overdue decisions."""

from celery import shared_task

from approvals.services import chase


@shared_task
def chase_decisions() -> int:
    """Remind signers, close what was returned and forgotten."""
    return chase()
