"""What time does to reading: each sweep may run twice, and costs what is due."""

from django.db.models import QuerySet
from django.utils import timezone

from core.sweeps import sweep, sweep_due
from policies.models import Version
from policies.reading.services import chase_one, joined_since, joiner_told


def due() -> QuerySet[Version]:
    """Versions whose readers are reminded today (London) or were to be before."""
    return Version.objects.filter(chase_on__lte=timezone.localdate())


def chase(limit: int = 200) -> int:
    """Remind those who have not read a version in force, on its day. Returns how many versions it met."""
    return sweep_due("reading", due(), chase_one, by="chase_on", limit=limit)


def joiners() -> int:
    """Tell who has joined in the last days what they are to read there. Returns how many people were told."""
    keys = joined_since().order_by("user").values_list("user", flat=True).distinct()
    return sweep("reading of who joined", list(keys), joiner_told)
