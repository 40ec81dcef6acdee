"""Reads about incidents that cross models."""

import re
from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from core.roles import Role
from core.signatures import same_name
from incidents.models import About, DealtWith, Matter, TechnicianPart
from people.models import School, User
from people.selectors import holders, holders_of_any, people_at

CLOSED = Q(Exists(DealtWith.objects.filter(matter=OuterRef("pk")))) | Q(
    Q(about=About.UNKNOWN) & Q(Exists(TechnicianPart.objects.filter(matter=OuterRef("pk"))))
)
"""Dealt with; where nobody is known, the technician's part closes it too."""


def with_state(rows: QuerySet[Matter]) -> QuerySet[Matter]:
    """Add `closed`."""
    return rows.annotate(closed=CLOSED)


def namesakes(school: School, typed: str) -> list[User]:
    """People of the school whose full name was typed, apart from capitals, spaces and marks."""
    return [user for user in people_at(school) if same_name(typed, user.full_name)] if typed.strip() else []


TITLES = frozenset(["mr", "mrs", "ms", "miss", "mx", "dr", "sir", "prof", "professor"])


def spoken_of(school: School, typed: str, *, titled_only: bool) -> list[User]:
    """People of the school whose last name stands in what was typed: "Mr Barnes", "barnes the teacher".

    With `titled_only` the name must follow a title, since a pupil may share a colleague's last name.
    """
    words = [re.sub("['’]s$", "", word) for word in re.findall(r"[\w'’-]+", typed.casefold())]
    named = [
        word
        for place, word in enumerate(words)
        if len(word) > 1 and (not titled_only or (place > 0 and words[place - 1] in TITLES))
    ]
    return [user for user in people_at(school) if any(same_name(word, _last(user)) for word in named)]


def _last(user: User) -> str:
    parts = user.full_name.split()
    return parts[-1] if parts else ""


def heads_of(school: School) -> list[User]:
    """Everyone who holds the headteacher's role there."""
    return list(holders(school, Role.HEADTEACHER))


def people_on(matter: Matter, wanted: str = "reads") -> list[User]:
    """Who holds a role of its road now, without whom it names. `wanted`: reads, blocks or decides."""
    specs = [step.spec for step in matter.road.all() if getattr(step, wanted)]
    named = matter.named.values("user")
    return list(holders_of_any(matter.school, specs).exclude(pk__in=named)) if specs else []


def without(people: Iterable[User], *others: Any) -> list[User]:
    """The people, without these."""
    left_out = {other.pk for other in others if other is not None}
    return [user for user in people if user.pk not in left_out]
