"""Security and filtering measures: directed, carried out, reviewed, withdrawn (STM-2.37, STM-2.38, CIT-2.48, CIT-2.49)."""

import uuid
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from approvals.models import MeasureReview, SecurityMeasure
from approvals.network.evidence_access import installer_specs, measure_rules
from core.audit import audited, record
from core.clock import LONDON, UTC
from core.errors import Refused, Stale
from core.notices import notify
from core.sweeps import sweep_due
from people.models import School, User
from people.selectors import holders_of_any

REMIND_BEFORE = timedelta(days=14)
FURTHEST_REVIEW = timedelta(days=731)
"""Filtering that nobody has looked at for two years is looked after by nobody."""
IN_USE = (SecurityMeasure.Status.DIRECTED, SecurityMeasure.Status.IN_PLACE)


def url_of(measure: SecurityMeasure) -> str:
    """The measure's own page."""
    return reverse("approvals:measure-detail", args=[measure.uuid])


def carriers(school: School) -> QuerySet[User]:
    """The people of a school who carry measures out and keep them up."""
    return holders_of_any(school, installer_specs(school))


def measure_direct(
    *, actor: User, school: School, once: uuid.UUID, kind: str, title: str, details: str, review_on: date
) -> SecurityMeasure:
    """Say that there shall be a measure (CIT-2.48, STM-2.37). IT is told at once; one page makes one measure.

    Raises PermissionDenied or Refused.
    """
    measure_rules.require_at(actor, "direct", school)
    known = SecurityMeasure.objects.filter(once=once, directed_by=actor, school=school).first()
    if known:
        return known
    if not title.strip() or not details.strip():
        raise Refused("Say what shall be done.", field="details" if title.strip() else "title")
    _check_review_day(review_on, "review_on")
    try:
        with audited():
            row = SecurityMeasure.objects.create(
                once=once,
                school=school,
                kind=kind,
                title=title.strip(),
                details=details.strip(),
                directed_by=actor,
                review_on=review_on,
            )
            record("approvals.measure_directed", actor=actor, school=school, subject=row)
            people = [one for one in carriers(school) if one.pk != actor.pk]
            _tell("approvals.measure_to_carry_out", people, row, "directed")
    except IntegrityError as error:
        known = SecurityMeasure.objects.filter(once=once, directed_by=actor, school=school).first()
        if known is None:
            raise Refused("This page is out of date. Open it again, then send.") from error
        return known
    return row


def _check_review_day(day: date, field: str) -> None:
    today = timezone.localdate()
    if day <= today:
        raise Refused("The day of the next review must be after today.", field=field)
    if day > today + FURTHEST_REVIEW:
        raise Refused("The next review must be at most two years away.", field=field)


def _locked(measure: SecurityMeasure) -> SecurityMeasure:
    rows = SecurityMeasure.objects.select_for_update(of=("self",)).select_related("school", "directed_by")
    return rows.get(pk=measure.pk)


def measure_carry_out(*, actor: User, measure: SecurityMeasure, done_on: date, note: str) -> SecurityMeasure:
    """Say that a measure is in place, since when, and what was done. Not by whoever directed it.

    The first review is reminded of from now on. Raises PermissionDenied, Refused or Stale.
    """
    measure_rules.require(actor, "carry_out", measure)
    if measure.directed_by_id == actor.pk:
        raise Refused("You directed this measure, so somebody else carries it out.")
    if not note.strip():
        raise Refused("Say what was done.", field="note")
    now = timezone.now()
    if done_on > timezone.localdate():
        raise Refused("The day on which it was done must be today or earlier.", field="done_on")
    with audited():
        row = _locked(measure)
        if row.status == SecurityMeasure.Status.IN_PLACE and row.done_by_id == actor.pk:
            return row
        if row.status != SecurityMeasure.Status.DIRECTED:
            raise Stale(f"This has moved on meanwhile: {row.get_status_display().lower()}.")
        today = done_on == timezone.localdate()
        row.done_at = now if today else datetime.combine(done_on, time(12), LONDON).astimezone(UTC)
        row.done_by, row.done_note = actor, note.strip()
        row.status = SecurityMeasure.Status.IN_PLACE
        row.next_at = _first_reminder(row.review_on, now)
        row.save(update_fields=["done_at", "done_by", "done_note", "status", "next_at"])
        record("approvals.measure_done", actor=actor, school=row.school, subject=row)
        _tell("approvals.measure_in_place", [row.directed_by], row, "done")
    return row


def measure_review(
    *, actor: User, measure: SecurityMeasure, once: uuid.UUID, found: str, next_review_on: date
) -> MeasureReview:
    """Record a look at a measure, and when the next one is (STM-2.38, CIT-2.49). One page makes one review.

    Raises PermissionDenied, Refused or Stale.
    """
    measure_rules.require(actor, "review", measure)
    if not found.strip():
        raise Refused("Say what you found and what was updated.", field="found")
    with audited():
        row = _locked(measure)
        known = MeasureReview.objects.filter(once=once, measure=row, reviewed_by=actor).first()
        if known:
            return known
        if row.status != SecurityMeasure.Status.IN_PLACE:
            raise Stale("Only a measure that is in place is reviewed.")
        _check_review_day(next_review_on, "next_review_on")
        if MeasureReview.objects.filter(once=once).exists():
            raise Refused("This page is out of date. Open it again, then send.")
        review = MeasureReview.objects.create(
            measure=row, once=once, reviewed_by=actor, found=found.strip(), next_review_on=next_review_on
        )
        row.review_on = next_review_on
        row.next_at = _first_reminder(next_review_on, timezone.now())
        row.save(update_fields=["review_on", "next_at"])
        record("approvals.measure_reviewed", actor=actor, school=row.school, subject=row)
    return review


def measure_withdraw(*, actor: User, measure: SecurityMeasure, because: str) -> None:
    """Give a measure up, with a reason; it stays in the register. Raises PermissionDenied, Refused or Stale."""
    measure_rules.require(actor, "withdraw", measure)
    if not because.strip():
        raise Refused("Say why the measure is no longer used.", field="because")
    with audited():
        row = _locked(measure)
        if row.status == SecurityMeasure.Status.WITHDRAWN:
            raise Stale("This measure was withdrawn already.")
        row.status = SecurityMeasure.Status.WITHDRAWN
        row.withdrawn_at, row.withdrawn_because = timezone.now(), because.strip()[:300]
        row.next_at = None
        row.save(update_fields=["status", "withdrawn_at", "withdrawn_because", "next_at"])
        record("approvals.measure_withdrawn", actor=actor, school=row.school, subject=row)
        people = [one for one in carriers(row.school) if one.pk != actor.pk]
        _tell("approvals.measure_withdrawn", people, row, "withdrawn")


def _tell(kind: str, people: Iterable[User], row: SecurityMeasure, key: str) -> None:
    notify(kind, recipients=people, about=row, key=f"{row.pk}:{key}", link=url_of(row))


# The clock -----------------------------------------------------------------------------------


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(8), LONDON).astimezone(UTC)


def _reminders(review_on: date) -> tuple[datetime, datetime]:
    return _morning(review_on - REMIND_BEFORE), _morning(review_on)


def _first_reminder(review_on: date, now: datetime) -> datetime:
    """Two weeks before a review or, where it is nearer than that, on its day; at once where it is past."""
    return next((moment for moment in _reminders(review_on) if moment > now), now)


def reviews_due() -> QuerySet[SecurityMeasure]:
    """The measures of whose review somebody is to be reminded now."""
    return SecurityMeasure.objects.filter(next_at__lte=timezone.now())


def measures_due(limit: int = 500) -> int:
    """Remind of reviews two weeks before and on their day. Costs what is due; safe to run twice."""
    return sweep_due("security measure", reviews_due(), _one_due, by="next_at", limit=limit)


def _one_due(pk: int) -> bool:
    with audited():
        row = _locked(SecurityMeasure(pk=pk))
        now = timezone.now()
        if row.next_at is None or row.next_at > now:
            return False
        today = row.review_on <= timezone.localdate()
        kind = "approvals.measure_review_due" if today else "approvals.measure_review_soon"
        _tell(kind, carriers(row.school), row, f"{row.review_on:%Y%m%d}")
        row.next_at = next((moment for moment in _reminders(row.review_on) if moment > now), None)
        row.save(update_fields=["next_at"])
    return True


# The file ------------------------------------------------------------------------------------

EXPORTED = (
    *("school", "kind", "measure", "details", "status", "directed by", "directed on", "carried out by"),
    *("carried out on", "what was done", "last review by", "last review on", "found", "next review"),
    *("withdrawn on", "why withdrawn"),
)
DAY = "%d/%m/%Y"


def measures_export(
    *, actor: User, rows: QuerySet[SecurityMeasure], filters: Iterable[str]
) -> list[list[Any]]:
    """The lines of the file for those of `rows` that the actor may export. Recorded. Raises PermissionDenied."""
    if not measure_rules.can_ever(actor, "export"):
        raise PermissionDenied("not allowed to export the measures")
    allowed = measure_rules.visible_to(actor, "export").values("pk")
    found = list(rows.filter(pk__in=allowed).select_related("school", "directed_by", "done_by"))
    last = last_reviews(found)
    schools = {row.school_id: row.school for row in found}
    with audited():
        record(
            "approvals.measures_exported",
            actor=actor,
            school=next(iter(schools.values())) if len(schools) == 1 else None,
            data={"measures": len(found), "filters": sorted(filters)},
        )
    return [_line(row, last.get(row.pk)) for row in found]


def _line(row: SecurityMeasure, review: MeasureReview | None) -> list[Any]:
    return [
        row.school.name,
        row.get_kind_display(),
        row.title,
        row.details,
        row.get_status_display(),
        row.directed_by.full_name,
        _day(row.directed_at),
        row.done_by.full_name if row.done_by else "",
        _day(row.done_at),
        row.done_note,
        review.reviewed_by.full_name if review else "",
        _day(review.at) if review else "",
        review.found if review else "",
        row.review_on.strftime(DAY) if row.status in IN_USE else "",
        _day(row.withdrawn_at),
        row.withdrawn_because,
    ]


def _day(moment: datetime | None) -> str:
    return timezone.localtime(moment).strftime(DAY) if moment else ""


def last_reviews(measures: Iterable[SecurityMeasure]) -> dict[int, MeasureReview]:
    """The newest review of each measure, in one query."""
    rows = MeasureReview.objects.filter(measure__in=[row.pk for row in measures])
    # Oldest first, so that the newest of each is what stays.
    return {row.measure_id: row for row in rows.select_related("reviewed_by").order_by("at", "pk")}
