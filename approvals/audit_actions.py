"""What the history says about approvals."""

from core.audit import register_action

register_action("approvals.submitted", "sent it for approval")
register_action("approvals.resubmitted", "sent it for approval again")
register_action("approvals.approved", "approved and signed")
register_action("approvals.returned", "returned it with questions")
register_action("approvals.refused", "refused it")
register_action("approvals.withdrawn", "withdrew it")
register_action("approvals.expired", "was closed because it was not sent again")
register_action("approvals.granted", "was approved by everybody in the chain")
