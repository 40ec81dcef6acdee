"""What time does to reading: each sweep may run twice, and costs what is due."""

from django.db.models import QuerySet
from django.utils import timezone

from core.sweeps import sweep
from policies.models import Version
from policies.reading.services import chase_one


def due() -> QuerySet[Version]:
    """Versions whose readers are reminded today (London) or were to be before."""
    return Version.objects.filter(chase_on__lte=timezone.localdate())


def chase(limit: int = 200) -> int:
    """Remind those who have not read a version in force, on its day. Returns how many versions it met."""
    keys = due().order_by("chase_on", "pk").values_list("pk", flat=True)
    return sweep("reading", list(keys[:limit]), chase_one)
