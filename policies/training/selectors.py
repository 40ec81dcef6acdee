"""Reads about training for other parts and rooms."""

from datetime import timedelta

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from policies.models import Training, TrainingDuty
from policies.training.law import BEFORE

SOON = timedelta(days=BEFORE[0])


def overdue(prefix: str = "") -> Q:
    """The condition for training that is past its last day."""
    return Q(**{f"{prefix}due_on__lt": timezone.localdate()})


def due() -> Q:
    """Not overdue, and to be done within 30 days, or never done before."""
    today = timezone.localdate()
    return Q(due_on__gte=today) & (Q(met_by=None) | Q(due_on__lte=today + SOON))


def met() -> Q:
    """Done, and good for more than 30 days."""
    return Q(met_by__isnull=False, due_on__gt=timezone.localdate() + SOON)


STATES = {"overdue": overdue, "due": due, "met": met}


def state_of(duty: TrainingDuty) -> str:
    """A value of core.statuses; each duty is in one state."""
    today = timezone.localdate()
    if duty.due_on < today:
        return "overdue"
    if duty.due_on <= today + SOON:
        return "due_soon"
    return "met" if duty.met_by_id else "due"


def counted(duties: QuerySet[TrainingDuty]) -> dict[str, dict[str, int]]:
    """How many of these are met, due and overdue, by kind of training: numbers without names, in one query."""
    rows = (
        duties.order_by()
        .values_list("kind")
        .annotate(**{name: Count("pk", filter=condition()) for name, condition in STATES.items()})
    )
    found = {kind: dict(zip(STATES, numbers, strict=True)) for kind, *numbers in rows}
    return {kind: found[kind] for kind in Training.values if kind in found}
