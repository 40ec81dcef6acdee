"""Accounts with people on them, in one line each, for the tests of the register."""

import itertools
import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from accounts.choices import Right
from accounts.models import RightsRequest, SocialAccount
from accounts.services.rights import right_grant
from approvals.models import ApprovalRequest
from core.audit import audited
from core.models import AuditEvent, Notice, Platform
from people.models import School, User

_numbers = itertools.count(1)


def an_approval(school: School, by: User, kind: str = "existing-account") -> ApprovalRequest:
    """An approval that everybody signed long ago."""
    return ApprovalRequest.objects.create(
        kind=kind,
        school=school,
        title="Signed long ago",
        requested_by=by,
        status=ApprovalRequest.Status.APPROVED,
        closed_at=timezone.now() - timedelta(days=100),
    )


def an_account(
    school: School,
    by: User,
    name: str = "",
    *,
    status: str = SocialAccount.Status.LIVE,
    lead: User | None = None,
    moderators: Iterable[User] = (),
    administrators: Iterable[User] = (),
    posters: Iterable[User] = (),
    until: date | None = None,
    platform: str = "facebook",
    **facts: Any,
) -> SocialAccount:
    """An account in the register, with people who hold their rights; `until` is their last day."""
    number = next(_numbers)
    approval = an_approval(school, by)
    facts = {
        "handle": f"@account{number}",
        "address": f"https://www.facebook.com/account{number}",
        "official_email": "office@hilltop.example.org",
        "live_since": timezone.localdate() - timedelta(days=300),
        **facts,
    }
    account = SocialAccount.objects.create(
        school=school,
        name=name or f"Account {number}",
        platform=Platform.objects.get(slug=platform),
        status=status,
        confirmation=approval,
        entered_by=by,
        **facts,
    )
    people = {
        Right.LEAD: [lead] if lead else [],
        Right.MODERATOR: moderators,
        Right.ADMINISTRATOR: administrators,
        Right.POSTER: posters,
    }
    with audited():
        for right, users in people.items():
            for user in users:
                right_grant(account, user, right, approval=approval, until=until)
    return account


def held(account: SocialAccount) -> set[tuple[str, str]]:
    """Names and rights in force, as guardian's grants hold them; its history must say the same."""
    grants = {
        (name, right) for name, right in account.grants.values_list("user__full_name", "permission__codename")
    }
    rows = set(account.rights.filter(ended_at=None).values_list("user__full_name", "right"))
    assert grants == rows, "the grants and their history differ"
    return grants


def open_requests(account: SocialAccount) -> list[RightsRequest]:
    """Changes of rights that wait."""
    return list(RightsRequest.objects.filter(account=account, open=True).select_related("approval", "user"))


def told(kind: str) -> set[str]:
    """Names of those who got a notice of a kind."""
    return set(Notice.objects.filter(kind=kind).values_list("recipient__full_name", flat=True))


def recorded(action: str) -> int:
    """How often an action stands in the audit log."""
    return AuditEvent.objects.filter(action=action).count()


def text_of(response: Any) -> str:
    """The words of a page's main part, without markup, in one line."""
    html = response.content.decode()
    main = html[html.index("<main") : html.index("</main>")]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())
