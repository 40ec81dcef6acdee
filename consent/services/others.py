"""Others than pupils who do not want to be shown (RAV-9.03, CBC-5.07)."""

import uuid
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils import timezone

from consent.access import other_rules
from consent.checking import name_key
from consent.models import OtherPerson, Route
from core.audit import audited, record
from core.errors import Refused
from core.tables import date_text
from people.models import School, User

SENT_BEFORE = "This page was sent already, with other answers. Open it again, then add the next person."


def others_at(actor: User, school: School) -> QuerySet[OtherPerson]:
    """Who does not want to be shown at a school now, by name, as far as the actor may see them."""
    return other_rules.visible_to(actor).filter(school=school, ended_at=None)


def other_add(
    *,
    actor: User,
    school: School,
    once: uuid.UUID,
    who: str,
    name: str,
    description: str,
    route: str,
    asked_on: date,
) -> OtherPerson:
    """Put somebody on the list. Any way of asking counts. The same `once` puts them there one time.

    `asked_on` is a day in London, not in the future. Raises PermissionDenied, and Refused.
    """
    other_rules.require_at(actor, "record", school)
    if asked_on > timezone.localdate():
        raise Refused("Enter a day that is not in the future.", field="asked_on")
    name, description = name.strip(), description.strip()
    if not name and not description:
        raise Refused("Enter a name, or how colleagues recognise the person.", field="name")
    with audited():
        School.objects.select_for_update(of=("self",)).get(pk=school.pk)
        before = OtherPerson.objects.filter(once=once).first()
        if before is not None:
            answers = (before.school_id, before.who, before.name, before.description, before.route)
            if answers != (school.pk, who, name, description, route) or before.asked_on != asked_on:
                raise Refused(SENT_BEFORE)
            return before
        return _add(actor, school, once, who, name, description, route, asked_on)


def other_add_self(*, actor: User, school: School, once: uuid.UUID) -> OtherPerson:
    """A member of staff puts themselves on the list of a school. Raises PermissionDenied, and Refused."""
    other_rules.require_at(actor, "view", school)
    with audited():
        School.objects.select_for_update(of=("self",)).get(pk=school.pk)
        before = OtherPerson.objects.filter(once=once).first()
        if before is not None:
            if (before.user_id, before.school_id) != (actor.pk, school.pk):
                raise Refused(SENT_BEFORE)
            return before
        if OtherPerson.objects.filter(school=school, user=actor, ended_at=None).exists():
            raise Refused("You are on the list already.")
        day = timezone.localdate()
        name = actor.full_name[:150]
        who = OtherPerson.Who.STAFF
        return _add(actor, school, once, who, name, "", Route.IN_PERSON, day, user=actor)


def _add(
    actor: User,
    school: School,
    once: uuid.UUID,
    who: str,
    name: str,
    description: str,
    route: str,
    asked_on: date,
    user: User | None = None,
) -> OtherPerson:
    row = OtherPerson.objects.create(
        once=once,
        school=school,
        who=who,
        name=name,
        search_name=name_key(name)[:150],
        description=description,
        user=user,
        route=route,
        asked_on=asked_on,
        recorded_by=actor,
    )
    data = {"who": who, "route": route, "themselves": user is not None}
    record("consent.other_added", actor=actor, school=school, subject=row, data=data)
    return row


def may_end(actor: User, other: OtherPerson) -> bool:
    """Whether the actor may take somebody off the list: whoever keeps it, and the person themselves."""
    return other.user_id == actor.pk or other_rules.allows(actor, "record", other)


def other_end(*, actor: User, other: OtherPerson) -> OtherPerson:
    """Take somebody off the list; the row stays, and says who did it. Raises PermissionDenied, Refused."""
    other_rules.require(actor, "view", other)
    if not may_end(actor, other):
        raise PermissionDenied
    with audited():
        row = OtherPerson.objects.select_for_update(of=("self",)).select_related("school").get(pk=other.pk)
        if row.ended_at:
            day = date_text(timezone.localtime(row.ended_at).date())
            raise Refused(f"Somebody took this person off the list on {day}.")
        row.ended_at, row.ended_by = timezone.now(), actor
        row.save(update_fields=["ended_at", "ended_by"])
        record("consent.other_ended", actor=actor, school=row.school, subject=row, data={"who": row.who})
    return row
