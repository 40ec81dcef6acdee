"""Reads of the register: what the list, the page of an account, the public lists and the to-do list show.

Nothing here asks once per row: people come for a whole page, profiles for all its schools.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from django.db.models import BooleanField, Case, Exists, OuterRef, Q, QuerySet, Value, When
from django.utils import timezone

from accounts.access import account_rules
from accounts.choices import Right
from accounts.models import AccountRight, RightsRequest, SocialAccount
from accounts.models.account import right_in_force
from accounts.services.right_holders import IN_USE
from people.governance.profile import Profile
from people.models import School, Trust, User
from people.selectors import Place, profiles_of

Somewhere = TypeVar("Somewhere", School, Place)


@dataclass(frozen=True)
class Staffing:
    """The people on one account, and what the school's policy asks for."""

    profile: Profile
    in_use: bool
    rights: list[AccountRight] = field(default_factory=list)

    def holding(self, right: str) -> list[AccountRight]:
        """The rights of one kind in force, by name."""
        return [row for row in self.rights if row.right == right]

    @property
    def administrators(self) -> int:
        """How many people administer the account."""
        return len({row.user_id for row in self.holding(Right.ADMINISTRATOR)})

    @property
    def minimum(self) -> int:
        """How many the policy asks for (STM-15.21)."""
        return least_administrators(self.profile)

    @property
    def is_short(self) -> bool:
        """Too few administrators, on an account that is approved or live."""
        return self.in_use and self.administrators < self.minimum

    @property
    def lacks_lead(self) -> bool:
        """No lead where the policy asks for one (RAV-2.11)."""
        return self.in_use and bool(self.profile.lead_required) and not self.holding(Right.LEAD)


def least_administrators(profile: Profile) -> int:
    """How many administrators the policy asks for, one where it is silent (STM-15.21)."""
    return profile.min_admins or 1


def staffing_of(
    accounts: Iterable[SocialAccount], profiles: Mapping[int, Profile] | None = None
) -> dict[int, Staffing]:
    """The people on many accounts: one query for them, one for the profiles of their schools if not given."""
    accounts = list(accounts)
    held: dict[int, list[AccountRight]] = defaultdict(list)
    rows = AccountRight.objects.filter(right_in_force(), account__in=[a.pk for a in accounts])
    rows = rows.select_related("user").only(
        "account", "right", "uuid", "granted_at", "until", "user__full_name"
    )
    for row in rows.order_by("user__full_name", "pk"):
        held[row.account_id].append(row)
    profiles = profiles or profiles_of({a.school_id: a.school for a in accounts}.values())
    return {a.pk: Staffing(profiles[a.school_id], a.status in IN_USE, held[a.pk]) for a in accounts}


def found(rows: QuerySet[SocialAccount], words: str) -> QuerySet[SocialAccount]:
    """Accounts whose name, handle, address or people hold the words."""
    if not words:
        return rows
    named = User.objects.filter(is_active=True, full_name__icontains=words)
    people = AccountRight.objects.filter(right_in_force(), user__in=named.values("pk"))
    texts = Q(name__icontains=words) | Q(handle__icontains=words) | Q(address__icontains=words)
    return rows.filter(texts | Q(pk__in=people.values("account")))


def needing_attention(
    rows: QuerySet[SocialAccount], profiles: Mapping[int, Profile]
) -> QuerySet[SocialAccount]:
    """Accounts in use with too few administrators, or without the lead that their policy asks for (`lacks_lead`).

    `profiles` are those of the schools in question, by school.
    """
    alike: dict[tuple[int, bool], list[int]] = defaultdict(list)
    for pk, profile in profiles.items():
        alike[(least_administrators(profile), bool(profile.lead_required))].append(pk)
    leads = AccountRight.objects.filter(right_in_force(), account=OuterRef("pk"), right=Right.LEAD)
    short, led = Q(pk__in=[]), []
    for (minimum, lead_required), ids in alike.items():
        short |= Q(school__in=ids, administrators__lt=minimum)
        led += ids if lead_required else []
    yes, no = Value(True), Value(False)
    lacking = When(~Q(Exists(leads)), school__in=led, then=yes)
    # A condition that never holds would be grouped by as a bare constant, which PostgreSQL refuses.
    lacks_lead = Case(lacking, default=no, output_field=BooleanField()) if led else no
    rows = rows.filter(status__in=IN_USE, school__in=list(profiles))
    return rows.annotate(lacks_lead=lacks_lead).with_administrators().filter(short | Q(lacks_lead=True))


def actions_on(
    account: SocialAccount, actions: dict[str, QuerySet[SocialAccount]], **readable: QuerySet
) -> dict[str, bool]:
    """Whether the account is among the rows of each action, and what hangs on it may be read: one query.

    `actions` are answers of `account_rules.visible_to` by action; `readable` are rows by the name of
    the account's field that may lead to one of them.
    """
    asked = {name: Exists(rows.filter(pk=OuterRef("pk"))) for name, rows in actions.items()}
    asked |= {f"reads_{name}": Exists(rows.filter(pk=OuterRef(name))) for name, rows in readable.items()}
    found = SocialAccount.objects.filter(pk=account.pk).annotate(**asked).values(*asked).get()
    return {name.removeprefix("reads_"): value for name, value in found.items()}


def waiting_to_be_set_up(user: Any) -> QuerySet[SocialAccount]:
    """Approved accounts that the user asked for, leads or administers, and that are not live yet."""
    mine = AccountRight.objects.filter(
        right_in_force(), account=OuterRef("pk"), user=user, right__in=[Right.LEAD, Right.ADMINISTRATOR]
    )
    undecided = RightsRequest.objects.filter(account=OuterRef("pk"), open=True, before_live=True)
    return (
        account_rules.visible_to(user)
        .filter(Q(request__requested_by=user) | Q(Exists(mine)), status=SocialAccount.Status.APPROVED)
        .annotate(undecided=Exists(undecided))
        .select_related("school", "request__approval")
        .order_by("created_at", "pk")
    )


# What the public may see ---------------------------------------------------------------------


def published_school(slug: str) -> School | None:
    """The school of a public list; None where there is no such school or its list is not public."""
    school = School.objects.filter(slug=slug, active=True).select_related("trust").first()
    return school if school and publishing([school]) else None


def published_trust(slug: str) -> tuple[Trust, list[School]] | None:
    """A trust and its schools whose lists are public, its central team first; None where there are none."""
    trust = Trust.objects.filter(slug=slug).first()
    schools = publishing(School.objects.filter(trust=trust, active=True)) if trust else []
    if not schools:
        return None
    return trust, sorted(schools, key=lambda school: (not school.is_central, school.name.casefold()))


def publishing(schools: Iterable[Somewhere]) -> list[Somewhere]:
    """Those schools whose profile makes the list of official accounts public (BEC-1.02)."""
    schools = list(schools)
    profiles = profiles_of(schools)
    return [school for school in schools if profiles[school.pk].publish_register]


@dataclass(frozen=True)
class OfficialAccount:
    """What anybody may know of an official account, and nothing more."""

    platform: str
    name: str
    handle: str
    address: str
    confirmed_on: date


def official_accounts(schools: Iterable[School]) -> dict[int, list[OfficialAccount]]:
    """The live accounts of each school, by platform and name, in one query."""
    rows = (
        SocialAccount.objects.filter(school__in=list(schools), status=SocialAccount.Status.LIVE)
        .select_related("platform", "confirmation", "request__approval")
        .only(
            *("school", "name", "handle", "address", "live_since", "platform__name"),
            *("confirmation__closed_at", "request__approval__closed_at"),
        )
        .order_by("platform__name", "name", "pk")
    )
    listed: dict[int, list[OfficialAccount]] = defaultdict(list)
    for row in rows:
        listed[row.school_id].append(
            OfficialAccount(row.platform.name, row.name, row.handle, row.address, confirmed_on(row))
        )
    return listed


def confirmed_on(account: SocialAccount) -> date:
    """The last day on which somebody entitled said that the account is ours: its approval, or going live."""
    approval = account.confirmation or (account.request and account.request.approval)
    days = [account.live_since]
    if approval and approval.closed_at:
        days.append(timezone.localtime(approval.closed_at).date())
    return max(day for day in days if day)
