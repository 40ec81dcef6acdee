"""What this room sends through the approval engine."""

from django.urls import reverse

from accounts.choices import Form
from accounts.models import AccountRequest, RightsRequest
from accounts.services import register, requests, rights, runners
from approvals.kinds import ApprovalKind, register_kind
from approvals.models import ApprovalStep

_DECLARATIONS = {
    Form.ST_MARYS: "I approve the aims and content of this proposed site, and its use of the school's brand and logo.",
    Form.RAVENS_WOOD: "I have considered this plan and approve the account.",
    Form.CIT: "I have considered the purpose of this account, what goes into it and who runs it, and I approve it.",
}


def _declaration(subject: AccountRequest, step: ApprovalStep) -> str:
    """STM-15.30, STM-15.34: both signers approve aims, content, brand and logo."""
    return _DECLARATIONS[Form(subject.form)]


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
        conditions=runners.conditions_of,
        conditions_title=runners.TITLE,
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
        conditions=runners.conditions_of,
        conditions_title=runners.TITLE,
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
        conditions=runners.conditions_of,
        conditions_title=runners.TITLE,
        on_approved=rights.rights_approved,
        on_closed=rights.rights_closed,
    )
)
