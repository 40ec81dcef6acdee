"""Replies that wait: for somebody to check who answered, or for the same in writing."""

from datetime import timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from consent.models import Reply, Weight
from consent.services.settling import waiting_replies

NOTED_FOR = timedelta(days=30)
"""How long a call that does not count is shown as waiting for writing (CIT-7.10, STM-7.10)."""


def unchecked_replies(rows: QuerySet[Reply]) -> QuerySet[Reply]:
    """Those of which it is not known yet whether whoever answered holds parental responsibility."""
    return rows.filter(waiting_replies(), weight=Weight.TO_CHECK, pupil__erased_at=None)


def noted_replies(rows: QuerySet[Reply]) -> QuerySet[Reply]:
    """Calls of the last 30 days after which the same person has not answered in writing."""
    later = Reply.objects.filter(pupil=OuterRef("pupil"), received_at__gte=OuterRef("received_at"))
    later = later.exclude(weight=Weight.NOTED)
    written = Q(Exists(later.filter(contact=OuterRef("contact")))) | Q(
        Q(contact=None) & Q(Exists(later.filter(contact=None)))
    )
    since = timezone.now() - NOTED_FOR
    return rows.filter(weight=Weight.NOTED, received_at__gte=since, pupil__erased_at=None).exclude(written)
