"""Celery wakes the sweeps of this room, nothing else."""

from celery import shared_task

from accounts.monitoring import sweeps as monitoring
from accounts.services import rights
from core.backlogs import backlog

backlog("accounts.tasks.end_due_rights", rights.rights_over)
backlog("accounts.tasks.monitoring_actions_due", monitoring.due_actions)


@shared_task
def end_due_rights() -> int:
    """End rights on accounts whose last day has passed."""
    return rights.end_due_rights()


@shared_task
def monitoring_actions_due() -> int:
    """Remind of what monitoring reports ask for."""
    return monitoring.actions_due()
