"""When somebody's last role at a school ends, so do their rights on its accounts (subtle 34, 46)."""

from typing import Any

from django.urls import reverse

from accounts.choices import Right
from accounts.models import AccountRight, SocialAccount
from accounts.services.register import lead_has_left
from accounts.services.right_holders import WATCHERS, check_person
from accounts.services.rights import right_end
from core.errors import Refused
from core.notices import notify
from core.roles import Role
from people.access import CHAIR, ELT
from people.governance.profile import Profile
from people.leaving import on_ending
from people.models import School, User
from people.selectors import holders_of_any, memberships_at, profile_of


@on_ending
def end_rights_of_leaver(membership: Any, actor: Any) -> None:
    """End the rights on accounts of every school where they no longer hold; tell who must act."""
    user = membership.user
    schools = [membership.school] if membership.school_id else list(membership.trust.schools.all())
    goodbyes = set()
    for school in schools:
        gone = not memberships_at(school).filter(user=user).exists()
        held_any = _end_rights(school, user, actor, gone)
        if gone:
            goodbyes.add(_goodbye(school, held_any))
    for kind in ("accounts.left", "accounts.left_rights"):
        if kind in goodbyes:
            notify(kind, recipients=[user], about=user, key=str(membership.pk), link=reverse("home"))
            break


def _end_rights(school: School, user: User, actor: Any, gone: bool) -> bool:
    """All rights of a leaver; of somebody who stays in another role, those which that role may not hold.

    Returns whether they held any.
    """
    rights = AccountRight.objects.filter(account__school=school, user=user, ended_at=None)
    rows = list(rights.select_related("account__school", "account__platform"))
    if not rows:
        return False
    profile = profile_of(school)
    if not gone:
        rows = [row for row in rows if not _may_keep(school, profile, user, row.right)]
    because = "Left the school" if gone else "No longer a member of staff"
    for row in rows:
        right_end(row.account, user, row.right, actor=actor, because=because)
    for row in rows:
        if row.right == Right.LEAD and row.account.status in SocialAccount.OPEN:
            lead_has_left(row.account, user, _who_decides(school, profile))
    return True


def _may_keep(school: School, profile: Profile, user: User, right: str) -> bool:
    """A volunteer who was staff keeps only what the policy gives to volunteers (CIT-3.09, RAV-3.06)."""
    try:
        check_person(school, profile, user, right)
    except Refused:
        return False
    return True


def _who_decides(school: School, profile: Profile) -> list[User]:
    """Who closes or transfers the account: the profile's `leaver_rule` (RAV-2.10: the Moderator)."""
    if profile.leaver_rule == "rights_end_only":
        return []
    if profile.leaver_rule == "moderator":
        specs = (school.is_central and profile.moderators_central) or profile.moderators or []
    else:
        specs = [ELT if school.is_central else Role.HEADTEACHER]
    for road in (specs, WATCHERS, [CHAIR]):
        found = list(holders_of_any(school, road))
        if found:
            return found
    return []


def _goodbye(school: School, held_any: bool) -> str:
    """Confidentiality goes on after leaving, where the policy says so to every leaver (RAV-5.05)."""
    if profile_of(school).leaver_confidentiality:
        return "accounts.left"
    return "accounts.left_rights" if held_any else ""
