"""Celery wakes the sweep of overdue decisions."""

from celery import shared_task

from approvals.network.measures import measures_due
from approvals.network.timed import openings_due
from approvals.network.wifi import close_left_gates
from approvals.services import chase


@shared_task
def chase_decisions() -> int:
    """Remind signers, close what was returned and forgotten."""
    return chase()


@shared_task
def network_openings() -> int:
    """Remind before the last day, end what is over, ask the technician again, close forgotten gates."""
    return openings_due() + close_left_gates()


@shared_task
def review_measures() -> int:
    """Remind IT of the reviews of security measures."""
    return measures_due()
