"""Letting a named colleague into one case, until a day (CIT-8.06, STM-8.06: with relevant staff, case by case)."""

from datetime import date, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from core.audit import audited, record
from core.clock import end_of_day
from core.errors import Refused
from incidents.concerns.access import concern_rules
from incidents.concerns.selectors import excluded_from, on_the_road
from incidents.concerns.services.chronology import entry_write, locked
from incidents.concerns.services.sending import let_in, share_end, tell
from incidents.models import Concern, EntryKind, Right, Share
from people.models import User
from people.selectors import people_at

LONGEST = timedelta(days=365)


def may_be_let_in(concern: Concern) -> QuerySet[User]:
    """Colleagues of the school who are not on its road, without whom it concerns."""
    here = people_at(concern.school).exclude(pk__in=excluded_from(concern))
    return here.exclude(pk__in=[user.pk for user in on_the_road(concern)])


def case_share(*, actor: User, concern: Concern, user: User, right: str, reason: str, until: date) -> Share:
    """Share the case with one colleague, for a reason and until a day. Raises PermissionDenied, or Refused."""
    concern_rules.require(actor, "road", concern)
    if right not in Right.values:
        raise Refused("Choose what they may do.", field="right")
    if not reason.strip():
        raise Refused("Say why they need to know.", field="reason")
    today = timezone.localdate()
    if not today <= until <= today + LONGEST:
        raise Refused("Choose a day from today on, within a year.", field="until")
    with audited():
        row = locked(concern)
        if not may_be_let_in(row).filter(pk=user.pk).exists():
            raise Refused("Choose a colleague from the list.", field="user")
        share = let_in(
            row,
            user,
            Right(right),
            Share.Why.SHARED,
            by=actor,
            until=end_of_day(until),
            reason=reason.strip(),
        )
        if share is None:
            raise Refused("It is shared with them already. End that first to change it.", field="user")
        entry_write(
            row,
            EntryKind.SHARED,
            by=actor,
            text=reason,
            data={"user": str(user.uuid), "right": str(right), "until": until.isoformat()},
        )
        record("incidents.concern_shared", actor=actor, school=row.school, subject=row)
        tell(row, "incidents.concern_shared", [user], key=f":share:{share.pk}")
    return share


def case_unshare(*, actor: User, share: Share) -> None:
    """End what a colleague has of the case by name, at once. Raises PermissionDenied, or Refused."""
    concern_rules.require(actor, "road", share.concern)
    with audited():
        row = locked(share.concern, "widen")
        mine = (
            Share.objects.select_for_update(of=("self",), no_key=True).select_related("user").get(pk=share.pk)
        )
        if mine.ended_at:
            raise Refused("This has ended already. Open the case again.")
        share_end(row, mine, by=actor)
        entry_write(row, EntryKind.UNSHARED, by=actor, data={"user": str(mine.user.uuid)})
        record("incidents.concern_unshared", actor=actor, school=row.school, subject=row)
