"""What image consent puts on a person's to-do list: a line for each school with a number, never a pupil.

Everything is counted in one query, as most people have nothing to do. A further kind of line is a further
`Line` in LINES: its `rows` say, without a query, what is to be counted.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import CharField, Count, Exists, F, OuterRef, Q, QuerySet, Value
from django.urls import reverse
from django.utils import timezone

from consent.access import pupil_rules, reply_rules, round_rules, search_rules
from consent.ages import born_by, year_end
from consent.asking import latest_competent, own_answers
from consent.models import (
    Assessment,
    Position,
    PostSearch,
    Pupil,
    Purpose,
    Reply,
    Round,
    Weight,
)
from consent.selectors import here
from consent.services.assessments import BEFORE
from consent.services.settling import waiting_replies
from consent.staleness import reviews_due
from consent.terms import Terms, terms_of
from core.todo import TodoItem, todo
from people.governance.profile import Profile
from people.models import School
from people.selectors import Place, governed_by


@dataclass(frozen=True)
class Governed:
    """What a line needs to know of one school of a person whose part about consent is open."""

    place: Place
    profile: Profile
    terms: Terms


Schools = dict[int, Governed]


@dataclass(frozen=True)
class Line:
    """One kind of line.

    Attributes:
        key: a short name.
        rows: from the user and their schools to what is counted, and the field that leads to the school; None
            where there is nothing to count. It asks no query.
        words: the title for a number.
        url_name: where it is done.
        action: the verb on the button.
        by_school: whether the address takes `?school=`.
    """

    key: str
    rows: Callable[[Any, Schools], tuple[QuerySet, str] | None]
    words: Callable[[int], str]
    url_name: str
    action: str
    by_school: bool = True


LINES: list[Line] = []


def _open_schools(user: Any) -> Schools:
    """The person's schools whose part about consent is open. Schools that govern alike are looked at once."""
    seen: dict[int, Terms | None] = {}
    found: Schools = {}
    for place, profile in governed_by(user).items():
        if id(profile) not in seen:
            seen[id(profile)] = terms_of(profile) if profile.is_open("consent") else None
        terms = seen[id(profile)]
        if terms is not None:
            found[place.pk] = Governed(place, profile, terms)
    return found


def waits(user: Any) -> list[TodoItem]:
    """Every line for a person, in one query, which a page keeps beside the standing."""
    kept = getattr(user, "_consent_waits", None) if getattr(user, "_standing", None) else None
    if kept is None:
        kept = list(_count(user))
        user._consent_waits = kept
    return kept


def _count(user: Any) -> Iterator[TodoItem]:
    schools = _open_schools(user)
    queries = []
    for number, line in enumerate(LINES):
        found = line.rows(user, schools) if schools else None
        if found is not None:
            queries.append(_counted(number, *found))
    if not queries:
        return
    rows = queries[0].union(*queries[1:], all=True) if len(queries) > 1 else queries[0]
    for number, place_pk, count in sorted(rows):
        line, place = LINES[int(number)], schools[place_pk].place
        url = reverse(line.url_name)
        yield TodoItem(
            line.words(count),
            f"{url}?school={place.uuid}" if line.by_school else url,
            line.action,
            place.name,
        )


def _counted(number: int, rows: QuerySet, field: str) -> QuerySet:
    """How many of the rows each school has."""
    counted = rows.order_by().values(place=F(field)).annotate(number=Count("pk"))
    line = Value(f"{number:02}", output_field=CharField())
    return counted.annotate(line=line).values_list("line", "place", "number")


@todo
def consent_waits(user: Any) -> Iterable[TodoItem]:
    """What waits for the person at each of their schools."""
    return waits(user)


# The lines


def _at(rules: Any, user: Any, action: str, schools: Schools) -> set[int]:
    return rules.schools(user, action) & set(schools)


def _to_assess(user: Any, schools: Schools) -> tuple[QuerySet, str] | None:
    """Pupils of 18, or soon, about whom nothing is recorded (CIT-7.05)."""
    at = {pk for pk in _at(pupil_rules, user, "assess", schools) if schools[pk].terms.at_18}
    if not at:
        return None
    day = timezone.localdate()
    rows = Pupil.objects.filter(here(day), school__in=at, born__lte=born_by(day + BEFORE))
    return rows.filter(~Exists(Assessment.objects.filter(pupil=OuterRef("pk")))), "school_id"


def _without_email(user: Any, schools: Schools) -> tuple[QuerySet, str] | None:
    """Pupils of 18 who understand, have not answered, and cannot be written to (CIT-7.06)."""
    at = {pk for pk in _at(pupil_rules, user, "assess", schools) if schools[pk].terms.at_18}
    if not at:
        return None
    day = timezone.localdate()
    own = own_answers().filter(pupil=OuterRef("pk"))
    rows = Pupil.objects.filter(here(day), school__in=at, born__lte=born_by(day), email="")
    rows = rows.annotate(competent=latest_competent()).filter(~Exists(own), competent=True)
    return rows, "school_id"


def _to_check(user: Any, schools: Schools) -> tuple[QuerySet, str] | None:
    """Answers of people whose parental responsibility is not recorded (STM-7.06, CIT-7.07)."""
    at = _at(reply_rules, user, "settle", schools)
    if not at:
        return None
    return Reply.objects.filter(waiting_replies(), school__in=at, weight=Weight.TO_CHECK), "school_id"


def _asking(user: Any, schools: Schools) -> set[int]:
    """Schools where the person opens rounds and the school asks for answers."""
    at = _at(round_rules, user, "ask", schools)
    return {pk for pk in at if schools[pk].terms.model != "opt_out" or records(schools[pk])}


def records(school: Governed) -> bool:
    """Whether permissions are recorded beside the opt-out list (RAV-9.02)."""
    return bool(school.profile.consent_permission_record)


def _year_not_asked(at: set[int], schools: Schools, day: date) -> Q:
    """Schools where no round was opened for the academic year in which the day lies (STM-7.01)."""
    by_end: dict[date, set[int]] = {}
    for pk in at:
        if schools[pk].terms.by_year:
            by_end.setdefault(year_end(day, schools[pk].terms.start_month), set()).add(pk)
    missing = Q(pk__in=[])
    for end, some in by_end.items():
        missing |= Q(pk__in=some) & ~Exists(Round.objects.filter(school=OuterRef("pk"), until__gte=end))
    return missing


def _asks_something() -> Exists:
    return Exists(Purpose.objects.filter(school=OuterRef("pk"), retired_at=None))


def _to_open(user: Any, schools: Schools) -> tuple[QuerySet, str] | None:
    """Schools with pupils where nobody was asked for this academic year yet (STM-7.01)."""
    at = _asking(user, schools)
    if not any(schools[pk].terms.by_year for pk in at):
        return None
    day = timezone.localdate()
    pupils = Exists(Pupil.objects.filter(here(day), school=OuterRef("pk")))
    rows = School.objects.filter(_year_not_asked(at, schools, day), _asks_something(), pupils)
    return rows, "id"


def _joined(user: Any, schools: Schools) -> tuple[QuerySet, str] | None:
    """Pupils who joined since the last round, about whom nothing was said (CIT-7.01)."""
    at = _asking(user, schools)
    if not at:
        return None
    day = timezone.localdate()
    asked = Round.objects.filter(Q(closed_at=None) | Q(closed_at__gte=OuterRef("created_at")))
    waiting = School.objects.filter(_asks_something(), pk__in=at).exclude(_year_not_asked(at, schools, day))
    rows = Pupil.objects.filter(here(day), school__in=waiting.values("pk"))
    rows = rows.filter(
        ~Exists(asked.filter(school=OuterRef("school"))),
        ~Exists(Position.objects.filter(pupil=OuterRef("pk"))),
    )
    return rows, "school_id"


def _to_look_for(user: Any, schools: Schools) -> tuple[QuerySet, str] | None:
    """Earlier posts to look for (CIT-7.13, STM-7.13)."""
    at = _at(search_rules, user, "do", schools)
    return (PostSearch.objects.filter(school__in=at, done_at=None), "school_id") if at else None


def _to_review(user: Any, schools: Schools) -> tuple[QuerySet, str] | None:
    """Registers that their keeper has not signed within a term (STM-7.08)."""
    at = _at(pupil_rules, user, "sign", schools)
    return (reviews_due(at), "id") if at else None


def _many(one: str, several: str) -> Callable[[int], str]:
    return lambda count: one if count == 1 else several.format(count)


LINES += [
    Line(
        "assess",
        _to_assess,
        _many(
            "A pupil turns 18: assess whether they understand",
            "{} pupils turn 18: assess whether they understand",
        ),
        "consent:assessment-list",
        "Assess",
    ),
    Line(
        "own_answer",
        _without_email,
        _many(
            "A pupil of 18 cannot be asked: no e-mail address",
            "{} pupils of 18 cannot be asked: no e-mail address",
        ),
        "consent:assessment-list",
        "Look",
    ),
    Line(
        "check",
        _to_check,
        _many("An answer about consent to check", "{} answers about consent to check"),
        "consent:reply-list",
        "Check",
        by_school=False,
    ),
    Line(
        "round",
        _to_open,
        lambda count: "Ask for consent for this academic year",
        "consent:round-open",
        "Open a round",
    ),
    Line(
        "joined",
        _joined,
        _many("A pupil has joined and nobody was asked", "{} pupils have joined and nobody was asked"),
        "consent:round-open",
        "Ask",
    ),
    Line(
        "search",
        _to_look_for,
        _many("Look for earlier posts that show a pupil", "Look for earlier posts that show {} pupils"),
        "consent:search-list",
        "Look for them",
        by_school=False,
    ),
    Line(
        "review",
        _to_review,
        lambda count: "Review the register of image consent, and sign it",
        "consent:review",
        "Review",
    ),
]
