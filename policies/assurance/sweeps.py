"""What time does to assurance: each sweep may run twice.

A school has no row that says when its remit is due, since a change of DSL makes it due at once. So a run asks of all
schools at once, in two queries, which have reached a stage, and writes only where that stage's notice is missing.
It runs once a day: stages are days, and a day that was missed is made up for by the next run. The to-do list and the
pages ask anew each time and wait for no run.
"""

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from core.audit import audited
from core.models import Notice
from core.notices import notify
from core.sweeps import sweep
from people.models import School
from people.selectors import holders_of_any
from policies.assurance.access import BOARD
from policies.assurance.remits import (
    TO_CONFIRM,
    RemitState,
    in_question,
    is_dsl,
    months_since,
    with_remit,
)
from policies.assurance.services import remit_url

SOON, LATE = "policies.remit_due_soon", "policies.remit_due"


def remits_to_remind() -> QuerySet[School]:
    """Schools whose remit is to be confirmed now, or within 30 days. It asks no query by itself."""
    return with_remit(in_question()).filter(remit__in=[one.value for one in TO_CONFIRM])


def stage_key(school: Any, today: date) -> str:
    """The stage that a school has reached: 30 days before, on the day, and each month after it.

    A run that was missed is made up for by the notice of the newest stage alone.
    """
    day = school.remit_due
    stage = "soon" if school.remit == RemitState.DUE_SOON else str(max(0, months_since(day, today)))
    return f"{school.pk} {day:%Y%m%d} {stage}"


def remits_due(limit: int = 500) -> int:
    """Remind board and executive team that the DSL's remit is to be confirmed (CIT-2.05, STM-2.03)."""
    today = timezone.localdate()
    keys = {stage_key(school, today): school.pk for school in remits_to_remind()}
    told = Notice.objects.filter(kind__in=(SOON, LATE), key__in=keys)
    missing = sorted(set(keys) - set(told.values_list("key", flat=True)))
    return sweep("remit", [keys[key] for key in missing], _one_due, limit=limit)


def _one_due(pk: int) -> bool:
    with audited():
        school = remits_to_remind().filter(pk=pk).first()
        if school is None:
            return False
        key = stage_key(school, timezone.localdate())
        people = [one for one in holders_of_any(school, map(str, BOARD)) if not is_dsl(one, school)]
        kind = "policies.remit_due_soon" if school.remit == RemitState.DUE_SOON else "policies.remit_due"
        return bool(notify(kind, recipients=people, about=school, key=key, link=remit_url(school)))
