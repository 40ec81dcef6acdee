"""Changes that wait for a second person (design 3.6)."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from core.access import standing_of
from core.audit import audited, record
from core.errors import Refused
from core.notices import notify
from core.signatures import content_hash
from people.access import CONFIRMERS, change_rules, meets
from people.models import Membership, PendingChange, School, Trust, User

CARRY_OUT: dict[str, Callable[[PendingChange, User], Any]] = {}
"""What a confirmed change of each kind does; filled in people.services.carrying_out."""


def change_ask(
    *, actor: User, kind: str, school: School | None, trust: Trust | None, about: User | None, payload: dict
) -> PendingChange:
    """Ask for a change. The caller has asked the access rules. Raises Refused when it waits already."""
    fingerprint = content_hash([kind, school and school.pk, trust and trust.pk, payload])
    try:
        with audited():
            change = PendingChange.objects.create(
                kind=kind,
                school=school,
                trust=trust,
                about=about,
                payload=payload,
                fingerprint=fingerprint,
                requested_by=actor,
            )
            record(
                "people.change_asked",
                actor=actor,
                school=school,
                subject=change,
                data={"kind": kind, "fields": sorted(payload)},
            )
            notify(
                "people.change_waits",
                recipients=confirmers_of(change),
                about=change,
                key=str(change.pk),
                link=reverse("people:change-detail", args=[change.uuid]),
            )
    except IntegrityError as error:
        raise Refused("The same change is waiting for a second person already.") from error
    return change


def confirmers_of(change: PendingChange) -> list[User]:
    """Who may be the second person: entitled at the place, neither asker nor the person concerned."""
    rows = Membership.objects.active()
    rows = rows.at_school(change.school) if change.school_id else rows.filter(trust=change.trust)
    wanted = [row for row in rows.select_related("user") if _entitled(row)]
    barred = {change.requested_by_id, change.about_id}
    return list({row.user_id: row.user for row in wanted if row.user_id not in barred}.values())


def _entitled(row: Membership) -> bool:
    return meets(CONFIRMERS, row.role, row.post)


def change_decide(*, actor: User, change: PendingChange, confirm: bool) -> PendingChange:
    """Confirm or refuse. The second person is entitled, did not ask, and is not the one concerned.

    Whoever asked, and whom it is about, hear of it. Raises PermissionDenied or Refused.
    """
    change_rules.require(actor, "confirm", change)
    with audited():
        row = PendingChange.objects.select_for_update().get(pk=change.pk)
        if row.status != PendingChange.Status.AWAITING:
            raise Refused("This change was decided already.")
        if actor.pk == row.requested_by_id:
            raise Refused("You asked for this change, so a second person must decide it.")
        if actor.pk == row.about_id:
            raise Refused("This change is about you, so somebody else must decide it.")
        row.status = PendingChange.Status.CONFIRMED if confirm else PendingChange.Status.REFUSED
        row.decided_by = actor
        row.decided_at = timezone.now()
        row.save(update_fields=["status", "decided_by", "decided_at"])
        record(
            "people.change_confirmed" if confirm else "people.change_refused",
            actor=actor,
            school=row.school,
            subject=row,
            data={"kind": row.kind},
        )
        if confirm:
            CARRY_OUT[row.kind](row, actor)
        concerned = [person for person in (row.requested_by, row.about) if person is not None]
        notify(
            "people.change_decided",
            recipients=concerned,
            about=row,
            key=str(row.pk),
            link=reverse("people:change-detail", args=[row.uuid]),
        )
    return row


def change_withdraw(*, actor: User, change: PendingChange) -> None:
    """Take back a change that one asked for."""
    if change.requested_by_id != actor.pk or not standing_of(actor).held:
        raise PermissionDenied("only whoever asked may withdraw")
    with audited():
        row = PendingChange.objects.select_for_update().get(pk=change.pk)
        if row.status != PendingChange.Status.AWAITING:
            raise Refused("This change was decided already.")
        row.status = PendingChange.Status.WITHDRAWN
        row.decided_at = timezone.now()
        row.save(update_fields=["status", "decided_at"])
        record("people.change_withdrawn", actor=actor, school=row.school, subject=row)
