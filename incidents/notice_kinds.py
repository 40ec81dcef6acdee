"""What the portal writes about incidents: a link and no detail, in the portal either (subtle 110)."""

from core.notices import NoticeKind, register_kind

register_kind("incidents.report", NoticeKind("A report for you to read", "Somebody has sent a report."))
register_kind(
    "incidents.to_block",
    NoticeKind("A site to block", "You were handed the address of a site to block."),
)
register_kind(
    "incidents.technician_done",
    NoticeKind("The technician has done their part", "The technician's part of a report is filled in."),
)
register_kind("incidents.record", NoticeKind("A record for you to read", "Somebody has made a record."))
register_kind("incidents.ban_set", NoticeKind("A decision on a record", "A decision was made on a record."))
register_kind("incidents.ban_over", NoticeKind("A time limit is over", "A time limit on a record is over."))
