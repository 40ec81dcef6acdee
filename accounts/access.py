"""Who may do what with requests for accounts, the register and rights."""

from collections import defaultdict
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.choices import Right
from accounts.models import AccountRequest, ConsultedRole, RightsRequest, SocialAccount, SocialAccountGrant
from approvals.access import approval_rules
from core.access import Rules, Standing, standing_of
from core.roles import EMPLOYED, Role, with_deputies

LEADERS = (Role.HEADTEACHER, Role.HEAD_OF_COMMS, Role.SENIOR_LEADER)
KEEPERS = (*LEADERS, Role.OFFICE, Role.IT)
"""Who keeps the register."""
READERS = with_deputies((*EMPLOYED, Role.GOVERNANCE))


def asked_of(standing: Standing) -> Q:
    """The condition for a consulted role that the person holds at the request's school."""
    places: dict[tuple[str, str], set[int]] = defaultdict(set)
    for role, post, school in standing.held:
        places[role, post].add(school)
    asked = Q(pk__in=[])
    for (role, post), schools in places.items():
        asked |= Q(role=role, post__in=["", post], request__school__in=schools)
    return asked


def _consulted(standing: Standing) -> Q:
    return Q(Exists(ConsultedRole.objects.filter(asked_of(standing), request=OuterRef("pk"))))


def _approval_seen(user: Any) -> Q:
    """Rows whose approval one may see; asked row by row, so that one page does not read all approvals."""
    return Q(Exists(approval_rules.visible_to(user, "view").filter(pk=OuterRef("approval"))))


def _requests(user: Any, standing: Standing, action: str) -> Q | None:
    """Own requests; those whose approval one may see; drafts on which one's role was consulted."""
    mine = Q(requested_by=user, school__in=standing.all_schools())
    if action in ("edit", "withdraw"):
        return mine
    if action in ("view", "consult"):
        return mine | _approval_seen(user) | _consulted(standing) & Q(discarded_at=None)
    return None


request_rules = Rules(
    AccountRequest,
    {
        "view": (),
        "start": with_deputies(role for role in Role if role != Role.GOVERNANCE),
        "edit": (),
        "consult": (),
        "withdraw": (),
    },
    by_name=_requests,
)


def may_change(user: Any, row: AccountRequest) -> bool:
    """The rule of `edit` and `withdraw` for a row that was found already: no query."""
    return row.requested_by_id == user.pk and row.school_id in standing_of(user).all_schools()


def granted(user: Any, *rights: str) -> Q:
    """Accounts on which the user holds one of the rights by name, in force today."""
    grants = SocialAccountGrant.objects.filter(
        Q(until=None) | Q(until__gte=timezone.localdate()),
        content_object=OuterRef("pk"),
        user=user,
        permission__codename__in=rights or Right.values,
    )
    return Q(Exists(grants))


def _accounts(user: Any, standing: Standing, action: str) -> Q | None:
    """A contributor sees the accounts on which they hold a right; lead and administrators look after theirs.

    A right counts only where the person still has a role: access ends at midnight of the last day,
    before the sweep ends the right itself. An administrator from outside does not post unless that
    right was given too (STM-3.09 with STM-3.17).
    """
    if action == "view":
        by_role = standing.schools(READERS)
        elsewhere = standing.all_schools() - by_role
        return Q(school__in=elsewhere) & granted(user) if elsewhere else None
    here = Q(school__in=standing.all_schools())
    if action in ("ask_rights", "go_live"):
        return here & granted(user, Right.LEAD, Right.MODERATOR, Right.ADMINISTRATOR)
    if action == "post":
        employed = Q(school__in=standing.schools(with_deputies(EMPLOYED)))
        return here & granted(user, Right.POSTER) | employed & granted(user, Right.ADMINISTRATOR)
    return None


account_rules = Rules(
    SocialAccount,
    {
        "view": READERS,
        "enter": KEEPERS,
        "export": (*KEEPERS, Role.GOVERNANCE),
        "history": (*KEEPERS, Role.GOVERNANCE),
        "ask_rights": KEEPERS,
        "end_rights": LEADERS,  # accounts.services.rights.may_end asks whether the person is a grantor
        "cover": LEADERS,  # who runs an account and is no longer covered
        "go_live": (Role.HEADTEACHER, Role.HEAD_OF_COMMS, Role.OFFICE),
        "close": (Role.HEADTEACHER, Role.HEAD_OF_COMMS),
        "post": (),
    },
    by_name=_accounts,
)


def _rights(user: Any, standing: Standing, action: str) -> Q | None:
    mine = (Q(requested_by=user) | Q(user=user)) & Q(school__in=standing.all_schools())
    return mine | _approval_seen(user)


rights_rules = Rules(RightsRequest, {"view": LEADERS, "withdraw": ()}, by_name=_rights)
