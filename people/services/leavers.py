"""Roles whose last day has passed: ended by a sweep, with all that hung on them."""

from django.db.models import QuerySet
from django.utils import timezone

from core.audit import audited
from core.sweeps import sweep_due
from people.models import Membership
from people.services.memberships import end_row


def memberships_over() -> QuerySet[Membership]:
    """Memberships whose last day has passed (London) and that were not ended yet."""
    return Membership.objects.filter(ended_at=None, ends__lt=timezone.localdate())


def end_passed_memberships(limit: int = 500) -> int:
    """End memberships after their last day (London). Access itself ended at midnight; this ends the rest.

    Returns how many. Costs only what is due; safe to run twice.
    """
    return sweep_due("membership", memberships_over(), _end_one, by="ends", limit=limit)


def _end_one(pk: int) -> bool:
    with audited():
        rows = Membership.objects.select_for_update(of=("self",)).select_related("user", "school", "trust")
        row = rows.get(pk=pk)
        if row.ended_at is None:
            end_row(row, None)
            return True
    return False
