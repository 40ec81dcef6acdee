"""What the log and the notices say about assurance."""

from core.audit import register_action
from core.notices import NoticeKind, register_kind
from people.models import User
from policies.assurance.access import remit_rules

for _action, _sentence in {
    "policies.remit_confirmed": "confirmed that the remit of the Designated Safeguarding Lead covers online safety",
    "policies.term_statement_written": "wrote a statement for the report of a term",
    "policies.term_report_exported": "exported the report of a term",
}.items():
    register_action(_action, _sentence)


def _confirms(user: User | None, key: str) -> bool:
    """Whether somebody still confirms it at the school that the notice is about."""
    return key.isdigit() and int(key) in remit_rules.schools(user, "confirm")


register_kind(
    "policies.remit_due_soon",
    NoticeKind(
        "To be confirmed soon: the safeguarding lead's remit",
        "That the remit of the Designated Safeguarding Lead covers online safety is to be confirmed again soon.",
        may_receive=_confirms,
    ),
)
register_kind(
    "policies.remit_due",
    NoticeKind(
        "To be confirmed: the safeguarding lead's remit",
        "It is still to be confirmed that the remit of the Designated Safeguarding Lead covers online safety.",
        may_receive=_confirms,
    ),
)
