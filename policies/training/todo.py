"""What training puts on a person's to-do list: their own, and for those who see to it, how many are overdue."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import CharField, Count, DateTimeField, F, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone

from core.access import standing_of
from core.todo import line, lines_of, source
from people.models import School
from policies.models import Training, TrainingDuty
from policies.training.access import duty_rules
from policies.training.selectors import SOON, overdue


def _title(name: str, since: datetime | None) -> str:
    return f"Training: {Training(name).label}"


def _numbers(name: str, since: datetime | None) -> str:
    return f"Overdue training of colleagues: {name}"


def _mine(key: UUID) -> str:
    return reverse("policies:training-mine")


def _list(key: UUID) -> str:
    return f"{reverse('policies:training-list')}?state=overdue&school={key}"


OWN = line("training", _title, _mine, "Look", rank=50, by_name=True)
OTHERS = line("training-overdue", _numbers, _list, "Look", rank=51)


@source
def _own(user: Any) -> QuerySet:
    """What is overdue, due within 30 days, or was never done."""
    wanted = Q(met_by=None) | Q(due_on__lte=timezone.localdate() + SOON)
    rows = TrainingDuty.objects.filter(wanted, user=user, school__in=standing_of(user).all_schools())
    day = Cast("due_on", DateTimeField())
    return lines_of(
        rows.annotate(day=day),
        line=OWN,
        key="school__uuid",
        place="school__name",
        since="day",
        due_on=F("due_on"),
        name=Cast("kind", CharField()),
    )


@source
def _of_others(user: Any) -> QuerySet | None:
    """How many are overdue at each school where the person sees to training; their own is not counted."""
    schools = duty_rules.schools(user, "list")
    if not schools:
        return None
    late = TrainingDuty.objects.filter(overdue(), school=OuterRef("pk")).exclude(user=user).order_by()
    by_school = late.values("school")
    rows = School.objects.filter(pk__in=schools).annotate(
        late=Subquery(by_school.annotate(number=Count("pk")).values("number")),
        day=Cast(Subquery(by_school.annotate(first=Min("due_on")).values("first")), DateTimeField()),
    )
    return lines_of(
        rows.filter(late__gt=0),
        line=OTHERS,
        key="uuid",
        place="name",
        since="day",
        name=Cast(F("late"), CharField()),
    )
