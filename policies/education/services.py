"""What is planned for pupils and parents, held or called off, and the material that was given out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from core.audit import audited, record
from core.errors import Refused
from core.notices import notify
from core.uploads import CleanFile, files_kept, store
from people.models import School, User
from people.selectors import employees_at
from policies.education.access import education_rules
from policies.education.periods import periods_work_out
from policies.models import EducationEvent, Resource

FURTHEST = timedelta(days=731)
MOST_RESOURCES = 20
MOST_PEOPLE = 100_000
STALE_PAGE = "This page cannot be sent. Open it afresh and send it again."


@dataclass(frozen=True)
class Plan:
    """What is planned: for whom, how, what about and when."""

    audience: str
    medium: str
    title: str
    on: date
    for_whom: str = ""
    led_by: str = ""


def url_of(event: EducationEvent) -> str:
    """The page of an event."""
    return reverse("policies:education-detail", args=[event.uuid])


def list_url(school: School) -> str:
    """The calendar of a school."""
    return f"{reverse('policies:education-list')}?school={school.uuid}"


def education_plan(
    *, actor: User, school: School, once: UUID, plan: Plan, tell_staff: bool = False
) -> EducationEvent:
    """Plan an event (CIT-11.01, STM-11.04, STM-11.06, BEC-6.01); with `tell_staff` colleagues hear of it (BEC-6.02).

    One in the past may be entered too, and then said to have been held. The same page sent twice plans one.
    Raises PermissionDenied, or Refused.
    """
    education_rules.require_at(actor, "plan", school)
    known = EducationEvent.objects.filter(once=once, by=actor, school=school).first()
    if known:
        return known
    title, today = " ".join(plan.title.split())[:200], timezone.localdate()
    if plan.audience not in EducationEvent.Audience.values:
        raise Refused("Choose for whom it is.", field="audience")
    if plan.medium not in EducationEvent.Medium.values:
        raise Refused("Choose in which way.", field="medium")
    if not title:
        raise Refused("Say what it is about.", field="title")
    if not today - FURTHEST <= plan.on <= today + FURTHEST:
        raise Refused("The day must be within two years. Check the year.", field="on")
    try:
        with audited():
            row = EducationEvent.objects.create(
                once=once,
                school=school,
                audience=plan.audience,
                medium=plan.medium,
                title=title,
                for_whom=" ".join(plan.for_whom.split())[:200],
                led_by=" ".join(plan.led_by.split())[:150],
                on=plan.on,
                by=actor,
            )
            record("policies.education_planned", actor=actor, school=school, subject=row)
            if tell_staff and plan.on >= today:
                notify(
                    "policies.education_planned",
                    recipients=employees_at(school).exclude(pk=actor.pk),
                    about=row,
                    key=str(row.pk),
                    link=url_of(row),
                )
    except IntegrityError as error:
        known = EducationEvent.objects.filter(once=once, by=actor, school=school).first()
        if known is None:
            raise Refused(STALE_PAGE) from error
        return known
    return row


def education_hold(
    *,
    actor: User,
    event: EducationEvent,
    on: date,
    invited: int | None = None,
    attended: int | None = None,
    notes: str = "",
) -> EducationEvent:
    """Say that it was held, on which day and with how many (CIT-2.35, STM-2.30). Raises PermissionDenied, or Refused."""
    education_rules.require(actor, "close", event)
    if on > timezone.localdate():
        raise Refused("It cannot have been held on a day in the future.", field="on")
    if on < timezone.localdate() - FURTHEST:
        raise Refused("That is too long ago. Check the year.", field="on")
    for name, number in (("invited", invited), ("attended", attended)):
        if number is not None and not 0 <= number <= MOST_PEOPLE:
            raise Refused("Enter a number of people, or leave it empty.", field=name)
    with audited():
        row = _planned(event)
        row.state, row.on = EducationEvent.State.HELD, on
        row.invited, row.attended, row.notes = invited, attended, notes.strip()
        row.closed_by, row.closed_at = actor, timezone.now()
        row.save(update_fields=["state", "on", "invited", "attended", "notes", "closed_by", "closed_at"])
        record("policies.education_held", actor=actor, school=row.school, subject=row)
        periods_work_out(row.school)
    return row


def education_off(*, actor: User, event: EducationEvent, because: str) -> EducationEvent:
    """Call it off; it stays in the calendar. Raises PermissionDenied, or Refused."""
    education_rules.require(actor, "close", event)
    because = because.strip()[:300]
    if not because:
        raise Refused("Say why it is called off.", field="because")
    with audited():
        row = _planned(event)
        row.state, row.off_because = EducationEvent.State.OFF, because
        row.closed_by, row.closed_at = actor, timezone.now()
        row.save(update_fields=["state", "off_because", "closed_by", "closed_at"])
        record("policies.education_off", actor=actor, school=row.school, subject=row)
    return row


def education_reopen(*, actor: User, event: EducationEvent, because: str) -> EducationEvent:
    """Take back that it was held or called off, with the reason: it is planned again, and its term counts anew.

    What was entered stays for the next time that it is closed. Raises PermissionDenied, or Refused.
    """
    education_rules.require(actor, "close", event)
    because = because.strip()[:300]
    if not because:
        raise Refused("Say why it is opened again.", field="because")
    with audited():
        row = _locked(event)
        if row.state == EducationEvent.State.PLANNED:
            raise Refused("It is open already: nobody has said that it was held or called off.")
        was, row.state, row.off_because = row.state, EducationEvent.State.PLANNED, ""
        row.closed_by = row.closed_at = None
        row.reopened_by, row.reopened_at, row.reopened_because = actor, timezone.now(), because
        row.save(
            update_fields=[
                *("state", "off_because", "closed_by", "closed_at"),
                *("reopened_by", "reopened_at", "reopened_because"),
            ]
        )
        data = {"was": str(was)}
        record("policies.education_reopened", actor=actor, school=row.school, subject=row, data=data)
        periods_work_out(row.school)
    return row


def _planned(event: EducationEvent) -> EducationEvent:
    """The row, locked. Raises Refused where it was held or called off meanwhile."""
    row = _locked(event)
    if row.state != EducationEvent.State.PLANNED:
        raise Refused(f"Somebody has closed it already: {row.get_state_display().lower()}.")
    return row


def _locked(event: EducationEvent) -> EducationEvent:
    rows = EducationEvent.objects.select_for_update(of=("self",), no_key=True).select_related("school")
    return rows.get(pk=event.pk)


def resource_add(
    *, actor: User, event: EducationEvent, title: str, file: CleanFile | None = None
) -> Resource:
    """Add material: its name, and the file where there is one (CIT-11.02, STM-11.05, STM-11.07).

    The same name without a file stands once. Raises PermissionDenied, or Refused.
    """
    education_rules.require(actor, "close", event)
    title = " ".join(title.split())[:200]
    if not title:
        raise Refused("Say what it is called.", field="title")
    with files_kept() as kept, audited():
        row = _locked(event)
        there = row.resources.filter(removed_at=None)
        if row.state == EducationEvent.State.OFF:
            raise Refused("It was called off, so no material is added.")
        if same := there.filter(title=title).first():
            if file is None:
                return same
            raise Refused("Material of this name is there already. Give it another name.", field="title")
        if there.count() >= MOST_RESOURCES:
            raise Refused(f"There are {MOST_RESOURCES} already. Remove one first.")
        found = Resource(event=row, title=title, by=actor)
        if file is not None:
            kept.append(store(found.file, file))
            found.media_type = file.media_type
        found.save()
        data = {"resource": found.pk, "file": file is not None}
        record("policies.resource_added", actor=actor, school=row.school, subject=row, data=data)
    return found


def resource_remove(*, actor: User, resource: Resource) -> None:
    """Take material away; that it was there stays in the history. Raises PermissionDenied, or Refused."""
    education_rules.require(actor, "close", resource.event)
    with audited():
        row = Resource.objects.select_for_update(of=("self",), no_key=True).select_related("event__school")
        found = row.get(pk=resource.pk)
        if found.removed_at is not None:
            raise Refused("It was removed already.")
        found.removed_at = timezone.now()
        found.save(update_fields=["removed_at"])
        school, data = found.event.school, {"resource": found.pk}
        record("policies.resource_removed", actor=actor, school=school, subject=found.event, data=data)


def education_exported(*, actor: User, school: School, count: int, filters: Iterable[str]) -> None:
    """Record that somebody took the calendar away as a file."""
    with audited():
        data = {"events": count, "filters": sorted(filters)}
        record("policies.education_exported", actor=actor, school=school, data=data)
