"""How comments are shown: columns, rows, facts and what happened. Who may see them is asked before."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from core.tables import Column, Link, Status, Table
from incidents.comments.selectors import shown
from incidents.comments.services.importing import FURTHER, NEEDED, BadCell
from incidents.comments.services.writing import url_of
from incidents.comments.terms import state_of, time_words
from incidents.models import Comment, CommentStep, SecondOpinion

SHORT = 70
EXPORTED = (*NEEDED, *FURTHER)
BY_CLOCK = "The clock"


def board_columns(with_school: bool) -> list[Column]:
    """The columns of the board."""
    return [
        Column("words", "Comment"),
        Column("left", "Time", sortable=True, order_by="due_at"),
        Column("state", "Status"),
        Column("account", "Account", sortable=True, order_by="account__name"),
        Column("kind", "Kind", sortable=True),
        Column("received", "Received", sortable=True, order_by="received_at"),
        Column("owner", "Taken on by", sortable=True, order_by="owner__full_name"),
        *([Column("school", "School", sortable=True, order_by="school__name")] if with_school else []),
    ]


def board_table(
    request: HttpRequest, columns: list[Column], rows: Iterable[Comment], title: str, now: datetime
) -> Table:
    """One page of the board."""
    return Table(
        columns,
        [
            {
                "words": Link(
                    short(shown(row, row.words)), url_of(row), f"by {short(shown(row, row.author))}"
                ),
                "left": time_words(row, now),
                "state": Status(state_of(row, now)),
                "account": short(row.account.name),
                "kind": row.get_kind_display(),
                "received": row.received_at,
                "owner": row.owner.full_name if row.owner else "",
                "school": row.school.name,
            }
            for row in rows
        ],
        title,
        request,
        caption_hidden=True,
    )


def short(text: str) -> str:
    """The first words of a text, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= SHORT else f"{line[:SHORT].rstrip()}…"


def facts_of(comment: Comment, now: datetime) -> list[dict[str, Any]]:
    """What is known of a comment."""
    account = Link(comment.account.name, reverse("accounts:account-detail", args=[comment.account.uuid]))
    facts = [
        ("Account", account),
        ("Platform", comment.account.platform.name),
        ("Author as shown", shown(comment, comment.author)),
        ("Kind", comment.get_kind_display()),
        ("Reached the account", comment.received_at),
        ("To be answered by", comment.due_at or "No time limit"),
        *([("Time", time_words(comment, now))] if comment.due_at or comment.left_at else []),
        *(
            (words, moment)
            for words, moment in (
                ("Acknowledged or answered", comment.answered_at),
                ("Left without an answer", comment.left_at),
                ("Resolved", comment.resolved_at),
            )
            if moment
        ),
        ("Taken on by", comment.owner.full_name if comment.owner else "Nobody yet"),
        ("Logged", comment.logged_at),
        ("Logged by", comment.logged_by.full_name),
    ]
    return [{"key": key, "value": value} for key, value in facts]


def events_of(comment: Comment, steps: Iterable[CommentStep]) -> list[dict[str, Any]]:
    """What happened, in order, for the timeline."""
    return [
        {
            "title": step.get_did_display(),
            "when": step.at,
            "by": step.by.full_name if step.by else BY_CLOCK,
            "text": shown(comment, step.note.text) if hasattr(step, "note") else "",
        }
        for step in steps
    ]


def opinions_of(comment: Comment, opinions: Iterable[SecondOpinion]) -> list[dict[str, Any]]:
    """Second opinions as they may be read."""
    names = ("asked_by", "asked_of", "asked_at", "given_at", "verdict")
    return [
        {name: getattr(one, name) for name in names}
        | {"draft": shown(comment, one.draft), "advice": shown(comment, one.advice)}
        for one in opinions
    ]


def problem_table(problems: Iterable[BadCell]) -> Table:
    """The cells of a file that need mending."""
    columns = [
        Column("row", "Row", numeric=True),
        Column("column", "Column"),
        Column("problem", "What to mend"),
    ]
    rows = [[one.row, one.column, one.message] for one in problems]
    return Table(columns, rows, "What to mend in the file")
