"""Celery wakes the sweep of people whose role has ended."""

from celery import shared_task

from core.backlogs import backlog
from people.services.leavers import end_passed_memberships, memberships_over

backlog("people.tasks.process_leavers", memberships_over)


@shared_task
def process_leavers() -> int:
    """End what hung on roles whose last day has passed."""
    return end_passed_memberships()
