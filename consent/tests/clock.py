"""A clock that tests of rounds and birthdays turn."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from core.clock import LONDON


class Clock:
    """What `timezone.now` says from now on."""

    def __init__(self, monkeypatch: Any) -> None:
        self.monkeypatch = monkeypatch

    def at(self, day: date, hour: int = 10) -> None:
        """It is that hour in London on that day."""
        moment = datetime.combine(day, time(hour), LONDON).astimezone(timezone.get_default_timezone())
        self.monkeypatch.setattr(timezone, "now", lambda: moment)

    def after(self, days: int, hour: int = 10) -> None:
        """So many days later."""
        self.at(timezone.localdate() + timedelta(days=days), hour)
