"""What comments put on a person's to-do list."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts.access import granted
from accounts.choices import Right
from accounts.models import SocialAccount
from core.access import standing_of
from core.tables import date_text
from core.todo import line, lines_of, source
from incidents.comments.access import MODERATORS, PRESS, comment_rules, opinion_rules
from incidents.comments.complaints import to_settle
from incidents.models import Comment
from people.selectors import keeps_at


def _comment(key: UUID) -> str:
    return reverse("incidents:comment-detail", args=[key])


def _day(since: datetime | None) -> str:
    """The day of a moment in London, without the year."""
    return date_text(timezone.localdate(since)).rpartition(" ")[0]


ANSWER = line(
    "comment",
    lambda name, since: f"A comment to answer on {name}, of {_day(since)}",
    _comment,
    "Answer",
    rank=20,
    feed="A comment to answer",
)
OPINION = line(
    "opinion",
    lambda name, since: f"A second opinion on an answer, asked for on {_day(since)}",
    lambda key: reverse("incidents:opinion-give", args=[key]),
    "Say what you think",
    rank=21,
)
RESOLVE = line(
    "comment-open",
    lambda name, since: f"A comment to be resolved on {name}, of {_day(since)}",
    _comment,
    "Resolve",
    rank=28,
)
CLOSE = line(
    "comment-settle",
    lambda name, since: f"A complaint about the policy for you to close, on {name}, of {_day(since)}",
    _comment,
    "Read",
    rank=28,
)


_UNANSWERED = Q(answered_at=None, left_at=None)


def _handled(user: Any) -> QuerySet[Comment]:
    return comment_rules.visible_to(user, "handle").filter(resolved_at=None)


def _answers(user: Any) -> Q:
    """What one took on, and what nobody took on where one leads, moderates, or answers the press."""
    looked_after = SocialAccount.objects.filter(granted(user, Right.LEAD, Right.MODERATOR)).values("pk")
    moderated, press = keeps_at(user, MODERATORS), keeps_at(user, PRESS)
    nobody = Q(owner=None) | Q(owner__is_active=False)
    plain = ~Q(kind=Comment.Kind.PRESS) & (Q(account__in=looked_after) | Q(school__in=moderated))
    of_press = Q(kind=Comment.Kind.PRESS, school__in=press)
    mine = Q(owner=user) & (~Q(kind=Comment.Kind.PRESS) | of_press)
    return _UNANSWERED & (mine | nobody & (plain | of_press))


@source
def _to_answer(user: Any) -> QuerySet:
    """Comments that wait for this person's answer."""
    rows = _handled(user).filter(_answers(user))
    return lines_of(
        rows,
        line=ANSWER,
        key="uuid",
        place="school__name",
        since="received_at",
        due=F("due_at"),
        name=F("account__name"),
    )


@source
def _opinions(user: Any) -> QuerySet:
    """What colleagues ask about, as long as it matters."""
    rows = opinion_rules.visible_to(user, "give").filter(given_at=None, comment__resolved_at=None)
    return lines_of(rows, line=OPINION, key="uuid", place="comment__school__name", since="asked_at")


@source
def _to_resolve(user: Any) -> QuerySet:
    """What one took on and answered, and that is open still."""
    rows = _handled(user).filter(Q(answered_at__isnull=False) | Q(left_at__isnull=False), owner=user)
    return lines_of(
        rows,
        line=RESOLVE,
        key="uuid",
        place="school__name",
        since="received_at",
        name=F("account__name"),
    )


@source
def _to_settle(user: Any) -> QuerySet | None:
    """Complaints about the policy that this person may close, and that stand in no other line of theirs."""
    closes = to_settle(user, standing_of(user))
    if closes is None:
        return None
    rows = _handled(user).filter(closes).exclude(owner=user).exclude(_answers(user))
    return lines_of(
        rows,
        line=CLOSE,
        key="uuid",
        place="school__name",
        since="received_at",
        name=F("account__name"),
    )
