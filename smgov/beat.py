"""The clock of the background work, which bears it when the server's own clock is set.

Celery's remembers when it last sent each task. After the server's clock was set back it would wait until the
time has come round again: a day without reminders where the clock had been a day ahead. This one notices, both
when it starts and while it runs, and begins to count anew; what is due is in rows, so nothing is lost.
"""

import logging
import time
from datetime import datetime, timedelta
from typing import Any

from celery.beat import PersistentScheduler

logger = logging.getLogger(__name__)
JUMP = 30.0
"""Seconds by which wall clock and running time may differ between two looks."""


class SteadyScheduler(PersistentScheduler):
    """Celery's own scheduler, which lets no task wait for a moment that it remembers from the future."""

    seen: tuple[float, float] | None = None

    def setup_schedule(self) -> None:
        """Read what is remembered; what lies in the future was a wrong clock."""
        super().setup_schedule()
        self.forget_the_future()

    def tick(self, *args: Any, **kwargs: Any) -> float:
        """Send what is due; begin anew after the server's clock was set."""
        wall, running = time.time(), time.monotonic()
        if self.seen and abs((wall - self.seen[0]) - (running - self.seen[1])) > JUMP:
            logger.warning("the server's clock was set: the schedule begins anew")
            self.forget_the_future()
            self._heap = None
        self.seen = (wall, running)
        return super().tick(*args, **kwargs)

    def forget_the_future(self) -> None:
        """Whatever was sent "later than now" counts as sent now."""
        for entry in self.schedule.values():
            now: datetime = entry.default_now()
            if entry.last_run_at and entry.last_run_at > now + timedelta(seconds=1):
                entry.last_run_at = now
