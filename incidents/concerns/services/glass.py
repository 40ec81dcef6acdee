"""Emergency access: to the concerns of a school for a few hours, with a reason, in front of witnesses (design 3.5).

It gives reading and adding notes, never what concerns the person themselves, and ends by itself. Each case that
is read by it says so, and its road is told (`chronology.glass_noted`).
"""

from datetime import timedelta

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from core.audit import audited, record
from core.errors import Refused
from core.notices import notify
from core.roles import Role
from incidents.concerns.access import concern_rules
from incidents.concerns.selectors import without
from incidents.models import GlassBreak
from incidents.roads import CHAIR, ELT
from people.models import School, User
from people.selectors import holders

LASTS = timedelta(hours=4)
MOST_REASON = 500


def glass_take(*, actor: User, school: School, reason: str) -> GlassBreak:
    """Take emergency access. Raises PermissionDenied, or Refused.

    Who is told depends on who holds which role, and on no concern: it must give nothing away.
    """
    concern_rules.require_at(actor, "glass", school)
    reason = " ".join(reason.split())
    if not reason:
        raise Refused("Say why you need to read concerns now.", field="reason")
    if len(reason) > MOST_REASON:
        raise Refused(f"The reason must be {MOST_REASON} characters or fewer.", field="reason")
    with audited():
        User.objects.select_for_update(of=("self",), no_key=True).get(pk=actor.pk)
        if open_for(actor).filter(school=school).exists():
            raise Refused("You have emergency access there already. Open the page again.", field="reason")
        row = GlassBreak.objects.create(
            school=school, user=actor, reason=reason, until=timezone.now() + LASTS
        )
        record("incidents.glass_taken", actor=actor, school=school, subject=row)
        notify(
            "incidents.glass",
            recipients=witnesses(school, actor),
            about=row,
            key=f"taken:{row.pk}",
            link=reverse("incidents:glass-list"),
        )
    return row


def open_for(user: User) -> QuerySet[GlassBreak]:
    """What emergency access the person has at this moment."""
    return GlassBreak.objects.filter(user=user, until__gt=timezone.now())


def witnesses(school: School, actor: User) -> list[User]:
    """Who hears of it: the DSL and the DPO, else the chair, else the executive team; never whoever takes it."""
    for specs in ((Role.DSL, Role.DPO), (CHAIR,), (ELT,)):
        found = {user.pk: user for spec in specs for user in holders(school, spec)}
        if people := without(found.values(), actor):
            return people
    return []
