"""Who may open and send what about reading, and about who may run an account: part of the one table."""

from smgov.tests.access.rows import MEMBERS, SAME, Row

WATCHERS = "headteacher dsl head_of_comms senior_leader hr dpo"
"""Who sees who has not read a document."""
NO_WATCHERS = "owner staff contributor office it governance chair"
FIGURES = f"{WATCHERS} governance chair"
"""Who sees how many have read a document: governors read numbers, and no names."""
NO_FIGURES = "root owner staff contributor office it"
LEADERS = "headteacher head_of_comms senior_leader"
NO_LEADERS = "root owner staff contributor office dsl governance hr dpo it chair"

READING: dict[str, Row] = {
    "policies:reading-list": Row(open=MEMBERS, refused="root", outside=SAME),
    "policies:reading-read": Row(open=MEMBERS, posts=True),
    "policies:reading-overview": Row(open=FIGURES, refused=NO_FIGURES, outside=SAME),
    "policies:reading-status": Row(open=WATCHERS, refused=NO_WATCHERS),
    "policies:reading-export": Row(open=WATCHERS, refused=NO_WATCHERS),
    "policies:reading-remind": Row(open=WATCHERS, refused=NO_WATCHERS, posts=True, gets=False),
    "accounts:running": Row(open=MEMBERS, refused="root", outside=SAME),
    "accounts:coverage": Row(open=LEADERS, refused=NO_LEADERS, outside=SAME),
    "accounts:coverage-export": Row(open=LEADERS, refused=NO_LEADERS, outside=SAME),
}

READING_UUIDS: dict[str, str] = {
    "policies:reading-read": "reading_version",
    "policies:reading-status": "reading_document",
    "policies:reading-export": "reading_document",
    "policies:reading-remind": "reading_document",
}
"""Which thing of the world each address is about: a version in force, and its document."""
