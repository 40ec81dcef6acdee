"""Deputies: appointed by the person, or in illness by the headteacher or the chair."""

from datetime import date

from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from core.audit import audited, record
from core.errors import Refused
from core.notices import notify
from people.access import deputy_rules, membership_rules
from people.models import Deputy, School, User
from people.selectors import is_employed, people_at


def deputy_appoint(
    *, actor: User, person: User, deputy: User, school: School, starts: date, ends: date, reason: str = ""
) -> Deputy:
    """Appoint `deputy` to sign for `person` at a school, both days included (London dates).

    Raises PermissionDenied unless the actor is the person, the headteacher or the chair; Refused
    for a deputy who is not employed there, dates that make no sense, or a missing reason.
    """
    if actor.pk != person.pk and not membership_rules.allows_at(actor, "deputise", school):
        raise PermissionDenied("only the person, the headteacher or the chair appoints a deputy")
    _check_people(actor, person, deputy, school)
    _check_days(starts, ends)
    if actor.pk != person.pk and not reason.strip():
        raise Refused("Say why you appoint a deputy for a colleague.", field="reason")
    with audited():
        User.objects.select_for_update().get(
            pk=person.pk
        )  # one at a time, so that a form sent twice counts once
        held = Deputy.objects.filter(school=school, person=person, deputy=deputy, ended_at=None)
        if held.filter(starts__lte=ends, ends__gte=starts).exists():
            raise Refused(f"{deputy.full_name} is appointed for these days already.", field="deputy")
        row = Deputy.objects.create(
            school=school,
            person=person,
            deputy=deputy,
            starts=starts,
            ends=ends,
            reason=reason.strip()[:200],
            appointed_by=actor,
        )
        people = {"person": person.pk, "deputy": deputy.pk}
        record("people.deputy_appointed", actor=actor, school=school, subject=row, data=people)
        _tell(row, actor)
    return row


def _check_people(actor: User, person: User, deputy: User, school: School) -> None:
    if not people_at(school).filter(pk=person.pk).exists():
        raise Refused(f"{person.full_name} has no role at {school.name}.", field="person")
    if deputy.pk == person.pk:
        raise Refused("Choose somebody else as deputy.", field="deputy")
    if actor.pk != person.pk and deputy.pk == actor.pk:
        words = "You cannot make yourself a colleague's deputy. Ask the chair or choose somebody else."
        raise Refused(words, field="deputy")
    if not is_employed(deputy, school) and not membership_rules.allows_at(deputy, "deputise", school):
        raise Refused(f"{deputy.full_name} is not employed at {school.name}.", field="deputy")


def _check_days(starts: date, ends: date) -> None:
    if ends < starts:
        raise Refused("The last day must not be before the first.", field="ends")
    if ends < timezone.localdate():
        raise Refused("The last day has passed. Choose a later one.", field="ends")
    if (ends - starts).days > 366:
        raise Refused("A deputy is appointed for a year at most.", field="ends")


def _tell(row: Deputy, actor: User) -> None:
    link = reverse("people:deputy-list")
    notify("people.deputy", recipients=[row.deputy], about=row, key=str(row.pk), link=link)
    if row.person_id != actor.pk:
        notify("people.has_deputy", recipients=[row.person], about=row, key=str(row.pk), link=link)


def deputy_end(*, actor: User, appointment: Deputy) -> None:
    """End an appointment at once."""
    deputy_rules.require(actor, "manage", appointment)
    with audited():
        row = Deputy.objects.select_for_update().get(pk=appointment.pk)
        if row.ended_at:
            raise Refused("This appointment has ended already.")
        row.ended_at = timezone.now()
        row.save(update_fields=["ended_at"])
        record("people.deputy_ended", actor=actor, school=row.school, subject=row)
