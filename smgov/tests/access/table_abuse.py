"""Who may open and send what about the log of abuse: part of the one table. The keeper is the Head of Comms."""

from smgov.tests.access.rows import SAME, Row

LOGGERS = "owner staff contributor office headteacher dsl head_of_comms senior_leader hr dpo it"
"""Whoever works there."""
NO_LOGGERS = "root governance chair"
READERS = "headteacher dsl head_of_comms senior_leader"
NO_READERS = "root owner staff contributor office governance hr dpo it chair"
COUNTS = f"{READERS} governance chair"
NO_COUNTS = "root owner staff contributor office hr dpo it"

ABUSE: dict[str, Row] = {
    "incidents:abuse-list": Row(open=LOGGERS, refused=NO_LOGGERS, outside=SAME),
    "incidents:abuse-export": Row(open=READERS, refused=NO_READERS, outside=SAME),
    "incidents:abuse-start": Row(open=LOGGERS, refused=NO_LOGGERS, outside=SAME),
    "incidents:abuse-log": Row(open=LOGGERS, refused=NO_LOGGERS, outside=SAME, posts=True),
    "incidents:abuse-figures": Row(open=COUNTS, refused=NO_COUNTS, outside=SAME),
    "incidents:abuse-figures-export": Row(open=COUNTS, refused=NO_COUNTS, outside=SAME),
    "incidents:abuse-detail": Row(open=f"owner {READERS}"),
    "incidents:abuse-act": Row(
        open="owner head_of_comms", refused="headteacher dsl senior_leader", posts=True
    ),
    "incidents:abuse-shot": Row(
        open="owner head_of_comms", refused="headteacher dsl senior_leader", posts=True
    ),
    "incidents:abuse-close": Row(
        open="head_of_comms", refused="owner headteacher dsl senior_leader", posts=True, gets=False
    ),
    "incidents:abuse-reopen": Row(
        open="head_of_comms", refused="owner headteacher dsl senior_leader", posts=True, gets=False
    ),
}

ABUSE_UUIDS: dict[str, str] = {
    "incidents:abuse-detail": "abuse",
    "incidents:abuse-act": "abuse",
    "incidents:abuse-shot": "abuse",
    "incidents:abuse-close": "abuse",
    "incidents:abuse-reopen": "abuse_done",
}
"""Which thing of the world each address is about: an open entry with one act, and one that is done."""
