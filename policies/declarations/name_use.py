"""The school's name, logo and published material: asked for, permitted, ended (CBC-5.02, CBC-5.03, STM-15.30)."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from approvals.models import ApprovalRequest
from approvals.services import announce, request_submit, request_withdraw
from core.audit import audited, record
from core.errors import Refused, Stale
from core.notices import notify
from core.roles import Role
from core.sweeps import sweep_due
from core.tables import date_text
from people.governance.profile import Profile
from people.governance.who import RoleRef, StepSpec
from people.models import School, User
from people.selectors import profile_of
from policies.declarations.access import BRAND, name_use_rules
from policies.declarations.relationships import SENT_BEFORE
from policies.models import NameUse

KIND = "name-and-logo"
MOST_PURPOSE, MOST_REASON = 2000, 300
REMIND_BEFORE = timedelta(days=14)
FURTHEST = timedelta(days=10 * 366)
FIRST = "Permission comes before use."


def url_of(row: NameUse) -> str:
    """The page of a use."""
    return reverse("policies:name-use-detail", args=[row.uuid])


def chain_of(profile: Profile) -> list[StepSpec]:
    """Who must agree, one after the other: the headteacher where the profile names nobody (CBC-5.02)."""
    named = [RoleRef(spec) for spec in profile.value(BRAND) or [Role.HEADTEACHER.value]]
    return [StepSpec(str(ref.role.value), ref.post) for ref in named]


def name_use_ask(
    *,
    actor: User,
    school: School,
    once: UUID,
    what: Iterable[str],
    where: str,
    purpose: str,
    begun: bool,
    until: date | None = None,
) -> NameUse:
    """Ask for permission, until a day or for good. The same page sent twice is one request.

    A use that has begun already is told as such: permission comes before use. Raises PermissionDenied, or
    Refused, also where nobody could decide.
    """
    name_use_rules.require_at(actor, "ask", school)
    wanted = [value for value in NameUse.What.values if value in set(what)]
    answers = {
        "what": wanted,
        "where": where,
        "purpose": purpose.strip(),
        "begun": begun,
        "until": until,
    }
    if known := _known(actor, school, once, answers):
        return known
    _check(answers)
    row = NameUse(once=once, school=school, by=actor, **answers)
    try:
        with audited():
            row.approval = request_submit(
                actor=actor,
                kind=KIND,
                school=school,
                title=f"Use of {in_words(row)}",
                chain=chain_of(profile_of(school)),
                snapshot=snapshot(row),
            )
            row.save()
            record("policies.name_use_asked", actor=actor, school=school, subject=row)
            announce(row.approval)
    except IntegrityError as error:
        if known := _known(actor, school, once, answers):
            return known
        raise Refused("This page cannot be sent. Open it afresh and send it again.") from error
    return row


def name_use_withdraw(*, actor: User, use: NameUse) -> None:
    """The asker takes it back while nobody has decided. Raises PermissionDenied, or Stale when it was decided."""
    name_use_rules.require(actor, "withdraw", use)
    with audited():
        request_withdraw(actor=actor, request=use.approval)
        record("policies.name_use_withdrawn", actor=actor, school=use.school, subject=use)


def name_use_granted(use: NameUse, request: ApprovalRequest) -> None:
    """Everybody has agreed. The asker is reminded two weeks before a last day that is further away than that."""
    now = timezone.now()
    row = _locked(use)
    row.granted_at = now
    if row.until and row.until - REMIND_BEFORE > timezone.localdate(now):
        row.remind_on = row.until - REMIND_BEFORE
    row.save(update_fields=["granted_at", "remind_on"])
    record("policies.name_use_granted", school=row.school, subject=row)


def name_use_end(*, actor: User, use: NameUse, because: str) -> NameUse:
    """End a permission, with a reason that its asker reads. Raises PermissionDenied, Refused or Stale."""
    name_use_rules.require(actor, "end", use)
    because = " ".join(because.split())
    if not because:
        raise Refused("Say why it ends. Whoever asked for it will read this.", field="because")
    if len(because) > MOST_REASON:
        raise Refused(f"Shorten this to {MOST_REASON} characters.", field="because")
    with audited():
        row = _locked(use)
        if row.ended_at is not None:
            if row.ended_because == because:
                return row
            raise Stale("Somebody has ended it already.")
        if not in_force(row):
            raise Refused("There is no permission in force that could end.")
        row.ended_at, row.ended_because, row.remind_on = timezone.now(), because, None
        row.save(update_fields=["ended_at", "ended_because", "remind_on"])
        record("policies.name_use_ended", actor=actor, school=row.school, subject=row)
        notify("policies.name_use_ended", recipients=[row.by], about=row, key=str(row.pk), link=url_of(row))
    return row


def reminders_send(limit: int = 200) -> int:
    """Tell askers two weeks before the last day of a permission, once. Days are those of London.

    Costs what is due; safe to run twice. After a last day that was missed nobody is written to any more.
    """
    due = NameUse.objects.filter(remind_on__lte=timezone.localdate())
    return sweep_due("use of name or logo", due, _remind_one, by="remind_on", limit=limit)


def _remind_one(pk: int) -> bool:
    today = timezone.localdate()
    with audited():
        row = _locked(NameUse(pk=pk))
        if row.remind_on is None or row.remind_on > today:
            return False
        if in_force(row):
            notify(
                "policies.name_use_runs_out",
                recipients=[row.by],
                about=row,
                key=f"{row.pk}:{row.until:%Y%m%d}",
                link=url_of(row),
            )
        row.remind_on = None
        row.save(update_fields=["remind_on"])
    return True


def in_force(row: NameUse) -> bool:
    """Whether the permission holds today, in London."""
    over = row.until is not None and row.until < timezone.localdate()
    return row.granted_at is not None and row.ended_at is None and not over


def state_of(row: NameUse) -> str:
    """A value of core.statuses. The row carries its approval."""
    if row.ended_at is not None:
        return "ended"
    if row.granted_at is not None:
        return "permitted" if in_force(row) else "run_out"
    return row.approval.status


def in_words(row: NameUse) -> str:
    """What is to be used, in a few words."""
    words = {
        NameUse.What.NAME: "name",
        NameUse.What.LOGO: "logo",
        NameUse.What.MATERIAL: "published material",
    }
    return " and ".join(words[value] for value in row.what) or "name"


def snapshot(row: NameUse) -> dict[str, Any]:
    """The request as it is frozen for whoever decides."""
    begun = {
        "key": "begun",
        "label": "Has the use begun already?",
        "value": "Yes" if row.begun else "No",
        **({"warning": f"The use has begun without permission. {FIRST}"} if row.begun else {}),
    }
    rows = [
        {"key": "by", "label": "Asked by", "value": row.by.full_name},
        {"key": "what", "label": "What is to be used", "value": what_labels(row)},
        {"key": "where", "label": "Where", "value": NameUse.Where(row.where).label},
        {"key": "purpose", "label": "For what, and by whom", "value": row.purpose},
        begun,
        {"key": "until", "label": "Last day", "value": date_text(row.until) if row.until else "For good"},
    ]
    return {"form": KIND, "sections": [{"slug": "use", "title": "The use", "rows": rows}]}


def what_labels(row: NameUse) -> list[str]:
    """What is to be used, as the form words it."""
    return [NameUse.What(value).label for value in row.what]


def _check(answers: dict[str, Any]) -> None:
    """Whether it can be asked for. Raises Refused with the field at fault."""
    today, until = timezone.localdate(), answers["until"]
    if not answers["what"]:
        raise Refused("Choose what is to be used.", field="what")
    if answers["where"] not in NameUse.Where.values:
        raise Refused("Choose where it is to be used.", field="where")
    if not answers["purpose"]:
        raise Refused("Say for what it is, and who uses it.", field="purpose")
    if len(answers["purpose"]) > MOST_PURPOSE:
        raise Refused(f"Shorten this to {MOST_PURPOSE} characters.", field="purpose")
    if until and not today <= until <= today + FURTHEST:
        raise Refused("The last day must be today or later, and within ten years.", field="until")


def _known(actor: User, school: School, once: UUID, answers: dict[str, Any]) -> NameUse | None:
    """What this page asked for when it was sent before. Raises Refused where it said something else then."""
    row = NameUse.objects.filter(once=once, by=actor, school=school).first()
    if row is not None and any(getattr(row, name) != value for name, value in answers.items()):
        raise Refused(SENT_BEFORE)
    return row


def _locked(row: NameUse) -> NameUse:
    return (
        NameUse.objects.select_for_update(of=("self",), no_key=True)
        .select_related("school", "by")
        .get(pk=row.pk)
    )
