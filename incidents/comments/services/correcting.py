"""Correcting when a comment reached its account, as long as nobody has answered it."""

from datetime import datetime

from django.utils import timezone

from core.audit import audited, record
from core.errors import Refused
from incidents.comments.access import comment_rules
from incidents.comments.services.clock import clock_advance, clock_resume
from incidents.comments.services.writing import Did, locked, received_in, step_write
from incidents.comments.terms import due_of, ended_at
from incidents.models import Comment
from people.models import User
from people.selectors import profile_of


def comment_correct(*, actor: User, comment: Comment, received_at: datetime) -> Comment:
    """Correct the time; its due time and what the sweep does next are worked out anew.

    Whoever handles it may, and whoever logged it as long as its time has not run out: nobody makes a late answer
    an early one who does not answer for the account. The old time and the new one stand in the words of the step,
    and steps that were written stay: none comes a second time. If its time has run out by the new one, it is late
    at once. Where the school has no clock any more, the due time that it got stays. Raises PermissionDenied, or
    Refused with what to do.
    """
    comment_rules.require(actor, "correct", comment)
    received_at = received_in(received_at)
    with audited():
        row = locked(comment)
        if row.received_at == received_at:
            return row
        if ended_at(row) is not None:
            raise Refused(
                "It is logged already, and somebody has dealt with it since, so its time stays. "
                "Whoever handles it may add a note.",
                field="received",
            )
        now = timezone.now()
        if row.due_at is not None and row.due_at <= now and not comment_rules.allows(actor, "handle", row):
            raise Refused(
                "Its time has run out, so whoever looks after the account corrects this. Tell them when it came in.",
                field="received",
            )
        words = f"{_moment(row.received_at)} → {_moment(received_at)}"
        row.received_at = received_at
        row.due_at = due_of(profile_of(row.school), received_at) or row.due_at
        clock_resume(row, now)
        row.save(update_fields=["received_at", "due_at", "stage", "next_at"])
        step_write(row, Did.CORRECTED, actor, words)
        record(
            "incidents.comment_corrected",
            actor=actor,
            school=row.school,
            subject=row,
            data={"fields": ["received_at", "due_at"]},
        )
        if row.due_at is not None and row.due_at <= now:
            clock_advance(row, now)
    return row


def _moment(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%d/%m/%Y %H:%M}"
