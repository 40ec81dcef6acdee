"""What the portal knows of each account, for whoever looks at them. Rooms above add what they know.

@account_facts
def late_comments(user, accounts): return {account.pk: ["2 comments past their time"]}
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from accounts.models import MonitoredAccount, MonitoringReport, SocialAccount
from accounts.monitoring.services import SEEN
from accounts.register_selectors import staffing_of
from core.tables import date_text
from people.selectors import governed_by

Facts = dict[int, list[str]]
FACTS: list[Callable[[Any, Sequence[SocialAccount]], Facts]] = []


def account_facts(provider: Callable[[Any, Sequence[SocialAccount]], Facts]) -> Callable:
    """Register a function of a reader and accounts: sentences by account. At most a fixed number of queries.

    It tells only what its own room lets the reader know.
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


def facts_about(user: Any, accounts: Iterable[SocialAccount]) -> Facts:
    """All that is known of accounts that were read `with_last_look`, by account."""
    accounts = list(accounts)
    profiles = {place.pk: profile for place, profile in governed_by(user).items()}
    today, staffing = timezone.localdate(), staffing_of(accounts, profiles)
    found: Facts = defaultdict(list)
    for one in accounts:
        people, lines = staffing[one.pk], found[one.pk]
        if one.live_since:
            lines.append(f"Live for {_days((today - one.live_since).days)}")
        lines.append(f"Last looked at: {date_text(one.looked_on) if one.looked_on else 'never'}")
        if people.is_short:
            lines.append(f"Too few administrators: {people.administrators} of {people.minimum}")
        if people.lacks_lead:
            lines.append("No lead")
    for provider in FACTS:
        for pk, lines in provider(user, accounts).items():
            found[pk] += lines
    return found


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{max(number, 0)} days"


def last_report(school: Any) -> MonitoringReport | None:
    """The newest report of a school that was sent."""
    rows = MonitoringReport.objects.filter(school=school.pk, sent_at__isnull=False)
    return rows.order_by("-ends_on", "-pk").first()
