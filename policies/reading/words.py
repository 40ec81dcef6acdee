"""What the log and the notices say about reading."""

from core.audit import register_action
from core.notices import NoticeKind, register_kind

register_action("policies.version_acknowledged", "said that they have read and understood a version")
register_action("policies.readers_reminded", "reminded those who have not read a document")
register_action("policies.reading_exported", "took the list of who has read a document as a file")

register_kind(
    "policies.to_read",
    NoticeKind(
        "Something new to read",
        "A policy or code of your school has come into force. Please read it and say that you have understood it.",
        names_row=True,
    ),
)
register_kind(
    "policies.reading_reminder",
    NoticeKind(
        "Please read a policy",
        "You have not said yet that you have read and understood a policy or code of your school.",
        names_row=True,
    ),
)
