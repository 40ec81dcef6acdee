"""Asking for a blocked site (STM-9.06, STM-13; CIT-9.05; BEC-4.26)."""

import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from approvals.models import ApprovalRequest, OutsideLink, UnblockRequest
from approvals.network.unblock import unblock_ask
from approvals.tests.network.cases import PROVIDER, a_cit_school, a_st_marys
from core.errors import Refused
from core.models import Notice
from core.roles import Role
from smgov.testing import UNBLOCK, a_person, an_unblock, choose, give

pytestmark = pytest.mark.django_db
URL = "/network/requests/new/"


def typed(**more):
    """The form as a browser sends it."""
    day = timezone.localdate() + timezone.timedelta(days=9)
    until = {"until_day": day.day, "until_month": day.month, "until_year": day.year}
    return {**UNBLOCK, **until, "once": str(uuid.uuid4()), **more}


@pytest.mark.clause("STM-9.06", "STM-13.01", "STM-13.02", "STM-13.03", "STM-13.04", "STM-13.05", "STM-13.06")
def test_the_form_is_sent_field_by_field_with_name_and_date_from_the_sign_in(client):
    people = a_st_marys()
    client.force_login(people.alice)
    data = typed(school=people.school.uuid, requested_by=people.bob.pk, created_at="2020-01-01")
    response = client.post(URL, data, follow=True)
    row = UnblockRequest.objects.get()
    assert row.requested_by == people.alice
    assert timezone.localdate(row.created_at) == timezone.localdate()
    assert row.addresses == UNBLOCK["addresses"]
    assert row.hosts == ["www.history-films.example"]
    page = response.content.decode()
    for words in (UNBLOCK["addresses"], UNBLOCK["site_content"], UNBLOCK["reasons"], "Alice Archer", "9B"):
        assert words in page
    assert f'href="{UNBLOCK["addresses"]}' not in page


@pytest.mark.clause("STM-9.06", "STM-9.07")
def test_the_technician_receives_it_and_the_headteacher_decides():
    people = a_st_marys()
    row = an_unblock(people.alice, people.school)
    told = {
        (notice.recipient.full_name, notice.kind) for notice in Notice.objects.select_related("recipient")
    }
    assert told == {("Dan Dale", "approvals.unblock_received"), ("Bob Barnes", "approvals.to_sign")}
    assert [step.role for step in row.approval.steps.all()] == ["headteacher"]


@pytest.mark.clause("BEC-4.26")
@pytest.mark.parametrize(
    "address", ["https://www.facebook.com/x", "https://m.tiktok.com/@a", "https://youtu.be/x"]
)
def test_beckstone_never_opens_a_social_site_and_says_why(client, address):
    people = a_st_marys("beckstone", unblock_approver=["headteacher"])
    client.force_login(people.alice)
    response = client.post(
        URL, typed(school=people.school.uuid, addresses=f"https://bbc.example/\n{address}")
    )
    assert response.status_code == 422
    page = response.content.decode()
    assert "keeps social media blocked for everybody" in page
    assert "BEC-4.26" in page
    assert address in page, "what was typed is still there"
    assert not UnblockRequest.objects.exists()


@pytest.mark.clause("BEC-4.26")
def test_beckstone_lets_other_sites_pass():
    people = a_st_marys("beckstone", unblock_approver=["headteacher"])
    assert an_unblock(people.alice, people.school).pk


@pytest.mark.clause("STM-9.02")
@pytest.mark.parametrize("host", ["x.com", "twitter.com", "www.facebook.com", "instagram.com", "tiktok.com"])
def test_st_marys_keeps_its_four_platforms_blocked_under_all_their_names(host):
    people = a_st_marys()
    with pytest.raises(Refused, match="blocked for everybody") as refusal:
        an_unblock(people.alice, people.school, addresses=f"https://{host}/page")
    assert refusal.value.field == "addresses"


@pytest.mark.clause("CIT-9.02")
def test_cit_may_open_one_of_them_with_specific_permission_and_the_decider_is_told():
    people = a_cit_school()
    row = an_unblock(people.alice, people.school, addresses="https://www.instagram.com/museum")
    rows = row.approval.rounds.get().snapshot["sections"][0]["rows"]
    assert "unless specific permission is given (CIT-9.02)" in rows[0]["warning"]


def test_a_disguised_name_of_a_site_is_refused_and_shown():
    people = a_st_marys()
    with pytest.raises(Refused, match=r"facebook\.com"):
        an_unblock(people.alice, people.school, addresses="https://ｆacebook.com/")
    row = an_unblock(people.alice, people.school, addresses="https://müller.example/")
    assert "xn--mller-kva.example" in row.approval.rounds.get().snapshot["sections"][0]["rows"][0]["warning"]


@pytest.mark.clause("CIT-9.05")
def test_the_trusts_provider_without_an_account_gets_a_link_for_this_request():
    people = a_cit_school()
    row = an_unblock(people.alice, people.school)
    link = OutsideLink.objects.get(request=row)
    assert link.address == PROVIDER
    notice = Notice.objects.get(kind="approvals.outside")
    assert (notice.recipient, notice.address) == (None, PROVIDER)


def test_without_technician_and_provider_it_is_refused_in_words():
    people = a_st_marys()
    people.dan.memberships.update(ended_at=timezone.now())
    with pytest.raises(Refused, match="Nobody receives such requests"):
        an_unblock(people.alice, people.school)


def test_a_school_that_has_not_chosen_who_decides_says_so(client):
    people = a_st_marys("cbc")
    client.force_login(people.alice)
    assert "has not yet chosen who decides" in client.get(URL).content.decode()
    with pytest.raises(Refused, match="not yet chosen who decides"):
        an_unblock(people.alice, people.school)


@pytest.mark.clause("STM-9.07")
def test_receiver_and_decider_must_be_different_roles():
    people = a_st_marys(unblock_approver=["it"])
    with pytest.raises(Refused, match="different people"):
        an_unblock(people.alice, people.school)


def test_the_first_role_that_somebody_holds_decides():
    people = a_st_marys(unblock_approver=["dpo", "dsl", "headteacher"])
    people.chair.memberships.update(ended_at=timezone.now())
    row = an_unblock(people.alice, people.school)
    assert row.approval.steps.get().role == "dsl"


def test_a_headteacher_who_asks_does_not_decide():
    people = a_st_marys()
    row = an_unblock(people.bob, people.school)
    told = Notice.objects.filter(kind="approvals.to_sign").values_list("recipient__full_name", flat=True)
    assert list(told) == ["Gina Gold"]
    assert row.approval.requested_by == people.bob


@pytest.mark.parametrize(
    ("answers", "words", "field"),
    [
        ({"until": None}, "Special permission", "until"),
        ({"until": timezone.localdate() - timezone.timedelta(days=1)}, "today or later", "until"),
        ({"who_in_words": " "}, "which class or year", "who_in_words"),
    ],
)
def test_answers_must_fit_together(answers, words, field):
    people = a_st_marys()
    with pytest.raises(Refused, match=words) as refusal:
        an_unblock(people.alice, people.school, **answers)
    assert refusal.value.field == field


def test_a_site_blocked_by_mistake_needs_no_last_day():
    people = a_st_marys()
    assert an_unblock(people.alice, people.school, why="mistake", until=None).until is None


@pytest.mark.parametrize(
    "field", ["addresses", "category", "site_content", "why", "reasons", "risks", "for_whom"]
)
def test_each_missing_answer_has_its_own_message_and_nothing_typed_is_lost(client, field):
    people = a_st_marys()
    client.force_login(people.alice)
    response = client.post(URL, typed(school=people.school.uuid, **{field: ""}))
    assert response.status_code == 422
    form = response.context["form"]
    assert list(form.errors) == [field]
    kept = next(name for name in ("reasons", "risks") if name != field)
    assert UNBLOCK[kept] in response.content.decode()


def test_the_same_page_sent_five_times_is_one_request(client):
    people = a_st_marys()
    client.force_login(people.alice)
    data = typed(school=people.school.uuid)
    assert {client.post(URL, data).status_code for _ in range(5)} == {302}
    assert UnblockRequest.objects.count() == ApprovalRequest.objects.count() == 1


def test_somebody_of_another_school_a_volunteer_and_a_governor_cannot_ask_here(client):
    people = a_st_marys()
    volunteer = a_person("Vera Vale", Role.CONTRIBUTOR, people.school)
    for person in (people.eve, volunteer, people.chair):
        with pytest.raises(PermissionDenied):
            unblock_ask(actor=person, school=people.school, once=uuid.uuid4(), values=UNBLOCK)
    client.force_login(people.eve)
    assert client.post(URL, typed(school=people.school.uuid)).status_code == 404
    client.force_login(volunteer)
    assert client.get(URL).status_code == 403


def test_who_belongs_to_two_schools_chooses_first(client):
    people = a_st_marys()
    other = a_st_marys()
    give(people.alice, Role.STAFF, other.school)
    client.force_login(people.alice)
    assert "Which school?" in client.get(URL).content.decode()
    assert client.post(URL, typed()).status_code == 404
    page = client.get(URL, {"school": str(other.school.uuid)}).content.decode()
    assert str(other.school.uuid) in page


def test_answers_of_an_old_request_can_be_asked_again_and_those_of_others_cannot(client):
    people = a_st_marys()
    row = an_unblock(people.alice, people.school)
    client.force_login(people.alice)
    page = client.get(URL, {"copy": str(row.uuid)}).content.decode()
    assert UNBLOCK["risks"] in page
    colleague = a_person("Carl Cole", Role.STAFF, people.school)
    client.force_login(colleague)
    assert UNBLOCK["risks"] not in client.get(URL, {"copy": str(row.uuid)}).content.decode()
    assert client.get(URL, {"copy": "nonsense"}).status_code == 200


def test_readers_see_it_colleagues_do_not(client):
    people = a_st_marys()
    row = an_unblock(people.alice, people.school)
    url = reverse("approvals:unblock-detail", args=[row.uuid])
    colleague = a_person("Carl Cole", Role.STAFF, people.school)
    for person, status in (
        (people.alice, 200),
        (people.bob, 200),
        (people.dan, 200),
        (people.dsl, 200),
        (people.chair, 200),
        (colleague, 404),
        (people.eve, 404),
    ):
        client.force_login(person)
        assert client.get(url).status_code == status, person


def test_the_list_has_a_flat_number_of_queries_and_narrows(client, django_assert_max_num_queries):
    people = a_st_marys()
    for number in range(30):
        an_unblock(people.alice, people.school, addresses=f"https://site{number}.example/")
    client.force_login(people.dan)
    with django_assert_max_num_queries(12):
        page = client.get("/network/requests/").content.decode()
    assert "site29.example" in page
    assert "site1.example" not in page
    assert "site7.example" in client.get("/network/requests/", {"q": "site7"}).content.decode()
    assert client.get("/network/requests/", {"whose": "mine"}).context["page_obj"].paginator.count == 0


def test_the_settings_follow_the_school(client):
    people = a_st_marys()
    choose(people.school.profile, blocked_sites_exceptions="with_permission")
    assert an_unblock(people.alice, people.school, addresses="https://x.com/museum").pk
