"""Celery only wakes the sweeps; the truth is in rows (design, section 7)."""

import threading

from celery import shared_task
from django.conf import settings

from core import anchors, kept_posts, notices
from core.backlogs import backlog

backlog("core.tasks.send_notices", lambda: notices.due_mails().filter(kind__in=notices.open_kinds()))
backlog("core.tasks.anchor_audit")
backlog("core.tasks.clear_kept_posts", kept_posts.old)


_SENDING = threading.Lock()


@shared_task
def send_notices() -> int:
    """Send the mails that are due.

    One thread of a process at a time: one that is killed has then at most one mail on its way, which may be sent
    again (quality D6).
    """
    if not _SENDING.acquire(blocking=False):
        return 0
    try:
        return notices.send_due()
    finally:
        _SENDING.release()


@shared_task
def anchor_audit() -> str:
    """Write the head of the audit chain where the database cannot reach it."""
    return anchors.write(settings.VAR)


@shared_task
def clear_kept_posts() -> int:
    """Forget typed input that nobody came back for within a day."""
    return kept_posts.clear_old()
