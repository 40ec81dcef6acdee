"""Who may open and send what about a case: part of the one table."""

from smgov.tests.access.rows import MEMBERS, SAME, Row

FOR_THE_DSL = Row(open="dsl", posts=True)
"""A case about a pupil at this school: its reporter and everybody else finds nothing there."""

CASEWORK: dict[str, Row] = {
    "incidents:board": Row(open=MEMBERS, refused="root", outside=SAME),
    "incidents:case": Row(open="dsl"),
    "incidents:case-take": Row(open="dsl", posts=True, gets=False),
    "incidents:case-note": FOR_THE_DSL,
    "incidents:case-correct": FOR_THE_DSL,
    "incidents:case-assign": FOR_THE_DSL,
    "incidents:case-classify": FOR_THE_DSL,
    "incidents:case-wait": FOR_THE_DSL,
    "incidents:case-policy": FOR_THE_DSL,
    "incidents:case-reference": FOR_THE_DSL,
    "incidents:case-image": FOR_THE_DSL,
    "incidents:case-decide": FOR_THE_DSL,
    "incidents:case-action-add": FOR_THE_DSL,
    "incidents:case-action-change": FOR_THE_DSL,
    "incidents:case-action-done": FOR_THE_DSL,
    "incidents:case-link": FOR_THE_DSL,
    "incidents:case-person-add": FOR_THE_DSL,
    "incidents:case-person-identify": FOR_THE_DSL,
    "incidents:case-person-mistaken": FOR_THE_DSL,
    "incidents:case-not-meant": FOR_THE_DSL,
    "incidents:case-share": FOR_THE_DSL,
    "incidents:case-unshare": FOR_THE_DSL,
    "incidents:case-recuse": FOR_THE_DSL,
}

CASEWORK_UUIDS: dict[str, str] = {name: "concern" for name in CASEWORK if name != "incidents:board"}
"""The thing of a world whose public id each of them takes as `uuid`."""
CASEWORK_ARGUMENTS = {
    "entry": "entry",
    "act": "action",
    "part": "concern_part",
    "share": "concern_share",
    "person": "concern_kept_out",
}
"""The thing that each further argument is the public id of; `person` is a colleague kept out by words."""
