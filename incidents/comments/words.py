"""What the log and the notices say about comments."""

from typing import Any

from core.audit import register_action
from core.notices import NoticeKind, register_kind
from incidents.comments.access import PANEL, PRESS, comment_rules
from incidents.models import Comment
from people.selectors import keeps_at

for _action, _sentence in {
    "incidents.comment_logged": "logged a comment on an account",
    "incidents.comments_imported": "logged comments from a file",
    "incidents.comment_taken": "took on a comment",
    "incidents.comment_corrected": "corrected when a comment had come in",
    "incidents.comment_step": "said what was done about a comment",
    "incidents.comment_clock": "met a time limit for answering a comment",
    "incidents.opinion_asked": "asked for a second opinion on an answer",
    "incidents.opinion_given": "gave a second opinion on an answer",
    "incidents.comments_exported": "downloaded comments",
    "incidents.comment_figures_exported": "downloaded the figures of response times",
}.items():
    register_action(_action, _sentence)

for _name, _title, _text in (
    (
        "comment_new",
        "A comment to answer",
        "Somebody has logged a comment on an account that you look after.",
    ),
    ("comment_reminder", "A comment waits for an answer", "The time to answer a comment is running out."),
    ("comment_breach", "A comment was not answered in time", "The time to answer a comment has run out."),
    (
        "comment_escalated",
        "A comment is still without an answer",
        "Nobody has answered a comment long after its time ran out.",
    ),
    (
        "comment_press",
        "A journalist has been in touch",
        "A journalist wrote on an account. Nobody else has been told to answer: decide what is to be done.",
    ),
    (
        "comment_policy",
        "A complaint about the social media policy",
        "Somebody has complained on an account about the policy itself.",
    ),
    ("comment_offensive", "An offensive comment", "Somebody has reported a comment as offensive."),
    ("comment_passed", "A comment was passed to you", "A colleague has passed a comment on to you."),
    ("opinion_asked", "A second opinion is asked of you", "A colleague asks what you think of an answer."),
    (
        "opinion_given",
        "A second opinion on your answer",
        "A colleague has said what they think of your answer.",
    ),
):
    register_kind(f"incidents.{_name}", NoticeKind(_title, _text, quiet=_name == "comment_offensive"))


def _was_told(user: Any, key: str) -> bool:
    """Whoever reads comments of the school, or would be told of one because of its kind, though not of this one."""
    schools = comment_rules.schools(user, "view") | keeps_at(user, (*PRESS, *PANEL))
    return Comment.objects.filter(pk=key, school__in=schools).exists()


register_kind(
    "incidents.comment_moved",
    NoticeKind(
        "A comment of which you were told stands under another kind",
        "A colleague has put a comment under another kind. You were told of it because of the kind that it had.",
        may_receive=_was_told,
    ),
)
