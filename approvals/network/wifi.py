"""Pupils on social media over the school's Wi-Fi: all gates, in whatever order (CIT-6.02, 6.03, STM-6.02, 6.03)."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from approvals.models import ApprovalRequest, Decision, PupilWifi, Stage, WifiGate
from approvals.network.receivers import WIFI_SECURITY
from approvals.network.timed import allow, come_to_nothing, locked, refuse_changed, why_barred
from approvals.network.unblock import NARROW
from approvals.network.unblock_access import wifi_rules
from approvals.services import announce, request_submit, request_withdraw
from core.audit import audited, record
from core.errors import Refused, Stale
from core.roles import Role
from core.sweeps import sweep_due
from core.tables import date_text
from people.models import School, User
from people.selectors import profile_of

PERMISSION, SECURITY = "wifi-permission", WIFI_SECURITY
FIELDS = ("platforms", "reasons", "supervision", "for_whom", "who_in_words", "until")


def wifi_ask(*, actor: User, school: School, once: uuid.UUID, values: Mapping[str, Any]) -> PupilWifi:
    """Ask all gates at once. The same page sent twice is one request.

    Raises PermissionDenied; Refused where the profile bars it, an answer is missing, or a gate has nobody.
    """
    wifi_rules.require_at(actor, "ask", school)
    known = PupilWifi.objects.filter(once=once, requested_by=actor).first()
    if known:
        refuse_changed(known, values, FIELDS)
        return known
    profile = profile_of(school)
    if barred := why_barred(profile):
        raise Refused(barred)
    row = PupilWifi(once=once, school=school, requested_by=actor, **{name: values[name] for name in FIELDS})
    _check(row)
    try:
        with audited():
            row.save()
            for order, step in enumerate(profile.pupil_wifi_gates, start=1):
                kind = SECURITY if step.role == Role.IT else PERMISSION
                approval = request_submit(
                    actor=actor,
                    kind=kind,
                    school=school,
                    title=str(row),
                    chain=[step],
                    snapshot=snapshot(row),
                )
                WifiGate.objects.create(permission=row, order=order, approval=approval)
                announce(approval)
            record("approvals.wifi_asked", actor=actor, school=school, subject=row)
    except IntegrityError as error:
        known = PupilWifi.objects.filter(once=once, requested_by=actor).first()
        if known is None:
            raise Refused("This page is out of date. Open it again, then send.") from error
        return known
    return row


def _check(row: PupilWifi) -> None:
    if row.until < timezone.localdate():
        raise Refused("The last day must be today or later.", field="until")
    if row.for_whom in NARROW and not row.who_in_words.strip():
        raise Refused("Say which class or year.", field="who_in_words")


def wifi_withdraw(*, actor: User, permission: PupilWifi) -> None:
    """Take it back while a gate has not decided."""
    wifi_rules.require(actor, "change", permission)
    with audited():
        row = locked(permission)
        waiting = [gate.approval for gate in row.gates.select_related("approval") if gate.approval.is_open]
        if not waiting:
            raise Stale("Everybody has decided already.")
        request_withdraw(actor=actor, request=waiting[0])


def gate_decided(row: PupilWifi, decision: Decision) -> None:
    """Each gate is another person's: permission and security measures are two people's work.

    The gates are read under the permission's lock, so that two decisions in one moment see each other.
    Raises Refused.
    """
    if locked(row).stage != Stage.ASKED:
        raise Refused("This came to nothing at another gate, so there is nothing to decide any more.")
    others = WifiGate.objects.filter(permission=row).exclude(approval=decision.step.request_id)
    same = Decision.objects.filter(
        step__request__in=others.values("approval"), decided_by=decision.decided_by
    )
    if same.exists():
        raise Refused("You decided at the other gate already. Somebody else must decide here.")


def gate_approved(row: PupilWifi, approval: ApprovalRequest) -> None:
    """When the last gate has said yes, it is allowed."""
    current = locked(row)
    if all(gate.approval.status == ApprovalRequest.Status.APPROVED for gate in _gates(current)):
        allow(current)


def gate_closed(row: PupilWifi, approval: ApprovalRequest) -> None:
    """One no is a no: it comes to nothing, and the other gates are closed with it."""
    current = locked(row)
    if current.stage != Stage.ASKED:
        return
    come_to_nothing(current)
    # After the commit: this decision holds its own gate, and another may hold the next one.
    transaction.on_commit(close_left_gates)


def left_gates() -> QuerySet[WifiGate]:
    """The open gates of what came to nothing."""
    return WifiGate.objects.filter(permission__stage=Stage.CLOSED, approval__status__in=ApprovalRequest.OPEN)


def close_left_gates(limit: int = 100) -> int:
    """Close the gates of what came to nothing, so that nobody is asked any more. Safe to run twice."""
    return sweep_due("gate", left_gates(), _drop, by="pk", limit=limit)


def _drop(pk: int) -> bool:
    try:
        request_withdraw(actor=None, request=ApprovalRequest.objects.get(wifi_gate=pk))
    except Stale:
        return False
    return True


def _gates(row: PupilWifi) -> list[WifiGate]:
    return list(WifiGate.objects.filter(permission=row).select_related("approval"))


def snapshot(row: PupilWifi) -> dict[str, Any]:
    """The form as it is frozen for the gates."""
    lines = [
        ("requester", "Asked by", row.requested_by.full_name),
        ("for_whom", "For whom", row.for_whom_in_words),
        ("platforms", "Which social media", row.platforms),
        ("reasons", "What for", row.reasons),
        ("supervision", "How pupils are supervised", row.supervision),
        ("until", "Last day", date_text(row.until)),
    ]
    rows = [{"key": key, "label": label, "value": value} for key, label, value in lines]
    return {"form": "wifi", "sections": [{"slug": "wifi", "title": "What is asked", "rows": rows}]}
