"""Who is on duty: set, ended, and what it opens."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consent.tests.clock import Clock
from core.errors import Refused
from core.models import Notice
from incidents.concerns.access import concern_rules
from incidents.concerns.services.duty import OF_A_CHILD, duty_begins, duty_end, duty_set
from incidents.concerns.services.people import keep_out
from incidents.concerns.services.sending import facts_of
from incidents.concerns.services.sharing import case_share
from incidents.concerns.tests.cases import a_concern, a_concern_crew, by, more_people, read_by
from incidents.models import Category, Concern, DutyCover, Entry, EntryKind, Excluded, Share, Source
from incidents.tasks import concerns_widen
from incidents.tests.cases import Crew, recorded, text_of
from people.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def crew() -> Crew:
    return a_concern_crew()


@pytest.fixture
def deputy(crew: Crew) -> User:
    return more_people(crew)["deputy"]


def may(user: User, concern: Concern, action: str = "handle") -> bool:
    return concern_rules.allows(User.objects.get(pk=user.pk), action, concern)


def on_duty(crew: Crew, user: User, first: int = 0, last: int = 7, actor: User | None = None) -> DutyCover:
    """On duty from so many days from now."""
    today = timezone.localdate()
    return duty_set(
        actor=actor or crew.dora,
        school=crew.school,
        user=user,
        starts=today + timedelta(days=first),
        ends=today + timedelta(days=last),
    )


def test_whoever_is_on_duty_handles_what_comes_in_about_children(crew: Crew, deputy: User) -> None:
    on_duty(crew, deputy)
    assert may(deputy, a_concern(crew))
    assert not may(deputy, a_concern(crew, by(crew.mark), category=Category.HARASSMENT))


def test_a_duty_that_begins_today_opens_what_nobody_has_read(crew: Crew, deputy: User) -> None:
    unread, read = a_concern(crew), read_by(crew.dora, a_concern(crew))
    about_staff = a_concern(crew, by(crew.mark), category=Category.HARASSMENT)
    Notice.objects.all().delete()
    on_duty(crew, deputy)
    assert may(deputy, unread)
    assert not may(deputy, read)
    assert not may(deputy, about_staff)
    assert list(Notice.objects.values_list("recipient", flat=True)) == [deputy.pk]
    assert Entry.objects.filter(concern=unread, kind=EntryKind.SHARED, by=None).count() == 1
    assert recorded("incidents.duty_began") == 1


def test_a_duty_that_begins_later_opens_it_then_and_once_and_closes_by_itself(
    crew: Crew, deputy: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    concern = a_concern(crew, source=Source.CHILD)
    on_duty(crew, deputy, first=3, last=7)
    assert duty_begins() == 0
    assert not may(deputy, concern)
    clock = Clock(monkeypatch)
    clock.after(3)
    assert duty_begins() == 1
    assert may(deputy, concern)
    assert duty_begins() == 0
    assert Share.objects.filter(concern=concern, user=deputy).count() == 1
    clock.after(5)
    assert not may(deputy, concern)


def test_the_task_that_leads_concerns_further_begins_duties_too(crew: Crew, deputy: User) -> None:
    concern = a_concern(crew)
    today = timezone.localdate()
    DutyCover.objects.create(school=crew.school, user=deputy, starts=today, ends=today, set_by=crew.dora)
    assert concerns_widen() == 1
    assert may(deputy, concern)


def test_whom_it_concerns_is_not_let_in_by_their_duty(crew: Crew, deputy: User) -> None:
    concern = a_concern(crew)
    keep_out(concern, deputy, Excluded.Because.PART, by=crew.dora)
    on_duty(crew, deputy)
    assert not may(deputy, concern, "view")
    assert not Share.objects.exists()


def test_ending_it_closes_what_it_opened_and_nothing_else(crew: Crew, deputy: User) -> None:
    cover = on_duty(crew, deputy)
    by_duty, shared = a_concern(crew), read_by(crew.dora, a_concern(crew))
    case_share(
        actor=crew.dora,
        concern=shared,
        user=deputy,
        right="read_case",
        reason="Knows the family",
        until=timezone.localdate() + timedelta(days=9),
    )
    Concern.objects.filter(pk=by_duty.pk).update(owner=deputy)
    duty_end(actor=crew.bob, duty=cover)
    by_duty.refresh_from_db()
    assert not may(deputy, by_duty, "view")
    assert by_duty.owner is None
    assert may(deputy, shared, "view")
    assert not may(deputy, shared)
    assert not may(deputy, a_concern(crew))
    assert recorded("incidents.duty_ended") == 1
    with pytest.raises(Refused, match="over already"):
        duty_end(actor=crew.bob, duty=cover)


@pytest.mark.parametrize(("first", "last"), [(-1, 5), (5, 4), (0, 400)])
def test_days_that_cannot_be_are_refused(crew: Crew, deputy: User, first: int, last: int) -> None:
    with pytest.raises(Refused):
        on_duty(crew, deputy, first, last)


def test_only_a_dsl_or_a_deputy_is_put_on_duty_and_not_twice(crew: Crew, deputy: User) -> None:
    for user in (crew.alice, crew.bob, a_concern_crew().dora):
        with pytest.raises(Refused, match="Choose somebody who is DSL"):
            on_duty(crew, user)
    on_duty(crew, deputy, 5, 9)
    with pytest.raises(Refused, match="already"):
        on_duty(crew, deputy, 9, 12)
    on_duty(crew, deputy, 10, 12)


def test_only_the_dsl_and_the_headteacher_say_who(crew: Crew, deputy: User) -> None:
    cover = on_duty(crew, deputy, actor=crew.bob)
    for user in (crew.alice, deputy, crew.sue, a_concern_crew().dora):
        with pytest.raises(PermissionDenied):
            on_duty(crew, deputy, 20, 21, actor=user)
        with pytest.raises(PermissionDenied):
            duty_end(actor=user, duty=cover)


def test_what_the_sweep_takes_for_a_child_is_what_the_road_takes(crew: Crew) -> None:
    told: list[dict[str, Any]] = [
        {"category": Category.EXPLOITATION, "people": (by(sort="unknown"),)},
        {"category": Category.HARASSMENT, "people": (by(crew.mark),)},
        {"category": Category.HARASSMENT, "people": (by(crew.mark),), "source": Source.CHILD},
        {"category": Category.CYBERBULLYING},
        {"category": Category.DEFAMATION, "people": (by(sort="parent", words="A father"),)},
        {"category": Category.CONTACT_ATTEMPT, "people": (by(sort="pupil", words="Kit"),)},
    ]
    made = [a_concern(crew, *one.pop("people", ()), **one) for one in told]
    found = set(Concern.objects.filter(OF_A_CHILD).values_list("pk", flat=True))
    assert [one.pk in found for one in made] == [facts_of(one).child for one in made]
    assert {one.pk in found for one in made} == {True, False}


# The pages


def test_the_page_sets_lists_and_ends_it(crew: Crew, deputy: User) -> None:
    client = Client()
    client.force_login(crew.dora)
    url = reverse("incidents:duty-list")
    assert "Nobody is on duty" in text_of(client.get(url))
    today = timezone.localdate()
    days = {
        f"{name}_{part}": getattr(today, part)
        for name in ("starts", "ends")
        for part in ("day", "month", "year")
    }
    assert client.post(url, {"school": crew.school.uuid, **days}).status_code == 422
    assert client.post(url, {"school": crew.school.uuid, "user": crew.alice.uuid, **days}).status_code == 422
    assert client.post(url, {"school": crew.school.uuid, "user": deputy.uuid, **days}).status_code == 302
    page = client.get(url)
    assert "Debbie Dunn" in text_of(page)
    end = reverse("incidents:duty-end", args=[DutyCover.objects.get().uuid])
    assert end in page.content.decode()
    assert "no longer reads" in text_of(client.get(end))
    assert client.post(end).status_code == 302
    assert "Ended" in text_of(client.get(url))
    assert client.post(end).status_code == 422


def test_others_open_neither_page(crew: Crew, deputy: User) -> None:
    cover = on_duty(crew, deputy)
    client = Client()
    for user in (crew.alice, crew.gina, deputy):
        client.force_login(user)
        assert client.get(reverse("incidents:duty-list")).status_code == 403
        assert client.get(reverse("incidents:duty-end", args=[cover.uuid])).status_code == 404
    client.force_login(a_concern_crew().dora)
    assert client.get(reverse("incidents:duty-end", args=[cover.uuid])).status_code == 404
