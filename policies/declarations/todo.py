"""What declarations put on a person's to-do list: that there is something to read, and never about whom."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

from django.db.models import Case, DateTimeField, F, QuerySet, When
from django.db.models.functions import Cast
from django.urls import reverse

from core.access import standing_of
from core.todo import TodoItem, line, lines_of, source, waiting
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
_PROPOSED_DAY = Case(
    When(when=Departure.When.PROPOSED, then=Cast(F("on"), DateTimeField())),
    default=None,
    output_field=DateTimeField(),
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
    return lines_of(rows, line=ANSWER, key="uuid", place="school__name", since="at", due=_PROPOSED_DAY)


@source
def _to_advise(user: Any) -> QuerySet:
    """Departures on which HR's advice is asked."""
    rows = to_advise(user)
    return lines_of(rows, line=ADVISE, key="uuid", place="school__name", since="at", due=_PROPOSED_DAY)


@waiting
def told_and_not_answered(user: Any) -> Iterator[TodoItem]:
    """What this person told and nobody has noted or answered yet, in one query."""
    schools = standing_of(user).all_schools()
    if not schools:
        return
    mine = {"by": user, "school__in": schools}
    columns = {"key": "uuid", "place": "school__name", "since": "at"}
    links = lines_of(
        Declaration.objects.filter(**mine, state=Declaration.State.SENT), line=DECLARATION, **columns
    )
    departures = lines_of(Departure.objects.filter(**mine, state__in=WAITING), line=ANSWER, **columns)
    for kind, key, place, _, since, _ in links.union(departures, all=True)[:50]:
        if kind == DECLARATION:
            title, url = "Your declaration is to be noted", _at("policies:declaration-detail")(key)
        else:
            title, url = (
                "Your departure from the policy is to be answered",
                _at("policies:departure-detail")(key),
            )
        yield TodoItem(title, url, "Look", place, since=since)
