"""How current the register of one school is: figures in a fixed number of queries (STM-7.08, subtle 18)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from consent.access import pupil_rules
from consent.models import (
    Assessment,
    Position,
    PostSearch,
    Pupil,
    PupilImport,
    RegisterReview,
    Reply,
    Responsibility,
    Says,
    Tie,
    Weight,
)
from consent.selectors import here
from consent.services.settling import waiting_replies
from consent.terms import Terms
from core.clock import end_of_day
from people.models import School

SOON = timedelta(days=60)
"""What ends within this time is shown as ending soon."""
SLOW_SEARCH = timedelta(days=7)
REVIEW_EVERY = timedelta(days=120)
"""A review is due about once a term."""


@dataclass(frozen=True)
class Figure:
    """One line of the report. `show` is the list of the register behind it; `good` whether nought is wanted."""

    key: str
    label: str
    number: int
    show: str = ""
    good: bool = True


LABELS: dict[str, tuple[str, str]] = {
    "pupils": ("Pupils in the register", "all"),
    "no_answer": ("Nobody has answered anything for them", "no_answer"),
    "expired": ("A consent has ended", "expired"),
    "expiring": ("A consent ends within 60 days", "expiring"),
    "disagree": ("Two people disagree", "disagree"),
    "to_check": ("An answer waits to be checked", "to_check"),
    "no_responsible": ("No contact with parental responsibility is recorded", "no_responsible"),
    "no_email": ("Nobody can be asked by e-mail", "no_email"),
    "no_birthday": ("No date of birth, so that it is not known when they turn 18", "no_birthday"),
    "turning_18": ("18, or 18 within 60 days, and not assessed", "turning_18"),
}
"""Figures about pupils: what they say, and the name of the list (`consent.staleness.condition`)."""
SEARCHES = "Searches for earlier posts that have been open for more than 7 days"


def condition(show: str, day: date, terms: Terms) -> Q:
    """Which pupils of `here(day)` stand behind a figure of the report. Raises KeyError for another name."""
    asked = Position.objects.filter(pupil=OuterRef("pk"), purpose__retired_at=None)
    living = Q(yes_until=None) | Q(yes_until__gte=day)
    contacts = Tie.objects.filter(pupil=OuterRef("pk"), active=True)
    waiting = Reply.objects.filter(waiting_replies(), pupil=OuterRef("pk"), weight=Weight.TO_CHECK)
    assessed = Assessment.objects.filter(pupil=OuterRef("pk"))
    adult = Q(born__lte=eighteen_years_before(day))
    near = Q(born__lte=eighteen_years_before(day + SOON)) if terms.at_18 else Q(pk__in=[])
    return {
        "all": Q(),
        "no_answer": ~Q(Exists(asked.filter(says__in=[Says.YES, Says.NO, Says.SPLIT]))),
        "expired": Q(Exists(asked.filter(says=Says.YES, yes_until__lt=day))),
        "expiring": Q(Exists(asked.filter(says=Says.YES, yes_until__gte=day, yes_until__lte=day + SOON))),
        "disagree": Q(Exists(asked.filter(living, says=Says.SPLIT))),
        "to_check": Q(Exists(waiting)),
        "no_responsible": ~Q(Exists(contacts.filter(responsibility=Responsibility.YES)))
        & (~adult | Q(born=None)),
        "no_email": ~Q(Exists(contacts.exclude(contact__email=""))) & Q(email=""),
        "no_birthday": Q(born=None),
        "turning_18": near & ~Q(Exists(assessed)),
    }[show]


def eighteen_years_before(day: date) -> date:
    """The latest birthday of somebody who is 18 on a day; who was born on 29 February turns 18 on 1 March."""
    try:
        return day.replace(year=day.year - 18)
    except ValueError:
        return date(day.year - 18, 2, 28)


def numbers_of(school: School, terms: Terms, day: date) -> dict[str, Any]:
    """The figures as they are signed: plain numbers and dates, in three queries whatever the size."""
    counted = Pupil.objects.filter(here(day), school=school).aggregate(
        **{key: Count("pk", filter=condition(show, day, terms)) for key, (_, show) in LABELS.items()}
    )
    before = end_of_day(day - SLOW_SEARCH - timedelta(days=1))
    slow = PostSearch.objects.filter(school=school, done_at=None, raised_at__lte=before)
    loads = PupilImport.objects.filter(school=school, status=PupilImport.Status.ACCEPTED)
    last = loads.aggregate(last=Max(Coalesce("settled_at", "at")))["last"]
    return {
        **counted,
        "slow_searches": slow.count(),
        "last_import": timezone.localdate(last).isoformat() if last else None,
    }


def figures(numbers: dict[str, Any]) -> list[Figure]:
    """The lines of the report about pupils."""
    return [
        Figure(key, label, numbers.get(key, 0), show, good=key == "pupils" or not numbers.get(key))
        for key, (label, show) in LABELS.items()
    ]


def last_review(school: School) -> datetime | None:
    """When the register was last signed as reviewed."""
    return RegisterReview.objects.filter(school=school).aggregate(last=Max("at"))["last"]


def reviews_due(schools: Collection[int]) -> QuerySet[School]:
    """Those of the schools (ids) that have pupils and whose register was not signed within a term, or never.

    Each row has `reviewed_at` (UTC, None: never). One query.
    """
    day = timezone.localdate()
    signed = RegisterReview.objects.filter(school=OuterRef("pk")).order_by("-at").values("at")[:1]
    pupils = Pupil.objects.filter(here(day), school=OuterRef("pk"))
    rows = School.objects.filter(Exists(pupils), pk__in=schools, active=True)
    rows = rows.annotate(reviewed_at=Subquery(signed))
    late = Q(reviewed_at=None) | Q(reviewed_at__lt=timezone.now() - REVIEW_EVERY)
    return rows.filter(late).order_by("name", "pk")


def reviews_due_for(user: Any) -> QuerySet[School]:
    """The schools whose register this person keeps and should review now: for the list of what waits."""
    return reviews_due(pupil_rules.schools(user, "sign"))
