"""What time does to comments: each sweep may run twice, and costs what is due."""

from django.db.models import QuerySet
from django.utils import timezone

from core.sweeps import sweep_due
from incidents.comments.services.clock import comment_due, comments_due_together
from incidents.models import Comment

LIMIT = 500
TOGETHER = 100
"""So many have one transaction: it keeps SQLite's only writer for a small part of a second."""


def due_comments() -> QuerySet[Comment]:
    """Comments of which time asks something now."""
    return Comment.objects.filter(next_at__lte=timezone.now())


def comments_due() -> int:
    """Remind before the time runs out, record that it ran out, and go up the line (issue 6, point 2).

    Two sweeps at once do each stage once: the rows are locked and their stages read again, and a comment has one
    step of each kind. TOGETHER comments share a transaction; where it fails each has its own. Returns how many
    comments it moved on.
    """
    return sweep_due(
        "comment",
        due_comments(),
        comment_due,
        by="next_at",
        limit=LIMIT,
        batch=TOGETHER,
        together=comments_due_together,
    )
