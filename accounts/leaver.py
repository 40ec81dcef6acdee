"""When somebody's last role at a school ends, so do their rights on its accounts (subtle 34, 46)."""

from typing import Any

from accounts.choices import Right
from accounts.models import AccountRight, SocialAccount
from accounts.services.register import lead_has_left
from accounts.services.rights import WATCHERS, right_end
from core.notices import notify
from people.leaving import on_ending
from people.selectors import holders_of_any, memberships_at


@on_ending
def end_rights_of_leaver(membership: Any, actor: Any) -> None:
    """End the rights on accounts of every school where no role is left; tell who must act."""
    user = membership.user
    schools = [membership.school] if membership.school_id else list(membership.trust.schools.all())
    for school in schools:
        if memberships_at(school).filter(user=user).exists():
            continue
        rights = AccountRight.objects.filter(account__school=school, user=user, ended_at=None)
        rows = list(rights.select_related("account__school", "account__platform"))
        for row in rows:
            right_end(row.account, user, row.right, actor=actor, because="Left the school")
        led = [row.account for row in rows if row.right == Right.LEAD]
        for account in led:
            if account.status in SocialAccount.OPEN:
                lead_has_left(account, user, holders_of_any(school, WATCHERS))
        if rows:
            notify("accounts.left", recipients=[user], about=user, key=f"{school.pk}:{membership.pk}", link="/")
