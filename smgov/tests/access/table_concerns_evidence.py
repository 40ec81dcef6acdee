"""Who may open and send what about evidence, packs, emergency access, duty and figures: part of the one table."""

from smgov.tests.access.rows import SAME, Row

GLASS = "headteacher dsl dpo chair"
"""Who may take emergency access; a member of the executive team may too."""
NO_GLASS = "root owner staff contributor office head_of_comms senior_leader governance hr it"
WATCH = "dsl dpo chair"
"""Who sees that somebody took it."""
NO_WATCH = "root owner staff contributor office headteacher head_of_comms senior_leader governance hr it"
DUTY = "headteacher dsl"
NO_DUTY = "root owner staff contributor office head_of_comms senior_leader governance hr dpo it chair"
FIGURES = "headteacher dsl senior_leader governance chair"
NO_FIGURES = "root owner staff contributor office head_of_comms hr dpo it"

CONCERNS_EVIDENCE: dict[str, Row] = {
    "incidents:evidence-add": Row(open="dsl", posts=True),
    "incidents:evidence-detail": Row(open="dsl"),
    "incidents:evidence-shown": Row(open="dsl"),
    "incidents:evidence-original": Row(open="dsl", posts=True),
    "incidents:concern-pack": Row(open="dsl", posts=True),
    "incidents:glass-take": Row(open=GLASS, refused=NO_GLASS, outside=SAME, posts=True),
    "incidents:glass-list": Row(open=WATCH, refused=NO_WATCH, outside=SAME),
    "incidents:duty-list": Row(open=DUTY, refused=NO_DUTY, outside=SAME, posts=True),
    "incidents:duty-end": Row(open=DUTY, posts=True),
    "incidents:concern-figures": Row(open=FIGURES, refused=NO_FIGURES, outside=SAME),
    "incidents:concern-figures-export": Row(open=FIGURES, refused=NO_FIGURES, outside=SAME),
}
