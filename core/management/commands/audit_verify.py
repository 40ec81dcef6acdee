"""`manage.py audit_verify`: walk the audit chain and name the first bad place."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from core import anchors, audit


class Command(BaseCommand):
    """Check every event, the seal of the head, and the anchors outside the database."""

    help = "Walk the audit chain and name the first bad place, a cut tail included."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print how many events stand, or fail with the number of the first bad one."""
        verdict = audit.verify(anchors.read(settings.VAR))
        if not verdict.intact:
            raise CommandError(f"Event {verdict.number}: {verdict.problem}.")
        self.stdout.write(f"{verdict.checked} events, each in its place.")
