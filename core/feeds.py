"""A person's due dates for their own calendar, behind a private address without a sign-in.

Calendars of telephones and of other firms read it, so it says as little as a mail does: when something is due,
in words that hold no name and no detail of a pupil, a concern or a person. What a room does not open in words of
its own is "Something is due in the portal" and leads to the first page.

    @due_dates
    def reviews(user):
        yield DueDate(f"review:{row.uuid}", "A policy is due for review", row.review_on, url_of(row))
"""

import re
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from icalendar import Calendar, Event

from core.access import keep_standing, standing_of
from core.audit import audited, record
from core.errors import Refused
from core.models import CalendarFeed
from core.todo import for_user

SALT = "core.feed"
SECRET = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
HIDDEN = "Something is due in the portal"
LONGEST = 200
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]+")


@dataclass(frozen=True)
class DueDate:
    """One due date. `when` is a moment (with its time zone) or a whole day; `link` a path of the portal.

    `key` names the thing, and stays the same when its date changes. `title` stands in calendars outside the
    portal: no name and no detail.
    """

    key: str
    title: str
    when: date | datetime
    link: str


PROVIDERS: list[Callable[[Any], Iterable[DueDate]]] = []


def due_dates(provider: Callable[[Any], Iterable[DueDate]]) -> Callable[[Any], Iterable[DueDate]]:
    """Register a function that lists a person's due dates. At most a fixed number of queries."""
    PROVIDERS.append(provider)
    return provider


@due_dates
def _to_do(user: Any) -> Iterable[DueDate]:
    """What waits for the person and has a time; what is not opened by `feed` says only when."""
    for item in for_user(user):
        if item.due_at:
            link = item.url if item.feed else reverse("home")
            yield DueDate(item.name, item.feed or HIDDEN, item.due_at, link)


def dates_of(user: Any) -> list[DueDate]:
    """All due dates of a person, by time; of those with the same key, the soonest."""
    ordered = sorted(
        (one for provider in PROVIDERS for one in provider(user)),
        key=lambda one: (str(_as_utc(one.when)), one.key),
    )
    found: dict[str, DueDate] = {}
    for one in ordered:
        found.setdefault(one.key, one)
    return list(found.values())


def calendar_of(user: Any) -> bytes:
    """The person's due dates as iCalendar (RFC 5545): moments in UTC, days as days, lines folded."""
    calendar = Calendar()
    calendar.add("prodid", "-//School Social//Due dates//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", "School Social: due dates")
    calendar.add("refresh-interval", timedelta(hours=1), parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    now = timezone.now().replace(microsecond=0)
    for one in dates_of(user):
        event = Event()
        event.add("uid", uid_of(user, one))
        event.add("dtstamp", now.astimezone(UTC))
        event.add("dtstart", _as_utc(one.when))
        event.add("summary", CONTROL.sub(" ", one.title).strip()[:LONGEST] or HIDDEN)
        event.add("url", settings.SITE_URL + one.link)
        event.add("description", f"Sign in to see it: {settings.SITE_URL}{one.link}")
        event.add("transp", "TRANSPARENT")
        event.add("class", "PRIVATE")
        calendar.add_component(event)
    return calendar.to_ical()


def _as_utc(when: date | datetime) -> date | datetime:
    return when.astimezone(UTC).replace(microsecond=0) if isinstance(when, datetime) else when


def uid_of(user: Any, one: DueDate) -> str:
    """The id of an event: always the same for the same thing, and nobody can work back what it is about."""
    host = settings.SITE_URL.split("://")[-1].split(":")[0].split("/")[0]
    made = salted_hmac(f"{SALT}.uid", f"{user.pk}:{one.key}", algorithm="sha256").hexdigest()
    return f"{made[:40]}@{host}"


# The address ---------------------------------------------------------------------------------


def _hash(secret: str, key: str) -> str:
    return salted_hmac(SALT, secret, secret=key, algorithm="sha256").hexdigest()


def feed_of(user: Any) -> CalendarFeed | None:
    """The address in force of a person, whose secret nobody knows but their calendar."""
    return CalendarFeed.objects.filter(user=user, ended_at=None).first()


def feed_make(*, actor: Any) -> str:
    """Make a private address for one's own due dates; an earlier one ends. Returns its secret, for once.

    Raises Refused for somebody without a role: they have no due dates.
    """
    if not _may_have(actor):
        raise Refused("You have no role in this portal, so there is nothing to put into a calendar.")
    secret = secrets.token_urlsafe(32)
    with audited():
        # Two clicks at once: one after the other.
        get_user_model().objects.select_for_update(of=("self",), no_key=True).get(pk=actor.pk)
        ended = _end(actor)
        row = CalendarFeed.objects.create(user=actor, secret_hash=_hash(secret, settings.SECRET_KEY))
        record("core.feed_made", actor=actor, subject=row, data={"replaced": bool(ended)})
    return secret


def feed_end(*, actor: Any) -> None:
    """End one's own address: calendars that read it get nothing more. Raises Refused where there is none."""
    with audited():
        row = feed_of(actor)
        if row is None or not _end(actor):
            raise Refused("You have no calendar address. Make one first.")
        record("core.feed_ended", actor=actor, subject=row)


def feed_ended(user: Any, *, actor: Any, because: str) -> None:
    """End the address of somebody whose password changed or whose last role ended: it does not live again.

    Inside a transaction of the log or not. Nothing where there is none. `because` stands in the log.
    """
    with audited():
        row = feed_of(user)
        if row is not None and _end(user):
            record("core.feed_ended", actor=actor, subject=row, data={"because": because})


def _end(user: Any) -> int:
    return CalendarFeed.objects.filter(user=user, ended_at=None).update(ended_at=timezone.now())


def _may_have(user: Any) -> bool:
    standing = standing_of(user)
    return bool(standing.held or standing.is_superuser)


def feed_by_secret(secret: str) -> CalendarFeed | None:
    """The address in force behind a secret; None for a wrong or ended one, or when its person may not sign in.

    It is found by its keyed hash, so that the time of the answer tells nothing of the secret.
    """
    if not SECRET.fullmatch(secret):
        return None
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    rows = CalendarFeed.objects.filter(secret_hash__in=[_hash(secret, key) for key in keys], ended_at=None)
    row = rows.select_related("user").first()
    if row is None or not row.user.is_active:
        return None
    keep_standing(row.user)
    return row if _may_have(row.user) else None


def note_use(row: CalendarFeed) -> None:
    """Write down the day on which it was read, once a day."""
    today = timezone.localdate()
    if row.used_on != today:
        CalendarFeed.objects.filter(pk=row.pk).exclude(used_on=today).update(used_on=today)
