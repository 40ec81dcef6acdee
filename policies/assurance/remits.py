"""Whether the board or the executive team has confirmed that the DSL's remit covers online safety, school by school.

One queryset says it for the list, the to-do list and the sweep alike. It is due:

- at once, where it was never confirmed, or where somebody is DSL who was not at the last confirmation;
- otherwise a year after the last confirmation.

A second DSL who leaves changes nothing: the remit of whoever stays was confirmed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import (
    Case,
    CharField,
    DateField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Concat
from django.utils import timezone

from core.roles import Post, Role
from people.models import Membership, School, User
from policies.models import RemitConfirmation

REMIND_BEFORE = timedelta(days=30)


class RemitState(StrEnum):
    """Where a school stands; the values are keys of core.statuses."""

    NO_DSL = "remit_no_dsl"
    NEVER = "remit_never"
    CHANGED = "remit_changed"
    OVERDUE = "overdue"
    DUE_SOON = "due_soon"
    CONFIRMED = "confirmed"


TO_CONFIRM = (RemitState.NEVER, RemitState.CHANGED, RemitState.OVERDUE, RemitState.DUE_SOON)
"""States in which it may be confirmed."""


def _dsl_memberships() -> QuerySet[Membership]:
    """Who is DSL now at the school of the outer query; deputies are not."""
    here = Q(school=OuterRef("pk")) | Q(trust__isnull=False, trust=OuterRef("trust"))
    return Membership.objects.active().meeting(Role.DSL).filter(here).order_by()


def with_remit(schools: QuerySet[School]) -> QuerySet[School]:
    """With `remit` (a RemitState), `remit_due` (a day, or None), and the last confirmation's `remit_at`, `remit_by`.

    It asks no query by itself.
    """
    today = timezone.localdate()
    last = RemitConfirmation.objects.filter(school=OuterRef("pk")).order_by("-at", "-pk")
    known = Coalesce(OuterRef("remit_leads"), Value(""), output_field=TextField())
    as_text = Concat(Value('"'), Cast(F("user_id"), CharField()), Value('"'), output_field=TextField())
    dsl = _dsl_memberships()
    new = dsl.annotate(known=known, as_text=as_text).exclude(known__contains=F("as_text"))
    rows = schools.annotate(
        remit_leads=Subquery(last.annotate(text=Cast("leads", TextField())).values("text")[:1]),
        remit_at=Subquery(last.values("at")[:1]),
        remit_by=Subquery(last.values("by__full_name")[:1]),
        remit_next=Subquery(last.values("next_on")[:1]),
        remit_since=Subquery(dsl.order_by("-starts").values("starts")[:1]),
    )
    changed = Q(remit_next__isnull=False) & Q(Exists(new))
    rows = rows.annotate(
        remit=Case(
            When(remit_since=None, then=Value(RemitState.NO_DSL.value)),
            When(remit_next=None, then=Value(RemitState.NEVER.value)),
            When(changed, then=Value(RemitState.CHANGED.value)),
            When(remit_next__lt=today, then=Value(RemitState.OVERDUE.value)),
            When(remit_next__lte=today + REMIND_BEFORE, then=Value(RemitState.DUE_SOON.value)),
            default=Value(RemitState.CONFIRMED.value),
            output_field=CharField(),
        ),
        remit_new_since=Subquery(new.order_by("-starts").values("starts")[:1]),
    )
    at_once = (RemitState.NEVER.value, RemitState.CHANGED.value)
    return rows.annotate(
        remit_due=Case(
            When(remit__in=at_once, then=F("remit_new_since")),
            When(remit=RemitState.NO_DSL.value, then=Value(None)),
            default=F("remit_next"),
            output_field=DateField(),
        )
    )


def in_question() -> QuerySet[School]:
    """Schools in use. A central team counts only where somebody is DSL there."""
    own = Q(kind=School.Kind.SCHOOL) | Q(Exists(_dsl_memberships()))
    return School.objects.filter(own, active=True)


@dataclass(frozen=True)
class Lead:
    """Somebody who is DSL at a school now."""

    school: int
    user: int
    name: str
    since: date


def leads_of(schools: Iterable[School]) -> dict[int, list[Lead]]:
    """The DSLs of many schools, in one query."""
    schools = list(schools)
    by_trust: dict[int, list[int]] = {}
    for school in schools:
        if school.trust_id:
            by_trust.setdefault(school.trust_id, []).append(school.pk)
    rows = Membership.objects.active().meeting(Role.DSL)
    rows = rows.filter(Q(school__in=[one.pk for one in schools]) | Q(trust__in=list(by_trust)))
    found: dict[int, dict[int, Lead]] = {school.pk: {} for school in schools}
    for user, name, since, school, trust in rows.order_by("user__full_name", "-starts", "pk").values_list(
        "user_id", "user__full_name", "starts", "school_id", "trust_id"
    ):
        for place in [school] if school else by_trust.get(trust, []):
            found[place].setdefault(user, Lead(place, user, name, since))
    return {place: list(leads.values()) for place, leads in found.items()}


def is_dsl(user: User, school: School) -> bool:
    """Whether somebody is DSL or deputy there: they do not confirm what concerns themselves."""
    rows = Membership.objects.active().at_school(school).filter(user=user, role=Role.DSL)
    return rows.filter(post__in=("", Post.DEPUTY)).exists()


def months_since(day: date, today: date) -> int:
    """Whole months that have gone by; 31 January to 28 February is none yet, to 1 March one."""
    months = (today.year - day.year) * 12 + today.month - day.month
    return months - (today.day < day.day)


def to_confirm(schools: Iterable[int]) -> QuerySet[School]:
    """Schools of these at which it is to be confirmed now, or within 30 days. It asks no query by itself."""
    rows = with_remit(in_question().filter(pk__in=schools))
    return rows.filter(remit__in=[one.value for one in TO_CONFIRM])


def state_of(school: School) -> Any:
    """One school with its remit, read anew."""
    return with_remit(School.objects.filter(pk=school.pk)).get()
