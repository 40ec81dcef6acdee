"""What the portal knows of each account, for whoever looks at them. Rooms above add what they know.

@account_facts
def late_comments(user, accounts): return {account.pk: ["2 comments past their time"]}
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from accounts.models import MonitoredAccount, MonitoringReport, SocialAccount
from accounts.monitoring.access import EVERY
from accounts.monitoring.services import SEEN
from accounts.register_selectors import staffing_of
from core.tables import date_text
from people.governance.profile import Profile
from people.selectors import governed_by

Facts = dict[int, list[str]]
FACTS: list[Callable[[Any, Sequence[SocialAccount]], Facts]] = []


def account_facts(provider: Callable[[Any, Sequence[SocialAccount]], Facts]) -> Callable:
    """Register a function of a reader and accounts: sentences by account. At most a fixed number of queries.

    It tells only what its own room lets the reader know, and only what calls for somebody's attention.
    """
    FACTS.append(provider)
    return provider


def with_last_look(rows: QuerySet[SocialAccount]) -> QuerySet[SocialAccount]:
    """With `looked_on` and `looked_found`: until when a report that was sent looked at it, and what it found."""
    looks = MonitoredAccount.objects.filter(
        account=OuterRef("pk"), found__in=SEEN, report__sent_at__isnull=False
    ).order_by("-report__ends_on", "-pk")
    return rows.annotate(
        looked_on=Subquery(looks.values("report__ends_on")[:1]),
        looked_found=Subquery(looks.values("found")[:1]),
    )


@dataclass
class Noted:
    """What is known of one account: plain facts, and what calls for somebody's attention."""

    plain: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    looked_on: date | None = None

    @property
    def looked(self) -> str:
        """When it was last looked at, in words; lists have a column for it."""
        return f"Last looked at: {date_text(self.looked_on) if self.looked_on else 'never'}"


def noted_about(user: Any, accounts: Iterable[SocialAccount]) -> dict[int, Noted]:
    """What is known of accounts that were read `with_last_look`, by account, as far as the reader may know it."""
    accounts = list(accounts)
    profiles = {place.pk: profile for place, profile in governed_by(user).items()}
    today, staffing = timezone.localdate(), staffing_of(accounts, profiles)
    found = {one.pk: Noted(looked_on=one.looked_on) for one in accounts}
    for one in accounts:
        people, noted = staffing[one.pk], found[one.pk]
        if one.live_since:
            noted.plain.append(f"Live for {_days((today - one.live_since).days)}")
        if waits := overdue_by(one, profiles.get(one.school_id), today):
            noted.warnings.append(
                f"To be looked at since {_days(waits)}" if one.looked_on else "Never looked at"
            )
        if people.is_short:
            noted.warnings.append(f"Too few administrators: {people.administrators} of {people.minimum}")
        if people.lacks_lead:
            noted.warnings.append("No lead")
    for provider in FACTS:
        for pk, lines in provider(user, accounts).items():
            found[pk].warnings += lines
    return found


def overdue_by(account: SocialAccount, profile: Profile | None, today: date) -> int:
    """By how many days an account was not looked at in time; 0 where it was, or no number of days is fixed.

    One that was never looked at is counted from the day on which it went live.
    """
    every = profile.value(EVERY) if profile else None
    since = account.looked_on or account.live_since
    return max(0, (today - since).days - every) if every and since else 0


def facts_about(user: Any, accounts: Iterable[SocialAccount]) -> Facts:
    """All of it in one list for each account."""
    return {pk: noted.plain + noted.warnings for pk, noted in noted_about(user, accounts).items()}


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{max(number, 0)} days"


def last_report(school: Any) -> MonitoringReport | None:
    """The newest report of a school that was sent."""
    rows = MonitoringReport.objects.filter(school=school.pk, sent_at__isnull=False)
    return rows.order_by("-ends_on", "-pk").first()
