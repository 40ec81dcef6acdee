"""`manage.py background_check`: for whoever watches the server."""

import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from core.background import BROKEN, LATE, states


class Command(BaseCommand):
    """Exit with 1, and name them, when sweeps are late or were stopped by an error; no detail."""

    help = "Exit with 1 and name the sweeps that are late or broken."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one line for each sweep in trouble, or that all is well."""
        words = {LATE: "late", BROKEN: "stopped by an error"}
        bad = {name: words[state] for name, state in states(timezone.now()).items() if state in words}
        for name, why in bad.items():
            self.stdout.write(f"{name}: {why}")
        if bad:
            sys.exit(1)
        self.stdout.write("All sweeps run in time.")
