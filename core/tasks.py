"""Celery only wakes the sweeps; the truth is in rows (design, section 7)."""

from celery import shared_task
from django.conf import settings

from core import anchors, kept_posts, notices


@shared_task
def send_notices() -> int:
    """Mail what is due."""
    return notices.send_due()


@shared_task
def anchor_audit() -> str:
    """Write the head of the audit chain where the database cannot reach it."""
    return anchors.write(settings.VAR)


@shared_task
def clear_kept_posts() -> int:
    """Forget typed input that nobody came back for within a day."""
    return kept_posts.clear_old()
