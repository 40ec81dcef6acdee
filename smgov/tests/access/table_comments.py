"""Who may open and send what about comments: part of the one table. The owner looks after the account."""

from smgov.tests.access.rows import MEMBERS, SAME, Row

LOGGERS = "owner staff contributor office headteacher dsl head_of_comms senior_leader hr dpo it"
"""Whoever works there."""
NO_LOGGERS = "root governance chair"
TAKERS = "headteacher head_of_comms senior_leader"
NO_TAKERS = "root owner staff contributor office dsl governance hr dpo it chair"
COUNTS = f"{TAKERS} governance chair"
NO_COUNTS = "root owner staff contributor office dsl hr dpo it"
READERS = f"owner {TAKERS}"
HANDLERS = "owner headteacher head_of_comms"
ONLY_READ = "senior_leader"

COMMENTS: dict[str, Row] = {
    "incidents:comment-list": Row(open=MEMBERS, refused="root", outside=SAME),
    "incidents:comment-export": Row(open=TAKERS, refused=NO_TAKERS, outside=SAME),
    "incidents:comment-log": Row(open=LOGGERS, refused=NO_LOGGERS, outside=SAME, posts=True),
    "incidents:comment-import": Row(open=LOGGERS, refused=NO_LOGGERS, outside=SAME, posts=True),
    "incidents:comment-figures": Row(open=COUNTS, refused=NO_COUNTS, outside=SAME),
    "incidents:comment-figures-export": Row(open=COUNTS, refused=NO_COUNTS, outside=SAME),
    "incidents:comment-detail": Row(open=READERS),
    "incidents:comment-take": Row(open=HANDLERS, refused=ONLY_READ, posts=True, gets=False),
    "incidents:comment-kind": Row(open=HANDLERS, refused=ONLY_READ, posts=True),
    "incidents:comment-time": Row(open=HANDLERS, refused=ONLY_READ, posts=True),
    "incidents:comment-offensive": Row(open=HANDLERS, refused=ONLY_READ, posts=True),
    "incidents:opinion-ask": Row(open=HANDLERS, refused=ONLY_READ, posts=True),
    "incidents:opinion-give": Row(open="senior_leader", posts=True),
    **{
        f"incidents:comment-{move}": Row(open=HANDLERS, refused=ONLY_READ, posts=True)
        for move in ("acknowledge", "answer", "hide", "leave", "pass", "note", "resolve", "reopen")
    },
}

COMMENT_UUIDS: dict[str, str] = {
    **{
        f"incidents:comment-{move}": "comment"
        for move in (
            *("detail", "take", "kind", "time", "offensive"),
            *("acknowledge", "answer", "hide", "pass", "note"),
        )
    },
    "incidents:opinion-ask": "comment",
    "incidents:opinion-give": "opinion",
    "incidents:comment-leave": "comment_plain",
    "incidents:comment-resolve": "comment_answered",
    "incidents:comment-reopen": "comment_resolved",
}
"""Which thing of the world each address is about: an open question, a plain comment, one that is answered, one that is resolved."""
