"""Celery wakes the sweep of overdue decisions."""

from celery import shared_task

from approvals.network.measures import measures_due, reviews_due
from approvals.network.timed import openings_due, to_look_at
from approvals.network.wifi import close_left_gates, left_gates
from approvals.services import chase, to_chase
from core.backlogs import backlog

backlog("approvals.tasks.chase_decisions", to_chase)
backlog("approvals.tasks.network_openings", lambda: [*to_look_at(), left_gates()])
backlog("approvals.tasks.review_measures", reviews_due)


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
