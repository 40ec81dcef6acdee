"""The register: accounts older than the portal, going live, changing details, closing."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from accounts.access import account_rules
from accounts.choices import Openness, Public, Right
from accounts.models import AccountRight, ProposedPerson, RightsRequest, SocialAccount
from accounts.models.account import right_in_force
from accounts.services.requests import chain_of, why_closed
from accounts.services.rights import check_person, grant_or_ask, right_end, shortfall
from approvals.models import ApprovalRequest
from approvals.services import announce, request_submit
from core.audit import audited, record
from core.errors import Refused
from core.models import Platform
from core.notices import notify
from people.governance.hosts import FREE_MAIL_DOMAINS
from people.governance.profile import Profile
from people.models import School, User
from people.selectors import profile_of


def account_enter(
    *, actor: User, school: School, once: UUID, values: Mapping[str, Any], people: Iterable[tuple[User, str]] = ()
) -> SocialAccount:
    """Enter an account that is older than the portal (RAV-2.12). The last signer of the chain confirms it.

    `values` are fields of the account. Raises PermissionDenied or Refused; the same page sent
    twice gives the same account.
    """
    account_rules.require_at(actor, "enter", school)
    known = SocialAccount.objects.filter(once=once, entered_by=actor).first()
    if known:
        return known
    profile = profile_of(school)
    if closed := why_closed(profile):
        raise Refused(closed)
    people = list(dict.fromkeys(people))
    check_details(profile, values)
    for user, right in people:
        check_person(school, profile, user, right)
    try:
        with audited():
            account = SocialAccount.objects.create(
                school=school, once=once, entered_by=actor, status=SocialAccount.Status.UNCONFIRMED, **values
            )
            ProposedPerson.objects.bulk_create(
                [ProposedPerson(account=account, user=user, right=right) for user, right in people]
            )
            account.confirmation = request_submit(
                actor=actor,
                kind="existing-account",
                school=school,
                title=f"Existing account: {account.name}",
                chain=chain_of(profile, school)[-1:],
                snapshot=entry_snapshot(account, people),
            )
            account.save(update_fields=["confirmation"])
            record("accounts.account_entered", actor=actor, school=school, subject=account)
            announce(account.confirmation)
    except IntegrityError as error:
        known = SocialAccount.objects.filter(once=once, entered_by=actor).first()
        if known:
            return known
        raise Refused(
            f"The register holds {values['handle']} on {values['platform']} already.", field="handle"
        ) from error
    return account


def check_details(profile: Profile, values: Mapping[str, Any]) -> None:
    """Raise Refused for an address that is not the platform's, or an e-mail address that is not official."""
    address, email = values.get("address", ""), values.get("official_email", "")
    if address:
        check_address(address, values["platform"])
    if email:
        domain = email.rpartition("@")[2].lower()
        if domain in FREE_MAIL_DOMAINS:
            raise Refused(
                f"{domain} is a free mail service. Use an address of your school or trust.", field="official_email"
            )
        allowed = profile.allowed_email_domains or []
        if domain not in allowed:
            raise Refused(f"The address must end in @{' or @'.join(allowed)}.", field="official_email")


def check_address(address: str, platform: Platform) -> None:
    """Raise Refused for an address that is not http or https, or is not on the platform's own site."""
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").lower()
    except ValueError as error:
        raise Refused("Enter the whole address of the account's page, beginning with https://", field="address") from error
    if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc:
        raise Refused("Enter the whole address of the account's page, beginning with https://", field="address")
    if platform.hosts and not any(host == own or host.endswith("." + own) for own in platform.hosts):
        raise Refused(f"This is not an address on {platform}. Expected: {', '.join(platform.hosts)}.", field="address")


def entry_snapshot(account: SocialAccount, people: Iterable[tuple[User, str]]) -> dict[str, Any]:
    """What the confirmer of an existing account sees and signs."""
    rows = [
        ("name", "Name", account.name),
        ("platform", "Platform", str(account.platform)),
        ("handle", "Handle", account.handle or "Not given"),
        ("address", "Address", account.address or "Not given"),
        ("official_email", "Official e-mail address", account.official_email or "Not given"),
        ("purpose", "What it is for", account.purpose or "Not given"),
        ("audience", "Who it is for", [c.label for c in Public if c in account.audience] or "Not given"),
        ("openness", "Open or closed", Openness(account.openness).label if account.openness else "Not given"),
        ("live_since", "Live since", f"{account.live_since:%d/%m/%Y}" if account.live_since else "Not known"),
        ("people", "People", [f"{user} ({Right(right).label.lower()})" for user, right in people] or "Nobody"),
    ]
    return {
        "form": "existing",
        "sections": [
            {
                "slug": "account",
                "title": "The account",
                "rows": [{"key": k, "label": label, "value": value, "clauses": ""} for k, label, value in rows],
            }
        ],
    }


def entry_confirmed(account: SocialAccount, approval: ApprovalRequest) -> None:
    """The confirmer's yes: the account is official, and its people get their rights or are asked for."""
    account.status = SocialAccount.Status.LIVE
    account.live_since = account.live_since or timezone.localdate()
    account.save(update_fields=["status", "live_since"])
    record("accounts.account_confirmed", school=account.school, subject=account)
    people = [(p.user, p.right) for p in account.proposed_people.select_related("user")]
    grant_or_ask(account=account, people=people, approval=approval)


def entry_not_confirmed(account: SocialAccount, approval: ApprovalRequest) -> None:
    """Refused or withdrawn: it stays in the history and is no official account."""
    account.status = SocialAccount.Status.REFUSED
    account.save(update_fields=["status"])
    record("accounts.account_not_confirmed", school=account.school, subject=account)


def obstacles_to_live(account: SocialAccount, profile: Profile) -> list[str]:
    """What stands between an approved account and going live, in words (STM-15.21, STM-15.28)."""
    found = []
    if account.status != SocialAccount.Status.APPROVED:
        return ["It is not waiting to go live."]
    waiting = RightsRequest.objects.filter(account=account, open=True, before_live=True).select_related("user")
    found += [f"The right of {row.user} is not decided yet." for row in waiting]
    missing = shortfall(account, profile)
    if missing > 0:
        wanted = profile.min_admins or 1
        found.append(f"It needs {wanted} administrators and has {wanted - missing}.")
    if profile.lead_required and not AccountRight.objects.filter(
        right_in_force(), account=account, right=Right.LEAD
    ).exists():
        found.append("It needs a lead member of staff.")
    return found


def account_go_live(
    *, actor: User, account: SocialAccount, handle: str, address: str, live_since: date
) -> SocialAccount:
    """Record that an approved account is live. Raises Refused while something is missing."""
    account_rules.require(actor, "go_live", account)
    try:
        with audited():
            row = SocialAccount.objects.select_for_update(of=("self",)).select_related("school", "platform", "request__approval").get(
                pk=account.pk
            )
            found = obstacles_to_live(row, profile_of(row.school))
            if found:
                raise Refused("It cannot go live yet. " + " ".join(found))
            if live_since > timezone.localdate():
                raise Refused("The day must not be in the future.", field="live_since")
            approved = row.request.approval.closed_at if row.request_id else None
            if approved and live_since < timezone.localtime(approved).date():
                raise Refused("It cannot have gone live before its final approval.", field="live_since")
            check_address(address, row.platform)
            row.handle, row.address, row.live_since = handle.strip(), address.strip(), live_since
            row.status = SocialAccount.Status.LIVE
            row.save(update_fields=["handle", "address", "live_since", "status"])
            record("accounts.went_live", actor=actor, school=row.school, subject=row)
    except IntegrityError as error:
        raise Refused("The register holds this handle on this platform already.", field="handle") from error
    return row


def account_change(*, actor: User, account: SocialAccount, values: Mapping[str, Any]) -> SocialAccount:
    """Correct name, handle, address or e-mail of an account in the register."""
    account_rules.require(actor, "enter", account)
    try:
        with audited():
            row = SocialAccount.objects.select_for_update(of=("self",)).select_related("school", "platform").get(pk=account.pk)
            if row.status not in (SocialAccount.Status.APPROVED, SocialAccount.Status.LIVE):
                raise Refused("Only approved and live accounts can be changed.")
            check_details(profile_of(row.school), {**values, "platform": row.platform})
            changed = [key for key, value in values.items() if getattr(row, key) != value]
            for key in changed:
                setattr(row, key, values[key])
            if changed:
                row.save(update_fields=changed)
                record("accounts.account_changed", actor=actor, school=row.school, subject=row, data={"fields": changed})
    except IntegrityError as error:
        raise Refused("The register holds this handle on this platform already.", field="handle") from error
    return row


def account_close(*, actor: User, account: SocialAccount, because: str) -> SocialAccount:
    """Close an account: it leaves the public list, and every right on it ends (RAV-2.10)."""
    account_rules.require(actor, "close", account)
    if not because.strip():
        raise Refused("Say why the account is closed.", field="because")
    with audited():
        row = SocialAccount.objects.select_for_update(of=("self",)).select_related("school").get(pk=account.pk)
        if row.status not in (SocialAccount.Status.APPROVED, SocialAccount.Status.LIVE):
            raise Refused("Only approved and live accounts can be closed.")
        row.status = SocialAccount.Status.CLOSED
        row.closed_on = timezone.localdate()
        row.closed_because = because.strip()[:500]
        row.save(update_fields=["status", "closed_on", "closed_because"])
        record("accounts.closed", actor=actor, school=row.school, subject=row)
        for right in AccountRight.objects.filter(account=row, ended_at=None).select_related("user"):
            right_end(row, right.user, right.right, actor=actor, because="The account was closed")
    return row


def lead_has_left(account: SocialAccount, leaver: User, watchers: Iterable[User]) -> None:
    """Tell those who decide whether to close or to transfer (RAV-2.10)."""
    notify(
        "accounts.lead_left",
        recipients=watchers,
        about=account,
        key=f"{account.pk}:{leaver.pk}:{timezone.localdate():%Y%m%d}",
        link=reverse("accounts:account-detail", args=[account.uuid]),
    )
