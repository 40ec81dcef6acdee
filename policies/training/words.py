"""What the log and the notices say about training."""

from typing import Any

from core.access import standing_of
from core.audit import register_action
from core.notices import NoticeKind, register_kind


def _belongs(user: Any, key: str) -> bool:
    """It is about the person's own training and leads to their own page: a leaver alone does not hear it any more.

    Asking the rules of the duty would read every school's profile for the number on each page.
    """
    return bool(standing_of(user).held)


register_action("policies.training_recorded", "recorded somebody’s training")
register_action("policies.training_withdrawn", "took a record of training back")
register_action("policies.training_evidence_opened", "opened the evidence of a training")
register_action("policies.training_exported", "downloaded the list of training")
register_action("policies.training_imported", "recorded training from a file")
register_action("policies.session_recorded", "recorded a training session")
register_action("policies.session_joined", "added people to a training session")
register_action("policies.refresh_asked", "asked for training to be refreshed")
register_action("policies.refresh_called_off", "called off that training is refreshed")

register_kind(
    "policies.training_due",
    NoticeKind(
        "Training of yours is due soon",
        "There is training that you are asked to do.",
        quiet=True,  # it may be due because of an incident
        may_receive=_belongs,
    ),
)
register_kind(
    "policies.training_late",
    NoticeKind(
        "Training of yours is overdue",
        "There is training that you were asked to do by now.",
        quiet=True,
        may_receive=_belongs,
    ),
)
register_kind(
    "policies.refresh_asked",
    NoticeKind(
        "Training is to be refreshed",
        "A colleague has asked for training to be refreshed at your school.",
        quiet=True,
    ),
)
register_kind(
    "policies.refresh_called_off",
    NoticeKind(
        "Training need not be refreshed", "A colleague has called off that training is refreshed.", quiet=True
    ),
)
