"""Who may do what with comments: whoever looks after the account, the school's moderators, and those up the line."""

from typing import Any

from django.db.models import Exists, OuterRef, Q

from accounts.access import granted
from accounts.choices import Right
from accounts.models import SocialAccount
from core.access import Rules, Standing, standing_of
from core.roles import EMPLOYED, Role, with_deputies
from incidents.comments.complaints import handled_as_complaint, settlers
from incidents.models import Comment, SecondOpinion
from people.selectors import holders_of_any, keeps_at, profile_of

MODERATORS = ("moderators", "moderators_central")
"""The settings that name who moderates (RAV-2.09, CIT-3.17, STM-3.16)."""
LEADERS = (Role.HEADTEACHER, Role.HEAD_OF_COMMS)
READERS = with_deputies((*LEADERS, Role.SENIOR_LEADER))
LOGGERS = with_deputies((*EMPLOYED, Role.CONTRIBUTOR))
"""Whoever works there may log what they came across on an account that they may see."""
HANDLED = (Right.LEAD, Right.MODERATOR, Right.ADMINISTRATOR, Right.POSTER)
"""Rights on an account that let a person answer what arrives there."""
BY_PROFILE = frozenset(("view", "read", "handle", "correct", "export", "figures"))
BY_ACCOUNT = frozenset(("view", "read", "handle", "correct"))
"""What the account, or the kind, opens. To read is more than to view: what colleagues said of it, and drafts."""
PRESS = ("press_recipient",)
"""Who is told of a journalist, and alone may answer one (RAV-5.07)."""
PANEL = ("policy_complaint_panel", "policy_complaint_panel_central")
"""Who handles a complaint about the policy itself (CIT-2.11, CIT-2.19, STM-2.10)."""


def _on_account(user: Any) -> Q:
    rows = SocialAccount.objects.filter(granted(user, *HANDLED), pk=OuterRef("account"))
    return Q(Exists(rows))


def _comments(user: Any, standing: Standing, action: str) -> Q | None:
    """By account, by the profile's moderators and by kind; one's own entries, and what one is asked about, to read."""
    found = None
    if action in BY_PROFILE and (schools := keeps_at(user, MODERATORS)):
        found = Q(school__in=schools)
    if by_kind := _by_kind(user, action):
        found = by_kind if found is None else found | by_kind
    here = Q(school__in=standing.all_schools())
    if action in BY_ACCOUNT:
        mine = here & _on_account(user)
        if action in ("view", "correct"):
            mine |= here & Q(logged_by=user)
        if action == "view":
            asked = SecondOpinion.objects.filter(comment=OuterRef("pk"), asked_of=user)
            mine |= here & Q(Exists(asked))
        found = mine if found is None else found | mine
    return found


def _by_kind(user: Any, action: str) -> Q | None:
    """What the profile leads to somebody because of its kind: journalists, complaints about the policy."""
    found = None
    if action in BY_ACCOUNT and (schools := keeps_at(user, PRESS)):
        found = Q(kind=Comment.Kind.PRESS, school__in=schools)
    if action in BY_ACCOUNT:
        complaints = handled_as_complaint(user, standing_of(user))
        found = complaints if found is None else found | complaints
    return found


class CommentRules(Rules):
    """Rules that know whom each school's profile names as moderator."""

    def schools(self, user: Any, action: str) -> set[int]:
        """The schools at which a role, or the school's own profile, grants the action."""
        found = super().schools(user, action)
        return found | keeps_at(user, MODERATORS) if action in BY_PROFILE else found

    def allows_at(self, user: Any, action: str, school: Any) -> bool:
        """Whether the action is open at a school."""
        return school.pk in self.schools(user, action)


comment_rules = CommentRules(
    Comment,
    {
        "view": READERS,  # and whoever logged it, or is asked about it: what was written, and how it stands
        "read": READERS,  # all that followed: words of steps, drafts, second opinions
        "log": LOGGERS,
        "handle": LEADERS,
        "correct": LEADERS,
        "export": READERS,
        "figures": (*READERS, Role.GOVERNANCE),
    },
    by_name=_comments,
)


def answers_press(user: Any, comment: Comment) -> bool:
    """Whether the profile names the person to answer journalists; nobody else may (RAV-5.07).

    Where nobody holds a role that it names, those who lead the school do, who are told instead.
    """
    if comment.school_id in keeps_at(user, PRESS):
        return True
    if comment.school_id not in standing_of(user).schools(LEADERS):
        return False
    named = [str(spec) for spec in profile_of(comment.school).press_recipient or ()]
    return not holders_of_any(comment.school, named).exists()


def settles(user: Any, comment: Comment) -> bool:
    """Whether the person may close a comment of this kind, or put it under another kind, if they handle it.

    A journalist's: who answers the press. A complaint about the policy: `complaints.settlers`, the panel of the
    profile or who leads, and nobody whom it names (CIT-2.11, CIT-2.19). All others: whoever handles them.
    """
    if comment.kind == Comment.Kind.PRESS:
        return answers_press(user, comment)
    return comment.kind != Comment.Kind.POLICY or user in settlers(comment)


def sees_whole(user: Any, account: SocialAccount) -> bool:
    """Whether the person sees every comment on an account, so that a count of them is true."""
    if account.school_id in comment_rules.schools(user, "view"):
        return True
    rows = SocialAccount.objects.filter(granted(user, *HANDLED), pk=account.pk)
    return account.school_id in standing_of(user).all_schools() and rows.exists()


def _opinions(user: Any, standing: Standing, action: str) -> Q | None:
    return Q(asked_of=user, comment__school__in=standing.all_schools())


opinion_rules = Rules(
    SecondOpinion, {"view": (), "give": ()}, school_field="comment__school", by_name=_opinions
)
