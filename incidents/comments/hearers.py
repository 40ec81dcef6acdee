"""Who hears of a comment: those who look after the account, the school's moderators, and whoever is next up the line."""

from collections.abc import Iterable

from django.db.models import QuerySet

from accounts.choices import Right
from accounts.models import SocialAccount
from accounts.models.account import right_in_force
from core.roles import Post, Role
from incidents.comments.access import HANDLED, LEADERS, comment_rules
from incidents.models import Comment
from people.governance.profile import Profile
from people.models import School, User
from people.selectors import holders_of_any, people_at, profile_of

HEAD = (str(Role.HEADTEACHER),)
COMMS = (str(Role.HEAD_OF_COMMS),)
EXECUTIVE = (f"{Role.SENIOR_LEADER}/{Post.ELT}",)
SENIOR = (str(Role.SENIOR_LEADER),)


def specs_of(profile: Profile, school: School, setting: str) -> list[str]:
    """The roles of a setting that has a form for central teams; as in a school where that is empty."""
    own = profile.value(f"{setting}_central") if school.is_central else None
    return [str(spec) for spec in own or profile.value(setting) or ()]


def first_held(school: School, *roads: Iterable[str]) -> list[User]:
    """Whoever holds a role of the first road that anybody holds there."""
    for specs in roads:
        if found := list(holders_of_any(school, specs)):
            return found
    return []


def on_account(account: SocialAccount, *rights: str) -> QuerySet[User]:
    """People of the school who hold one of the rights on the account now."""
    held = account.rights.filter(right_in_force(), right__in=rights)
    return people_at(account.school).filter(pk__in=held.values("user"))


def moderators(comment: Comment, profile: Profile | None = None) -> list[User]:
    """The moderators whom the profile names, else the Head of Communications, else who heads the school."""
    profile = profile or profile_of(comment.school)
    specs = specs_of(profile, comment.school, "moderators")
    return first_held(comment.school, specs, COMMS, *_line(comment.school))


def press(comment: Comment, profile: Profile | None = None) -> list[User]:
    """Who is told of a journalist, and may answer (RAV-5.07)."""
    profile = profile or profile_of(comment.school)
    specs = [str(spec) for spec in profile.press_recipient or ()]
    return first_held(comment.school, specs, *_line(comment.school))


def panel(comment: Comment, profile: Profile | None = None) -> list[User]:
    """Who handles a complaint about the policy (CIT-2.11, CIT-2.19, STM-2.10)."""
    profile = profile or profile_of(comment.school)
    specs = specs_of(profile, comment.school, "policy_complaint_panel")
    return first_held(comment.school, specs, *_line(comment.school))


def first_hearers(comment: Comment, profile: Profile | None = None) -> list[User]:
    """Lead and moderators of the account, and whoever took it on; the school's moderators where nobody is left.

    Of a journalist only those hear who may answer one.
    """
    if comment.kind == Comment.Kind.PRESS:
        return press(comment, profile)
    found = list(on_account(comment.account, Right.LEAD, Right.MODERATOR))
    if comment.owner_id and comment_rules.allows(comment.owner, "handle", comment):
        found.append(comment.owner)
    return found or moderators(comment, profile)


def breach_hearers(comment: Comment, profile: Profile | None = None) -> list[User]:
    """The same, and the school's moderators."""
    return [*first_hearers(comment, profile), *moderators(comment, profile)]


def up_the_line(comment: Comment) -> list[User]:
    """Who heads the school; at a central team the executive leaders, else the Head of Communications."""
    return first_held(comment.school, *_line(comment.school))


def _line(school: School) -> tuple[tuple[str, ...], ...]:
    return (EXECUTIVE, COMMS, SENIOR) if school.is_central else (HEAD, COMMS, SENIOR)


def may_give_opinion(comment: Comment) -> QuerySet[User]:
    """Who of the school may be asked for a second opinion: whoever may handle it, or leads (RAV-10.06)."""
    profile = profile_of(comment.school)
    named = specs_of(profile, comment.school, "moderators")
    leaders = holders_of_any(comment.school, [*LEADERS, *SENIOR, *named])
    here = on_account(comment.account, *HANDLED)
    return people_at(comment.school).filter(pk__in=leaders.order_by().values("pk")) | people_at(
        comment.school
    ).filter(pk__in=here.order_by().values("pk"))
