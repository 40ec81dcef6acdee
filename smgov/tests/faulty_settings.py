"""The portal's own settings, but for a clock that runs fast and a schedule of a few sweeps.

Processes of `test_sweeps_under_faults` run on it. `FAULTY_CLOCK` is the moment at which the test began, as the
processes see it, and `FAULTY_SPEED` how fast time goes for them, so that leases and pauses of minutes pass in
seconds and a test can run through the night on which the clocks change.
"""

import os
import time
from datetime import UTC, datetime, timedelta

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
    "network-openings": {"task": "approvals.tasks.network_openings", "schedule": 2.0},
}
CELERY_BEAT_MAX_LOOP_INTERVAL = 0.5
if REDIS_URL:
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        **CELERY_BROKER_TRANSPORT_OPTIONS,
        "global_keyprefix": os.environ["FAULTY_PREFIX"],
    }


@worker_init.connect
def _without_lease(**kwargs: object) -> None:
    """The control: nobody holds a mail while sending it, so that two workers send it twice."""
    if os.environ.get("FAULTY_CONTROL") == "no lease":
        from core import notices

        notices.LEASE, notices.SLOWEST = timedelta(0), timedelta(days=-1)
