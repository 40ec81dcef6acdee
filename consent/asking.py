"""Whom a school still has to ask for a period: reads for rounds, reminders and the to-do list."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from consent.ages import born_by, year_end, year_start
from consent.models import (
    Answer,
    Ask,
    Assessment,
    Basis,
    Contact,
    Effect,
    Position,
    Pupil,
    Purpose,
    Responsibility,
    Round,
    Says,
    Standing,
    Tie,
    Weight,
)
from consent.selectors import here
from consent.terms import Terms
from core.clock import LONDON
from people.governance.profile import Profile

MAY_ANSWER = (Responsibility.YES, Responsibility.UNKNOWN)
"""Who is asked: whoever does not hold parental responsibility is not (STM-7.06, CIT-7.07)."""


@dataclass(frozen=True)
class Period:
    """What a round asks about.

    Attributes:
        first: the first day of the period; today where answers last for the whole time at the school.
        until: its last day; None: as long as the pupil is at the school.
        since: an answer that is still to be checked counts from this moment on.
    """

    first: date
    until: date | None
    since: datetime


def period_of(terms: Terms, day: date, *, next_year: bool = False) -> Period:
    """The period that a round opened on `day` asks about (STM-7.03, CIT-7.03).

    With `next_year` it is the academic year after that of `day`, so that a school can ask in the summer.
    """
    if not terms.by_year:
        return Period(day, None, datetime.min.replace(tzinfo=LONDON))
    first = year_start(day, terms.start_month)
    if next_year:
        first = date(first.year + 1, first.month, 1)
    until = year_end(first, terms.start_month)
    return Period(first, until, _morning(day if next_year else first))


def period_of_round(row: Round, terms: Terms) -> Period:
    """The period of a round that is open, whatever the profile says by now."""
    if row.until is None:
        return Period(timezone.localdate(), None, datetime.min.replace(tzinfo=LONDON))
    first = year_start(row.until, terms.start_month)
    return Period(first, row.until, min(row.opened_at, _morning(first)))


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(), LONDON)


def asked_about(school: Any, profile: Profile, terms: Terms) -> list[int]:
    """Ids of the purposes for which answers are asked.

    What rests on consent; and what rests on public task where the school records permissions beside
    objections (RAV-9.02).
    """
    rows = Purpose.objects.filter(school=school, retired_at=None).order_by("order", "pk")
    if not profile.consent_permission_record:
        rows = rows.filter(basis=Basis.CONSENT)
    return [pk for pk, channel in rows.values_list("pk", "channel") if terms.publishes(channel)]


def answered(purposes: Collection[int], period: Period, day: date) -> QuerySet:
    """Ids of the pupils about whom every purpose has an answer for the period, whoever gave it."""
    reaches = Q(answered_for=None) | Q(answered_for__gte=period.until) if period.until else Q()
    yes = Q(says=Says.YES) & (Q(yes_until=None) | Q(yes_until__gte=day))
    holds = (Q(says__in=[Says.NO, Says.SPLIT]) | yes) & reaches
    held = Q(says=Says.HELD, since__gte=period.since)
    rows = Position.objects.filter(holds | held, purpose__in=purposes).order_by()
    whole = rows.values("pupil").annotate(said=Count("pk")).filter(said__gte=len(purposes))
    return whole.values("pupil")


def pupils_to_ask(school: Any, purposes: Collection[int], period: Period, day: date) -> QuerySet[Pupil]:
    """Pupils of the school, joined or joining, about whom something is not answered for the period."""
    if not purposes:
        return Pupil.objects.none()
    rows = Pupil.objects.filter(here(max(day, period.first)), school=school)
    return rows.exclude(pk__in=answered(purposes, period, day))


def pupils_at(school: Any, period: Period, day: date) -> QuerySet[Pupil]:
    """Every pupil whom a round for the period concerns, answered or not."""
    return Pupil.objects.filter(here(max(day, period.first)), school=school)


def latest_competent() -> Subquery:
    """What the latest assessment of a pupil found; None without one."""
    rows = Assessment.objects.filter(pupil=OuterRef("pk")).order_by("-at", "-pk")
    return Subquery(rows.values("competent")[:1])


def _alone(day: date) -> Q:
    """Pupils, with what was found of them, who answer for themselves (CIT-7.05 to 7.07)."""
    return Q(born__lte=born_by(day)) & (Q(competent=None) | Q(competent=True))


def _spoken_for(day: date) -> Q:
    return Q(born=None) | Q(born__gt=born_by(day)) | Q(competent=False)


def speaks_alone(rows: QuerySet[Pupil], terms: Terms, day: date) -> QuerySet[Pupil]:
    """Those who are 18 and answer for themselves: everybody who was not found unable to."""
    if not terms.at_18:
        return rows.none()
    return rows.annotate(competent=latest_competent()).filter(_alone(day))


def spoken_for(rows: QuerySet[Pupil], terms: Terms, day: date) -> QuerySet[Pupil]:
    """Those for whom their contacts answer."""
    return rows.annotate(competent=latest_competent()).filter(_spoken_for(day)) if terms.at_18 else rows


def reachable_ties() -> QuerySet[Tie]:
    """The ties to those who answer for a pupil and can be written to."""
    rows = Tie.objects.filter(active=True, responsibility__in=MAY_ANSWER, contact__erased_at=None)
    return rows.exclude(contact__email="")


def contacts_to_ask(pupils: QuerySet[Pupil], terms: Terms, day: date) -> QuerySet[Contact]:
    """The contacts with an e-mail address who answer for any of these pupils."""
    ties = reachable_ties().filter(pupil__in=spoken_for(pupils, terms, day).values("pk"))
    return Contact.objects.filter(pk__in=ties.values("contact"))


def adults_to_ask(pupils: QuerySet[Pupil], terms: Terms, day: date) -> QuerySet[Pupil]:
    """The pupils among these who answer for themselves and have an e-mail address."""
    return speaks_alone(pupils, terms, day).exclude(email="")


def beyond_email(pupils: QuerySet[Pupil], terms: Terms, day: date) -> QuerySet[Pupil]:
    """The pupils among these about whom nobody can be written to: a paper form is for them."""
    reached = Exists(reachable_ties().filter(pupil=OuterRef("pk")))
    if not terms.at_18:
        return pupils.filter(~reached)
    rows = pupils.annotate(competent=latest_competent())
    return rows.filter(_alone(day) & Q(email="") | _spoken_for(day) & ~Q(reached))


def still_waits(asks: QuerySet[Ask], pupils: QuerySet[Pupil], terms: Terms, day: date) -> QuerySet[Ask]:
    """Those of the asks about whose pupils (`pupils_to_ask`) something is not answered by anybody yet.

    Whoever lost their address, or no longer answers for the pupil, is not waited for.
    """
    young = Q(contact__in=contacts_to_ask(pupils, terms, day).values("pk"))
    return asks.filter(young | Q(pupil__in=adults_to_ask(pupils, terms, day).values("pk")))


def own_answers() -> QuerySet[Answer]:
    """What pupils of 18 answered for themselves: what was only noted, or set aside, is none (CIT-7.06)."""
    rows = Answer.objects.filter(contact=None, standing=Standing.ADULT, weight=Weight.COUNTS)
    return rows.exclude(kind=Effect.SET_ASIDE)
