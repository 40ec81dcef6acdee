"""What the log and the notices say about monitoring."""

from core.audit import register_action
from core.notices import NoticeKind, register_kind

for _action, _sentence in {
    "accounts.monitoring_started": "began a monitoring report",
    "accounts.monitoring_saved": "saved the draft of a monitoring report",
    "accounts.monitoring_discarded": "threw the draft of a monitoring report away",
    "accounts.monitoring_sent": "sent the monitoring report",
    "accounts.monitoring_read": "said that they have read the monitoring report",
    "accounts.monitoring_action_done": "marked an action of a monitoring report as done",
    "accounts.monitoring_exported": "exported monitoring reports",
    "accounts.monitoring_state_exported": "exported when each account was last looked at",
}.items():
    register_action(_action, _sentence)

register_kind(
    "accounts.monitoring_sent",
    NoticeKind("A monitoring report to read", "A report on the school's accounts was sent to you."),
)
register_kind(
    "accounts.monitoring_action",
    NoticeKind("Something to do for the school's accounts", "A monitoring report asks you to do something."),
)
register_kind(
    "accounts.monitoring_action_due",
    NoticeKind("Something to do is due soon", "What a monitoring report asks of you is due soon."),
)
register_kind(
    "accounts.monitoring_action_late",
    NoticeKind("Something to do is overdue", "What a monitoring report asked for is past its day."),
)
