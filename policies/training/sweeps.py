"""What time does to training: each sweep may run twice, and costs what is due."""

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from core.notices import notify
from core.sweeps import sweep, sweep_due
from people.models import School
from policies.models import TrainingDuty
from policies.training.duties import duties_work_out
from policies.training.law import newest_stage, next_stage


def duties_all() -> int:
    """Work out every school: roles begin and end, profiles change, and so do those who run accounts.

    A school that is no longer in use owes nothing. Returns at how many schools something changed.
    """
    keys = list(School.objects.order_by("pk").values_list("pk", flat=True))
    return sweep("training duties", keys, lambda pk: bool(duties_work_out(School.objects.get(pk=pk))))


def training_remind(limit: int = 1000) -> int:
    """Remind whoever owes training: 30, 7 and 1 days before, then every 14 days. Returns how many were reminded.

    Who was not looked at for a while gets the newest stage alone. The notice goes to that person and nobody else,
    once for all that is due on the same day.
    """
    due = TrainingDuty.objects.filter(remind_on__lte=timezone.localdate())
    return sweep_due("training reminder", due, _one_due, by="remind_on", limit=limit)


def _one_due(pk: int) -> bool:
    today = timezone.localdate()
    with transaction.atomic():
        row = (
            TrainingDuty.objects.select_for_update(of=("self",), no_key=True)
            .select_related("user")
            .filter(pk=pk, remind_on__lte=today)
            .first()
        )
        if row is None:
            return False
        stage = newest_stage(row.due_on, today)
        if stage is not None:
            notify(
                "policies.training_late" if row.due_on < today else "policies.training_due",
                recipients=[row.user],
                about=row,
                key=f"{row.school_id}:{row.user_id}:{row.due_on:%Y%m%d}:{stage:%Y%m%d}",
                link=reverse("policies:training-mine"),
            )
        row.remind_on = next_stage(row.due_on, today)
        row.save(update_fields=["remind_on"])
    return stage is not None
