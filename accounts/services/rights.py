"""Rights on an account: granted by the engine, ended by it, by a grantor, by time, or by leaving."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from guardian.shortcuts import assign_perm, remove_perm

from accounts.access import account_rules
from accounts.choices import GRANTED, Right
from accounts.directory import Directory
from accounts.models import AccountRight, RightsRequest, SocialAccount, SocialAccountGrant
from accounts.models.account import right_in_force
from accounts.services.right_holders import (
    IN_USE,
    WATCHERS,
    check_person,
    grantor_chain,
    grantors,
    may_end,
    shortfall,
)
from accounts.services.runners import require_ready, tell_runners
from approvals.models import ApprovalRequest, ApprovalStep, Decision
from approvals.services import announce, request_submit
from core.audit import audited, record
from core.errors import Refused
from core.notices import notify
from core.roles import spec_matches
from core.sweeps import sweep_due
from people.governance.profile import Profile
from people.models import User
from people.selectors import holders_of_any, profile_of
from policies.training.duties import duties_work_out


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
    if account.status not in IN_USE:
        raise Refused("Rights are given on accounts that are approved or live.")
    if right not in Right.values or move not in RightsRequest.Move.values:
        raise Refused("Choose the right, and whether it is to be given or ended.", field="right")
    if move == RightsRequest.Move.GRANT:
        check_person(account.school, profile_of(account.school), user, right)
        if until and until < timezone.localdate():
            raise Refused("The last day must be today or later.", field="until")
    else:
        until = None
    held = AccountRight.objects.filter(right_in_force(), account=account, user=user, right=right).first()
    if move == RightsRequest.Move.END and held is None:
        raise Refused(f"{user} does not hold this right.", field="user")
    if move == RightsRequest.Move.GRANT and held is not None and held.until == until:
        raise Refused(f"{user} holds this right already.", field="user")
    return _submit(actor, account, user, right, move=move, until=until, reason=reason)


def rights_title(account: SocialAccount, user: User, right: str, move: str) -> str:
    """What is asked, in one line for queues and lists."""
    words = Right(right).label.lower()
    if move == RightsRequest.Move.END:
        return f"End the right “{words}” of {user.full_name} on {account.name}"
    return f"Give {user.full_name} the right “{words}” on {account.name}"


def _submit(
    actor: User,
    account: SocialAccount,
    user: User,
    right: str,
    *,
    move: str,
    until: date | None = None,
    reason: str = "",
    before_live: bool = False,
) -> RightsRequest:
    profile = profile_of(account.school)
    try:
        with audited():
            approval = request_submit(
                actor=actor,
                kind="rights",
                school=account.school,
                title=rights_title(account, user, right, move),
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
            tell_runners(approval, row)
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
    ]
    if move == RightsRequest.Move.GRANT:
        words = f"{until.day} {until:%B %Y}" if until else "Until it is ended"
        rows.append({"key": "until", "label": "Last day", "value": words, "clauses": ""})
        before = [str(row.user) for row in _other_leads(account, user)] if right == Right.LEAD else []
        if before:
            rows.append({"key": "instead", "label": "In place of", "value": before, "clauses": "RAV-2.10"})
    rows.append({"key": "reason", "label": "Reason", "value": reason or "Not given", "clauses": ""})
    return {"form": "rights", "sections": [{"slug": "rights", "title": "The change", "rows": rows}]}


def _other_leads(account: SocialAccount, user: User) -> list[AccountRight]:
    """Leads of the account but for one person: an account has one named lead (RAV-3.06)."""
    rows = AccountRight.objects.filter(account=account, right=Right.LEAD, ended_at=None).exclude(user=user)
    return list(rows.select_related("user"))


def rights_approved(row: RightsRequest, approval: ApprovalRequest) -> None:
    """The last yes: carry the change out. Everything is checked afresh.

    Raises Refused, so that the signer reads why, when the account was closed, or the person left or
    may no longer hold the right: the request can then only be refused or withdrawn. Also when the person
    has not read what the school asks for, or was not trained: the yes waits for that.
    """
    account = (
        SocialAccount.objects.select_for_update(of=("self",)).select_related("school").get(pk=row.account_id)
    )
    if row.move == RightsRequest.Move.END:
        right_end(account, row.user, row.right, actor=None, because=row.reason or "Ended on request")
    else:
        if account.status not in IN_USE:
            raise Refused("This account was closed meanwhile. Refuse the request.")
        if row.until and row.until < timezone.localdate():
            raise Refused("The last day that was asked for has passed. Refuse the request.")
        check_person(account.school, profile_of(account.school), row.user, row.right)
        require_ready(row)
        right_grant(account, row.user, row.right, approval=approval, until=row.until)
    row.open = False
    row.save(update_fields=["open"])


def rights_closed(row: RightsRequest, approval: ApprovalRequest) -> None:
    """Refused, withdrawn or expired: nothing changes."""
    row.open = False
    row.save(update_fields=["open"])


def right_grant(
    account: SocialAccount, user: User, right: str, *, approval: ApprovalRequest, until: date | None = None
) -> AccountRight:
    """Give a right: guardian's grant and its history row. Inside the transaction of the approval.

    A new lead takes the place of the one before (RAV-2.10: transferring an account).
    """
    if right == Right.LEAD:
        for earlier in _other_leads(account, user):
            right_end(account, earlier.user, right, actor=None, because=f"{user.full_name} became the lead")
    assign_perm(right, user, account)
    SocialAccountGrant.objects.filter(content_object=account, user=user, permission__codename=right).update(
        until=until
    )
    row = AccountRight.objects.filter(account=account, user=user, right=right, ended_at=None).first()
    action = "accounts.right_changed" if row else "accounts.right_granted"
    if row is None:
        row = AccountRight.objects.create(
            account=account, user=user, right=right, granted_at=timezone.now(), approval=approval, until=until
        )
    else:
        row.until = until
        row.save(update_fields=["until"])
    record(
        action, school=account.school, subject=account, data={"user": user.pk, "right": right, "until": until}
    )
    notify(
        "accounts.right_granted",
        recipients=[user],
        about=account,
        key=f"{row.pk}:{until or ''}",
        link=reverse("accounts:account-detail", args=[account.uuid]),
    )
    duties_work_out(account.school, [user.pk])
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
        "accounts.right_ended",
        actor=actor,
        school=account.school,
        subject=account,
        data={"user": user.pk, "right": right},
    )
    notify(
        "accounts.right_ended",
        recipients=[user],
        about=account,
        key=f"{row.pk}",
        link=reverse("accounts:account-detail", args=[account.uuid]),
    )
    duties_work_out(account.school, [user.pk])
    if right == Right.ADMINISTRATOR:
        warn_if_short(account)


def right_end_now(*, actor: User, right: AccountRight, because: str) -> None:
    """A grantor ends a right at once, with a reason. Taking away needs no second signature."""
    if not may_end(actor, right.account):
        raise PermissionDenied("only who gives rights on this account ends them at once")
    if not because.strip():
        raise Refused("Say why the right ends.", field="because")
    with audited():
        row = AccountRight.objects.select_for_update().get(pk=right.pk)
        if row.ended_at:
            raise Refused("This right has ended already.")
        right_end(right.account, right.user, right.right, actor=actor, because=because.strip())


def warn_if_short(account: SocialAccount) -> None:
    """Tell headteacher and Head of Communications when an account falls below its minimum."""
    if account.status not in IN_USE:
        return
    if shortfall(account, profile_of(account.school)) <= 0:
        return
    notify(
        "accounts.below_minimum",
        recipients=holders_of_any(account.school, WATCHERS),
        about=account,
        key=f"{account.pk}:{_administrators_lost(account)}",
        link=reverse("accounts:account-detail", args=[account.uuid]),
    )


def _administrators_lost(account: SocialAccount) -> int:
    """How often an administrator's right has ended: what makes one shortage differ from the next."""
    return AccountRight.objects.filter(
        account=account, right=Right.ADMINISTRATOR, ended_at__isnull=False
    ).count()


def grant_or_ask(
    *, account: SocialAccount, people: Iterable[tuple[User, str]], approval: ApprovalRequest
) -> list[RightsRequest]:
    """After the final approval: give each named person their right, or open a request for it.

    An administrator's or poster's right comes with the approval when everybody in `admin_grantors`
    signed it, and none of those signatures is the person's own. Returns the opened requests, for
    which going live waits.
    """
    profile, present = profile_of(account.school), Directory(account.school).present
    opened = []
    for user, right in people:
        try:
            check_person(account.school, profile, user, right, present)
        except Refused:
            continue  # has left or may not: the page says which place is empty
        if right not in GRANTED or _signed_by_grantors(profile, approval, user):
            right_grant(account, user, right, approval=approval)
        else:
            opened.append(_ask_for_named(approval.requested_by, account, user, right))
    return opened


def _ask_for_named(actor: User, account: SocialAccount, user: User, right: str) -> RightsRequest:
    """Ask for the right of somebody who was named, when the approval's signatures do not give it."""
    try:
        return _submit(
            actor,
            account,
            user,
            right,
            move=RightsRequest.Move.GRANT,
            reason="Named when the account was asked for",
            before_live=True,
        )
    except Refused as refusal:
        words = f"{user} is named as {Right(right).label.lower()}, and nobody could give that right."
        raise Refused(f"{words} {refusal.message}") from refusal


def _signed_by_grantors(profile: Profile, approval: ApprovalRequest, user: User) -> bool:
    decisions = Decision.objects.filter(
        step__request=approval, round=approval.round, outcome=Decision.Outcome.APPROVED
    ).select_related("step")
    signed: list[ApprovalStep] = [
        d.step for d in decisions if user.pk not in (d.decided_by_id, d.acting_for_id)
    ]
    wanted = grantors(profile, approval.school)
    return bool(wanted) and all(
        any(spec_matches(str(who), step.role, step.post) for step in signed) for who in wanted
    )


def rights_over() -> QuerySet[AccountRight]:
    """Rights whose last day has passed (London) and that are still held."""
    return AccountRight.objects.filter(ended_at=None, until__lt=timezone.localdate())


def end_due_rights(limit: int = 500) -> int:
    """End rights whose last day has passed (London). Costs only what is due; safe to run twice."""
    return sweep_due("right", rights_over(), _end_due, by="until", limit=limit)


def _end_due(pk: int) -> bool:
    with audited():
        row = AccountRight.objects.select_for_update().get(pk=pk)
        if row.ended_at is None:
            right_end(row.account, row.user, row.right, actor=None, because="Its last day has passed")
            return True
    return False
