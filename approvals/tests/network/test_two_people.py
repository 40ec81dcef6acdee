"""What a review as an opponent found: one person in two parts, policies that change meanwhile, dead ends."""

import uuid

import pytest
from django.urls import reverse

from approvals.models import Stage
from approvals.network.timed import opening_end, opening_opened
from approvals.network.unblock import note_add, unblock_ask, unblock_change
from approvals.tests.network.cases import a_cit_school, a_st_marys
from core.errors import Refused
from core.models import Notice
from core.roles import Role
from core.todo import for_user
from people.models import Deputy
from smgov.testing import UNBLOCK, a_person, a_wifi, an_unblock, choose, decide, give

pytestmark = pytest.mark.django_db


def told(kind):
    rows = Notice.objects.filter(kind=f"approvals.{kind}", recipient__isnull=False)
    return sorted(rows.values_list("recipient__full_name", flat=True))


def test_a_policy_that_changed_meanwhile_is_kept_to_at_the_decision_and_at_the_opening():
    people = a_cit_school()
    first, second = (
        an_unblock(people.alice, people.school, addresses="https://www.facebook.com/x") for _ in "ab"
    )
    decide(first.approval, people.bob, reasons="Yes")
    choose(people.school.profile, blocked_sites_exceptions="none")
    with pytest.raises(Refused, match="has changed since"):
        decide(second.approval, people.bob, reasons="Yes")
    first.refresh_from_db()
    with pytest.raises(Refused, match="has changed since"):
        opening_opened(actor=people.dan, row=first)


def test_a_wifi_that_is_barred_meanwhile_is_not_allowed():
    people = a_st_marys()
    row = a_wifi(people.alice, people.school)
    decide(row.gates.get(order=1).approval, people.bob)
    choose(people.school.profile, pupil_wifi="barred")
    with pytest.raises(Refused, match="has changed since"):
        decide(row.gates.get(order=2).approval, people.dan, reasons="Measures")


def test_technicians_open_the_wifi_whoever_receives_requests_for_sites():
    people = a_st_marys(unblock_receiver=["office"])
    a_person("Olga Office", Role.OFFICE, people.school)
    row = a_wifi(people.alice, people.school)
    decide(row.gates.get(order=1).approval, people.bob)
    decide(row.gates.get(order=2).approval, people.dan, reasons="Measures")
    row.refresh_from_db()
    assert told("network_to_open") == ["Dan Dale"]
    assert any("Open on the network" in item.title for item in for_user(people.dan))
    opening_opened(actor=people.dan, row=row)


def test_where_one_person_would_decide_and_open_it_is_refused_at_once():
    people = a_st_marys()
    people.dan.memberships.all().delete()
    give(people.bob, Role.IT, people.school)
    with pytest.raises(Refused, match="must be different"):
        an_unblock(people.alice, people.school)


def test_the_only_technician_does_not_decide_as_a_deputy():
    people = a_st_marys()
    day = people.bob.memberships.get().starts
    Deputy.objects.create(
        school=people.school, person=people.bob, deputy=people.dan, starts=day, ends="2099-01-01",
        appointed_by=people.bob,
    )  # fmt: skip
    row = an_unblock(people.alice, people.school)
    with pytest.raises(Refused, match="only one who could open"):
        decide(row.approval, people.dan, reasons="Yes")


def test_what_ends_before_it_was_opened_is_told_to_everybody_concerned(client):
    people = a_st_marys()
    row = an_unblock(people.alice, people.school)
    decide(row.approval, people.bob, reasons="Yes")
    row.refresh_from_db()
    opening_end(actor=people.bob, row=row, because="A second thought")
    row.refresh_from_db()
    assert row.stage == Stage.CLOSED
    assert told("network_not_to_open") == ["Dan Dale"]
    assert told("network_unopened") == ["Alice Archer"]
    client.force_login(people.alice)
    page = client.get(reverse("approvals:unblock-detail", args=[row.uuid])).content.decode()
    assert "A second thought" in page


@pytest.mark.clause("BEC-4.26")
def test_beckstone_refuses_what_calls_itself_social_media_on_any_site():
    people = a_st_marys("beckstone", unblock_approver=["headteacher"])
    with pytest.raises(Refused, match="all social media") as refusal:
        an_unblock(people.alice, people.school, category="social", addresses="https://mastodon.social/")
    assert refusal.value.field == "category"


def test_an_address_of_numbers_carries_a_warning():
    people = a_st_marys()
    row = an_unblock(people.alice, people.school, addresses="https://192.0.2.7/x")
    assert "hides which site" in row.approval.rounds.get().snapshot["sections"][0]["rows"][0]["warning"]


def test_a_changed_request_is_told_to_the_technician_and_an_old_view_says_that_it_is_old(client):
    people = a_st_marys()
    row = an_unblock(people.alice, people.school)
    note_add(actor=people.dan, request=row, once=uuid.uuid4(), text="This one is safe")
    decide(row.approval, people.bob, "returned", "Which?")
    values = {**UNBLOCK, "addresses": "https://other.example/", "until": row.until}
    unblock_change(actor=people.alice, request=row, values=values)
    assert told("unblock_received") == ["Dan Dale", "Dan Dale"]
    client.force_login(people.bob)
    page = client.get(reverse("approvals:request-detail", args=[row.approval.uuid])).content.decode()
    assert "Technical view, of what was asked before" in page


def test_the_head_of_communications_reads_nothing_in_which_pupils_may_be_named(client):
    people = a_cit_school()
    cora = a_person("Cora Clay", Role.HEAD_OF_COMMS, people.school)
    wifi, site = a_wifi(people.alice, people.school), an_unblock(people.alice, people.school)
    client.force_login(cora)
    gate = wifi.gates.first().approval
    assert client.get(reverse("approvals:request-detail", args=[gate.uuid])).status_code == 404
    assert client.get(reverse("approvals:request-detail", args=[site.approval.uuid])).status_code == 200


def test_a_page_sent_again_with_other_answers_is_refused_and_not_swallowed():
    people, once = a_st_marys(), uuid.uuid4()
    values = {**UNBLOCK, "why": "mistake", "until": None}
    send = {"actor": people.alice, "school": people.school, "once": once}
    first = unblock_ask(**send, values=values)
    assert unblock_ask(**send, values=values).pk == first.pk
    with pytest.raises(Refused, match="sent already"):
        unblock_ask(**send, values={**values, "reasons": "Others"})
