"""Who may open and send what about reviews: part of the one table. The Head of Communications reviews."""

from smgov.tests.access.rows import SAME, Row

KEEPERS = "headteacher head_of_comms senior_leader dpo"
READERS = f"{KEEPERS} governance chair"
NO_READERS = "root owner staff contributor office dsl hr it"
ONLY_READ = "governance chair"

REVIEWS: dict[str, Row] = {
    "policies:review-list": Row(open=READERS, refused=NO_READERS, outside=SAME),
    "policies:review-export": Row(open=READERS, refused=NO_READERS, outside=SAME),
    "policies:review-start": Row(
        open=KEEPERS, refused="owner staff contributor office dsl hr it governance chair", posts=True
    ),
    "policies:review-detail": Row(open=READERS),
    "policies:review-file": Row(open=READERS),
    "policies:review-write": Row(open=KEEPERS, refused=ONLY_READ, posts=True),
    "policies:review-sign": Row(
        open="head_of_comms", refused="headteacher senior_leader dpo governance chair", posts=True
    ),
    "policies:review-take-over": Row(open=KEEPERS, refused=ONLY_READ, posts=True, gets=False),
    "policies:review-drop": Row(open=KEEPERS, refused=ONLY_READ, posts=True),
}

REVIEWS_UUIDS: dict[str, str] = {
    "policies:review-start": "reviewed_document",
    "policies:review-detail": "policy_review",
    "policies:review-file": "review_ratifying",
    "policies:review-write": "policy_review",
    "policies:review-sign": "policy_review",
    "policies:review-take-over": "policy_review",
    "policies:review-drop": "policy_review",
}
"""Which thing of the world each address is about: an open review, one that is being ratified, a document without."""
