"""The portal's own settings, but for a clock that runs fast and a schedule of a few sweeps.

Processes of `test_sweeps_under_faults` run on it. `FAULTY_CLOCK` is the moment at which the test began, as the
processes see it, and `FAULTY_SPEED` how fast time goes for them, so that leases and pauses of minutes pass in
seconds and a test can run through the night on which the clocks change.
"""

import os
import time
import uuid
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from typing import Any

import django.utils.timezone
from celery.signals import worker_init

from smgov.settings import *  # noqa: F403
from smgov.settings import CELERY_BROKER_TRANSPORT_OPTIONS, REDIS_URL

BEGAN = float(os.environ["FAULTY_BEGAN"])
CLOCK = datetime.fromisoformat(os.environ["FAULTY_CLOCK"])
SPEED = float(os.environ["FAULTY_SPEED"])


def _now() -> datetime:
    return (CLOCK + timedelta(seconds=(time.time() - BEGAN) * SPEED)).astimezone(UTC)


django.utils.timezone.now = _now

CELERY_BEAT_SCHEDULE = {
    "send-notices": {"task": "core.tasks.send_notices", "schedule": 0.5},
    "review-measures": {"task": "approvals.tasks.review_measures", "schedule": 0.5},
    "comments-due": {"task": "incidents.tasks.comments_due", "schedule": 2.0},
    "remind-reviews": {"task": "policies.tasks.reviews_remind", "schedule": 2.0},
    "network-openings": {"task": "approvals.tasks.network_openings", "schedule": 2.0},
}
CELERY_BEAT_MAX_LOOP_INTERVAL = 0.5
if REDIS_URL:
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        **CELERY_BROKER_TRANSPORT_OPTIONS,
        "global_keyprefix": os.environ["FAULTY_PREFIX"],
    }


def _without_lease() -> None:
    """Nobody holds a mail while sending it, so that two workers send it twice."""
    from core import notices

    notices.LEASE, notices.SLOWEST = timedelta(0), timedelta(days=-1)


def _not_once() -> None:
    """No transaction, no lock, and no notice is like another: two sweeps at once tell twice."""
    from django.db import transaction
    from django.db.models import QuerySet

    from core import notices

    def another(*, key: str, **row: Any) -> Any:
        return written(key=f"{key}:{uuid.uuid4().hex}"[:120], **row)

    written, notices._notice = notices._notice, another
    transaction.atomic = lambda *args, **kwargs: nullcontext()
    QuerySet.select_for_update = lambda rows, *args, **kwargs: rows


CONTROLS = {"no lease": _without_lease, "not once": _not_once}


@worker_init.connect
def _control(**kwargs: object) -> None:
    """In a control the workers do without something, so that a fault is seen."""
    CONTROLS.get(os.environ.get("FAULTY_CONTROL", ""), lambda: None)()
