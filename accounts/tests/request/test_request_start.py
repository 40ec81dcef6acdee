"""Starting a request: the school, what follows, who decides; or why it cannot be."""

import uuid

import pytest
from django.urls import reverse

from accounts.models import AccountRequest
from accounts.services.requests import request_discard
from accounts.tests.request.conftest import fresh
from core.roles import Post, Role
from smgov.testing import a_draft, a_person, a_school, give

START = reverse("accounts:request-start")


def test_with_one_school_there_is_nothing_to_choose(client, stm):
    client.force_login(stm.tess)
    page = client.get(START).content.decode()
    assert "For which school?" not in page
    assert "St Mary&#x27;s form" in page
    assert page.index("Marketing officer") < page.index("<strong>Headteacher")
    assert "Moira Marsh" in page
    assert "at least 2 people" in page


def test_with_several_schools_one_is_chosen_first(client, cast):
    give(cast.alice, Role.STAFF, cast.otherplace)
    client.force_login(cast.alice)
    page = client.get(START).content.decode()
    assert "For which school?" in page
    assert ">Start<" not in page
    page = client.get(f"{START}?school={cast.otherplace.uuid}").content.decode()
    assert "Otherplace Academy" in page
    assert ">Start<" in page


@pytest.mark.clause("CIT-3.01")
def test_the_order_of_signatures_is_the_schools_own(client, cast):
    client.force_login(cast.alice)
    road = client.get(START).context["road"]
    assert [step.title for step in road] == ["Headteacher", "Head of Communications & Fundraising"]


def test_the_central_team_has_its_own_order(client, cast):
    client.force_login(a_person("Hal Hub", Role.STAFF, cast.hub))
    road = client.get(START).context["road"]
    assert [step.title for step in road] == [
        "Executive Leadership Team",
        "Head of Communications & Fundraising",
    ]


def test_a_step_with_nobody_to_sign_is_told_at_once(client, db):
    school = a_school("Lone", preset="st-marys")
    a_person("Moira Marsh", Role.HEAD_OF_COMMS, school)
    hetty = a_person("Hetty Thorne", Role.HEADTEACHER, school)
    client.force_login(hetty)
    assert "nobody can sign this step now" in client.get(START).content.decode()
    a_person("Cher Chair", Role.GOVERNANCE, school, post=Post.CHAIR)
    assert "Cher Chair (Chair, in place of Headteacher)" in client.get(START).content.decode()


def test_a_school_without_a_process_offers_no_button(client, db):
    school = a_school("Beck", preset="beckstone", account_chain=None)
    client.force_login(a_person("Bea Cole", Role.STAFF, school))
    response = client.get(START)
    page = response.content.decode()
    assert response.status_code == 200
    assert "has not yet chosen" in page
    assert ">Start<" not in page
    answer = client.post(START, {"school": str(school.uuid), "once": fresh()})
    assert answer.status_code == 422
    assert not AccountRequest.objects.exists()


def test_a_role_that_may_not_apply_is_told_who_may(client, stm):
    client.force_login(stm.pat)
    page = client.get(START).content.decode()
    assert "does not let people in your role" in page
    assert "Member of staff" in page
    assert ">Start<" not in page
    assert client.post(START, {"school": str(stm.school.uuid), "once": fresh()}).status_code == 422


@pytest.mark.clause("RAV-3.01", "RAV-3.02")
def test_a_volunteer_starts_a_plan_at_ravens_wood(client, rav):
    client.force_login(rav.una)
    response = client.post(START, {"school": str(rav.school.uuid), "once": fresh()})
    row = AccountRequest.objects.get()
    assert (row.requested_by, row.form) == (rav.una, "ravens_wood")
    assert response.url == reverse("accounts:request-detail", args=[row.uuid])


def test_five_clicks_start_one_draft(client, cast):
    client.force_login(cast.alice)
    once = str(client.get(START).context["form"]["once"].value())
    urls = {client.post(START, {"school": str(cast.hilltop.uuid), "once": once}).url for _ in range(5)}
    assert len(urls) == 1
    assert AccountRequest.objects.count() == 1


def test_a_school_of_others_is_not_found(client, cast, stm):
    client.force_login(cast.alice)
    for school in (stm.school.uuid, uuid.uuid4(), "nonsense"):
        assert client.get(f"{START}?school={school}").status_code == 404
        assert client.post(START, {"school": str(school), "once": fresh()}).status_code == 404


def test_a_governor_may_not_open_it(client, cast):
    client.force_login(cast.chair)
    assert client.get(START).status_code == 403


def test_looking_starts_nothing(client, cast):
    client.force_login(cast.alice)
    client.get(START)
    assert not AccountRequest.objects.exists()


def test_without_its_own_id_a_page_starts_nothing(client, cast):
    client.force_login(cast.alice)
    assert client.post(START, {"school": str(cast.hilltop.uuid), "once": "x"}).status_code == 422
    assert not AccountRequest.objects.exists()


def test_answers_of_a_draft_put_aside_are_taken_over(client, cast):
    old = a_draft(cast.alice, cast.hilltop)
    request_discard(actor=cast.alice, request=old)
    client.force_login(cast.alice)
    page = client.get(f"{START}?school={cast.hilltop.uuid}&copy={old.uuid}")
    form = page.context["form"]
    data = {name: form[name].value() or "" for name in ("school", "once", "copy")}
    client.post(START, data)
    assert AccountRequest.objects.exclude(pk=old.pk).get().name == old.name


def test_answers_of_others_are_not_found(client, cast):
    old = a_draft(cast.bob, cast.hilltop)
    client.force_login(cast.alice)
    data = {"school": str(cast.hilltop.uuid), "once": fresh(), "copy": str(old.uuid)}
    assert client.post(START, data).status_code == 404


def test_few_queries(client, stm, django_assert_max_num_queries):
    client.force_login(stm.tess)
    client.get(START)
    with django_assert_max_num_queries(15):
        client.get(START)
