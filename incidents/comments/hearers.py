"""Who hears of a comment: those who look after the account, the school's moderators, and whoever is next up the line."""

from collections.abc import Callable, Iterable
from functools import cached_property

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.choices import Right
from accounts.models import AccountRight, SocialAccount
from accounts.models.account import right_in_force
from core.roles import Post, Role
from incidents.comments.access import HANDLED, LEADERS, comment_rules
from incidents.comments.complaints import names
from incidents.models import Comment
from people.governance.profile import Profile
from people.models import Membership, School, User
from people.models.membership import active_q
from people.selectors import holders_of_any, people_at, profile_of, profiles_of

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


def on_accounts(accounts: Iterable[int], *rights: str) -> dict[int, list[User]]:
    """The same for the accounts with these ids, by name, in one query; without those that nobody looks after."""
    works_there = Membership.objects.filter(
        active_q(),
        Q(school=OuterRef("account__school")) | Q(trust=OuterRef("account__school__trust")),
        user=OuterRef("user"),
    )
    held = AccountRight.objects.filter(
        right_in_force(), Exists(works_there), account__in=list(accounts), right__in=rights
    )
    found: dict[int, dict[int, User]] = {}
    for right in held.select_related("user").order_by("user__full_name", "user"):
        found.setdefault(right.account_id, {})[right.user_id] = right.user
    return {account: list(people.values()) for account, people in found.items()}


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
    """Who handles a complaint about the policy, without whom it names (CIT-2.11, CIT-2.19, STM-2.10)."""
    profile = profile or profile_of(comment.school)
    specs = specs_of(profile, comment.school, "policy_complaint_panel")
    found = first_held(comment.school, specs, *_line(comment.school))
    return [one for one in found if not names(comment.words, one)]


class Hearers:
    """Who hears of some comments: each school, account and owner is asked about once.

    Made in the transaction that tells, and gone with it, so that it never says what was true some time ago.
    `profiles` are those of the comments' schools, by the school's id, where they were read already.
    """

    def __init__(self, comments: Iterable[Comment], profiles: dict[int, Profile] | None = None) -> None:
        self._comments = list(comments)
        schools = {one.school_id: one.school for one in self._comments}
        self._profiles = profiles_of(schools.values()) if profiles is None else profiles
        self._people: dict[tuple[str, int], list[User]] = {}
        self._owned: dict[int, set[int]] = {}

    def profile(self, comment: Comment) -> Profile:
        """How the comment's school governs."""
        return self._profiles[comment.school_id]

    def first(self, comment: Comment) -> list[User]:
        """Lead and moderators of the account, and whoever took it on; the school's moderators where nobody is left.

        Of a journalist only those hear who may answer one.
        """
        if comment.kind == Comment.Kind.PRESS:
            return self._once("press", comment.school_id, lambda: press(comment, self.profile(comment)))
        found = self._by_account.get(comment.account_id, [])
        if comment.owner_id and comment.pk in self._handled(comment.owner):
            found = [*found, comment.owner]
        return found or self.moderators(comment)

    def breach(self, comment: Comment) -> list[User]:
        """The same, and the school's moderators."""
        return [*self.first(comment), *self.moderators(comment)]

    def moderators(self, comment: Comment) -> list[User]:
        """The school's moderators."""
        return self._once("moderators", comment.school_id, lambda: moderators(comment, self.profile(comment)))

    def up_the_line(self, comment: Comment) -> list[User]:
        """Who heads the school, or the central team."""
        return self._once("line", comment.school_id, lambda: up_the_line(comment))

    @cached_property
    def _by_account(self) -> dict[int, list[User]]:
        """Lead and moderators of each account, in one query."""
        return on_accounts({one.account_id for one in self._comments}, Right.LEAD, Right.MODERATOR)

    def _once(self, what: str, key: int, read: Callable[[], list[User]]) -> list[User]:
        if (what, key) not in self._people:
            self._people[what, key] = read()
        return self._people[what, key]

    def _handled(self, owner: User) -> set[int]:
        """Which of the comments that somebody took on they may still handle."""
        if owner.pk not in self._owned:
            mine = [one.pk for one in self._comments if one.owner_id == owner.pk]
            may = comment_rules.visible_to(owner, "handle").filter(pk__in=mine).order_by()
            self._owned[owner.pk] = set(may.values_list("pk", flat=True))
        return self._owned[owner.pk]


def first_hearers(comment: Comment, profile: Profile) -> list[User]:
    """Who hears of one comment first (`Hearers.first`)."""
    return Hearers([comment], {comment.school_id: profile}).first(comment)


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
