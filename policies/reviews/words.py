"""What the log and the notices say about reviews."""

from core.audit import register_action
from core.notices import NoticeKind, register_kind

for _action, _sentence in {
    "policies.review_started": "began the review of a document",
    "policies.review_written": "wrote down what a review found",
    "policies.review_round": "changed a draft that was signed, so that it is signed anew",
    "policies.review_signed": "signed a review",
    "policies.review_taken_over": "took a review over",
    "policies.review_to_ratify": "signed a review as the last reviewer, and it went to be ratified",
    "policies.review_same_person": "may ratify what they reviewed too, as nobody else holds the role",
    "policies.review_finished": "finished a review",
    "policies.review_refused": "did not ratify a review",
    "policies.review_dropped": "gave a review up",
    "policies.reviews_exported": "took the list of reviews as a file",
}.items():
    register_action(_action, _sentence)

for _name, _title, _text in (
    ("review_due", "A policy is to be reviewed", "The review of a policy is due soon."),
    (
        "review_due_begun",
        "The review of a policy is due soon",
        "The review of a policy is due soon. It has begun and is not finished.",
    ),
    (
        "review_overdue",
        "The review of a policy is overdue",
        "The last day for the review of a policy has passed, and nobody has begun it.",
    ),
    (
        "review_overdue_begun",
        "The review of a policy is overdue",
        "The last day for the review of a policy has passed. It has begun and is not finished.",
    ),
    ("review_to_sign", "A review for you to sign", "A review of a policy waits for the reviewers to sign."),
    (
        "review_taken_over",
        "A colleague has taken your review over",
        "You have nothing to do for it any more.",
    ),
    ("review_ended", "The review of a policy has ended", "Open it to see what came of it."),
):
    register_kind(f"policies.{_name}", NoticeKind(_title, _text, names_row=True))
