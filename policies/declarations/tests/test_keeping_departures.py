"""How long a departure is kept: as a declared link, not before the day it was agreed for, and nobody's hold is seen."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from core.audit import history_of
from core.errors import Refused, Stale
from core.models import Notice
from people.models import Membership
from policies.declarations.departures import departure_advise, departure_answer, departure_ask_hr
from policies.declarations.keeping import declarations_shut, words_hold, words_release
from policies.declarations.tests.cases import Crew, a_crew, a_departure, client_of
from policies.models import Departure, DepartureHold, DepartureNote
from smgov.testing import choose
from smgov.tests.access.forms import date_parts

pytestmark = pytest.mark.django_db
YEAR = timedelta(days=366)
LIST = "/departures/"


def a_keeping_crew(years: int | None = 2) -> Crew:
    """A school that has chosen how many years."""
    crew = a_crew("cbc")
    if years:
        choose(crew.school.profile, retention_declarations=years)
    return crew


def an_old(crew: Crew, *, ago: timedelta = 3 * YEAR, answered: bool = True, **changes: Any) -> Departure:
    """A departure that Hugo advised on and Bob did not agree with, all of it so long ago."""
    row = a_departure(crew, **changes)
    departure_ask_hr(actor=crew.bob, departure=row, question="May I agree?")
    departure_advise(actor=crew.hugo, departure=row, advice="You should not")
    if answered:
        departure_answer(actor=crew.bob, departure=row, outcome="not_agreed", note="Ring them instead")
        Departure.objects.filter(pk=row.pk).update(ended_at=timezone.now() - ago)
    Departure.objects.filter(pk=row.pk).update(
        at=timezone.now() - ago, on=timezone.localdate(timezone.now() - ago)
    )
    row.refresh_from_db()
    return row


def words_in(row: Departure) -> list[str]:
    """All that was written of it and is still there."""
    row = Departure.objects.get(pk=row.pk)
    notes = DepartureNote.objects.filter(step__departure=row).values_list("text", flat=True)
    holds = row.holds.values_list("reason", flat=True)
    return [text for text in (row.what, row.why, *notes, *holds) if text]


def events_of(row: Departure) -> list[str]:
    return [event.action.removeprefix("policies.departure_") for event in history_of(row)]


def in_days(days: int) -> Any:
    return timezone.localdate() + timedelta(days=days)


def test_the_words_go_when_the_time_is_over_and_what_happened_stays() -> None:
    crew = a_keeping_crew()
    row, young, waiting = an_old(crew), an_old(crew, ago=YEAR), an_old(crew, answered=False)
    assert len(words_in(row)) == 5
    assert declarations_shut() == 2  # shut, and erased
    assert declarations_shut() == 0
    assert words_in(row) == []
    assert len(words_in(young)) == 5
    assert len(words_in(waiting)) == 4
    assert [step.did for step in row.steps.all()] == ["advice", "sent", "not_agreed"]
    assert events_of(row)[-2:] == ["shut", "erased"]
    assert not history_of(row).exclude(data={}).exists()


def test_a_school_that_has_not_chosen_keeps_everything() -> None:
    crew = a_keeping_crew(years=None)
    row = an_old(crew, ago=40 * YEAR)
    assert declarations_shut() == 0
    assert words_in(row)


def test_what_was_agreed_for_a_day_to_come_is_not_over_before_it() -> None:
    crew = a_keeping_crew(years=1)
    row = an_old(crew)
    Departure.objects.filter(pk=row.pk).update(on=in_days(1))
    assert declarations_shut() == 0
    Departure.objects.filter(pk=row.pk).update(on=in_days(-370))
    assert declarations_shut() == 2
    assert words_in(row) == []


def test_what_nobody_has_answered_stays_and_the_log_says_so_once_a_month() -> None:
    crew = a_keeping_crew()
    row = an_old(crew, answered=False)
    assert declarations_shut() == 0
    Membership.objects.filter(user=crew.alice).update(ended_at=timezone.now() - 3 * YEAR)
    assert declarations_shut() == 1  # shut for its teller
    assert declarations_shut() == 0
    assert words_in(row)
    assert events_of(row)[-2:] == ["shut", "erasure_put_off"]
    assert history_of(row).last().data == {"reason": "not_answered"}
    departure_answer(actor=crew.bob, departure=row, outcome="noted")
    assert declarations_shut() == 1
    assert words_in(row) == []


def test_what_is_held_stays_until_its_day_or_until_it_is_released() -> None:
    crew = a_keeping_crew()
    row, second = an_old(crew), an_old(crew)
    for one in (row, second):
        words_hold(actor=crew.bob, row=one, until=in_days(30), reason="A tribunal")
    assert declarations_shut() == 2
    assert declarations_shut() == 0
    assert history_of(row).last().data == {"reason": "held"}
    assert "A tribunal" in words_in(row)
    words_release(actor=crew.bob, row=row)
    DepartureHold.objects.filter(departure=second).update(until=in_days(-1))
    assert declarations_shut() == 2
    assert words_in(row) == words_in(second) == []
    with pytest.raises(Stale, match="nothing left"):
        words_hold(actor=crew.bob, row=row, until=in_days(30), reason="Too late")


def test_only_who_answers_it_holds_it_and_only_with_a_reason_and_a_day_to_come() -> None:
    crew = a_keeping_crew()
    row = an_old(crew)
    for user in (crew.alice, crew.hugo, crew.mark, crew.gina):
        with pytest.raises(PermissionDenied):
            words_hold(actor=user, row=row, until=in_days(9), reason="So")
        with pytest.raises(PermissionDenied):
            words_release(actor=user, row=row)
    today = timezone.localdate()
    for until, reason in (
        (today, "So"),
        (today + 26 * YEAR, "So"),
        (in_days(9), " "),
        (in_days(9), "x" * 1001),
    ):
        with pytest.raises(Refused):
            words_hold(actor=crew.bob, row=row, until=until, reason=reason)
    with pytest.raises(Stale):
        words_release(actor=crew.bob, row=row)
    first = words_hold(actor=crew.bob, row=row, until=in_days(9), reason="So")
    assert words_hold(actor=crew.bob, row=row, until=in_days(9), reason="So") == first
    words_hold(actor=crew.bob, row=row, until=in_days(9), reason="Otherwise")
    assert row.holds.get(lifted_at=None).reason == "Otherwise"


def test_the_teller_sees_the_same_whether_somebody_holds_it_or_not() -> None:
    """One is held and one is erased: the page and the list are alike, and a search for its words finds neither."""
    seen = []
    for hold in (True, False):
        crew = a_keeping_crew()
        row = an_old(crew, what="I rang at night", why="The child was lost")
        if hold:
            words_hold(actor=crew.bob, row=row, until=in_days(30), reason="A tribunal")
        before = Notice.objects.filter(recipient=crew.alice).count()
        declarations_shut()
        assert bool(words_in(row)) is hold
        assert Notice.objects.filter(recipient=crew.alice).count() == before
        client = client_of(crew.alice)
        pages = [client.get(f"{LIST}{path}").content.decode() for path in ("", "?q=night", f"{row.uuid}/")]
        for page in pages:
            for word in ("at night", "was lost", "Ring them", "tribunal", "Keep it"):
                assert word not in page
        assert "Erased" in pages[0]
        assert "No departure matches" in pages[1]
        assert "No departure matches" not in client.get(f"{LIST}?q=alice").content.decode()
        seen.append([page.count("Erased") for page in pages] + [pages[2].count("<dt")])
        assert client.get(f"{LIST}{row.uuid}/keep/").status_code == 403
    assert seen[0] == seen[1]


def test_what_is_held_is_read_by_who_answers_and_what_is_erased_by_nobody() -> None:
    crew = a_keeping_crew()
    row = an_old(crew)
    words_hold(actor=crew.bob, row=row, until=in_days(30), reason="A tribunal")
    declarations_shut()
    client = client_of(crew.bob)
    assert "Ring them instead" in client.get(f"{LIST}{row.uuid}/").content.decode()
    assert "No departure matches" not in client.get(f"{LIST}?q=parent").content.decode()
    words_release(actor=crew.bob, row=row)
    declarations_shut()
    page = client.get(f"{LIST}{row.uuid}/").content.decode()
    assert "Erased" in page
    assert "Ring them" not in page
    assert "Keep it" not in page


def test_a_page_sent_long_ago_is_not_told_again() -> None:
    crew, once = a_keeping_crew(), uuid4()
    an_old(crew, once=once)
    declarations_shut()
    with pytest.raises(Refused, match="long ago"):
        a_departure(crew, once=once)
    assert Departure.objects.count() == 1


def test_the_page_of_who_answers_holds_and_releases() -> None:
    crew = a_keeping_crew()
    row = a_departure(crew)
    client = client_of(crew.bob)
    sent = {**date_parts("until", in_days(400)), "reason": "A pending case"}
    assert client.post(f"{LIST}{row.uuid}/keep/", {**sent, "reason": ""}).status_code == 422
    assert client.post(f"{LIST}{row.uuid}/keep/", sent).status_code == 302
    assert "A pending case" in client.get(f"{LIST}{row.uuid}/").content.decode()
    assert client.post(f"{LIST}{row.uuid}/release/").status_code == 302
    assert "A pending case" not in client.get(f"{LIST}{row.uuid}/").content.decode()
    assert client_of(crew.alice).post(f"{LIST}{row.uuid}/release/").status_code == 403
    assert client_of(crew.mark).post(f"{LIST}{row.uuid}/release/").status_code == 404
