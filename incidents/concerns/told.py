"""What a reporter tells: its shape, what is missing or cannot be, and whether it was told before."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID, uuid5

from django.utils import timezone

from core.errors import Refused
from incidents.concerns.selectors import people_of_sort
from incidents.models import (
    AbuseEntry,
    Body,
    Category,
    Channel,
    Concern,
    Matter,
    Part,
    PartIn,
    Referral,
    Sort,
    Source,
    Urgency,
)
from incidents.services.reports import refuse_address
from people.models import School, User
from people.selectors import people_at

MOST_WORDS = 6000
MOST_PEOPLE = 12
FURTHEST_BACK = timedelta(days=20 * 366)


@dataclass(frozen=True)
class Somebody:
    """One person as reported: a colleague is chosen where they are on the list, anybody else typed."""

    part: PartIn
    sort: Sort
    words: str = ""
    user: User | None = None


@dataclass(frozen=True)
class Told:
    """Everything that a reporter says. `in_danger`: a child is in danger now, and the police were named first."""

    category: Category
    what: str = ""
    people: tuple[Somebody, ...] = ()
    happened_on: date | None = None
    happened_when: str = ""
    happened_where: str = ""
    child_said: str = ""
    done: str = ""
    wishes: str = ""
    source: str = Source.SEEN
    in_hours: bool = False
    in_danger: bool = False
    confidential: bool = False
    image: bool = False
    channel: Channel = Channel.PORTAL
    written_on: date | None = None
    reached_by: str = ""
    reporter_is: str = ""
    aware_at: datetime | None = None
    police_called_by: str = ""
    police_called_at: datetime | None = None
    police_reference: str = ""
    police_not_called: str = ""
    report: Matter | None = None
    abuse: AbuseEntry | None = None
    urgency: Urgency | None = field(default=None)


WORDS = (
    "happened_when",
    "happened_where",
    "what",
    "child_said",
    "done",
    "wishes",
    "reached_by",
    "reporter_is",
)
LENGTHS = {"happened_when": 150, "happened_where": 300, "reached_by": 200, "reporter_is": 150}


def words_of(told: Told) -> dict[str, str]:
    """The texts as they are stored."""
    return {name: getattr(told, name).strip()[: LENGTHS.get(name, MOST_WORDS)] for name in WORDS}


def plain(words: str) -> str:
    """A short text in one line."""
    return " ".join(words.split())[:150]


def told_check(school: School, told: Told) -> None:
    """What is missing or cannot be. Raises Refused."""
    if told.category not in Category.values:
        raise Refused("Choose what it is about.", field="category")
    if told.source and told.source not in Source.values:
        raise Refused("Choose who told you.", field="source")
    if len(told.people) > MOST_PEOPLE:
        raise Refused(f"Name {MOST_PEOPLE} people at most, and the others in your words.", field="what")
    today = timezone.localdate()
    if told.happened_on and not today - FURTHEST_BACK <= told.happened_on <= today:
        raise Refused("Check the day: it cannot be in the future.", field="happened_on")
    if told.written_on and not today - FURTHEST_BACK <= told.written_on <= today:
        raise Refused("Check the day: it cannot be in the future.", field="written_on")
    if told.aware_at and told.aware_at > timezone.now():
        raise Refused("The time cannot be in the future.", field="aware_on")
    for one in told.people:
        if one.part not in PartIn.values or one.sort not in Sort.values:
            raise Refused("Choose who it is.", field="people")
        found = one.user is not None and people_at(school).filter(pk=one.user.pk).exists()
        if not found and (one.user is not None or (one.sort == Sort.STAFF and not one.words.strip())):
            raise Refused("Choose the member of staff.", field="people")
    if told.category == Category.IMAGERY and not told.image:
        raise Refused("Say first that an indecent image of a child could be involved.", field="category")
    if told.image:
        _check_image(told)
    elif not told.what.strip():
        raise Refused("Say what happened.", field="what")


def _check_image(told: Told) -> None:
    """The safe path: who called, when, the reference; no address and no description (CBC-10.01 to 10.07)."""
    texts = [(name, getattr(told, name)) for name in WORDS]
    texts += [
        (name, getattr(told, name)) for name in ("police_called_by", "police_reference", "police_not_called")
    ]
    for name, text in [*texts, *(("people", one.words) for one in told.people)]:
        refuse_address(text, name)
    if told.police_called_at is None and not told.police_not_called.strip():
        raise Refused("Say why the police were not called yet.", field="police_not_called")
    if told.police_called_at is not None and not told.police_called_by.strip():
        raise Refused("Enter the name of whoever called the police.", field="police_called_by")
    if told.police_called_at is not None and told.police_called_at > timezone.now():
        raise Refused("The call cannot be in the future. Check the time.", field="police_called_time")


def same(known: Concern, told: Told) -> bool:
    """Whether a stored concern says the same. What others added to it since does not count."""
    words = known.words
    return (
        known.category == told.category
        and known.confidential == told.confidential
        and (not told.in_danger or known.urgency == Urgency.NOW)
        and known.report_id == getattr(told.report, "pk", None)
        and known.abuse_id == getattr(told.abuse, "pk", None)
        and words.happened_on == told.happened_on
        and words.source == told.source
        and words.in_hours == told.in_hours
        and words.written_on == told.written_on
        and _people_then(known) == _people_now(known.school, told)
        and all(getattr(words, name) == text for name, text in words_of(told).items())
        and (not told.image or _call_then(known) == call_of(told))
    )


def once_again(once: UUID, told: Told) -> UUID:
    """The mark of a page that was sent again with other words: the same words have the same mark."""
    people = sorted((one.part, one.sort, plain(one.words), getattr(one.user, "pk", 0)) for one in told.people)
    said = (told.category, told.happened_on, told.source, told.in_hours, told.confidential, told.written_on)
    about = (told.in_danger, told.aware_at, getattr(told.report, "pk", 0), getattr(told.abuse, "pk", 0))
    return uuid5(once, repr((words_of(told), people, *map(str, said + about), str(call_of(told)))))


def _people_then(known: Concern) -> set[tuple]:
    parts = Part.objects.filter(concern=known, added_by=known.reporter_id)
    return set(parts.values_list("part", "sort", "words", "user"))


def _people_now(school: School, told: Told) -> set[tuple]:
    return {
        (str(one.part), str(one.sort), plain(one.words), user.pk if user else None)
        for one in told.people
        for user in (people_of_sort(school, one.sort, one.user) or [None])
    }


def call_of(told: Told) -> dict[str, object]:
    """The call to the police, as a referral keeps it."""
    called = told.police_called_at is not None
    return {
        "made_at": told.police_called_at,
        "made_by": plain(told.police_called_by) if called else "",
        "reference": told.police_reference.strip()[:80] if called else "",
        "not_made_because": "" if called else told.police_not_called.strip()[:300],
    }


def _call_then(known: Concern) -> dict[str, object] | None:
    first = Referral.objects.filter(concern=known, body=Body.POLICE).order_by("pk")
    return first.values("made_at", "made_by", "reference", "not_made_because").first()
