"""What this room sends through the approval engine."""

from typing import Any

from django.urls import reverse

from accounts.choices import GRANTED, Form
from accounts.models import AccountRequest, RightsRequest, SocialAccount
from accounts.services import register, requests, rights
from approvals.kinds import ApprovalKind, Attestation, register_kind
from approvals.models import ApprovalStep
from people.selectors import profile_of

_DECLARATIONS = {
    Form.ST_MARYS: "I approve the aims and content of this proposed site, and its use of the school's brand and logo.",
    Form.RAVENS_WOOD: "I have considered this plan and approve the account.",
    Form.CIT: "I have considered the purpose of this account, what goes into it and who runs it, and I approve it.",
}


def _declaration(subject: AccountRequest, step: ApprovalStep) -> str:
    """STM-15.30, STM-15.34: both signers approve aims, content, brand and logo."""
    return _DECLARATIONS[Form(subject.form)]


def _runners(subject: AccountRequest | SocialAccount, step: ApprovalStep) -> list[Attestation]:
    """RAV-3.09 to 3.11: the last signer declares for each runner, employed or not."""
    profile = profile_of(subject.school)
    if not profile.runner_reads:
        return []
    last = step.request.steps.order_by("-order").values_list("pk", flat=True).first()
    if step.pk != last:
        return []
    seen: dict[int, Any] = {}
    for person in subject.proposed_people.select_related("user").order_by("user__full_name"):
        seen.setdefault(person.user_id, person.user)
    return [
        Attestation(
            f"runner-{user.uuid}",
            f"{user.full_name} has read and understood the policy and has been trained.",
        )
        for user in seen.values()
    ]


def _discussion(subject: AccountRequest) -> list[dict]:
    """CIT-2.44, STM-2.16: the consultation on purpose and content, for the signers to read."""
    return [
        {
            "title": message.get_topic_display(),
            "when": message.at,
            "by": message.author.full_name,
            "text": message.text,
        }
        for message in subject.messages.select_related("author")
    ]


def _rights_attestations(subject: RightsRequest, step: ApprovalStep) -> list[Attestation]:
    if subject.move != RightsRequest.Move.GRANT or subject.right not in GRANTED:
        return []
    profile = profile_of(subject.school)
    if not profile.runner_reads:
        return []
    user = subject.user
    return [
        Attestation(
            f"runner-{user.uuid}",
            f"{user.full_name} has read and understood the policy and has been trained.",
        )
    ]


def _rights_declaration(subject: RightsRequest, step: ApprovalStep) -> str:
    if subject.move == RightsRequest.Move.END:
        return "I approve that this right ends."
    return "I authorise this person to hold this right on this account."


register_kind(
    ApprovalKind(
        name="new-account",
        title="New account",
        find=lambda request: AccountRequest.objects.select_related("school", "platform", "requested_by").get(
            approval=request
        ),
        url=lambda subject: reverse("accounts:request-detail", args=[subject.uuid]),
        declaration=_declaration,
        attestations=_runners,
        discussion=_discussion,
        on_approved=requests.account_approved,
    )
)
register_kind(
    ApprovalKind(
        name="existing-account",
        returnable=False,
        title="Existing account",
        find=lambda request: request.entered_account,
        url=lambda subject: reverse("accounts:account-detail", args=[subject.uuid]),
        declaration=lambda subject, step: (
            "I confirm that this is an official account of ours, and that the people named run it."
        ),
        attestations=_runners,
        on_approved=register.entry_confirmed,
        on_closed=register.entry_not_confirmed,
    )
)
register_kind(
    ApprovalKind(
        name="rights",
        returnable=False,
        title="Rights on an account",
        find=lambda request: RightsRequest.objects.select_related(
            "account__school", "account__platform", "user", "school"
        ).get(approval=request),
        url=lambda subject: reverse("accounts:account-detail", args=[subject.account.uuid]),
        declaration=_rights_declaration,
        attestations=_rights_attestations,
        on_approved=rights.rights_approved,
        on_closed=rights.rights_closed,
    )
)
