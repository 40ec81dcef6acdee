"""Rights on an account: granted by the engine, ended by it, by a grantor, by time, or by leaving."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone
from guardian.shortcuts import assign_perm, remove_perm

from accounts.access import account_rules
from accounts.choices import GRANTED, Right
from accounts.models import AccountRight, RightsRequest, SocialAccount, SocialAccountGrant
from accounts.models.account import right_in_force
from approvals.models import ApprovalRequest, ApprovalStep, Decision
from approvals.services import announce, request_submit
from core.audit import audited, record
from core.errors import Refused
from core.notices import notify
from core.roles import Role, spec_matches
from people.governance.profile import Profile
from people.governance.who import RoleRef, StepSpec
from people.models import School, User
from people.selectors import employees_at, holders_of_any, people_at, profile_of

WATCHERS = (Role.HEADTEACHER, Role.HEAD_OF_COMMS)


def grantors(profile: Profile, school: School) -> list[RoleRef]:
    """Who gives rights at a school: the profile's `admin_grantors`.

    CIT-2.42, CIT-3.09: headteacher and Head of Communications; STM-3.09: headteacher alone. A
    central team has no headteacher: its executive team stands in that place (inferred, CIT-2.27).
    """
    named = [RoleRef(who) for who in profile.admin_grantors or []]
    if not school.is_central:
        return named
    return [RoleRef("senior_leader/elt") if who == Role.HEADTEACHER else who for who in named]


def grantor_chain(profile: Profile, school: School, move: str) -> list[StepSpec]:
    """Who signs a change of rights: all grantors in their order; the first of them to end one."""
    chain = [StepSpec(who.role, who.post, "any") for who in grantors(profile, school)]
    return chain if move == RightsRequest.Move.GRANT else chain[:1]


def rights_ask(
    *,
    actor: User,
    account: SocialAccount,
    user: User,
    right: str,
    move: str = RightsRequest.Move.GRANT,
    until: date | None = None,
    reason: str = "",
) -> RightsRequest:
    """Ask that a right be given, given until another day, or ended. Raises PermissionDenied or Refused."""
    account_rules.require(actor, "ask_rights", account)
    if account.status not in (SocialAccount.Status.APPROVED, SocialAccount.Status.LIVE):
        raise Refused("Rights are given on accounts that are approved or live.")
    if move == RightsRequest.Move.GRANT:
        check_person(account.school, profile_of(account.school), user, right)
        if until and until < timezone.localdate():
            raise Refused("The last day must be today or later.", field="until")
    held = AccountRight.objects.filter(right_in_force(), account=account, user=user, right=right).first()
    if move == RightsRequest.Move.END and held is None:
        raise Refused(f"{user} does not hold this right.", field="user")
    if move == RightsRequest.Move.GRANT and held is not None and held.until == until:
        raise Refused(f"{user} holds this right already.", field="user")
    return _submit(actor, account, user, right, move=move, until=until, reason=reason)


def check_person(school: School, profile: Profile, user: User, right: str) -> None:
    """Raise Refused for somebody who may not hold the right here (CIT-3.09, RAV-3.06, RAV-3.11)."""
    if not people_at(school).filter(pk=user.pk).exists():
        raise Refused(f"{user} has no role at {school}.", field="user")
    employed = employees_at(school).filter(pk=user.pk).exists()
    if right == Right.LEAD and profile.lead_must_be_employed and not employed:
        raise Refused(f"{user} is not employed here. The lead must be a member of staff.", field="user")
    if right in GRANTED and not profile.allow_non_staff_admin and not employed:
        raise Refused(f"{user} is not a member of staff. Your school's policy lets only staff do this.", field="user")


def _submit(
    actor: User, account: SocialAccount, user: User, right: str, *, move: str, until: date | None = None,
    reason: str = "", before_live: bool = False,
) -> RightsRequest:
    profile = profile_of(account.school)
    words = Right(right).label.lower()
    verb = "End" if move == RightsRequest.Move.END else "Give"
    try:
        with audited():
            approval = request_submit(
                actor=actor,
                kind="rights",
                school=account.school,
                title=f"{verb} {user.full_name} the right “{words}” on {account.name}",
                chain=grantor_chain(profile, account.school, move),
                snapshot=rights_snapshot(account, user, right, move, until, reason),
                about=user,
            )
            row = RightsRequest.objects.create(
                school=account.school,
                account=account,
                user=user,
                right=right,
                move=move,
                until=until,
                reason=reason.strip()[:500],
                requested_by=actor,
                approval=approval,
                before_live=before_live,
            )
            record(
                "accounts.right_asked",
                actor=actor,
                school=account.school,
                subject=account,
                data={"user": user.pk, "right": right, "move": move},
            )
            announce(approval)
    except IntegrityError as error:
        raise Refused("The same change is waiting for a decision already.", field="user") from error
    return row


def rights_snapshot(
    account: SocialAccount, user: User, right: str, move: str, until: date | None, reason: str
) -> dict[str, Any]:
    """What the signers of a change of rights see and sign."""
    rows = [
        {"key": "account", "label": "Account", "value": f"{account.name}, {account.platform}", "clauses": ""},
        {"key": "user", "label": "Person", "value": f"{user.full_name} ({user.email})", "clauses": ""},
        {"key": "right", "label": "Right", "value": Right(right).label, "clauses": ""},
        {"key": "move", "label": "Change", "value": RightsRequest.Move(move).label, "clauses": ""},
        {"key": "until", "label": "Until", "value": f"{until:%d/%m/%Y}" if until else "Until it is ended", "clauses": ""},
        {"key": "reason", "label": "Reason", "value": reason or "Not given", "clauses": ""},
    ]
    return {"form": "rights", "sections": [{"slug": "rights", "title": "The change", "rows": rows}]}


def rights_approved(row: RightsRequest, approval: ApprovalRequest) -> None:
    """The last yes: carry the change out, unless the person has left meanwhile."""
    row.open = False
    row.save(update_fields=["open"])
    if row.move == RightsRequest.Move.END:
        right_end(row.account, row.user, row.right, actor=None, because=row.reason or "Ended on request")
    elif people_at(row.school).filter(pk=row.user_id).exists():
        right_grant(row.account, row.user, row.right, approval=approval, until=row.until)


def rights_closed(row: RightsRequest, approval: ApprovalRequest) -> None:
    """Refused, withdrawn or expired: nothing changes."""
    row.open = False
    row.save(update_fields=["open"])


def right_grant(
    account: SocialAccount, user: User, right: str, *, approval: ApprovalRequest, until: date | None = None
) -> AccountRight:
    """Give a right: guardian's grant and its history row. Inside the transaction of the approval."""
    assign_perm(right, user, account)
    SocialAccountGrant.objects.filter(content_object=account, user=user, permission__codename=right).update(until=until)
    row = AccountRight.objects.filter(account=account, user=user, right=right, ended_at=None).first()
    action = "accounts.right_changed" if row else "accounts.right_granted"
    if row is None:
        row = AccountRight.objects.create(
            account=account, user=user, right=right, granted_at=timezone.now(), approval=approval, until=until
        )
    else:
        row.until = until
        row.save(update_fields=["until"])
    record(action, school=account.school, subject=account, data={"user": user.pk, "right": right, "until": until})
    notify(
        "accounts.right_granted",
        recipients=[user],
        about=account,
        key=f"{row.pk}:{until or ''}",
        link=reverse("accounts:account-detail", args=[account.uuid]),
    )
    return row


def right_end(account: SocialAccount, user: User, right: str, *, actor: User | None, because: str) -> None:
    """End a right and say so, also when the account then has too few administrators (STM-15.21)."""
    row = AccountRight.objects.filter(account=account, user=user, right=right, ended_at=None).first()
    if row is None:
        return
    row.ended_at = timezone.now()
    row.ended_by = actor
    row.ended_because = because[:300]
    row.save(update_fields=["ended_at", "ended_by", "ended_because"])
    remove_perm(right, user, account)
    record(
        "accounts.right_ended", actor=actor, school=account.school, subject=account, data={"user": user.pk, "right": right}
    )
    notify(
        "accounts.right_ended",
        recipients=[user],
        about=account,
        key=f"{row.pk}",
        link=reverse("accounts:account-detail", args=[account.uuid]),
    )
    warn_if_short(account)


def right_end_now(*, actor: User, right: AccountRight, because: str) -> None:
    """A grantor ends a right at once, with a reason. Taking away needs no second signature."""
    account_rules.require(actor, "end_rights", right.account)
    if not because.strip():
        raise Refused("Say why the right ends.", field="because")
    with audited():
        row = AccountRight.objects.select_for_update().get(pk=right.pk)
        if row.ended_at:
            raise Refused("This right has ended already.")
        right_end(right.account, right.user, right.right, actor=actor, because=because.strip())


def warn_if_short(account: SocialAccount) -> None:
    """Tell headteacher and Head of Communications when an account falls below its minimum."""
    if account.status not in (SocialAccount.Status.APPROVED, SocialAccount.Status.LIVE):
        return
    if shortfall(account, profile_of(account.school)) <= 0:
        return
    notify(
        "accounts.below_minimum",
        recipients=holders_of_any(account.school, WATCHERS),
        about=account,
        key=f"{account.pk}:{AccountRight.objects.filter(account=account, ended_at__isnull=False).count()}",
        link=reverse("accounts:account-detail", args=[account.uuid]),
    )


def administrators_of(account: SocialAccount) -> int:
    """How many people hold administrator rights in force."""
    return AccountRight.objects.filter(right_in_force(), account=account, right=Right.ADMINISTRATOR).count()


def shortfall(account: SocialAccount, profile: Profile, held: int | None = None) -> int:
    """How many administrators are missing (0 or less: none)."""
    return (profile.min_admins or 1) - (administrators_of(account) if held is None else held)


def grant_or_ask(
    *, account: SocialAccount, people: Iterable[tuple[User, str]], approval: ApprovalRequest
) -> list[RightsRequest]:
    """After the final approval: give each named person their right, or open a request for it.

    An administrator's or poster's right comes with the approval when everybody in `admin_grantors`
    signed it, and none of those signatures is the person's own. Returns the opened requests, for
    which going live waits.
    """
    profile = profile_of(account.school)
    opened = []
    for user, right in people:
        try:
            check_person(account.school, profile, user, right)
        except Refused:
            continue  # has left or may not: the page says which place is empty
        if right not in GRANTED or _signed_by_grantors(profile, approval, user):
            right_grant(account, user, right, approval=approval)
        else:
            opened.append(
                _submit(
                    approval.requested_by, account, user, right, move=RightsRequest.Move.GRANT,
                    reason="Named in the request for the account", before_live=True,
                )
            )
    return opened


def _signed_by_grantors(profile: Profile, approval: ApprovalRequest, user: User) -> bool:
    decisions = Decision.objects.filter(
        step__request=approval, round=approval.round, outcome=Decision.Outcome.APPROVED
    ).select_related("step")
    signed: list[ApprovalStep] = [d.step for d in decisions if d.decided_by_id != user.pk]
    wanted = grantors(profile, approval.school)
    return bool(wanted) and all(
        any(spec_matches(str(who), step.role, step.post) for step in signed) for who in wanted
    )


def end_due_rights(limit: int = 500) -> int:
    """End rights whose last day has passed (London). Costs only what is due; safe to run twice."""
    due = AccountRight.objects.filter(ended_at=None, until__lt=timezone.localdate()).values_list("pk", flat=True)
    ended = 0
    for pk in list(due[:limit]):
        with audited():
            row = AccountRight.objects.select_for_update().get(pk=pk)
            if row.ended_at is None:
                right_end(row.account, row.user, row.right, actor=None, because="Its last day has passed")
                ended += 1
    return ended


