"""To do before one may run an account; and, for whoever watches the register, who is no longer covered."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from accounts.running import not_ready, running, to_run, wanted_by
from accounts.services.right_holders import WATCHERS
from core.access import standing_of
from core.todo import NEVER, line, lines_of, source
from people.models import School
from people.selectors import governed_by
from policies.reading.gate import Wanted, without_document

MINE = line(
    "to-run",
    "Get ready to run an account",
    lambda key: reverse("accounts:running"),
    "See what",
    rank=31,
    detail="Something is still to be read, or training to be done",
)
UNCOVERED = line(
    "uncovered",
    "No longer covered: people who run accounts",
    lambda key: f"{reverse('accounts:coverage')}?school={key}",
    "See who",
    rank=37,
    detail="Somebody has not read the version in force, or their training has run out",
)
NO_DOCUMENT = line(
    "no-document",
    "No policy in force for those who run accounts",
    lambda key: reverse("policies:home"),
    "Add it",
    rank=38,
    detail="Your school asks them to read a document of which no version is in force, so no account can be approved",
)


def _wanted(user: Any, schools: set[int] | None = None) -> dict[int, Wanted]:
    profiles = governed_by(user).items()
    return wanted_by({place.pk: one for place, one in profiles if schools is None or place.pk in schools})


def _schools(rows: QuerySet[School], line: str) -> QuerySet:
    return lines_of(rows.annotate(never=NEVER), line=line, key="uuid", place="name", since="never")


@source
def to_get_ready(user: Any) -> QuerySet | None:
    """Schools at which the person runs an account, or would, and lacks something."""
    wanted = _wanted(user)
    if not wanted:
        return None
    here = Exists(not_ready(running(wanted)).filter(user=user, account__school=OuterRef("pk")))
    sent, entered, asked = (not_ready(rows) for rows in to_run(user, wanted))
    soon = (
        Q(Exists(sent.filter(request__school=OuterRef("pk"))))
        | Q(Exists(entered.filter(account__school=OuterRef("pk"))))
        | Q(Exists(asked.filter(account__school=OuterRef("pk"))))
    )
    return _schools(School.objects.filter(Q(here) | soon, pk__in=list(wanted)), MINE)


@source
def no_longer_covered(user: Any) -> QuerySet | None:
    """Schools with people who run an account and are no longer covered: nothing is taken away by itself."""
    wanted = _watched(user)
    if not wanted:
        return None
    someone = Exists(not_ready(running(wanted)).filter(account__school=OuterRef("pk")))
    return _schools(School.objects.filter(someone, pk__in=list(wanted)), UNCOVERED)


@source
def no_document(user: Any) -> QuerySet | None:
    """Schools that ask for the reading of a document of which no version is in force: the gate is shut."""
    wanted = _watched(user)
    return _schools(without_document(wanted), NO_DOCUMENT) if wanted else None


def _watched(user: Any) -> dict[int, Wanted]:
    watched = standing_of(user).schools(str(role) for role in WATCHERS)
    return _wanted(user, watched) if watched else {}
