"""Terms for pupils and years for parents, worked out from the profile: what is due, what was held, what was missed.

What is over is never taken away and never rolled on: a term without an event stays there as missed. An event that
is recorded late still meets the term in which it was held.
"""

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from people.models import School
from people.selectors import profile_of
from policies.education.law import (
    PARENTS,
    PUPILS,
    Call,
    Event,
    Wanted,
    met_by,
    newest_stage,
    next_stage,
    wanted_on,
)
from policies.models import EducationEvent, EducationPeriod, Refresh

LONG_OVER = timedelta(days=60)
"""What was over for longer when it was first worked out is shown as missed, and nobody is written to about it."""


def months_of(profile: Any) -> tuple[int, ...]:
    """In which months terms begin."""
    return tuple(profile.term_months or (1, 4, 9))


def intervals_of(school: School, profile: Any) -> dict[str, str]:
    """How often pupils and parents are taught; a trust's central team has neither."""
    table = {} if school.is_central else profile.training_intervals or {}
    return {audience: table.get(audience, "") for audience in (PUPILS, PARENTS)}


def _calls(school: School) -> list[Call]:
    """The refreshers in force, with those of pupils and parents for whom they ask."""
    if school.is_central:
        return []
    rows = Refresh.objects.filter(school=school, called_off_at=None).order_by()
    return [
        Call(frozenset(kinds) & {PUPILS, PARENTS}, since, due)
        for kinds, since, due in rows.values_list("kinds", "since", "due_on")
    ]


def periods_work_out(school: School) -> int:
    """Work out the periods of a school: five queries and one for each that changed. Returns how many changed.

    What is not asked for any more goes, unless it is over. The school's row is locked meanwhile.
    """
    today, profile = timezone.localdate(), profile_of(school)
    with transaction.atomic():
        School.objects.select_for_update(of=("self",), no_key=True).get(pk=school.pk)
        rows = EducationPeriod.objects.filter(school=school)
        kept = {(row.audience, row.starts_on, row.refresh): row for row in rows}
        last: dict[str, date] = {}
        for row in kept.values():
            if row.due_on < today and not row.refresh:
                last[row.audience] = max(row.due_on, last.get(row.audience, row.due_on))
        wanted = {}
        if school.active:
            found = wanted_on(today, last, intervals_of(school, profile), months_of(profile), _calls(school))
            wanted = {(one.audience, one.starts_on, one.refresh): one for one in found}
        for place, row in kept.items():
            if row.due_on < today:  # It is over: it stays, and only what met it may still be said.
                wanted[place] = Wanted(row.audience, row.starts_on, row.due_on, row.refresh)
        events = EducationEvent.objects.filter(school=school, state=EducationEvent.State.HELD).order_by()
        since = min((one.starts_on for one in wanted.values()), default=today)
        held = [Event(*row) for row in events.filter(on__gte=since).values_list("pk", "audience", "on")]
        changed = sum(
            _put(school, kept.pop(place, None), one, met_by(one, held), today)
            for place, one in wanted.items()
        )
        EducationPeriod.objects.filter(pk__in=[row.pk for row in kept.values()]).delete()
    return changed + len(kept)


def _put(school: School, row: EducationPeriod | None, wanted: Wanted, event: int | None, today: date) -> bool:
    """Write one period where it is new or has changed."""
    if row is not None and (row.due_on, row.met_by_id) == (wanted.due_on, event):
        return False
    fresh = row is None or row.due_on != wanted.due_on
    row = row or EducationPeriod(
        school=school, audience=wanted.audience, starts_on=wanted.starts_on, refresh=wanted.refresh
    )
    if event is not None or (fresh and wanted.due_on < today - LONG_OVER):
        row.remind_on = None
    elif fresh:
        row.remind_on = newest_stage(wanted.due_on, today) or next_stage(wanted.due_on, today)
    else:  # It was met, and is not any more.
        row.remind_on = next_stage(wanted.due_on, today)
    row.due_on, row.met_by_id = wanted.due_on, event
    row.save()
    return True
