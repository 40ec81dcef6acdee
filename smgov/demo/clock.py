"""The demo's clock: what is loaded in seconds looks as if it had happened over four months."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

from django.utils import timezone

from core.clock import LONDON, is_working_day

TICK = timedelta(seconds=1)


@dataclass(frozen=True)
class Scene:
    """Something that happens so many days before today, at an hour of the London day (9.5 is half past nine)."""

    days: int
    hour: float
    act: Callable[[], Any]


class Clock:
    """A clock that only goes forward, from the past to the present, and stays in school hours."""

    def __init__(self, not_before: datetime | None = None) -> None:
        """`not_before` is the time of the newest event in the audit log, which must not be overtaken."""
        self.end = timezone.now()
        self.moment = not_before or datetime.min.replace(tzinfo=UTC)

    def go(self, days: int, hour: float) -> None:
        """Go to an hour of the last working day that is at least so many days ago."""
        wanted = datetime.combine(self.day(days), time(int(hour), int(hour % 1 * 60)), LONDON).astimezone(UTC)
        self.moment = min(max(self.moment, wanted), self.end)

    def day(self, days: int) -> date:
        """The last working day that is at least so many days ago."""
        day = self.end.astimezone(LONDON).date() - timedelta(days=days)
        while not is_working_day(day):
            day -= timedelta(days=1)
        return day

    def tick(self) -> datetime:
        """The time; a second goes by each time that somebody asks."""
        self.moment = min(self.moment + TICK, self.end)
        return self.moment


@contextmanager
def keeping(clock: Clock) -> Iterator[None]:
    """Let Django's `timezone.now` follow the clock, defaults of model fields included."""

    class Then(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:
            return clock.tick().astimezone(tz)

    real = timezone.datetime
    timezone.datetime = Then
    try:
        yield
    finally:
        timezone.datetime = real


def play(scenes: Iterator[Scene] | list[Scene], clock: Clock) -> None:
    """Play the scenes, oldest first, each at its time."""
    for scene in sorted(scenes, key=lambda scene: (-scene.days, scene.hour)):
        clock.go(scene.days, scene.hour)
        scene.act()
