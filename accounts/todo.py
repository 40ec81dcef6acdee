"""What this room puts on a person's to-do list."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, Concat
from django.urls import reverse

from accounts import running_todo  # noqa: F401
from accounts.access import account_rules, asked_of
from accounts.choices import Right
from accounts.models import (
    AccountRequest,
    ConsultationMessage,
    ConsultedRole,
    RightsRequest,
    SocialAccount,
)
from accounts.models.request import WITHOUT_NAME, Topic
from accounts.monitoring import todo as monitoring_todo  # noqa: F401
from accounts.register_selectors import least_administrators, needing_attention, waiting_to_be_set_up
from accounts.request_selectors import requests_of
from accounts.services.requests import SILENT
from accounts.services.right_holders import WATCHERS
from approvals.models import ApprovalRequest
from core.access import standing_of
from core.todo import TodoItem, line, lines_of, source, todo, waiting
from people.access import profile_rules
from people.governance.profile import Profile
from people.selectors import governed_by

MOST = 50


def _item(row: AccountRequest, title: str, action: str, **more: Any) -> TodoItem:
    url = reverse("accounts:request-detail", args=[row.uuid])
    return TodoItem(title, url + more.pop("anchor", ""), action, row.school.name, **more)


def _own_open(user: Any) -> list[AccountRequest]:
    """The user's drafts and open requests. A page keeps them beside the standing: both lists need them."""
    kept = getattr(user, "_own_open_requests", None) if getattr(user, "_standing", None) else None
    if kept is None:
        rows = requests_of(user, others=False).filter(
            Q(approval=None) | Q(approval__status__in=ApprovalRequest.OPEN),
            discarded_at=None,
            school__in=standing_of(user).all_schools(),
        )
        kept = list(rows[: 2 * MOST])
        user._own_open_requests = kept
    return kept


@todo
def own_requests(user: Any) -> Iterator[TodoItem]:
    """Requests that came back with a question, and drafts to finish."""
    for row in _own_open(user):
        if row.status == "draft":
            yield _item(row, f"Finish your draft: {row}", "Go on", since=row.changed_at)
        elif row.status == ApprovalRequest.Status.RETURNED:
            # the day on which it would expire is no time limit that the person was given: no due_at
            detail = "Somebody asks you something: answer, and send it again"
            yield _item(row, f"Sent back to you: {row}", "Answer", since=row.changed_at, detail=detail)


ADVICE = line(
    "advice",
    "Give advice on: {name}",
    lambda key: f"{reverse('accounts:request-detail', args=[key])}#advice",
    "Answer",
    rank=33,
    detail="{note}",
)
TOPICS = Case(
    *(When(topic=one.value, then=Value(one.label.lower())) for one in Topic), output_field=CharField()
)


@source
def questions_to_my_role(user: Any) -> QuerySet:
    """Messages to a role of the user's on which nobody but the author has written since."""
    asked = asked_of(standing_of(user))
    last = ConsultationMessage.objects.filter(request=OuterRef("request"), topic=OuterRef("topic")).order_by(
        "-at", "-pk"
    )
    rows = (
        ConsultedRole.objects.filter(asked, request__discarded_at=None)
        .exclude(request__requested_by=user)
        .exclude(request__approval__status__in=SILENT)
        .annotate(last_author=Subquery(last.values("author")[:1]), last_at=Subquery(last.values("at")[:1]))
        .filter(last_author=F("request__requested_by"))
    )
    title = Case(When(request__name="", then=Value(WITHOUT_NAME)), default=F("request__name"))
    # A person with two of the roles that were asked is asked once.
    return lines_of(
        rows,
        line=ADVICE,
        key="request__uuid",
        place="request__school__name",
        since="last_at",
        name=title,
        note=Concat("request__requested_by__full_name", Value(" asks: "), TOPICS, output_field=CharField()),
    ).distinct()


def _account_item(account: SocialAccount, title: str, action: str, **more: Any) -> TodoItem:
    url = reverse("accounts:account-detail", args=[account.uuid])
    return TodoItem(f"{title}: {account}", url, action, account.school.name, **more)


@todo
def accounts_short_of_people(user: Any) -> Iterator[TodoItem]:
    """For headteacher and Head of Communications: too few administrators, or no lead (STM-15.21, RAV-2.11).

    What was asked for already and only waits for a signature is not listed twice.
    """
    watched = standing_of(user).schools(str(role) for role in WATCHERS)
    if not watched:
        return
    profiles = {place.pk: profile for place, profile in governed_by(user).items() if place.pk in watched}
    asked = RightsRequest.objects.filter(account=OuterRef("pk"), open=True, move=RightsRequest.Move.GRANT)
    yield from _processes_to_choose(user, profiles)
    rows = needing_attention(account_rules.visible_to(user).filter(school__in=watched), profiles).annotate(
        asked_for=Exists(asked.filter(right=Right.ADMINISTRATOR)),
        lead_asked=Exists(asked.filter(right=Right.LEAD)),
    )
    for account in rows.select_related("school").order_by("name", "pk")[:MOST]:
        minimum = least_administrators(profiles[account.school_id])
        short = account.administrators < minimum
        if short and not account.asked_for:
            detail = f"It has {account.administrators} of {minimum}"
            yield _account_item(account, "Too few administrators", "Mend", detail=detail)
        elif account.lacks_lead and not account.lead_asked:
            yield _account_item(account, "No lead", "Mend", detail="Name a lead, or close the account")


def _processes_to_choose(user: Any, profiles: Mapping[int, Profile]) -> Iterator[TodoItem]:
    """For whoever may choose: the school has not said yet how accounts are asked for and approved."""
    chooses = standing_of(user).schools(str(role) for role in profile_rules.table["edit"])
    for school in (place for place in governed_by(user) if place.pk in profiles):
        missing = profiles[school.pk].open_settings("accounts") if school.pk in chooses else []
        if missing:
            detail = "Still to choose: " + ", ".join(setting.title.lower() for setting in missing)
            yield TodoItem(
                "Choose how accounts are asked for and approved",
                reverse("people:profile-list"),
                "Choose",
                school.name,
                detail=detail,
            )


def _set_up(key: str, detail: str) -> str:
    return line(
        key,
        "Set up the account: {name}",
        lambda key: reverse("accounts:account-detail", args=[key]),
        "Set up",
        rank=34,
        detail=detail,
    )


SET_UP = _set_up("set-up", "Then record it here")
SET_UP_LATER = _set_up("set-up-later", "First the rights of the people named must be decided")


@source
def accounts_to_set_up(user: Any) -> QuerySet:
    """For requester, lead and administrators: the account is approved and not live yet."""
    rows = waiting_to_be_set_up(user).annotate(
        todo_began=Coalesce("request__approval__closed_at", "created_at")
    )
    which = Case(
        When(undecided=True, then=Value(SET_UP_LATER)), default=Value(SET_UP), output_field=CharField()
    )
    return lines_of(rows, line=which, key="uuid", place="school__name", since="todo_began", name=F("name"))


@waiting
def sent_requests(user: Any) -> Iterator[TodoItem]:
    """The user's requests that others have to decide, each with the title it lies with."""
    for row in _own_open(user):
        if row.status == ApprovalRequest.Status.PENDING:
            detail = f"Waits for: {row.lies_with}"
            yield _item(row, str(row), "Look", since=row.approval.submitted_at, detail=detail)
