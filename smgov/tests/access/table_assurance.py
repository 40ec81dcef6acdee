"""Who may open and send what about assurance and monitoring: part of the one table.

The monitors are headteacher and Head of Comms; the headteacher wrote the reports, which go to the Head of Comms,
the headteacher, governors and the executive team, and ask something of the owner.
"""

from smgov.tests.access.rows import MEMBERS, SAME, Row

READERS = "headteacher dsl head_of_comms senior_leader governance dpo chair"
NO_READERS = "root owner staff contributor office hr it"
MONITORS = "headteacher head_of_comms"
NO_MONITORS = "root owner staff contributor office dsl senior_leader governance hr dpo it chair"
HEARERS = "headteacher head_of_comms governance chair"
NO_HEARERS = "root owner staff contributor office dsl senior_leader hr dpo it"
SEES = "owner headteacher head_of_comms governance chair"

ASSURANCE: dict[str, Row] = {
    "policies:remit-list": Row(open=READERS, refused=NO_READERS, outside=SAME),
    "policies:remit-detail": Row(open=READERS),
    "policies:remit-confirm": Row(
        open="governance chair", refused="headteacher dsl head_of_comms senior_leader dpo", posts=True
    ),
    "policies:term-report": Row(open=READERS, refused=NO_READERS, outside=SAME),
    "policies:term-report-export": Row(open=READERS, refused=NO_READERS, outside=SAME),
    "policies:statement-write": Row(
        open="dsl", refused="headteacher head_of_comms senior_leader governance dpo chair", posts=True
    ),
    "accounts:monitoring-list": Row(open=MEMBERS, refused="root", outside=SAME),
    "accounts:monitoring-export": Row(open=HEARERS, refused=NO_HEARERS, outside=SAME),
    "accounts:monitoring-state": Row(open=HEARERS, refused=NO_HEARERS, outside=SAME),
    "accounts:monitoring-state-export": Row(open=HEARERS, refused=NO_HEARERS, outside=SAME),
    "accounts:monitoring-write": Row(open=MONITORS, refused=NO_MONITORS, outside=SAME, posts=True),
    "accounts:monitoring-detail": Row(open=SEES),
    "accounts:monitoring-change": Row(open="headteacher", posts=True),
    "accounts:monitoring-send": Row(open="headteacher", posts=True, gets=False),
    "accounts:monitoring-discard": Row(open="headteacher", posts=True),
    "accounts:monitoring-read": Row(
        open="head_of_comms governance chair", refused="owner headteacher", posts=True, gets=False
    ),
    "accounts:monitoring-action-done": Row(
        open="owner headteacher head_of_comms", refused="governance chair", posts=True
    ),
}

ASSURANCE_UUIDS: dict[str, str] = {
    "policies:remit-detail": "remit_school",
    "policies:remit-confirm": "remit_school",
    "policies:statement-write": "remit_school",
    "accounts:monitoring-detail": "monitoring",
    "accounts:monitoring-change": "monitoring_draft",
    "accounts:monitoring-send": "monitoring_draft",
    "accounts:monitoring-discard": "monitoring_draft",
    "accounts:monitoring-read": "monitoring",
    "accounts:monitoring-action-done": "monitoring_action",
}
"""Which thing of the world each address is about. `statement-write` takes a second argument, `statement`: "approach"."""
