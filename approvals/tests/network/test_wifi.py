"""Pupils on social media over the Wi-Fi: two gates, either order, both needed, with an end (CIT-6.02, CIT-6.03)."""

import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from approvals.models import ApprovalRequest, PupilWifi, Stage
from approvals.network.timed import opening_end, opening_opened, opening_shut, openings_due, url_of
from approvals.network.wifi import close_left_gates, wifi_ask, wifi_withdraw
from approvals.tests.network.cases import a_cit_school, a_st_marys
from core.clock import end_of_day
from core.errors import Refused, Stale
from core.models import Notice
from core.roles import Role
from core.todo import for_user
from smgov.testing import WIFI, a_person, a_wifi, decide, give

pytestmark = pytest.mark.django_db
URL = "/network/wifi/new/"
IN_ORDER = pytest.mark.parametrize("first", ["bob", "dan"])


@pytest.fixture
def people():
    return a_st_marys()


@pytest.fixture
def row(people):
    return a_wifi(people.alice, people.school)


def gate(row, number):
    return row.gates.get(order=number).approval


def say_yes(row, people, who):
    number = {"bob": 1, "dan": 2}[who]
    decide(gate(row, number), getattr(people, who), reasons="Filter group for 10C, logging on")
    row.refresh_from_db()


@pytest.mark.clause("CIT-6.02", "CIT-6.03", "STM-6.02", "STM-6.03")
@IN_ORDER
@pytest.mark.parametrize("make", [a_cit_school, a_st_marys])
def test_headteacher_and_technician_must_both_agree_in_either_order(make, first):
    people = make()
    row = a_wifi(people.alice, people.school)
    told = Notice.objects.filter(kind="approvals.to_sign").values_list("recipient__full_name", flat=True)
    assert sorted(told) == ["Bob Barnes", "Dan Dale"], "both are asked at once"
    say_yes(row, people, first)
    assert row.stage == Stage.ASKED, "one is not enough"
    say_yes(row, people, "dan" if first == "bob" else "bob")
    assert row.stage == Stage.TO_OPEN


@IN_ORDER
def test_one_no_ends_it_and_the_other_gate_is_asked_no_more(people, row, first):
    number = {"bob": 1, "dan": 2}[first]
    decide(gate(row, number), getattr(people, first), "refused", "Not safe")
    row.refresh_from_db()
    assert row.stage == Stage.CLOSED
    other = gate(row, 3 - number)
    with pytest.raises(Refused, match="came to nothing"):
        decide(other, people.dan if first == "bob" else people.bob, reasons="Yes")
    assert close_left_gates() == 1
    assert close_left_gates() == 0
    other.refresh_from_db()
    assert other.status == ApprovalRequest.Status.WITHDRAWN


@pytest.mark.clause("STM-6.03")
def test_the_technician_says_which_measures(people, row):
    with pytest.raises(Refused, match="reasons"):
        decide(gate(row, 2), people.dan, reasons="")
    decide(gate(row, 1), people.bob)
    declaration = gate(row, 1).steps.get().decisions.get().signature.declaration
    assert "permit" in declaration


def test_one_person_does_not_pass_both_gates(people, row):
    give(people.bob, Role.IT, people.school)
    decide(gate(row, 1), people.bob)
    with pytest.raises(Refused, match="Somebody else"):
        decide(gate(row, 2), people.bob, reasons="Measures")


def test_a_gate_is_signed_by_its_own_role_alone(people, row):
    for person in (people.alice, people.dsl, people.dan, people.eve):
        with pytest.raises((PermissionDenied, Refused)):
            decide(gate(row, 1), person)


@pytest.mark.clause("BEC-4.21")
@pytest.mark.parametrize("preset", ["beckstone", "ravens-wood", "cbc"])
def test_where_the_profile_bars_it_nobody_can_ask(client, preset):
    people = a_st_marys(preset)
    with pytest.raises(Refused, match="does not let pupils"):
        a_wifi(people.alice, people.school)
    client.force_login(people.alice)
    page = client.get(URL).content.decode()
    assert "does not let pupils" in page
    assert ("BEC-4.21" in page) == (preset == "beckstone")


def test_the_form_shows_who_must_agree_and_keeps_what_was_typed(client, people):
    client.force_login(people.alice)
    page = client.get(URL).content.decode()
    assert "in whatever order" in page
    response = client.post(URL, {**WIFI, "once": str(uuid.uuid4()), "school": str(people.school.uuid)})
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["until"]
    assert WIFI["supervision"] in response.content.decode()


def test_the_form_is_sent_once_however_often(client, people):
    client.force_login(people.alice)
    day = timezone.localdate() + timedelta(days=9)
    data = {**WIFI, "once": str(uuid.uuid4()), "school": str(people.school.uuid)}
    data |= {"until_day": day.day, "until_month": day.month, "until_year": day.year}
    assert {client.post(URL, data).status_code for _ in range(5)} == {302}
    assert PupilWifi.objects.count() == 1
    assert ApprovalRequest.objects.count() == 2


def test_it_opens_ends_by_itself_and_is_closed_again(monkeypatch, people, row):
    say_yes(row, people, "bob")
    say_yes(row, people, "dan")
    assert any("Open on the network" in item.title for item in for_user(people.dan))
    opening_opened(actor=people.dan, row=row)
    monkeypatch.setattr(timezone, "now", lambda: end_of_day(row.until) + timedelta(seconds=1))
    openings_due()
    row.refresh_from_db()
    assert row.stage == Stage.TO_SHUT
    opening_shut(actor=people.dan, row=row)
    row.refresh_from_db()
    assert row.stage == Stage.SHUT


def test_whoever_gave_the_permission_does_not_open_it(people, row):
    give(people.bob, Role.IT, people.school)
    say_yes(row, people, "bob")
    say_yes(row, people, "dan")
    with pytest.raises(Refused, match="somebody else carries it out"):
        opening_opened(actor=people.bob, row=row)


def test_it_may_be_withdrawn_and_ended(people, row):
    with pytest.raises(PermissionDenied):
        wifi_withdraw(actor=people.dan, permission=row)
    say_yes(row, people, "bob")
    say_yes(row, people, "dan")
    with pytest.raises(Stale):
        wifi_withdraw(actor=people.alice, permission=row)
    opening_end(actor=people.dsl, row=row, because="A worry")
    row.refresh_from_db()
    assert row.stage == Stage.CLOSED


def test_a_withdrawal_closes_every_gate(people, row):
    say_yes(row, people, "bob")
    wifi_withdraw(actor=people.alice, permission=row)
    row.refresh_from_db()
    assert row.stage == Stage.CLOSED
    assert not ApprovalRequest.objects.filter(status__in=ApprovalRequest.OPEN).exists()


def test_pupils_may_be_named_so_fewer_people_read_it(client, people, row):
    colleague = a_person("Carl Cole", Role.STAFF, people.school)
    for person, status in (
        (people.alice, 200),
        (people.bob, 200),
        (people.dan, 200),
        (people.dsl, 200),
        (people.chair, 404),
        (colleague, 404),
        (people.eve, 404),
    ):
        client.force_login(person)
        assert client.get(url_of(row)).status_code == status, person


def test_title_and_notice_name_no_class(people, row):
    assert "10C" not in str(row)
    assert all("10C" not in gate.approval.title for gate in row.gates.select_related("approval"))


def test_strangers_and_volunteers_cannot_ask(people):
    volunteer = a_person("Vera Vale", Role.CONTRIBUTOR, people.school)
    for person in (people.eve, people.chair, volunteer):
        with pytest.raises(PermissionDenied):
            wifi_ask(actor=person, school=people.school, once=uuid.uuid4(), values=WIFI)


def test_the_page_shows_each_gate_and_leads_the_signer_to_it(client, people, row):
    client.force_login(people.dan)
    page = client.get(url_of(row)).content.decode()
    assert reverse("approvals:request-detail", args=[gate(row, 2).uuid]) in page
    assert reverse("approvals:request-detail", args=[gate(row, 1).uuid]) not in page


def test_the_list_has_a_flat_number_of_queries(client, people, django_assert_max_num_queries):
    for _ in range(12):
        a_wifi(people.alice, people.school)
    client.force_login(people.dan)
    with django_assert_max_num_queries(15):
        assert client.get("/network/wifi/").status_code == 200
