"""What this room sends through the approval engine: the ratification of a reviewed policy."""

from approvals.kinds import ApprovalKind, register_kind
from approvals.models import ApprovalRequest, ApprovalStep
from policies.declarations import kinds as declarations  # noqa: F401
from policies.models import Review
from policies.reviews import ending, services


def _review(request: ApprovalRequest) -> Review:
    return Review.objects.select_related("document__school", "proposed").get(approval=request)


def _declaration(subject: Review, step: ApprovalStep) -> str:
    """CIT-12.01, CBC-0.01, CBC-0.03."""
    return f"As {step.title}, I ratify what this review says of {subject.document.title}."


register_kind(
    ApprovalKind(
        name=ending.KIND,
        title="Ratification of a policy",
        find=_review,
        url=services.url_of,
        declaration=_declaration,
        read_first="Read the review and the words that it proposes",
        returnable=False,
        barred=ending.barred,
        on_approved=ending.ratified,
        on_closed=ending.not_ratified,
    )
)
