"""What this room itself sends through the engine: blocked sites, and pupils on the Wi-Fi."""

from approvals.kinds import ApprovalKind, register_kind
from approvals.models import ApprovalRequest, ApprovalStep, Decision, PupilWifi, UnblockRequest
from approvals.network import unblock, wifi
from approvals.network.receivers import refuse_receiver_as_decider
from approvals.network.timed import allow, come_to_nothing, locked, url_of


def _notes(subject: UnblockRequest) -> list[dict]:
    """What the technician or the IT provider said, for whoever decides."""
    sent = subject.approval.submitted_at
    return [
        {
            "title": "Technical view" if note.at >= sent else "Technical view, of what was asked before",
            "when": note.at,
            "by": note.author_name,
            "text": note.text,
        }
        for note in subject.notes.all()
    ]


def _permission(request: ApprovalRequest) -> PupilWifi:
    return PupilWifi.objects.select_related("school", "requested_by").get(gates__approval=request)


def _unblock_declaration(subject: UnblockRequest, step: ApprovalStep) -> str:
    return (
        "I have read the full addresses, the reasons, the risks and the control measures, "
        "and I approve access for the people and the time named."
    )


def _unblock_decided(subject: UnblockRequest, decision: Decision) -> None:
    refuse_receiver_as_decider(subject, decision)


register_kind(
    ApprovalKind(
        name=unblock.KIND,
        title="Blocked site",
        find=lambda request: UnblockRequest.objects.select_related("school", "requested_by").get(
            approval=request
        ),
        url=url_of,
        declaration=_unblock_declaration,
        discussion=_notes,
        reasons_for_yes=True,
        on_decided=_unblock_decided,
        on_approved=lambda subject, request: allow(locked(subject)),
        on_closed=lambda subject, request: come_to_nothing(locked(subject)),
    )
)
register_kind(
    ApprovalKind(
        name=wifi.PERMISSION,
        title="Pupils on the Wi-Fi: permission",
        find=_permission,
        url=url_of,
        declaration=lambda subject, step: "I permit these pupils to use these social media over the Wi-Fi.",
        returnable=False,
        on_decided=wifi.gate_decided,
        on_approved=wifi.gate_approved,
        on_closed=wifi.gate_closed,
    )
)
register_kind(
    ApprovalKind(
        name=wifi.SECURITY,
        title="Pupils on the Wi-Fi: security measures",
        find=_permission,
        url=url_of,
        declaration=lambda subject, step: (
            "I have made sure that appropriate network security measures are applied. "
            "My reasons above say which."
        ),
        returnable=False,
        reasons_for_yes=True,
        on_decided=wifi.gate_decided,
        on_approved=wifi.gate_approved,
        on_closed=wifi.gate_closed,
    )
)
