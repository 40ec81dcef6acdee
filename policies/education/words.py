"""What the log and the notices say about education."""

from core.audit import register_action
from core.notices import NoticeKind, register_kind

register_action("policies.education_planned", "planned an event for pupils or parents")
register_action("policies.education_held", "said that an event was held")
register_action("policies.education_off", "called an event off")
register_action("policies.education_reopened", "opened an event again that was held or called off")
register_action("policies.resource_added", "added material to an event")
register_action("policies.resource_removed", "removed material from an event")
register_action("policies.education_exported", "downloaded the education calendar")

register_kind(
    "policies.education_planned",
    NoticeKind("A programme on social media is planned", "You are invited to take part in what is planned."),
)
register_kind(
    "policies.education_due",
    NoticeKind(
        "A term or school year is about to end",
        "Something is still to be held for pupils or parents before it ends.",
    ),
)
register_kind(
    "policies.education_missed",
    NoticeKind(
        "A term or school year has ended",
        "What was to be held for pupils or parents was not held, or nobody has said so. It stays in the calendar.",
    ),
)
