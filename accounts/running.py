"""Who runs accounts, or would, and lacks what their school asks for: in SQL, for lists and the to-do list."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.db.models import BooleanField, Case, Q, QuerySet, Value, When

from accounts.models import AccountRight, ProposedPerson, RightsRequest, SocialAccount
from accounts.models.account import right_in_force
from accounts.services.right_holders import IN_USE
from approvals.models import ApprovalRequest
from people.governance.profile import Profile
from policies.models import DocumentKind
from policies.reading.gate import NAMES, Wanted, unread_at, untrained_at

LACKS = ("lacks_policy", "lacks_terms", "lacks_training")


def wanted_by(profiles: Mapping[int, Profile]) -> dict[int, Wanted]:
    """What each school asks of whoever runs an account; schools that ask for nothing are left out."""
    alike: dict[int, Wanted] = {}
    found: dict[int, Wanted] = {}
    for pk, profile in profiles.items():
        one = alike.get(id(profile)) or alike.setdefault(id(profile), Wanted.by(profile))
        if one.anything:
            found[pk] = one
    return found


def with_gaps(
    rows: QuerySet, wanted: Mapping[int, Wanted], *, school: str, platform: str, user: Any = "user"
) -> QuerySet:
    """Rows of people and accounts with `lacks_policy`, `lacks_terms` and `lacks_training`; others at no such school.

    `school` and `platform` are fields of the row, `user` one too. It asks no query by itself.
    """
    schools: dict[Wanted, list[int]] = defaultdict(list)
    for pk, one in wanted.items():
        schools[one].append(pk)
    trust = f"{school}__trust"
    policy, terms, training = (Q(pk__in=[]) for _ in LACKS)
    for one, ids in schools.items():
        here = Q(**{f"{school}__in": ids})
        if DocumentKind.SOCIAL_MEDIA in one.kinds:
            policy |= here & Q(unread_at(DocumentKind.SOCIAL_MEDIA, user=user, school=school, trust=trust))
        if DocumentKind.TERMS in one.kinds:
            terms |= here & Q(unread_at(DocumentKind.TERMS, user=user, school=school, trust=trust))
        if one.training:
            training |= here & Q(untrained_at(one, user=user, school=school, trust=trust, platform=platform))
    found = zip(LACKS, (policy, terms, training), strict=True)
    return rows.filter(**{f"{school}__in": list(wanted)}).annotate(
        **{
            name: Case(When(lacks, then=Value(True)), default=Value(False), output_field=BooleanField())
            for name, lacks in found
        }
    )


def not_ready(rows: QuerySet) -> QuerySet:
    """Of rows `with_gaps`, those that lack something."""
    return rows.filter(Q(lacks_policy=True) | Q(lacks_terms=True) | Q(lacks_training=True))


def running(wanted: Mapping[int, Wanted]) -> QuerySet[AccountRight]:
    """The rights in force on accounts in use, of schools that ask for something, with what their holders lack."""
    rows = AccountRight.objects.filter(right_in_force(), account__status__in=IN_USE)
    return with_gaps(rows, wanted, school="account__school", platform="account__platform")


def to_run(user: Any, wanted: Mapping[int, Wanted]) -> list[QuerySet]:
    """Where a person would run an account after a decision that is still open: by each road, with what they lack."""
    named = ProposedPerson.objects.filter(user=user)
    sent = named.filter(request__approval__status__in=ApprovalRequest.OPEN)
    entered = named.filter(account__status=SocialAccount.Status.UNCONFIRMED)
    asked = RightsRequest.objects.filter(user=user, open=True, move=RightsRequest.Move.GRANT)
    return [
        with_gaps(sent, wanted, school="request__school", platform="request__platform"),
        with_gaps(entered, wanted, school="account__school", platform="account__platform"),
        with_gaps(asked, wanted, school="account__school", platform="account__platform"),
    ]


def words_of(row: Any, platform: str) -> list[str]:
    """What the person of a row `with_gaps` has still to do."""
    found = []
    if row.lacks_policy:
        found.append(f"Read the {NAMES[DocumentKind.SOCIAL_MEDIA]} in force, and confirm it")
    if row.lacks_terms:
        found.append(f"Read the {NAMES[DocumentKind.TERMS]}, and confirm it")
    if row.lacks_training:
        found.append(
            f"Be trained in running an account on {platform}: whoever trains at your school records it"
        )
    return found
