"""The register: accounts older than the portal, going live, changing details, closing."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from accounts.access import account_rules
from accounts.choices import Openness, Public, Right
from accounts.models import AccountRight, ProposedPerson, RightsRequest, SocialAccount
from accounts.models.account import right_in_force
from accounts.services.account_details import already_there, check_details, handle_taken, tidied
from accounts.services.requests import chain_of, why_closed
from accounts.services.right_holders import IN_USE, Present, check_person, shortfall
from accounts.services.rights import grant_or_ask, right_end, warn_if_short
from accounts.services.runners import require_ready, tell_runners
from approvals.models import ApprovalRequest
from approvals.services import announce, request_submit
from core.audit import audited, record
from core.errors import Refused
from core.notices import notify
from people.governance.profile import Profile
from people.governance.who import StepSpec
from people.models import School, User
from people.selectors import profile_of


def account_enter(
    *,
    actor: User,
    school: School,
    once: UUID,
    values: Mapping[str, Any],
    people: Iterable[tuple[User, str]] = (),
    present: Present | None = None,
    tell: bool = True,
) -> SocialAccount:
    """Enter an account that is older than the portal (RAV-2.12). The last signer of the chain confirms it.

    `values` are fields of the account; `present` spares an import reading the school's people anew
    for each row, and `tell=False` its signers a message for each. Raises PermissionDenied or Refused;
    the same page sent twice gives the same account.
    """
    account_rules.require_at(actor, "enter", school)
    known = SocialAccount.objects.filter(once=once, entered_by=actor, school=school).first()
    if known:
        return known
    profile = profile_of(school)
    if closed := why_closed(profile):
        raise Refused(closed)
    values, people = tidied(values), list(dict.fromkeys(people))
    check_details(profile, values)
    _check_people(school, profile, people, present)
    try:
        with audited():
            already_there(school, values["platform"], values.get("handle", ""), values["name"])
            account = _entered(actor, school, once, values, people, chain_of(profile, school)[-1:])
            if tell:
                announce(account.confirmation)
                tell_runners(account.confirmation, account)
    except IntegrityError as error:
        known = SocialAccount.objects.filter(once=once, entered_by=actor, school=school).first()
        if known:
            return known
        raise Refused("The register holds this account already.", field="handle") from error
    return account


def _check_people(
    school: School, profile: Profile, people: list[tuple[User, str]], present: Present | None
) -> None:
    for user, right in people:
        check_person(school, profile, user, right, present)
    if sum(right == Right.LEAD for _, right in people) > 1:
        raise Refused("An account has one lead. Name one person.", field="people")


def _entered(
    actor: User,
    school: School,
    once: UUID,
    values: Mapping[str, Any],
    people: list[tuple[User, str]],
    confirmers: list[StepSpec],
) -> SocialAccount:
    """The account, the people named, and the request for its confirmation."""
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
        chain=confirmers,
        snapshot=entry_snapshot(account, people),
    )
    account.save(update_fields=["confirmation"])
    record("accounts.account_entered", actor=actor, school=school, subject=account)
    return account


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
        ("live_since", "Live since", _in_words(account.live_since)),
        (
            "people",
            "People",
            [f"{user} ({Right(right).label.lower()})" for user, right in people] or "Nobody",
        ),
    ]
    return {
        "form": "existing",
        "sections": [
            {
                "slug": "account",
                "title": "The account",
                "rows": [
                    {"key": k, "label": label, "value": value, "clauses": ""} for k, label, value in rows
                ],
            }
        ],
    }


def _in_words(day: date | None) -> str:
    return f"{day.day} {day:%B %Y}" if day else "Not known"


def entry_confirmed(account: SocialAccount, approval: ApprovalRequest) -> None:
    """The confirmer's yes: the account is official, and its people get their rights or are asked for.

    Raises Refused unless everybody named may run it (RAV-3.09 to 3.11, CIT-3.16, STM-3.18).
    """
    require_ready(account)
    account.status = SocialAccount.Status.LIVE
    account.live_since = account.live_since or timezone.localdate()
    account.save(update_fields=["status", "live_since"])
    record("accounts.account_confirmed", school=account.school, subject=account)
    people = [(p.user, p.right) for p in account.proposed_people.select_related("user")]
    if not grant_or_ask(account=account, people=people, approval=approval):
        warn_if_short(account)


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
    waiting = RightsRequest.objects.filter(account=account, open=True, before_live=True).select_related(
        "user"
    )
    found += [f"The right of {row.user} is not decided yet." for row in waiting]
    missing = shortfall(account, profile)
    if missing > 0:
        wanted = profile.min_admins or 1
        found.append(f"It needs {wanted} administrators and has {wanted - missing}.")
    if (
        profile.lead_required
        and not AccountRight.objects.filter(right_in_force(), account=account, right=Right.LEAD).exists()
    ):
        found.append("It needs a lead member of staff.")
    return found


def account_go_live(
    *, actor: User, account: SocialAccount, handle: str, address: str, live_since: date
) -> SocialAccount:
    """Record that an approved account is live. Raises Refused while something is missing."""
    account_rules.require(actor, "go_live", account)
    values = tidied({"handle": handle, "address": address, "live_since": live_since})
    try:
        with audited():
            row = _locked(account)
            profile = profile_of(row.school)
            found = obstacles_to_live(row, profile)
            if found:
                raise Refused("It cannot go live yet. " + " ".join(found))
            approved = row.request.approval.closed_at if row.request_id else None
            if approved and live_since < timezone.localtime(approved).date():
                raise Refused("It cannot have gone live before its final approval.", field="live_since")
            if not values["address"]:
                raise Refused("Enter the address of the account's page.", field="address")
            check_details(profile, {**values, "name": row.name, "platform": row.platform})
            handle_taken(row, values["handle"])
            row.handle, row.address, row.live_since = values["handle"], values["address"], live_since
            row.status = SocialAccount.Status.LIVE
            row.save(update_fields=["handle", "address", "live_since", "status"])
            record("accounts.went_live", actor=actor, school=row.school, subject=row)
    except IntegrityError as error:
        raise Refused("The register holds this handle on this platform already.", field="handle") from error
    return row


def _locked(account: SocialAccount) -> SocialAccount:
    rows = SocialAccount.objects.select_for_update(of=("self",))
    return rows.select_related("school", "platform", "request__approval").get(pk=account.pk)


def account_change(*, actor: User, account: SocialAccount, values: Mapping[str, Any]) -> SocialAccount:
    """Correct name, handle, address or e-mail of an account in the register.

    An official e-mail address or a live account's page is replaced, never taken away (CIT-3.02, STM-3.02).
    """
    account_rules.require(actor, "enter", account)
    values = tidied(values)
    try:
        with audited():
            row = _locked(account)
            if row.status not in IN_USE:
                raise Refused("Only approved and live accounts can be changed.")
            for field, words in (
                ("official_email", "Enter the official e-mail address."),
                ("address", "Enter the address of the account's page."),
            ):
                if getattr(row, field) and not values.get(field, getattr(row, field)):
                    raise Refused(words, field=field)
            check_details(profile_of(row.school), {"name": row.name, **values, "platform": row.platform})
            changed = [key for key, value in values.items() if getattr(row, key) != value]
            for key in changed:
                setattr(row, key, values[key])
            if changed:
                handle_taken(row, row.handle)
                row.save(update_fields=changed)
                data = {"fields": changed}
                record("accounts.account_changed", actor=actor, school=row.school, subject=row, data=data)
    except IntegrityError as error:
        raise Refused("The register holds this handle on this platform already.", field="handle") from error
    return row


def account_close(*, actor: User, account: SocialAccount, because: str) -> SocialAccount:
    """Close an account: it leaves the public list, and every right on it ends (RAV-2.10)."""
    account_rules.require(actor, "close", account)
    if not because.strip():
        raise Refused("Say why the account is closed.", field="because")
    with audited():
        row = (
            SocialAccount.objects.select_for_update(of=("self",)).select_related("school").get(pk=account.pk)
        )
        if row.status not in IN_USE:
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
