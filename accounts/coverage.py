"""Which accounts are short of people, or run by people who are not covered: in SQL, the worst first.

An account in use is the worse off, the higher its `severity`:

- nobody runs it;
- it has fewer administrators than the policy asks for, or lacks the lead (STM-15.21, RAV-2.11);
- somebody who runs it has not read what is in force, or is not trained (RAV-3.09 to 3.11, STM-3.15 to 3.18);
- one person alone runs it: no rule is broken, but nobody stands in when they are ill or leave.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from accounts.choices import Right
from accounts.models import AccountRight, SocialAccount
from accounts.models.account import right_in_force
from accounts.register_selectors import least_administrators
from accounts.running import not_ready, running, words_of
from accounts.services.right_holders import IN_USE
from people.governance.profile import Profile
from policies.reading.gate import Wanted


class Severity(IntEnum):
    """How badly an account is off; the highest that holds."""

    IN_ORDER = 0
    ALONE = 1
    UNCOVERED = 2
    SHORT = 3
    NOBODY = 4


def with_cover(
    rows: QuerySet[SocialAccount], profiles: Mapping[int, Profile], wanted: Mapping[int, Wanted]
) -> QuerySet[SocialAccount]:
    """Accounts in use with `people`, `administrators`, `short`, `lacks_lead`, `uncovered` (people) and `severity`.

    `profiles` are those of the schools in question, `wanted` what they ask of whoever runs an account. It asks no
    query by itself.
    """
    held = AccountRight.objects.filter(right_in_force(), account=OuterRef("pk"))
    minima: dict[int, list[int]] = defaultdict(list)
    for pk, profile in profiles.items():
        minima[least_administrators(profile)].append(pk)
    led = [pk for pk, profile in profiles.items() if profile.lead_required]
    short = Q(pk__in=[])
    for minimum, schools in minima.items():
        short |= Q(school__in=schools, administrators__lt=minimum)
    lacking = not_ready(running(wanted)).filter(account=OuterRef("pk")) if wanted else held.none()
    rows = rows.filter(status__in=IN_USE, school__in=list(profiles)).annotate(
        people=_people(held),
        administrators=_people(held.filter(right=Right.ADMINISTRATOR)),
        uncovered=_people(lacking) if wanted else Value(0),
        lacks_lead=_yes(Q(school__in=led) & ~Q(Exists(held.filter(right=Right.LEAD)))),
    )
    severity = Case(
        When(people=0, then=Value(Severity.NOBODY.value)),
        When(Q(short=True) | Q(lacks_lead=True), then=Value(Severity.SHORT.value)),
        When(uncovered__gt=0, then=Value(Severity.UNCOVERED.value)),
        When(people=1, then=Value(Severity.ALONE.value)),
        default=Value(Severity.IN_ORDER.value),
        output_field=IntegerField(),
    )
    return rows.annotate(short=_yes(short)).annotate(severity=severity)


def _people(rights: QuerySet[AccountRight]) -> Coalesce:
    """How many different people hold one of these rights on the account of the outer query."""
    found = rights.order_by().values("account").annotate(many=Count("user", distinct=True)).values("many")
    return Coalesce(Subquery(found), Value(0), output_field=IntegerField())


def _yes(condition: Q) -> Case:
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


def states_of(account: Any) -> list[str]:
    """Everything that is wrong with an account that was read `with_cover`: values of core.statuses."""
    if account.people == 0:
        return ["nobody_runs_it"]
    found = [
        *(["few_administrators"] if account.short else []),
        *(["no_lead"] if account.lacks_lead else []),
        *(["not_covered"] if account.uncovered else []),
        *(["one_person_alone"] if account.people == 1 else []),
    ]
    return found or ["in_order"]


@dataclass
class Runner:
    """One person on an account: their rights there, and what they still lack."""

    name: str
    rights: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


def runners_of(accounts: Iterable[SocialAccount], wanted: Mapping[int, Wanted]) -> dict[int, list[Runner]]:
    """The people on some accounts, whoever lacks something first, in two queries."""
    accounts = {one.pk: one for one in accounts}
    rights = AccountRight.objects.filter(right_in_force(), account__in=list(accounts))
    found: dict[int, dict[int, Runner]] = {pk: {} for pk in accounts}
    for row in rights.select_related("user").order_by("user__full_name", "user", "right"):
        runner = found[row.account_id].setdefault(row.user_id, Runner(row.user.full_name))
        runner.rights.append(row.get_right_display())
    lacking = not_ready(running(wanted)).filter(account__in=list(accounts)) if wanted else []
    for row in lacking:
        runner = found[row.account_id].get(row.user_id)
        if runner is not None:  # a right that was given between the two queries waits for the next look
            runner.missing = words_of(row, accounts[row.account_id].platform.name)
    return {
        pk: sorted(people.values(), key=lambda one: (not one.missing, one.name))
        for pk, people in found.items()
    }
