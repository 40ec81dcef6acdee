"""Due dates in one's own calendar: a private address that says little and can be ended."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from allauth.account import signals as account_signals
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar
from pytest_django import Settings

from core import feed_views, feeds
from core.feeds import HIDDEN, DueDate, calendar_of, feed_by_secret, feed_end, feed_make, uid_of
from core.models import AuditEvent, CalendarFeed
from core.roles import Role
from core.todo import TodoItem
from people.models import Membership, User
from people.services.changes import change_decide
from people.services.details import email_change_ask
from people.services.memberships import membership_end, person_leaves
from smgov.testing import Cast, a_cit_trust, a_person, give, submitted

pytestmark = pytest.mark.django_db
HOSTILE = "Peter\r\nATTACH:http://evil.example/\x00; , \\ \u202etxt.exe" + "ä" * 300


@pytest.fixture
def cast() -> Iterator[Cast]:
    cache.clear()
    yield a_cit_trust()
    cache.clear()


@pytest.fixture
def only(monkeypatch: pytest.MonkeyPatch) -> list[DueDate]:
    """The due dates of everybody, as a test fills them in."""
    dates: list[DueDate] = []
    monkeypatch.setattr(feeds, "PROVIDERS", [lambda user: dates])
    return dates


def address(secret: str) -> str:
    return reverse("core:feed", args=[secret])


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def events(user: User) -> list[Any]:
    return Calendar.from_ical(calendar_of(user)).walk("VEVENT")


# What it says


def test_a_decision_that_waits_stands_in_it_in_utc_without_a_name(cast: Cast) -> None:
    request = submitted(cast.alice, cast.hilltop, name="Zebra Class Diary")
    body = calendar_of(cast.bob)
    (event,) = events(cast.bob)
    assert event.decoded("dtstart") == request.due_at.replace(microsecond=0)
    assert b"DTSTART:" + f"{request.due_at.astimezone(UTC):%Y%m%dT%H%M%SZ}".encode() in body
    assert event["summary"] == "A decision waits for you"
    assert event["url"].endswith(reverse("approvals:request-detail", args=[request.uuid]))
    unfolded = body.replace(b"\r\n ", b"").decode()
    for word in ("Zebra", "Alice", "Hilltop", "Bob"):
        assert word not in unfolded


def test_what_is_not_opened_says_only_when_and_leads_home(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    due = timezone.now() + timedelta(hours=3)
    secret = TodoItem(
        "Read a concern about Mark", "/concerns/1/", "Read", "Hilltop", due_at=due, detail="Mark"
    )
    never = TodoItem("Something without a time", "/x/", "Look", "Hilltop")
    monkeypatch.setattr(feeds, "for_user", lambda user: [secret, never])
    (event,) = events(cast.alice)
    assert event["summary"] == HIDDEN
    assert event["url"] == settings.SITE_URL + "/"
    body = calendar_of(cast.alice).decode()
    assert "concern" not in body
    assert "Mark" not in body


def test_two_things_that_lead_to_one_page_are_two_events_and_keep_their_ids(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def events_of(*items: TodoItem) -> dict[date, str]:
        monkeypatch.setattr(feeds, "for_user", lambda user: items)
        return {one.decoded("dtstart"): str(one["uid"]) for one in events(cast.alice)}

    first, second = date(2026, 7, 1), date(2026, 8, 1)
    soon = TodoItem("Training: A", "/mine/", "Look", "Hilltop", due_at=first, key="training:1:a")
    later = TodoItem("Training: B", "/mine/", "Look", "Hilltop", due_at=second, key="training:1:b")
    plain = [TodoItem(name, "/mine/", "Look", "Hilltop", due_at=first) for name in ("One", "Other")]
    both = events_of(soon, later)
    assert list(both) == [first, second]
    assert len(set(both.values())) == 2
    moved = TodoItem("Training: A, in other words", "/mine/", "Look", "Hilltop", due_at=second, key=soon.key)
    assert events_of(moved)[second] == both[first]
    monkeypatch.setattr(feeds, "for_user", lambda user: plain)
    assert len({str(one["uid"]) for one in events(cast.alice)}) == 2


def test_of_two_days_of_one_thing_the_soonest_stands(cast: Cast, only: list[DueDate]) -> None:
    only += [DueDate("a", "x", date(2026, 3, day), "/p/") for day in (29, 2, 30)]
    assert [one.decoded("dtstart") for one in events(cast.alice)] == [date(2026, 3, 2)]


def test_a_day_is_a_day_and_a_moment_is_utc(cast: Cast, only: list[DueDate]) -> None:
    summer = datetime(2026, 7, 1, 9, 30, tzinfo=timezone.get_default_timezone())
    only += [
        DueDate("a", "A policy is due", date(2026, 3, 29), "/p/"),
        DueDate("b", "A moment", summer, "/q/"),
    ]
    body = calendar_of(cast.alice)
    assert b"DTSTART;VALUE=DATE:20260329\r\n" in body
    assert b"DTSTART:20260701T083000Z\r\n" in body
    assert [one.decoded("dtstart") for one in events(cast.alice)] == [date(2026, 3, 29), summer]


def test_a_hostile_title_stays_one_title_in_folded_lines(cast: Cast, only: list[DueDate]) -> None:
    only.append(DueDate("a", HOSTILE, date(2026, 3, 29), "/p/"))
    body = calendar_of(cast.alice)
    assert max(len(line) for line in body.split(b"\r\n")) <= 75
    assert b"\n" not in body.replace(b"\r\n", b"")
    (event,) = events(cast.alice)
    assert "attach" not in event
    title = str(event["summary"])
    assert title.startswith("Peter ATTACH:http://evil.example/ ; , \\ ")
    assert len(title) <= feeds.LONGEST
    assert not any(ord(character) < 32 or character == "\u202e" for character in title)


def test_the_id_of_an_event_stays_and_tells_nothing(cast: Cast, only: list[DueDate]) -> None:
    only.append(DueDate("concern:4", "x", date(2026, 3, 29), "/p/"))
    first = str(events(cast.alice)[0]["uid"])
    only[0] = DueDate("concern:4", "y", date(2026, 4, 2), "/p/")
    assert str(events(cast.alice)[0]["uid"]) == first
    assert uid_of(cast.bob, only[0]) != first
    assert "concern" not in first


def test_many_due_dates_cost_as_many_queries_as_few(cast: Cast) -> None:
    costs = set()
    for many in (1, 5):
        for _ in range(many):
            submitted(cast.alice, cast.hilltop)
        client = Client()
        secret = feed_make(actor=cast.bob)
        client.get(address(secret))
        with CaptureQueriesContext(connection) as seen:
            assert client.get(address(secret)).status_code == 200
        costs.add(len(seen))
    assert len(costs) == 1
    assert costs.pop() <= 12


# The address


def test_it_is_made_shown_once_renewed_and_ended_and_each_is_recorded(cast: Cast) -> None:
    client = browser(cast.alice)
    page = reverse("core:feed-settings")
    shown = client.post(page).content.decode()
    row = CalendarFeed.objects.get()
    secret = shown.partition("/calendar/")[2].partition(".ics")[0]
    assert feed_by_secret(secret) == row
    assert secret not in client.get(page).content.decode()
    assert secret not in str(list(CalendarFeed.objects.values()))
    client.post(page)
    assert feed_by_secret(secret) is None
    assert CalendarFeed.objects.filter(ended_at=None).count() == 1
    assert client.post(reverse("core:feed-end")).status_code == 302
    assert not CalendarFeed.objects.filter(ended_at=None).exists()
    assert client.post(reverse("core:feed-end")).status_code == 409
    actions = AuditEvent.objects.filter(action__startswith="core.feed").order_by("number")
    assert list(actions.values_list("action", flat=True)) == [
        "core.feed_made",
        "core.feed_made",
        "core.feed_ended",
    ]
    assert secret not in str(list(AuditEvent.objects.values()))


def test_it_needs_no_sign_in_sets_no_cookie_and_is_not_stored(cast: Cast) -> None:
    client = Client()
    response = client.get(address(feed_make(actor=cast.alice)))
    assert response.status_code == 200
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Cache-Control"] == "private, no-store"
    assert response["Referrer-Policy"] == "no-referrer"
    assert not response.cookies
    assert not client.cookies
    row = CalendarFeed.objects.get()
    assert row.used_on == timezone.localdate()
    assert client.head(address("x" * 43)).status_code == 404
    assert client.post(address("x" * 43)).status_code == 405


def test_a_changed_secret_opens_nothing(cast: Cast) -> None:
    secret = feed_make(actor=cast.alice)
    for wrong in (
        secret[:-1],
        secret + "A",
        secret[::-1],
        secret.swapcase(),
        "",
        "x" * 43,
        secret[:42] + "é",
    ):
        assert feed_by_secret(wrong) is None, wrong
    for place in range(43):
        other = "B" if secret[place] == "A" else "A"
        assert feed_by_secret(secret[:place] + other + secret[place + 1 :]) is None


def test_it_stops_with_the_person(cast: Cast) -> None:
    secret = feed_make(actor=cast.alice)
    User.objects.filter(pk=cast.alice.pk).update(is_active=False)
    assert Client().get(address(secret)).status_code == 404
    User.objects.filter(pk=cast.alice.pk).update(is_active=True)
    assert Client().get(address(secret)).status_code == 200
    Membership.objects.filter(user=cast.alice).update(ended_at=timezone.now())
    assert Client().get(address(secret)).status_code == 404


def test_it_ends_for_good_with_the_last_role(cast: Cast) -> None:
    secret = feed_make(actor=cast.alice)
    second = give(cast.alice, Role.CONTRIBUTOR, cast.hilltop)
    membership_end(actor=cast.bob, membership=second)
    assert Client().get(address(secret)).status_code == 200, "another role is in force"
    person_leaves(actor=cast.bob, user=cast.alice, school=cast.hilltop)
    give(cast.alice, Role.STAFF, cast.hilltop)
    assert Client().get(address(secret)).status_code == 404
    event = AuditEvent.objects.get(action="core.feed_ended")
    assert event.data == {"because": "last role ended"}


@pytest.mark.parametrize("signal", ["password_changed", "password_set", "password_reset"])
def test_it_ends_with_a_new_password(cast: Cast, rf: RequestFactory, signal: str) -> None:
    secret = feed_make(actor=cast.alice)
    other = feed_make(actor=cast.bob)
    getattr(account_signals, signal).send(sender=User, request=rf.get("/"), user=cast.alice)
    assert Client().get(address(secret)).status_code == 404
    assert Client().get(address(other)).status_code == 200
    assert AuditEvent.objects.get(action="core.feed_ended").actor == cast.alice


def test_it_ends_with_another_address_to_sign_in_with(cast: Cast) -> None:
    secret = feed_make(actor=cast.alice)
    change = email_change_ask(actor=cast.dan, user=cast.alice, email="alice.new@hilltop.example.org")
    assert Client().get(address(secret)).status_code == 200, "nothing has changed yet"
    change_decide(actor=cast.bob, change=change, confirm=True)
    assert Client().get(address(secret)).status_code == 404


def test_one_persons_address_shows_nothing_of_another(cast: Cast) -> None:
    submitted(cast.alice, cast.hilltop)
    assert b"VEVENT" in Client().get(address(feed_make(actor=cast.bob))).content
    assert b"VEVENT" not in Client().get(address(feed_make(actor=cast.eve))).content
    with pytest.raises(feeds.Refused, match="Make one first"):
        feed_end(actor=cast.dan)
    with pytest.raises(feeds.Refused, match="no role"):
        feed_make(actor=a_person("Nobody Here"))


def test_it_outlives_a_change_of_the_servers_key(cast: Cast, settings: Settings) -> None:
    secret = feed_make(actor=cast.alice)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key, as long as it has to be, and of nobody's own"
    assert feed_by_secret(secret) is not None
    settings.SECRET_KEY_FALLBACKS = []
    assert feed_by_secret(secret) is None


def test_whoever_reads_it_too_often_waits(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed_views, "FOR_ONE_ADDRESS", 2)
    monkeypatch.setattr(feed_views, "FROM_ONE_PLACE", 4)
    secret = feed_make(actor=cast.alice)
    assert [Client().get(address(secret)).status_code for _ in range(3)] == [200, 200, 429]
    assert [Client().get(address("x" * 43)).status_code for _ in range(2)] == [404, 429]


def test_everybody_who_is_signed_in_finds_the_page(cast: Cast) -> None:
    assert reverse("core:feed-settings") in browser(cast.alice).get("/").content.decode()
    other = a_person("Carl Contributor", Role.CONTRIBUTOR, cast.hilltop)
    assert browser(other).get(reverse("core:feed-settings")).status_code == 200
    assert Client().get(reverse("core:feed-settings")).status_code == 302
