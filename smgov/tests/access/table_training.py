"""Who may open and send what about training and education: part of the one table. The Head of Comms trains."""

from smgov.tests.access.rows import EVERYBODY, SAME, Row

MANAGERS = "headteacher dsl head_of_comms senior_leader hr"
"""Who sees to training, the trainer of the profile among them."""
NO_MANAGERS = "root owner staff contributor office governance dpo it chair"
COUNTERS = f"{MANAGERS} governance chair"
NO_COUNTERS = "root owner staff contributor office dpo it"
ASKERS = "headteacher dsl senior_leader"
NO_ASKERS = "root owner staff contributor office head_of_comms governance hr dpo it chair"
READERS = "owner staff office headteacher dsl head_of_comms senior_leader governance hr dpo it chair"
PLANNERS = "owner staff office headteacher dsl head_of_comms senior_leader"
NO_PLANNERS = "governance hr dpo it chair"

TRAINING: dict[str, Row] = {
    "policies:training-list": Row(open=MANAGERS, refused=NO_MANAGERS, outside=SAME),
    "policies:training-export": Row(open=MANAGERS, refused=NO_MANAGERS, outside=SAME),
    "policies:training-figures": Row(open=COUNTERS, refused=NO_COUNTERS, outside=SAME),
    "policies:training-mine": Row(open=EVERYBODY, outside=SAME),
    "policies:training-import": Row(open=MANAGERS, refused=NO_MANAGERS, outside=SAME, posts=True),
    "policies:training-import-example": Row(open=MANAGERS, refused=NO_MANAGERS, outside=SAME),
    "policies:training-person": Row(open=MANAGERS),
    "policies:training-record": Row(open=MANAGERS, posts=True),
    "policies:training-withdraw": Row(
        open="headteacher dsl senior_leader hr", refused="owner head_of_comms", posts=True
    ),
    "policies:training-evidence": Row(open=f"owner {MANAGERS}"),
    "policies:session-list": Row(open=MANAGERS, refused=NO_MANAGERS, outside=SAME),
    "policies:session-new": Row(open=MANAGERS, refused=NO_MANAGERS, outside=SAME, posts=True),
    "policies:session-detail": Row(open=MANAGERS),
    "policies:session-join": Row(open=MANAGERS, posts=True),
    "policies:refresh-list": Row(open=COUNTERS, refused=NO_COUNTERS, outside=SAME),
    "policies:refresh-ask": Row(open=ASKERS, refused=NO_ASKERS, outside=SAME, posts=True),
    "policies:refresh-call-off": Row(open=ASKERS, refused="head_of_comms governance hr chair", posts=True),
    "policies:education-list": Row(open=READERS, refused="root contributor", outside=SAME),
    "policies:education-export": Row(
        open="headteacher dsl head_of_comms senior_leader governance chair",
        refused="root owner staff contributor office hr dpo it",
        outside=SAME,
    ),
    "policies:education-plan": Row(
        open=PLANNERS, refused=f"root contributor {NO_PLANNERS}", outside=SAME, posts=True
    ),
    "policies:education-detail": Row(open=READERS),
    "policies:education-hold": Row(open=PLANNERS, refused=NO_PLANNERS, posts=True),
    "policies:education-off": Row(open=PLANNERS, refused=NO_PLANNERS, posts=True),
    "policies:education-reopen": Row(open=PLANNERS, refused=NO_PLANNERS, posts=True),
    "policies:resource-add": Row(open=PLANNERS, refused=NO_PLANNERS, posts=True),
    "policies:resource-file": Row(open=READERS),
    "policies:resource-remove": Row(open=PLANNERS, refused=NO_PLANNERS, posts=True, gets=False),
}

TRAINING_UUIDS: dict[str, str] = {
    "policies:training-person": "second",
    "policies:training-record": "second",
    "policies:training-withdraw": "training",
    "policies:training-evidence": "training",
    "policies:session-detail": "session",
    "policies:session-join": "session",
    "policies:refresh-call-off": "refresh",
    "policies:education-detail": "education",
    "policies:education-hold": "education",
    "policies:education-off": "education",
    "policies:education-reopen": "education_held",
    "policies:resource-add": "education",
    "policies:resource-file": "resource",
    "policies:resource-remove": "resource",
}
"""Which thing of the world each address is about: the training of the owner, with its evidence, among them."""
