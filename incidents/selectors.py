"""Reads about incidents that cross models."""

import re
from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from core.roles import Role
from core.signatures import TITLES, plain_name, same_name
from incidents.models import About, DealtWith, Matter, TechnicianPart
from people.models import Membership, School, User
from people.selectors import holders_of_any

CLOSED = Q(Exists(DealtWith.objects.filter(matter=OuterRef("pk")))) | Q(
    Q(about=About.UNKNOWN) & Q(Exists(TechnicianPart.objects.filter(matter=OuterRef("pk"))))
)
"""Dealt with; where nobody is known, the technician's part closes it too."""


def with_state(rows: QuerySet[Matter]) -> QuerySet[Matter]:
    """Add `closed`."""
    return rows.annotate(closed=CLOSED)


def everybody_at(school: School) -> QuerySet[User]:
    """Everybody with a role at a school now, those included whose sign-in is closed for the moment."""
    day = timezone.localdate()
    held = Membership.objects.at_school(school).filter(ended_at=None, starts__lte=day)
    held = held.filter(Q(ends=None) | Q(ends__gte=day))
    return User.objects.filter(pk__in=held.values("user")).order_by("full_name", "pk")


def in_role(school: School, role: str) -> list[User]:
    """Everybody who holds a role there, for the moment without a sign-in or not; its deputies do not."""
    held = Membership.objects.at_school(school).meeting(role).filter(ended_at=None)
    return list(everybody_at(school).filter(pk__in=held.values("user")))


def namesakes(school: School, typed: str) -> list[User]:
    """People of the school whose full name stands in what was typed."""
    text = f" {plain_name(_words_only(typed))} "
    return [one for one in everybody_at(school) if f" {plain_name(_words_only(one.full_name))} " in text]


ROLE_WORDS = (
    (re.compile(r"\bhead ?teacher\b", re.I), Role.HEADTEACHER),
    (re.compile(r"\bdsl\b|\bsafeguarding lead\b", re.I), Role.DSL),
)
"""Words that mean somebody without a name."""


def spoken_of(school: School, typed: str, *, of_pupil: bool) -> list[User]:
    """People of the school whom the words mean without their full name: "Mr Barnes", "the headteacher".

    A pupil may share a colleague's last name, or be "in Mrs Dean's class", and what is about a pupil must
    reach the DSL: there a last name counts only after a title, not as an owner's, and never for the DSL.
    """
    words = re.findall(r"[\w'’-]+", typed.casefold())
    named = []
    for place, word in enumerate(words):
        bare = re.sub("['’]s?$", "", word)
        if len(bare) < 2 or (
            of_pupil
            and (bare != word or place == 0 or not TITLES.intersection(words[max(0, place - 2) : place]))
        ):
            continue
        named.append(bare)
    leads = {user.pk for user in in_role(school, Role.DSL)} if of_pupil else set()
    found = [
        user
        for user in everybody_at(school)
        if user.pk not in leads and any(same_name(word, _last(user)) for word in named)
    ]
    for pattern, role in ROLE_WORDS:
        if pattern.search(typed) and not (of_pupil and role == Role.DSL):
            found += in_role(school, role)
    return found


def _last(user: User) -> str:
    parts = user.full_name.split()
    return parts[-1] if parts else ""


def _words_only(text: str) -> str:
    """The words of a text, one blank apart, so that commas and full stops hide no name."""
    return " ".join(re.findall(r"[\w'’-]+", text))


def heads_of(school: School) -> list[User]:
    """Everyone who holds the headteacher's role there."""
    return in_role(school, Role.HEADTEACHER)


def people_on(matter: Matter, wanted: str = "reads") -> list[User]:
    """Who holds a role of its road now, without whom it names. `wanted`: reads, blocks or decides."""
    specs = [step.spec for step in matter.road.all() if getattr(step, wanted)]
    named = matter.named.values("user")
    return list(holders_of_any(matter.school, specs).exclude(pk__in=named)) if specs else []


def without(people: Iterable[User], *others: Any) -> list[User]:
    """The people, without these."""
    left_out = {other.pk for other in others if other is not None}
    return [user for user in people if user.pk not in left_out]
