"""Tells the room of training who runs accounts of a school (CIT-3.16, STM-3.15, RAV-3.10)."""

from collections.abc import Iterable

from accounts.models import AccountRight, SocialAccount
from accounts.models.account import right_in_force
from core.clock import local_day
from people.models import School
from policies.training.runners import Runner, register


@register
def runners(school: School, users: Iterable[int] | None = None) -> list[Runner]:
    """Everybody with a right in force on an open account: lead, moderators, administrators, who may post."""
    rows = AccountRight.objects.filter(
        right_in_force(), account__school=school, account__status__in=SocialAccount.OPEN
    )
    if users is not None:
        rows = rows.filter(user__in=list(users))
    return [
        Runner(user, platform, local_day(at))
        for user, platform, at in rows.order_by().values_list("user", "account__platform", "granted_at")
    ]
