"""Whoever runs an account has read the policy and been trained: asked before the last yes, and of those who run one.

RAV-3.09 to 3.11, STM-3.15 to 3.18, CIT-3.16; what counts is the law of `policies.reading.gate`. Nobody ticks that
a colleague is ready: the portal looks it up, and refuses the last yes until it is so.
"""

from collections.abc import Iterable

from django.urls import reverse

from accounts.directory import Directory
from accounts.models import AccountRequest, RightsRequest, SocialAccount
from accounts.services.right_holders import check_person
from approvals.kinds import Condition
from approvals.models import ApprovalRequest
from core.audit import audited, record
from core.errors import Refused
from core.notices import notify
from people.governance.profile import Profile
from people.models import User
from people.selectors import profile_of
from policies.reading.gate import Wanted, missing_for

TITLE = "Who may run it"
WHERE = (
    "They read and confirm under Policies, “Read and understood”. "
    "Training is recorded under Policies, “Training”. Then approve."
)
MOST_NAMED = 10
"""More people than this are counted in a refusal, not named: the page lists them all."""


def runners_of(
    subject: AccountRequest | SocialAccount | RightsRequest, profile: Profile | None = None
) -> list[User]:
    """Who would run the account after the last yes, each once, by name; nobody where a right is to end.

    Who was named and has left, or may not hold the right any more, gets none (`grant_or_ask`), and holds nothing up.
    """
    if isinstance(subject, RightsRequest):
        return [subject.user] if subject.move == RightsRequest.Move.GRANT else []
    named = list(subject.proposed_people.select_related("user").order_by("user__full_name", "user"))
    if not named:
        return []
    school = subject.school
    profile, present = profile or profile_of(school), Directory(school).present
    found: dict[int, User] = {}
    for one in named:
        try:
            check_person(school, profile, one.user, one.right, present)
        except Refused:
            continue
        found.setdefault(one.user_id, one.user)
    return list(found.values())


def conditions_of(
    subject: AccountRequest | SocialAccount | RightsRequest, profile: Profile | None = None
) -> list[Condition]:
    """Each person and what they still lack; nothing where the school asks for nothing."""
    account = subject.account if isinstance(subject, RightsRequest) else subject
    profile = profile or profile_of(account.school)
    return readiness(account, runners_of(subject, profile), profile) if Wanted.by(profile).anything else []


def readiness(
    account: AccountRequest | SocialAccount, people: Iterable[User], profile: Profile
) -> list[Condition]:
    """Each person and what they lack to run an account, or what is asked for: three queries at most."""
    people = list(people)
    missing = missing_for(school=account.school, people=people, platform=account.platform, profile=profile)
    return [Condition(user.full_name or user.email, tuple(missing[user.pk]), user.pk) for user in people]


def require_ready(subject: AccountRequest | SocialAccount | RightsRequest) -> None:
    """Raise Refused, with names and what is missing, unless everybody who would run the account may."""
    lacking = [one for one in conditions_of(subject) if one.missing]
    if not lacking:
        return
    said = [f"{one.about} {words}." for one in lacking[:MOST_NAMED] for words in one.missing]
    if len(lacking) > MOST_NAMED:
        said.append(f"{len(lacking) - MOST_NAMED} more people are not ready either.")
    raise Refused(f"This cannot be approved yet. {' '.join(said)} {WHERE}")


def tell_runners(approval: ApprovalRequest, subject: AccountRequest | SocialAccount | RightsRequest) -> None:
    """Tell those who would run the account and are not ready yet that there is something to do. In the transaction.

    Each hears of it alone, and may see no more of the request than before: the page says what they lack.
    """
    account = subject.account if isinstance(subject, RightsRequest) else subject
    profile = profile_of(account.school)
    if not Wanted.by(profile).anything:
        return
    people = runners_of(subject, profile)
    missing = missing_for(school=account.school, people=people, platform=account.platform, profile=profile)
    for user in people:
        if missing[user.pk]:
            notify(
                "accounts.to_get_ready",
                recipients=[user],
                about=user,
                key=f"{approval.pk}:{approval.round}",
                link=reverse("accounts:running"),
            )


def coverage_exported(*, actor: User, count: int) -> None:
    """Record that somebody took the list of who runs which account as a file."""
    with audited():
        record("accounts.coverage_exported", actor=actor, data={"rights": count})
