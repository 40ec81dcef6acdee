"""`manage.py evidence_verify`: compare every original with the hash that was taken when it was added."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from incidents.concerns.services.evidence import evidence_verify


class Command(BaseCommand):
    """Read every piece of evidence once, and name the first that is not what was added."""

    help = "Compare every piece of evidence with the hash that was taken when it was added."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print how many stand, or fail with the id of the first bad one and how many are bad."""
        checked, bad = 0, []
        for row, problem in evidence_verify():
            checked += 1
            if problem:
                bad.append((row, problem))
        if bad:
            row, problem = bad[0]
            raise CommandError(f"Evidence {row.uuid}: {problem}. Bad: {len(bad)} of {checked}.")
        self.stdout.write(f"{checked} pieces of evidence, each as it was added.")
