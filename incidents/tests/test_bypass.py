"""Attempts to get round the firewall: who records, who reads, who bans, and how a ban ends."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.errors import Refused
from core.models import Notice
from core.todo import for_user
from incidents.access import matter_rules
from incidents.models import Ban, Matter
from incidents.services.acting import matter_close
from incidents.services.bypasses import ban_end, ban_set, bans_over
from incidents.services.sending import url_of
from incidents.tests.cases import a_bypass, a_crew, page, recorded, text_of, whom
from smgov.settings import CELERY_BEAT_SCHEDULE

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


@pytest.fixture
def crew():
    return a_crew()


def readers(crew, matter) -> set:
    return {user for user in crew.everybody() if matter_rules.allows(user, "read", matter)}


def a_ban(crew, matter, actor=None, days: int = 14) -> Ban:
    return ban_set(
        actor=actor or crew.bob,
        matter=matter,
        starts=TODAY(),
        ends=TODAY() + timedelta(days=days),
        supervision="In the library, beside Ms Kerr",
    )


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.clause("STM-9.04", "BEC-4.27")
def test_headteacher_dsl_technician_and_senior_leaders_record_and_read_what_pupils_did(crew) -> None:
    for user in (crew.bob, crew.dora, crew.dan, crew.sue):
        matter = a_bypass(crew, user)
        assert readers(crew, matter) == {crew.bob, crew.dora, crew.dan, crew.ivy, crew.sue, crew.ella}
    for user in (crew.alice, crew.carl, crew.gina):
        with pytest.raises(PermissionDenied):
            a_bypass(crew, user)
        assert page(user, "/network/firewall/")[0] == 403


def test_what_a_colleague_did_goes_by_the_staff_road_and_the_recorder_sees_their_own_words(crew) -> None:
    matter = a_bypass(crew, who=whom("staff", person=crew.ivy))
    assert readers(crew, matter) == {crew.bob}
    url = reverse("incidents:bypass-detail", args=[matter.uuid])
    assert page(crew.ivy, url)[0] == 404
    assert page(crew.dan, url)[0] == 404
    a_ban(crew, matter)
    status, text = page(crew.dora, url)
    assert status == 200
    assert "It was received" in text
    assert "library" not in text


def test_what_the_headteacher_did_is_never_recorded_seen_or_banned_by_them(crew) -> None:
    with pytest.raises(Refused):
        a_bypass(crew, crew.bob, whom("staff", person=crew.bob))
    with pytest.raises(Refused):
        a_bypass(crew, crew.bob, whom("pupil", "bob barnes"))
    matter = a_bypass(crew, who=whom("staff", person=crew.bob))
    assert readers(crew, matter) == {crew.gina}
    assert page(crew.bob, reverse("incidents:bypass-detail", args=[matter.uuid]))[0] == 404
    with pytest.raises(PermissionDenied):
        a_ban(crew, matter)
    assert a_ban(crew, matter, crew.gina).set_by == crew.gina


def test_the_chair_who_hears_of_it_finds_the_list(crew) -> None:
    assert page(crew.gina, "/network/firewall/")[0] == 403
    a_bypass(crew, who=whom("staff", person=crew.bob))
    status, text = page(crew.gina, "/network/firewall/")
    assert status == 200
    assert "Bob Barnes" in text


@pytest.mark.clause("STM-9.04", "BEC-4.27")
def test_the_headteacher_alone_sets_the_ban_with_its_exception(crew) -> None:
    matter = a_bypass(crew)
    for user in (crew.dora, crew.dan, crew.sue, crew.alice):
        with pytest.raises(PermissionDenied):
            a_ban(crew, matter, user)
    assert not Ban.objects.exists(), "never by itself"
    ban = a_ban(crew, matter)
    assert (ban.set_by, ban.status) == (crew.bob, "ban")
    text = page(crew.dan, reverse("incidents:bypass-detail", args=[matter.uuid]))[1]
    assert "In the library, beside Ms Kerr" in text
    with pytest.raises(Refused):
        a_ban(crew, matter)


@pytest.mark.parametrize(("on", "waits"), [(True, 1), (False, 0)])
def test_the_headteacher_is_asked_for_a_ban_only_where_the_policy_bans(on, waits) -> None:
    crew = a_crew(circumvention_ban=on)
    matter = a_bypass(crew)
    assert len([item for item in for_user(crew.bob) if "ban" in item.title]) == waits
    text = page(crew.bob, reverse("incidents:bypass-detail", args=[matter.uuid]))[1]
    assert ("Your policy asks for no ban" in text) != on
    assert "Set a ban" in text
    a_ban(crew, matter)
    assert not [item for item in for_user(crew.bob) if "ban" in item.title]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"starts": TODAY() - timedelta(days=1)}, "starts"),
        ({"ends": TODAY() - timedelta(days=1)}, "ends"),
        ({"ends": TODAY() + timedelta(days=400)}, "ends"),
        ({"supervision": " "}, "supervision"),
    ],
)
def test_a_ban_needs_days_that_fit_and_its_exception(crew, changes, field) -> None:
    values = {"starts": TODAY(), "ends": TODAY() + timedelta(days=9), "supervision": "Ms Kerr", **changes}
    with pytest.raises(Refused) as refusal:
        ban_set(actor=crew.bob, matter=a_bypass(crew), **values)
    assert refusal.value.field == field


def test_a_ban_that_is_over_is_told_once_to_its_recorder_and_to_technicians(crew) -> None:
    matter = a_bypass(crew)
    ban = a_ban(crew, matter)
    assert bans_over() == 0, "its last day has not passed"
    Ban.objects.update(starts=TODAY() - timedelta(days=9), ends=TODAY() - timedelta(days=1))
    assert bans_over() == 1
    assert bans_over() == 0
    told = {n.recipient for n in Notice.objects.filter(kind="incidents.ban_over")}
    assert told == {crew.dora, crew.dan, crew.ivy}
    ban.refresh_from_db()
    assert ban.status == "ended"
    assert CELERY_BEAT_SCHEDULE["bans-over"]["task"] == "incidents.tasks.bans_over"


def test_the_end_of_a_colleagues_ban_is_told_to_nobody_off_the_road(crew) -> None:
    a_ban(crew, a_bypass(crew, who=whom("staff", person=crew.mark)))
    Ban.objects.update(starts=TODAY() - timedelta(days=9), ends=TODAY() - timedelta(days=1))
    bans_over()
    assert not Notice.objects.filter(kind="incidents.ban_over").exists()


def test_the_headteacher_ends_a_ban_early_with_a_reason_once(crew) -> None:
    ban = a_ban(crew, a_bypass(crew))
    with pytest.raises(PermissionDenied):
        ban_end(actor=crew.dora, ban=ban, because="Enough")
    with pytest.raises(Refused):
        ban_end(actor=crew.bob, ban=ban, because=" ")
    assert ban_end(actor=crew.bob, ban=ban, because="Apologised").status == "ended"
    with pytest.raises(Refused):
        ban_end(actor=crew.bob, ban=ban, because="Again")
    Ban.objects.update(starts=TODAY() - timedelta(days=9), ends=TODAY() - timedelta(days=1))
    assert bans_over() == 0
    assert recorded("incidents.ban_ended") == 1


def typed(**changes) -> dict:
    day = TODAY()
    return {
        "once": str(uuid4()),
        "about": "pupil",
        "pupil": "Kit of 9B",
        "happened_on_day": day.day,
        "happened_on_month": day.month,
        "happened_on_year": day.year,
        "what": "A proxy on a memory stick",
        **changes,
    }


def test_the_pages_record_ban_and_end(crew) -> None:
    client = signed_in(crew.bob)
    answer = client.post(reverse("incidents:bypass-record"), typed())
    assert answer.status_code == 302
    matter = Matter.objects.get()
    last = TODAY() + timedelta(days=7)
    days = {
        f"{name}_{part}": getattr(day, part)
        for name, day in (("starts", TODAY()), ("ends", last))
        for part in ("day", "month", "year")
    }
    ban_page = reverse("incidents:ban-set", args=[matter.uuid])
    assert client.post(ban_page, days).status_code == 422
    assert client.post(ban_page, {**days, "supervision": "Ms Kerr"}).status_code == 302
    assert "already" in text_of(client.post(ban_page, {**days, "supervision": "Ms Kerr"}))
    end = reverse("incidents:ban-end", args=[matter.uuid])
    assert client.post(end, {"because": "Apologised"}).status_code == 302
    assert signed_in(crew.dora).get(end).status_code == 403
    assert signed_in(crew.alice).get(end).status_code == 404


def test_a_ban_that_was_never_set_cannot_be_ended(crew) -> None:
    end = reverse("incidents:ban-end", args=[a_bypass(crew).uuid])
    answer = signed_in(crew.bob).post(end, {"because": "Apologised"})
    assert answer.status_code == 409


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"about": ""}, "Choose whether it was a pupil or a member of staff"),
        ({"about": "head"}, "Choose one of the answers"),
        ({"pupil": ""}, "Enter the name or class of the pupil"),
        ({"about": "staff"}, "Choose the member of staff"),
        ({"what": ""}, "Say what happened"),
        ({"happened_on_year": "2099"}, "or earlier"),
    ],
)
def test_what_is_wrong_in_a_record_is_said_beside_its_field(crew, changes, message) -> None:
    answer = signed_in(crew.dora).post(reverse("incidents:bypass-record"), typed(**changes))
    assert answer.status_code == 422
    assert message in text_of(answer)
    assert not Matter.objects.exists()


def test_the_list_is_filtered_by_who_and_by_ban(crew) -> None:
    first = a_bypass(crew)
    a_bypass(crew, who=whom("staff", person=crew.mark))
    a_ban(crew, first)
    found = {
        "": 2,
        "?about=pupil": 1,
        "?about=staff": 1,
        "?ban=now": 1,
        "?ban=none": 1,
        "?ban=over": 0,
    }
    for query, count in found.items():
        assert page(crew.bob, f"/network/firewall/{query}")[1].count("Record of") == count, query
    for query in ("?ban=none", "?ban=now", "?ban=over"):
        assert "Mark Moor" not in page(crew.dora, f"/network/firewall/{query}")[1]


@pytest.mark.clause("STM-9.04")
def test_the_decider_may_decide_that_there_is_no_ban_once_and_with_a_reason() -> None:
    crew = a_crew()
    matter = a_bypass(crew)
    with pytest.raises(PermissionDenied):
        matter_close(actor=crew.dora, matter=matter, note="No ban")
    with pytest.raises(Refused, match="how it was dealt"):
        matter_close(actor=crew.bob, matter=matter, note=" ")
    matter_close(actor=crew.bob, matter=matter, note="A first try, and a warning")
    assert not any("Decide on a ban" in item.title for item in for_user(crew.bob))
    with pytest.raises(Refused, match="no ban"):
        ban_set(
            actor=crew.bob,
            matter=matter,
            starts=timezone.localdate(),
            ends=timezone.localdate(),
            supervision="By me",
        )
    assert "A first try" in page(crew.bob, url_of(matter))[1]


def test_where_no_headteacher_is_left_the_chair_decides_on_the_ban() -> None:
    crew = a_crew()
    crew.bob.memberships.update(ended_at=timezone.now())
    a_bypass(crew)
    assert any("Decide on a ban" in item.title for item in for_user(crew.gina))
