"""Celery wakes the sweep of people whose role has ended."""

from celery import shared_task

from people.services.leavers import end_passed_memberships


@shared_task
def process_leavers() -> int:
    """End what hung on roles whose last day has passed."""
    return end_passed_memberships()
