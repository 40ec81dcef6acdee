"""A request from draft to submission, and what the final approval does."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from accounts import answers as answering
from accounts.access import request_rules
from accounts.answers import PEOPLE, PUBLICS
from accounts.models import AccountRequest, ConsultationMessage, ConsultedRole, ProposedPerson, SocialAccount
from accounts.models.request import Topic
from accounts.questions import DETAILS, QUESTIONS
from accounts.services.rights import grant_or_ask
from accounts.services.runners import require_ready, tell_runners
from approvals.models import ApprovalRequest
from approvals.services import announce, request_resubmit, request_submit, request_withdraw
from core.access import standing_of
from core.audit import audited, record
from core.errors import Refused
from core.models import Platform
from core.notices import notify
from core.roles import EMPLOYED, Role, spec_matches
from people.governance.profile import Profile
from people.governance.who import StepSpec
from people.models import School, User
from people.selectors import holders_of_any, profile_of

ANSWER_FIELDS = (
    *(key for key in QUESTIONS if key not in PEOPLE),
    *(f"{key}_{detail}" for key in PUBLICS for detail in DETAILS),
)
"""The fields of a request that are answers; people are rows of their own."""
SILENT = (
    "discarded",
    ApprovalRequest.Status.REFUSED,
    ApprovalRequest.Status.WITHDRAWN,
    ApprovalRequest.Status.EXPIRED,
)
"""Requests that came to nothing: nobody writes on them any more."""


def why_closed(profile: Profile) -> str:
    """Why nobody can ask for an account here yet, in words; empty when they can."""
    missing = profile.open_settings("accounts")
    if not missing:
        return ""
    names = ", ".join(setting.title.lower() for setting in missing)
    return (
        "Your school has not yet chosen how accounts are asked for and approved. "
        f"Your headteacher or IT lead must choose: {names}."
    )


def may_apply(user: User, school: School, profile: Profile) -> bool:
    """Whether the profile lets this person apply: "staff" means any employed role (RAV-3.01, STM-3.01)."""
    held = standing_of(user).roles_at(school.pk)
    for spec in profile.applicants or []:
        if spec == Role.STAFF and any(role in EMPLOYED for role, _ in held):
            return True
        if any(spec_matches(str(spec), role, post) for role, post in held):
            return True
    return False


def request_start(
    *, actor: User, school: School, once: UUID, copy_of: AccountRequest | None = None
) -> AccountRequest:
    """Start a draft. `once` comes from the page: the same page sent twice gives the same draft.

    `copy_of` is a request of the actor's own at this school that came to nothing: its answers are
    taken over, and it stays in the history as it is. Raises PermissionDenied, or Refused where the
    school has not chosen its process or its policy does not let this person apply.
    """
    request_rules.require_at(actor, "start", school)
    if copy_of is not None:
        request_rules.require(actor, "edit", copy_of)
    profile = profile_of(school)
    closed = why_closed(profile)
    if closed:
        raise Refused(closed, field="school")
    if not may_apply(actor, school, profile):
        raise Refused(
            "Your school's policy does not let people in your role ask for an account.", field="school"
        )
    known = AccountRequest.objects.filter(once=once, requested_by=actor).first()
    if known:
        return known
    try:
        with audited():
            row = AccountRequest(once=once, school=school, requested_by=actor, form=profile.account_form)
            for field in ANSWER_FIELDS if copy_of else ():
                setattr(row, field, getattr(copy_of, field))
            row.save()
            for person in copy_of.proposed_people.order_by("pk") if copy_of else ():
                ProposedPerson.objects.create(request=row, user_id=person.user_id, right=person.right)
            record("accounts.request_started", actor=actor, school=school, subject=row)
    except IntegrityError as error:
        known = AccountRequest.objects.filter(once=once, requested_by=actor).first()
        if known is None:
            raise Refused("This page is out of date. Open it again, then start.") from error
        return known
    return row


def answers_save(
    *, actor: User, request: AccountRequest, values: Mapping[str, Any], people: Mapping[str, Iterable[User]]
) -> AccountRequest:
    """Save answers of a draft or a returned request as they are, complete or not.

    `values` are answers by field, `people` users by question key. Raises PermissionDenied, Refused
    when the request is no longer the author's to change, and KeyError for a field that is no answer.
    """
    request_rules.require(actor, "edit", request)
    if unknown := values.keys() - set(ANSWER_FIELDS):
        raise KeyError(f"not an answer: {', '.join(sorted(unknown))}")
    with audited():
        row = AccountRequest.objects.select_for_update().get(pk=request.pk)
        if not row.is_editable:
            raise Refused("This request can no longer be changed: it was sent, or put aside, meanwhile.")
        changed = [key for key, value in values.items() if getattr(row, key) != value]
        for key in changed:
            setattr(row, key, values[key])
        named = [key for key, users in people.items() if _replace_people(row, PEOPLE[key], list(users))]
        if changed or named:
            row.save(update_fields=[*changed, "changed_at"])
            fields = [*changed, *named]
            record(
                "accounts.request_saved", actor=actor, school=row.school, subject=row, data={"fields": fields}
            )
    return row


def _replace_people(row: AccountRequest, right: str, users: list[User]) -> bool:
    before = list(row.proposed_people.filter(right=right).order_by("pk").values_list("user", flat=True))
    wanted = list(dict.fromkeys(user.pk for user in users))
    if before == wanted:
        return False
    row.proposed_people.filter(right=right).delete()
    ProposedPerson.objects.bulk_create(
        [ProposedPerson(request=row, user_id=pk, right=right) for pk in wanted]
    )
    return True


def request_send(*, actor: User, request: AccountRequest) -> ApprovalRequest:
    """Submit a draft, or send a returned request again. Everything is checked afresh.

    Raises Refused with the first problem when an answer is missing or wrong, when the school's
    process is not chosen, or when a step has nobody to sign.
    """
    request_rules.require(actor, "edit", request)
    with audited():
        row = (
            AccountRequest.objects.select_for_update(of=("self",))
            .select_related("school", "platform")
            .get(pk=request.pk)
        )
        if not row.is_editable:
            raise Refused("This request has been sent already.")
        profile = profile_of(row.school)
        if closed := why_closed(profile):
            raise Refused(closed)
        if not may_apply(actor, row.school, profile):
            raise Refused("Your school's policy no longer lets people in your role ask for an account.")
        answers = answering.of(row, profile)
        today = timezone.localdate()
        found = answering.problems(row.form, answers, profile=profile, school=row.school, today=today)
        if found:
            raise Refused(f"Some answers are missing or need another look. {found[0].message}")
        frozen = answering.snapshot(row.form, answers, profile, today)
        title = f"New account: {row.name}"
        if row.approval_id:
            again = request_resubmit(actor=actor, request=row.approval, title=title, snapshot=frozen)
            tell_runners(again, row)
            return again
        row.approval = request_submit(
            actor=actor,
            kind="new-account",
            school=row.school,
            title=title,
            chain=chain_of(profile, row.school),
            snapshot=frozen,
        )
        row.save(update_fields=["approval", "changed_at"])
        announce(row.approval)
        tell_runners(row.approval, row)
    return row.approval


def chain_of(profile: Profile, school: School) -> list[StepSpec]:
    """Who approves an account, in order (CIT-3.01, STM-15.29, RAV-3.08, RAV-2.07)."""
    return list((profile.account_chain_central if school.is_central else None) or profile.account_chain or [])


def request_discard(*, actor: User, request: AccountRequest) -> None:
    """Put a draft aside. It stays in the history and can no longer be sent."""
    request_rules.require(actor, "edit", request)
    with audited():
        row = AccountRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
        if row.approval_id or row.discarded_at:
            raise Refused("Only a draft can be discarded.")
        row.discarded_at = timezone.now()
        row.save(update_fields=["discarded_at"])
        record("accounts.request_discarded", actor=actor, school=row.school, subject=row)


def request_take_back(*, actor: User, request: AccountRequest) -> None:
    """Withdraw a submitted request."""
    request_rules.require(actor, "withdraw", request)
    if request.approval is None:
        raise Refused("This request was not sent yet. Discard the draft instead.")
    request_withdraw(actor=actor, request=request.approval)


def consult(
    *, actor: User, request: AccountRequest, topic: str, text: str, once: UUID
) -> ConsultationMessage:
    """Add a message to the exchange on purpose and content, or on technical support.

    The author's first message on a topic asks the roles of the profile, who then see the draft
    (CIT-2.43, CIT-2.44, STM-2.16, STM-2.36). Raises PermissionDenied or Refused.
    """
    request_rules.require(actor, "consult", request)
    if topic not in Topic.values:
        raise Refused("Choose what your message is about.", field="topic")
    if not text.strip():
        raise Refused("Write your message.", field="text")
    known = ConsultationMessage.objects.filter(once=once, author=actor).first()
    if known:
        return known
    try:
        with audited():
            row = (
                AccountRequest.objects.select_for_update(of=("self",))
                .select_related("school")
                .get(pk=request.pk)
            )
            if row.status in SILENT:
                raise Refused("This request is closed, and so is the exchange on it.", field="text")
            if topic not in topics_for(actor, row):
                raise PermissionDenied("not consulted on this")
            roles = _ask_roles(row, topic) if actor.pk == row.requested_by_id else []
            message = ConsultationMessage.objects.create(
                request=row, once=once, topic=topic, author=actor, text=text.strip()
            )
            data = {"topic": topic, "roles": roles}
            record("accounts.consulted", actor=actor, school=row.school, subject=row, data=data)
            _tell(row, message, roles)
    except IntegrityError as error:
        known = ConsultationMessage.objects.filter(once=once, author=actor).first()
        if known is None:
            raise Refused("This page is out of date. Open it again, then send.", field="text") from error
        return known
    return message


def topics_for(user: User, row: AccountRequest) -> list[Topic]:
    """What a person who sees a request may write about.

    Its author and the readers of a submitted request: both topics. On a draft, the roles that were
    asked: what they were asked about.
    """
    if user.pk == row.requested_by_id or row.approval_id:
        return list(Topic)
    held = standing_of(user).roles_at(row.school_id)
    asked = {
        one.topic
        for one in row.consulted.all()
        if any(spec_matches(one.spec, role, post) for role, post in held)
    }
    return [topic for topic in Topic if topic in asked]


def advisers(profile: Profile, topic: str) -> list[str]:
    """Role specs of who advises on a topic (CIT-2.43, CIT-2.44, STM-2.16, STM-2.36).

    A profile that is silent falls back on the Head of Communications, and on IT for technical support.
    """
    if topic == Topic.CONSULTATION:
        return [str(spec) for spec in profile.consultants or [Role.HEAD_OF_COMMS.value]]
    return [str(spec) for spec in profile.technical_support or [Role.IT.value]]


def _ask_roles(row: AccountRequest, topic: str) -> list[str]:
    specs = advisers(profile_of(row.school), topic)
    for spec in specs:
        role, _, post = spec.partition("/")
        ConsultedRole.objects.get_or_create(request=row, topic=topic, role=role, post=post)
    return specs


def _tell(row: AccountRequest, message: ConsultationMessage, roles: list[str]) -> None:
    link = reverse("accounts:request-detail", args=[row.uuid]) + "#advice"
    if roles:
        people = [p for p in holders_of_any(row.school, roles) if p.pk != message.author_id]
        notify("accounts.consulted", recipients=people, about=row, key=f"{message.pk}", link=link)
    else:
        notify("accounts.message", recipients=[row.requested_by], about=row, key=f"{message.pk}", link=link)


def handle_taken(school: School, platform: Platform | None, handle: str) -> bool:
    """Whether the register holds this handle on this platform for the school already."""
    rows = SocialAccount.objects.filter(school=school, platform=platform, status__in=SocialAccount.OPEN)
    return bool(handle) and rows.filter(handle__iexact=handle).exists()


def account_approved(row: AccountRequest, approval: ApprovalRequest) -> None:
    """The last yes: the account enters the register and its people get their rights, or are asked for.

    Raises Refused unless everybody who would run it may (RAV-3.09 to 3.11, CIT-3.16, STM-3.18). The handle was a wish: when another account of the school has taken it meanwhile, the place stays
    empty and whoever sets the account up enters the real one.
    """
    require_ready(row)
    account = SocialAccount.objects.create(
        school=row.school,
        request=row,
        platform=row.platform,
        name=row.name,
        handle="" if handle_taken(row.school, row.platform, row.handle) else row.handle,
        official_email=row.official_email,
        purpose=row.aims,
        audience=row.audience,
        openness=row.openness,
        status=SocialAccount.Status.APPROVED,
        go_live_on=row.go_live_on,
    )
    record("accounts.account_approved", school=row.school, subject=account, data={"request": row.pk})
    people = [(p.user, p.right) for p in row.proposed_people.select_related("user")]
    grant_or_ask(account=account, people=people, approval=approval)
    notify(
        "accounts.ready",
        recipients=[row.requested_by],
        about=account,
        key=str(account.pk),
        link=reverse("accounts:account-detail", args=[account.uuid]),
    )
