"""Asking for a blocked site: sent, answered, changed, withdrawn (STM-9.06, STM-13)."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.utils import timezone

from approvals.models import ApprovalRequest, ApprovalStep, ForWhom, OutsideLink, UnblockNote, UnblockRequest
from approvals.network.outside import link_make, provider_name, use_link
from approvals.network.policy_sites import bars_all_social_media, blocked_by_policy, why_never
from approvals.network.receivers import (
    deciding_step,
    is_receiver,
    provider_of,
    receivers,
    require_two_people,
)
from approvals.network.timed import locked, refuse_changed, tell_receivers, url_of
from approvals.network.unblock_access import unblock_rules
from approvals.services import announce, request_resubmit, request_submit, request_withdraw
from approvals.signers import signers_of
from core.addresses import is_number, parse_addresses
from core.audit import audited, record
from core.errors import Refused
from core.notices import notify
from core.tables import date_text
from people.governance.profile import Profile
from people.models import School, User
from people.selectors import profile_of

KIND = "unblock"
ASKED = "Open a blocked site: "
"""How the title of each such approval begins; the site follows."""
FIELDS = (
    *("why", "category", "addresses", "site_content", "reasons", "risks", "for_whom", "who_in_words"),
    "until",
)
NARROW = (ForWhom.CLASS, ForWhom.YEAR)
"""For these it must be said which."""


def title_without_verb(title: str) -> str:
    """The site alone, from the title of its approval."""
    return title.removeprefix(ASKED)


def unblock_ask(*, actor: User, school: School, once: uuid.UUID, values: Mapping[str, Any]) -> UnblockRequest:
    """Send a request. The same page sent twice is one request.

    Raises PermissionDenied; Refused where the policy never opens the site (BEC-4.26), nobody is there to
    receive or to decide, or the answers do not fit together.
    """
    unblock_rules.require_at(actor, "ask", school)
    known = UnblockRequest.objects.filter(once=once, requested_by=actor).first()
    if known:
        refuse_changed(known, values, FIELDS)
        return known
    profile = profile_of(school)
    row = UnblockRequest(once=once, school=school, requested_by=actor)
    _fill(row, values, profile)
    step = deciding_step(profile, school, actor)
    people = receivers(school, profile)
    if not provider_of(profile):
        require_two_people(school, step, people, actor)
    if not people and not provider_of(profile):
        raise Refused(
            "Nobody receives such requests here yet. Ask your headteacher to give somebody the role of IT."
        )
    try:
        with audited():
            row.approval = request_submit(
                actor=actor,
                kind=KIND,
                school=school,
                title=f"{ASKED}{row}",
                chain=[step],
                snapshot=snapshot(row, profile),
            )
            row.save()
            record("approvals.unblock_asked", actor=actor, school=school, subject=row)
            notify(
                "approvals.unblock_received",
                recipients=[one for one in people if one.pk != actor.pk],
                about=row,
                key=str(row.pk),
                link=url_of(row),
            )
            if provider_of(profile):
                link_make(row, provider_of(profile))
            announce(row.approval)
    except IntegrityError as error:
        known = UnblockRequest.objects.filter(once=once, requested_by=actor).first()
        if known is None:
            raise Refused("This page is out of date. Open it again, then send.") from error
        return known
    return row


def _fill(row: UnblockRequest, values: Mapping[str, Any], profile: Profile) -> None:
    """Put checked answers into the row. Raises Refused with the field at fault."""
    for field in FIELDS:
        setattr(row, field, values[field])
    row.hosts = list(dict.fromkeys(one.host for one in parse_addresses(row.addresses)))
    if refusal := why_never(profile, row.hosts):
        raise Refused(refusal, field="addresses")
    if row.category == UnblockRequest.Category.SOCIAL and bars_all_social_media(profile):
        raise Refused(
            "Your school's policy keeps all social media blocked for everybody, at any time, whatever the "
            "site. Choose another kind of site only if this one is no social media.",
            field="category",
        )
    if row.why == UnblockRequest.Why.PERMISSION and row.until is None:
        raise Refused("Enter the last day. Special permission does not go on for ever.", field="until")
    if row.until and row.until < timezone.localdate():
        raise Refused("The last day must be today or later.", field="until")
    if row.for_whom in NARROW and not row.who_in_words.strip():
        raise Refused("Say which class or year.", field="who_in_words")


def unblock_change(*, actor: User, request: UnblockRequest, values: Mapping[str, Any]) -> UnblockRequest:
    """Answer a request that was sent back, and send it again. Every decision is then made anew."""
    unblock_rules.require(actor, "change", request)
    with audited():
        row = locked(request)
        approval = ApprovalRequest.objects.get(pk=row.approval_id)
        if approval.status != ApprovalRequest.Status.RETURNED:
            raise Refused("This can no longer be changed: it was sent again, or decided, meanwhile.")
        profile = profile_of(row.school)
        _fill(row, values, profile)
        row.save(update_fields=[*FIELDS, "hosts"])
        request_resubmit(
            actor=actor,
            request=approval,
            title=f"{ASKED}{row}",
            snapshot=snapshot(row, profile),
        )
        tell_receivers(row, "approvals.unblock_received", f"round{approval.round + 1}")
    return row


def unblock_withdraw(*, actor: User, request: UnblockRequest) -> None:
    """Take it back while nobody has decided. Raises PermissionDenied, or Stale when it was decided."""
    unblock_rules.require(actor, "change", request)
    request_withdraw(actor=actor, request=request.approval)


def note_add(*, actor: User, request: UnblockRequest, once: uuid.UUID, text: str) -> UnblockNote:
    """A receiver's technical view, which whoever decides will read."""
    unblock_rules.require(actor, "carry_out", request)
    if not is_receiver(actor, request.school) or actor.pk == request.requested_by_id:
        raise PermissionDenied("only another receiver gives a technical view")
    step = request.approval.steps.filter(status=ApprovalStep.Status.CURRENT).first()
    if step and any(signer.user.pk == actor.pk for signer in signers_of(step)):
        raise Refused("You decide on this request, so somebody else gives the technical view.", field="text")
    return note_write(request, once=once, author=actor, name=actor.full_name, text=text)


def note_write(
    request: UnblockRequest, *, once: uuid.UUID, author: User | None, name: str, text: str
) -> UnblockNote:
    """Add a note under a lock. Raises Refused when it is empty or nobody waits for it any more."""
    if not text.strip():
        raise Refused("Write what whoever decides should know.", field="text")
    with audited():
        row = locked(request)
        known = UnblockNote.objects.filter(once=once).first()
        if known and known.request_id != row.pk:
            raise Refused("This page is out of date. Open it again, then send.")
        if known:
            return known
        if not row.approval.is_open:
            raise Refused("The decision has been made, so no view is needed any more.", field="text")
        note = UnblockNote.objects.create(
            request=row, once=once, author=author, author_name=name[:150], text=text.strip()
        )
        record("approvals.unblock_noted", actor=author, school=row.school, subject=row)
    return note


def outside_note(*, link: OutsideLink, once: uuid.UUID, name: str, text: str) -> UnblockNote:
    """The IT provider's technical view, through the link."""
    with audited():
        current = use_link(link)
        return note_write(current.request, once=once, author=None, name=provider_name(name), text=text)


def snapshot(row: UnblockRequest, profile: Profile) -> dict[str, Any]:
    """The form as it is frozen for whoever decides: field by field (STM-13.01 to 13.06)."""
    site: list[dict[str, Any]] = [
        _line("addresses", "Full addresses", row.addresses, _warning(row, profile)),
        _line("category", "Kind of site", UnblockRequest.Category(row.category).label),
        _line("site_content", "What the site contains", row.site_content),
    ]
    why = [
        _line("requester", "Asked by", row.requested_by.full_name),
        _line("why", "Why it should be opened", UnblockRequest.Why(row.why).label),
        _line("reasons", "Reasons for access", row.reasons),
        _line("risks", "Risks, and what keeps them small", row.risks),
        _line("for_whom", "For whom", row.for_whom_in_words),
        _line("until", "Last day", date_text(row.until) if row.until else "None: it is blocked by mistake"),
    ]
    sections = (("site", "The site", site), ("access", "Access", why))
    return {
        "form": KIND,
        "sections": [{"slug": slug, "title": title, "rows": rows} for slug, title, rows in sections],
    }


def _line(key: str, label: str, value: str, warning: str = "") -> dict[str, Any]:
    return {"key": key, "label": label, "value": value, **({"warning": warning} if warning else {})}


def _warning(row: UnblockRequest, profile: Profile) -> str:
    """What whoever decides should notice about the addresses."""
    notes = []
    blocked = [host for host in row.hosts if blocked_by_policy(profile, host)]
    if blocked:
        clauses = ", ".join(profile.clauses("blocked_sites"))
        cited = f" ({clauses})" if clauses else ""
        notes.append(f"Your policy blocks {', '.join(blocked)} unless specific permission is given{cited}.")
    if any(is_number(host) for host in row.hosts):
        notes.append("An address of numbers hides which site it is: ask what stands behind it.")
    disguised = [one.shown_host for one in parse_addresses(row.addresses) if one.shown_host]
    if disguised:
        notes.append(f"Written in other letters; a browser opens: {', '.join(dict.fromkeys(disguised))}.")
    return " ".join(notes)
