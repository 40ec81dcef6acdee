"""What time does to education: each sweep may run twice, and costs what is due."""

from django.db import transaction
from django.utils import timezone

from core.notices import notify
from core.sweeps import sweep, sweep_due
from people.models import School
from people.selectors import holders_of_any
from policies.education.access import REMINDED
from policies.education.law import newest_stage, next_stage
from policies.education.periods import periods_work_out
from policies.education.services import list_url
from policies.models import EducationPeriod


def periods_all() -> int:
    """Work out the periods of every school: a term begins, a profile changes. Returns at how many any changed."""
    keys = list(School.objects.order_by("pk").values_list("pk", flat=True))
    return sweep("education periods", keys, lambda pk: bool(periods_work_out(School.objects.get(pk=pk))))


def education_remind(limit: int = 500) -> int:
    """Remind headteacher and DSL 30 and 7 days before a term or year ends without an event, and once after it.

    Whoever was not reminded for a while gets the newest stage alone. Returns of how many was reminded.
    """
    due = EducationPeriod.objects.filter(remind_on__lte=timezone.localdate())
    return sweep_due("education reminder", due, _one_due, by="remind_on", limit=limit)


def _one_due(pk: int) -> bool:
    today = timezone.localdate()
    with transaction.atomic():
        row = (
            EducationPeriod.objects.select_for_update(of=("self",), no_key=True)
            .select_related("school")
            .filter(pk=pk, remind_on__lte=today)
            .first()
        )
        if row is None:
            return False
        stage = newest_stage(row.due_on, today)
        asked = row.met_by_id is None and stage is not None
        if asked:
            days = f"{row.starts_on:%Y%m%d}:{row.due_on:%Y%m%d}:{stage:%Y%m%d}"
            notify(
                "policies.education_missed" if row.due_on < today else "policies.education_due",
                recipients=holders_of_any(row.school, [str(role) for role in REMINDED]),
                about=row,
                key=f"{row.school_id}:{row.audience}:{row.refresh:d}:{days}",
                link=list_url(row.school),
            )
        row.remind_on = next_stage(row.due_on, today) if row.met_by_id is None else None
        row.save(update_fields=["remind_on"])
    return asked
