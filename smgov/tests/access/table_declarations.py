"""Who may open and send what about what staff declare: part of the one table.

The owner declares; the DSL hears of links, the headteacher answers departures and permits uses.
"""

from smgov.tests.access.rows import SAME, Row

MEMBERS = (
    "owner staff contributor office headteacher dsl head_of_comms senior_leader governance hr dpo it chair"
)
"""Everybody who holds something at the school; a superuser without a role declares nothing."""
READERS = "owner headteacher head_of_comms senior_leader"
"""Who sees a use: the asker, and who reads every submitted request."""

DECLARATIONS: dict[str, Row] = {
    "policies:declaration-list": Row(open=MEMBERS, refused="root", outside=SAME),
    "policies:declaration-make": Row(open=MEMBERS, refused="root", outside=SAME, posts=True),
    "policies:declaration-detail": Row(open="owner dsl"),
    "policies:declaration-note": Row(open="dsl", refused="owner", posts=True),
    "policies:declaration-end": Row(open="owner", refused="dsl", posts=True),
    "policies:declaration-meant": Row(open="dsl", refused="owner", posts=True),
    "policies:declaration-hold": Row(open="dsl", refused="owner", posts=True),
    "policies:declaration-release": Row(open="dsl", refused="owner", posts=True, gets=False),
    "policies:departure-list": Row(open=MEMBERS, refused="root", outside=SAME),
    "policies:departure-make": Row(open=MEMBERS, refused="root", outside=SAME, posts=True),
    "policies:departure-detail": Row(open="owner headteacher"),
    "policies:departure-advice": Row(open="headteacher", refused="owner", posts=True),
    "policies:departure-advise": Row(open="hr", refused="owner headteacher", posts=True),
    "policies:departure-answer": Row(open="headteacher", refused="owner", posts=True),
    "policies:departure-withdraw": Row(open="owner", refused="headteacher", posts=True, gets=False),
    "policies:departure-hold": Row(open="headteacher", refused="owner", posts=True),
    "policies:departure-release": Row(open="headteacher", refused="owner", posts=True, gets=False),
    "policies:name-use-list": Row(open=MEMBERS, refused="root", outside=SAME),
    "policies:name-use-ask": Row(open=MEMBERS, refused="root", outside=SAME, posts=True),
    "policies:name-use-detail": Row(open=READERS),
    "policies:name-use-end": Row(open="headteacher", refused="owner head_of_comms senior_leader", posts=True),
    "policies:name-use-withdraw": Row(
        open="owner", refused="headteacher head_of_comms senior_leader", posts=True, gets=False
    ),
}

DECLARATIONS_UUIDS: dict[str, str] = {
    "policies:declaration-detail": "declaration",
    "policies:declaration-note": "declaration",
    "policies:declaration-end": "declaration",
    "policies:declaration-meant": "declaration",
    "policies:declaration-hold": "declaration",
    "policies:declaration-release": "declaration_held",
    "policies:departure-detail": "departure",
    "policies:departure-advice": "departure",
    "policies:departure-advise": "departure_hr",
    "policies:departure-answer": "departure",
    "policies:departure-withdraw": "departure",
    "policies:departure-hold": "departure",
    "policies:departure-release": "departure_held",
    "policies:name-use-detail": "name_use",
    "policies:name-use-end": "name_use_granted",
    "policies:name-use-withdraw": "name_use",
}
"""Which thing of the world each address is about."""
