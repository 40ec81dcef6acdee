"""The engine: submit, decide, return, withdraw (design, section 5)."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from approvals import moves
from approvals.access import approval_rules
from approvals.kinds import KINDS, kind_of
from approvals.models import ApprovalRequest, ApprovalRound, ApprovalStep, Decision
from approvals.signers import Signer, barred_from, outstanding, signers_at, signers_of
from core.audit import audited, record
from core.clock import due_in_working_days
from core.errors import Refused, Stale
from core.notices import notify
from core.signatures import content_hash, sign
from core.sweeps import sweep_due
from people.governance.profile import Profile
from people.governance.who import StepSpec
from people.models import School, User
from people.selectors import profile_of

RETURNED_LASTS = timedelta(days=60)
_ACTION = {
    Decision.Outcome.APPROVED: "approvals.approved",
    Decision.Outcome.RETURNED: "approvals.returned",
    Decision.Outcome.REFUSED: "approvals.refused",
}


def request_submit(
    *,
    actor: User,
    kind: str,
    school: School,
    title: str,
    chain: Sequence[StepSpec],
    snapshot: dict,
    about: User | None = None,
) -> ApprovalRequest:
    """Send a subject on its road. The chain is copied now and does not follow the profile later.

    The caller has asked whether the actor may submit, stores the returned request on its subject in
    the same transaction, and then calls `announce`. Raises Refused when the chain is empty or a
    step has nobody who may sign it.
    """
    if kind not in KINDS:
        raise KeyError(f"approval kind {kind!r} is not registered")
    profile = profile_of(school)
    _require_signers(school, profile, chain, actor, about)
    with audited():
        request = ApprovalRequest.objects.create(
            kind=kind, school=school, title=title[:200], requested_by=actor, about=about
        )
        _freeze(request, snapshot, actor)
        ApprovalStep.objects.bulk_create(
            [
                ApprovalStep(
                    request=request,
                    order=order,
                    role=step.role,
                    post=step.post,
                    needed=step.needed,
                    title=profile.title_of(step.role, step.post)[:120],
                    status=ApprovalStep.Status.CURRENT if order == 1 else ApprovalStep.Status.WAITING,
                )
                for order, step in enumerate(chain, start=1)
            ]
        )
        request.due_at = _due(profile)
        request.save(update_fields=["due_at"])
        record("approvals.submitted", actor=actor, school=school, subject=request, data={"kind": kind})
    return request


def _require_signers(
    school: School, profile: Profile, chain: Sequence[StepSpec], actor: User, about: User | None
) -> None:
    barred = {actor.pk, about.pk if about else actor.pk}
    if not chain:
        raise Refused(
            "Your school has not chosen who approves this. Ask your headteacher to choose it in the settings."
        )
    for step in chain:
        title = profile.title_of(step.role, step.post)
        spec = f"{step.role}/{step.post}" if step.post else step.role
        if not signers_at(school, spec, title, barred, about.pk if about else None):
            raise Refused(
                f"Nobody could sign as {title}: whoever asks, or is concerned, may not, "
                "and there is no deputy and no chair. "
                "Ask your headteacher or IT lead to give somebody that role."
            )


def announce(request: ApprovalRequest) -> None:
    """Tell the signers of the current step. Call it after the subject holds the request."""
    step = request.steps.filter(status=ApprovalStep.Status.CURRENT).first()
    if step is None:
        return
    notify(
        "approvals.to_sign",
        recipients=[signer.user for signer in signers_of(step)],
        about=request,
        key=f"{request.pk}:{request.round}:{step.order}",
        link=reverse("approvals:request-detail", args=[request.uuid]),
    )


def request_resubmit(*, actor: User, request: ApprovalRequest, title: str, snapshot: dict) -> ApprovalRequest:
    """Send a returned request again. Every signature of the earlier round is void; all sign anew."""
    with audited():
        row = _locked(request)
        if row.requested_by_id != actor.pk:
            raise PermissionDenied("only whoever asked may send it again")
        _move(row, moves.RESUBMIT)
        row.round += 1
        row.submitted_at = timezone.now()
        row.title = title[:200]
        row.due_at = _due(profile_of(row.school))
        row.save(update_fields=["status", "round", "submitted_at", "title", "due_at"])
        _freeze(row, snapshot, actor)
        steps = list(row.steps.all())
        for step in steps:
            step.status = ApprovalStep.Status.WAITING
        ApprovalStep.objects.bulk_update(steps, ["status"])
        steps[0].status = ApprovalStep.Status.CURRENT
        steps[0].save(update_fields=["status"])
        record(
            "approvals.resubmitted", actor=actor, school=row.school, subject=row, data={"round": row.round}
        )
        announce(row)
    return row


def step_decide(
    *,
    request: ApprovalRequest,
    expected_step: int,
    expected_hash: str,
    actor: User,
    outcome: str,
    reasons: str,
    typed_name: str,
) -> Decision:
    """One person's decision on the current step: signed, locked, recorded, told.

    `expected_step` and `expected_hash` are what the person saw. Raises Stale when either has moved
    on, PermissionDenied for somebody who may not sign it now, Refused for missing reasons, or where
    the kind's own hooks say no.
    """
    if outcome not in Decision.Outcome.values:
        raise Refused("Choose what you decide.", field="outcome")
    with audited():
        row = _locked(request)
        step = row.steps.select_for_update().filter(status=ApprovalStep.Status.CURRENT).first()
        if row.status != ApprovalRequest.Status.PENDING or step is None:
            raise Stale(f"This request is no longer waiting: {row.get_status_display().lower()}.")
        latest = row.rounds.get(number=row.round)
        moved_on = step.pk != expected_step or latest.hash != expected_hash
        if moved_on and approval_rules.allows(actor, "view", row):
            raise Stale("This request has changed since you opened it. Read it again, then decide.")
        signer = _signer(step, actor)  # whoever may not see it, may not sign it either
        kind = kind_of(row)
        subject = kind.find(row)
        if outcome == Decision.Outcome.RETURNED and not kind.returnable:
            raise Refused(
                "This cannot be sent back. Approve it, or refuse it with your reasons.", field="outcome"
            )
        reasons = _checked_reasons(reasons, outcome, kind.reasons_for_yes)
        signature = sign(
            actor=actor,
            typed_name=typed_name,
            declaration=kind.declaration(subject, step) if outcome == Decision.Outcome.APPROVED else reasons,
            signed_hash=latest.hash,
        )
        decision = Decision.objects.create(
            step=step,
            round=row.round,
            decided_by=actor,
            acting_for=signer.acting_for,
            capacity=signer.capacity[:160],
            outcome=outcome,
            reasons=reasons,
            signature=signature,
            subject_hash=latest.hash,
            at=signature.at,
        )
        record(
            _ACTION[Decision.Outcome(outcome)],
            actor=actor,
            school=row.school,
            subject=row,
            data={
                "step": step.order,
                "round": row.round,
                "acting_for": signer.acting_for.pk if signer.acting_for else None,
            },
        )
        _apply(row, step, decision, subject)
    return decision


def _signer(step: ApprovalStep, actor: User) -> Signer:
    for signer in signers_of(step):
        if signer.user.pk == actor.pk:
            return signer
    if actor.pk in barred_from(step.request):
        raise Refused(
            "You cannot sign this: you asked for it or had a part in it, it is about you, or you have signed it in "
            "this round already."
        )
    raise PermissionDenied("not a signer of this step")


def _checked_reasons(reasons: str, outcome: str, reasons_for_yes: bool) -> str:
    reasons = reasons.strip()
    if not reasons and outcome == Decision.Outcome.REFUSED:
        raise Refused("Give your reasons for refusing. The person who asked will read them.", field="reasons")
    if not reasons and outcome == Decision.Outcome.RETURNED:
        raise Refused("Say what you want to know or see changed.", field="reasons")
    if not reasons and reasons_for_yes:
        raise Refused("Give your reasons for approving.", field="reasons")
    return reasons


def _apply(row: ApprovalRequest, step: ApprovalStep, decision: Decision, subject: Any) -> None:
    """Move the request as the decision says, tell who must know, and call the kind's hooks."""
    kind = kind_of(row)
    move = moves.BY_OUTCOME[decision.outcome]
    if move != moves.APPROVE:
        step.status = decision.outcome
        step.save(update_fields=["status"])
        _move(row, move)
        _close_if_final(row)
        kind.on_decided(subject, decision)
        _tell_requester(row, decision)
        if not row.is_open:
            kind.on_closed(subject, row)
        return
    if step.needed == ApprovalStep.Needed.ALL and outstanding(step):
        kind.on_decided(subject, decision)
        return
    step.status = ApprovalStep.Status.APPROVED
    step.save(update_fields=["status"])
    following = row.steps.filter(order=step.order + 1).first()
    _move(row, move, last=following is None)
    kind.on_decided(subject, decision)
    if following is not None:
        following.status = ApprovalStep.Status.CURRENT
        following.save(update_fields=["status"])
        row.due_at = _due(profile_of(row.school))
        row.save(update_fields=["due_at"])
        announce(row)
        return
    _close_if_final(row)
    record("approvals.granted", school=row.school, subject=row, data={"kind": row.kind})
    kind.on_approved(subject, row)
    _tell_requester(row, decision)


def _tell_requester(row: ApprovalRequest, decision: Decision) -> None:
    returned = decision.outcome == Decision.Outcome.RETURNED
    notify(
        "approvals.returned" if returned else "approvals.decided",
        recipients=[row.requested_by],
        about=row,
        key=f"{row.pk}:{row.round}",
        link=reverse("approvals:request-detail", args=[row.uuid]),
    )


def request_withdraw(*, actor: User | None, request: ApprovalRequest) -> None:
    """The requester takes it back while it is open; without an actor, the portal closes what has no use."""
    with audited():
        row = _locked(request)
        if actor is not None and row.requested_by_id != actor.pk:
            raise PermissionDenied("only whoever asked may withdraw it")
        _move(row, moves.WITHDRAW)
        _close_if_final(row)
        row.steps.filter(status=ApprovalStep.Status.CURRENT).update(status=ApprovalStep.Status.WAITING)
        action = "approvals.withdrawn" if actor else "approvals.dropped"
        record(action, actor=actor, school=row.school, subject=row)
        kind = kind_of(row)
        kind.on_closed(kind.find(row), row)


def to_chase() -> QuerySet[ApprovalRequest]:
    """The open requests whose time has come."""
    return ApprovalRequest.objects.filter(due_at__lte=timezone.now(), status__in=ApprovalRequest.OPEN)


def chase(limit: int = 200) -> int:
    """Remind the signers of what is overdue, once; close what was returned and left for 60 days.

    Costs only what is due. Returns how many requests were touched.
    """
    return sweep_due("approval request", to_chase(), _chase_one, by="due_at", limit=limit)


def _chase_one(pk: int) -> bool:
    with audited():
        row = ApprovalRequest.objects.select_for_update().get(pk=pk)
        if row.due_at is None or row.due_at > timezone.now() or not row.is_open:
            return False
        _expire(row) if row.status == ApprovalRequest.Status.RETURNED else _remind(row)
    return True


def _remind(row: ApprovalRequest) -> None:
    step = row.steps.get(status=ApprovalStep.Status.CURRENT)
    notify(
        "approvals.chase",
        recipients=[signer.user for signer in signers_of(step)],
        about=row,
        key=f"{row.pk}:{row.round}:{step.order}:{row.due_at:%Y%m%d%H%M}",
        link=reverse("approvals:request-detail", args=[row.uuid]),
    )
    row.due_at = _due(profile_of(row.school))
    row.save(update_fields=["due_at"])


def _expire(row: ApprovalRequest) -> None:
    _move(row, moves.EXPIRE)
    _close_if_final(row)
    record("approvals.expired", school=row.school, subject=row)
    notify(
        "approvals.expired",
        recipients=[row.requested_by],
        about=row,
        key=str(row.pk),
        link=reverse("approvals:request-detail", args=[row.uuid]),
    )
    kind = kind_of(row)
    kind.on_closed(kind.find(row), row)


def _move(row: ApprovalRequest, move: str, *, last: bool = False) -> None:
    target = moves.after(row.status, move, last=last)
    if target is None:
        raise Stale(f"This is no longer possible: the request is {row.get_status_display().lower()}.")
    row.status = target
    row.save(update_fields=["status"])


def _close_if_final(row: ApprovalRequest) -> None:
    if row.is_open:
        row.due_at = timezone.now() + RETURNED_LASTS
    else:
        row.closed_at = timezone.now()
        row.due_at = None
    row.save(update_fields=["closed_at", "due_at"])


def _locked(request: ApprovalRequest) -> ApprovalRequest:
    return (
        ApprovalRequest.objects.select_for_update(of=("self",))
        .select_related("school", "requested_by")
        .get(pk=request.pk)
    )


def _freeze(request: ApprovalRequest, snapshot: dict, actor: User) -> ApprovalRound:
    return ApprovalRound.objects.create(
        request=request,
        number=request.round,
        snapshot=snapshot,
        hash=content_hash([request.kind, request.round, snapshot]),
        submitted_by=actor,
    )


def _due(profile: Profile) -> Any:
    return due_in_working_days(timezone.now(), profile.approval_days)
