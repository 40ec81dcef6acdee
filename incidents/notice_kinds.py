"""What the portal writes about incidents: a link and no detail, in the portal either (subtle 110).

All of it is quiet: no list or number that IT sees holds such a mail, since IT may be whom it concerns.
"""

from core.notices import NoticeKind, register_kind

register_kind(
    "incidents.report", NoticeKind("A report for you to read", "Somebody has sent a report.", quiet=True)
)
register_kind(
    "incidents.to_block",
    NoticeKind("A site to block", "You were handed the address of a site to block.", quiet=True),
)
register_kind(
    "incidents.technician_done",
    NoticeKind(
        "The technician has done their part", "The technician's part of a report is filled in.", quiet=True
    ),
)
register_kind(
    "incidents.record", NoticeKind("A record for you to read", "Somebody has made a record.", quiet=True)
)
register_kind(
    "incidents.ban_set", NoticeKind("A decision on a record", "A decision was made on a record.", quiet=True)
)
register_kind(
    "incidents.ban_over", NoticeKind("A time limit is over", "A time limit on a record is over.", quiet=True)
)

for _name, _title, _text in (
    ("concern", "Something for you to read", "Somebody has sent something that you must read."),
    ("concern_unread", "Something nobody has read yet", "Something was sent that nobody has read yet."),
    ("concern_changed", "Something has changed", "Something that you may read has changed."),
    ("concern_shared", "Something was shared with you", "A colleague has shared something with you."),
    ("action_due", "Something is due", "Something is due within a day."),
    ("action_late", "Something is late", "Something was due and is not done."),
    ("glass", "Emergency access was taken", "A colleague has taken emergency access. Read why."),
):
    register_kind(f"incidents.{_name}", NoticeKind(_title, _text, quiet=True))

register_kind(
    "incidents.abuse_logged",
    NoticeKind(
        "An entry of a log for you to look at",
        "Somebody has logged something that you look after.",
        quiet=True,
    ),
)
