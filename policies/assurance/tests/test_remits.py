"""The board or the executive team confirms that the DSL's remit covers online safety."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.errors import Refused, Stale
from core.models import AuditEvent, Notice
from core.notices import shown_to
from core.roles import Post, Role
from core.todo import for_user
from people.models import School, User
from policies.assurance.remits import months_since, state_of
from policies.assurance.services import remit_confirm, seen_hash
from policies.assurance.sweeps import remits_due
from policies.assurance.tests.cases import a_board, confirmed, what_is_signed
from policies.models import RemitConfirmation
from smgov.testing import a_cit_trust, a_person, a_school, give

pytestmark = pytest.mark.django_db
WAITING = "Confirm that the safeguarding lead's remit covers online safety"


def on_day(monkeypatch, day: date) -> None:
    """The calendar says so."""
    monkeypatch.setattr(timezone, "localdate", lambda *a: day)


def to_do(user: User) -> list[str]:
    """The titles on a to-do list."""
    return [item.title for item in for_user(user)]


@pytest.mark.clause("STM-2.03")
def test_a_governor_confirms_it_for_a_year_with_a_frozen_declaration():
    school, dsl, chair = a_board()
    assert state_of(school).remit == "remit_never"
    assert WAITING in to_do(chair)
    row = confirmed(chair, school)
    assert row.signature.declaration == what_is_signed(school)
    assert dsl.full_name in row.signature.declaration
    assert row.next_on.year == timezone.localdate().year + 1
    assert state_of(school).remit == "confirmed"
    assert WAITING not in to_do(chair)
    assert (
        AuditEvent.objects.filter(action="policies.remit_confirmed", school=school, actor=chair).count() == 1
    )


@pytest.mark.clause("CIT-2.05")
def test_the_executive_team_of_a_trust_confirms_it_and_other_senior_leaders_do_not():
    cast = a_cit_trust()
    a_person("Della Safe", Role.DSL, cast.hilltop)
    senior = a_person("Sena Senior", Role.SENIOR_LEADER, cast.hilltop)
    for one in (senior, cast.bob, cast.cora, cast.alice, cast.eve):
        with pytest.raises(PermissionDenied):
            confirmed(one, cast.hilltop)
    assert confirmed(cast.elt, cast.hilltop).by == cast.elt


@pytest.mark.parametrize("post", ["", Post.DEPUTY])
def test_the_dsl_and_their_deputy_do_not_confirm_their_own(post):
    school, dsl, _chair = a_board()
    own = dsl if not post else a_person("Dee Deputy", Role.DSL, school, post=post)
    give(own, Role.GOVERNANCE, school)
    with pytest.raises(Refused, match="your own role"):
        confirmed(own, school)
    assert WAITING not in to_do(own)
    client = Client()
    client.force_login(own)
    assert (
        "your own role" in client.get(reverse("policies:remit-confirm", args=[school.uuid])).content.decode()
    )


def test_another_name_signs_nothing():
    school, _, chair = a_board()
    with pytest.raises(Refused, match="Type your full name"):
        remit_confirm(
            actor=chair, school=school, typed_name="Somebody", seen=seen_hash(what_is_signed(school))
        )
    assert not RemitConfirmation.objects.exists()


def test_a_new_dsl_makes_it_due_at_once_and_one_who_leaves_does_not():
    school, dsl, chair = a_board()
    second = a_person("Sol Second", Role.DSL, school)
    confirmed(chair, school)
    second.memberships.update(ended_at=timezone.now())
    assert state_of(school).remit == "confirmed"
    new = a_person("Nina New", Role.DSL, school)
    assert state_of(school).remit == "remit_changed"
    assert WAITING in to_do(chair)
    confirmed(chair, school)
    assert state_of(school).remit == "confirmed"
    dsl.memberships.update(ended_at=timezone.now())
    new.memberships.update(ended_at=timezone.now())
    assert state_of(school).remit == "remit_no_dsl"
    with pytest.raises(Refused, match="Nobody holds the role"):
        confirmed(chair, school)


def test_whoever_signs_what_a_stale_page_showed_is_asked_to_look_again():
    school, _, chair = a_board()
    seen = seen_hash(what_is_signed(school))
    a_person("Nina New", Role.DSL, school)
    with pytest.raises(Stale, match="has changed"):
        remit_confirm(actor=chair, school=school, typed_name=chair.full_name, seen=seen)


def test_a_double_click_is_one_confirmation_and_a_second_person_is_told():
    school, _, chair = a_board()
    assert confirmed(chair, school) == confirmed(chair, school)
    other = a_person("Gus Governor", Role.GOVERNANCE, school)
    with pytest.raises(Stale, match="already"):
        confirmed(other, school)
    assert RemitConfirmation.objects.count() == 1


def test_the_trusts_dsl_counts_at_each_school_of_the_trust_and_nowhere_else():
    cast = a_cit_trust()
    a_person("Tara Trust", Role.DSL, cast.trust)
    foreign, _dsl, _ = a_board()
    assert state_of(cast.hilltop).remit == state_of(cast.otherplace).remit == "remit_never"
    confirmed(cast.elt, cast.hilltop)
    assert state_of(cast.hilltop).remit == "confirmed"
    assert state_of(cast.otherplace).remit == state_of(foreign).remit == "remit_never"
    assert "Della Safe" not in what_is_signed(cast.hilltop)


# Time


@pytest.mark.clause("CIT-2.05")
@pytest.mark.clause("STM-2.03")
def test_the_board_is_reminded_before_and_each_month_after_exactly_once_a_stage(monkeypatch):
    school, _dsl, chair = a_board()
    confirmed(chair, school)
    due = RemitConfirmation.objects.get().next_on
    seen = []
    for day in (-31, -30, -29, 0, 1, 2, 33, 34, 64, 65):
        on_day(monkeypatch, due + timedelta(days=day))
        if remits_due() + remits_due():
            seen.append(day)
    assert seen == [-30, 1, 33, 64]
    assert set(
        Notice.objects.filter(kind__startswith="policies.remit").values_list("recipient", flat=True)
    ) == {chair.pk}


def test_a_sweep_that_missed_half_a_year_tells_once(monkeypatch):
    school, _, chair = a_board()
    confirmed(chair, school)
    due = RemitConfirmation.objects.get().next_on
    on_day(monkeypatch, due + timedelta(days=190))
    assert (remits_due(), remits_due()) == (1, 0)
    assert Notice.objects.filter(kind="policies.remit_due").count() == 1


def test_a_notice_is_shown_only_to_whoever_still_confirms():
    _school, _, chair = a_board()
    remits_due()
    notices = list(Notice.objects.filter(recipient=chair))
    assert len(notices) == 1
    assert shown_to(chair, notices)
    chair.memberships.update(role=Role.STAFF, post="")
    assert not shown_to(User.objects.get(pk=chair.pk), notices)


@pytest.mark.parametrize(
    ("day", "today", "months"),
    [
        (date(2026, 1, 31), date(2026, 2, 28), 0),
        (date(2026, 1, 31), date(2026, 3, 1), 1),
        (date(2026, 3, 15), date(2026, 3, 15), 0),
        (date(2025, 11, 15), date(2026, 2, 15), 3),
    ],
)
def test_months_are_whole_ones(day, today, months):
    assert months_since(day, today) == months


# Pages


def test_who_opens_what():
    cast = a_cit_trust()
    a_person("Della Safe", Role.DSL, cast.hilltop)
    pages = {
        "remit-list": [],
        "remit-detail": [cast.hilltop.uuid],
        "remit-confirm": [cast.hilltop.uuid],
    }
    expected = {cast.bob: [200, 200, 403], cast.chair: [200, 200, 200], cast.alice: [403, 404, 404]}
    for person, wanted in expected.items():
        client = Client()
        client.force_login(person)
        got = [client.get(reverse(f"policies:{name}", args=args)).status_code for name, args in pages.items()]
        assert got == wanted


def test_the_form_confirms_and_the_words_stay_on_the_page():
    school, _, chair = a_board()
    client = Client()
    client.force_login(chair)
    url = reverse("policies:remit-confirm", args=[school.uuid])
    seen = client.get(url).context["form"]["seen"].value()
    assert client.post(url, {"seen": seen, "typed_name": "Nobody"}).status_code == 422
    answer = client.post(url, {"seen": seen, "typed_name": "gina gold"})
    assert answer.url == reverse("policies:remit-detail", args=[school.uuid])
    assert "covers online safety" in client.get(answer.url).content.decode()


def test_the_list_asks_no_more_queries_for_many_schools_and_is_filtered():
    cast = a_cit_trust()
    counts = []
    for many in (2, 12):
        for number in range(many):
            a_person(f"Lead {many} {number}", Role.DSL, a_school(f"School {many}-{number}", trust=cast.trust))
        client = Client()
        client.force_login(cast.elt)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("policies:remit-list")).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12
    confirmed(cast.elt, School.objects.get(name="School 2-1"))
    found = client.get(reverse("policies:remit-list"), {"state": "confirmed"}).context["page_obj"]
    assert len(found) == 1
    assert len(client.get(reverse("policies:remit-list"), {"q": "12-0"}).context["page_obj"]) == 1
    assert len(client.get(reverse("policies:remit-list"), {"sort": "-next"}).context["page_obj"]) == 16
