"""What declarations put on a person's to-do list: that there is something to read, and never about whom."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db.models import Case, DateField, F, QuerySet, When
from django.urls import reverse

from core.access import standing_of
from core.todo import line, lines_of, source
from policies.declarations.departures import WAITING
from policies.declarations.selectors import to_advise, to_answer, unheard
from policies.models import Declaration, Departure


def _at(name: str) -> Callable[[UUID], str]:
    return lambda key: reverse(name, args=[key])


DECLARATION = line(
    "declaration", "A declaration for you to note", _at("policies:declaration-detail"), "Read", rank=65
)
ANSWER = line(
    "departure", "Answer a departure from the policy", _at("policies:departure-detail"), "Answer", rank=66
)
ADVISE = line(
    "departure-hr",
    "Advise on a departure from the policy",
    _at("policies:departure-detail"),
    "Advise",
    rank=67,
)
TOLD = line(
    "declaration-told",
    "Your declaration is to be noted",
    _at("policies:declaration-detail"),
    "Look",
    rank=90,
    waits=True,
)
DEPARTED = line(
    "departure-told",
    "Your departure from the policy is to be answered",
    _at("policies:departure-detail"),
    "Look",
    rank=91,
    waits=True,
)
_PROPOSED_DAY = Case(
    When(when=Departure.When.PROPOSED, then=F("on")),
    default=None,
    output_field=DateField(),
)
"""What is proposed wants an answer by its day."""


@source
def _to_note(user: Any) -> QuerySet:
    """Declarations that nobody has noted yet."""
    return lines_of(unheard(user), line=DECLARATION, key="uuid", place="school__name", since="at")


@source
def _to_answer(user: Any) -> QuerySet:
    """Departures that wait for this person's answer."""
    rows = to_answer(user)
    return lines_of(rows, line=ANSWER, key="uuid", place="school__name", since="at", due_on=_PROPOSED_DAY)


@source
def _to_advise(user: Any) -> QuerySet:
    """Departures on which HR's advice is asked."""
    rows = to_advise(user)
    return lines_of(rows, line=ADVISE, key="uuid", place="school__name", since="at", due_on=_PROPOSED_DAY)


@source
def _told(user: Any) -> QuerySet:
    """What this person told and nobody has noted yet."""
    rows = Declaration.objects.filter(
        by=user, school__in=standing_of(user).all_schools(), state=Declaration.State.SENT
    )
    return lines_of(rows, line=TOLD, key="uuid", place="school__name", since="at")


@source
def _departed(user: Any) -> QuerySet:
    """What this person departs from and nobody has answered yet."""
    rows = Departure.objects.filter(by=user, school__in=standing_of(user).all_schools(), state__in=WAITING)
    return lines_of(rows, line=DEPARTED, key="uuid", place="school__name", since="at")
