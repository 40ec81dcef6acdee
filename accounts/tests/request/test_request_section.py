"""One section on one page: what is asked, what is kept, what is said."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import AccountRequest
from accounts.services.requests import request_send, request_start
from accounts.tests.request.conftest import fresh, url, wrong
from core.models import AuditEvent, Platform
from core.roles import Role
from core.tests.markup import by_id, parse
from people.models import Membership
from smgov.testing import DOMAIN, a_draft, a_person, choose, people_of, submitted

ACCOUNT = {"name": "Year 6", "platform": "facebook", "handle": "@y6", "official_email": f"y6@{DOMAIN}"}


@pytest.fixture
def draft(cast) -> AccountRequest:
    return request_start(actor=cast.alice, school=cast.hilltop, once=fresh())


def post(client, row, section, action="continue", **data):
    return client.post(url("section", row, section), {**data, "action": action})


def again(row) -> AccountRequest:
    return AccountRequest.objects.get(pk=row.pk)


def test_save_and_continue_leads_through_the_sections_to_the_check(client, cast, draft):
    client.force_login(cast.alice)
    response = post(client, draft, "account", **ACCOUNT)
    assert response.url == url("section", draft, "purpose")
    row = again(draft)
    assert (row.name, row.platform.slug, row.official_email) == ("Year 6", "facebook", f"y6@{DOMAIN}")
    post(client, draft, "purpose", aims="a", investment="b", engagement="c")
    post(client, draft, "contributors", contributors=["staff"])
    response = post(client, draft, "effort", effort="d", evaluation="e")
    assert response.url == url("section", draft, "people")
    me = str(cast.alice.uuid)
    response = post(client, draft, "people", moderator=me, administrators_1=me, administrators_2="")
    assert response.url == url("check", draft)
    assert wrong(draft) == {}


def test_what_is_wrong_is_said_and_what_is_right_is_kept(client, cast, draft):
    client.force_login(cast.alice)
    response = post(client, draft, "account", **{**ACCOUNT, "official_email": "y6@gmail.com", "name": ""})
    assert response.status_code == 422
    page = response.content.decode()
    assert "gmail.com is a free mail service" in page
    assert "Enter a name for the account" in page
    assert "@y6" in page
    row = again(draft)
    assert (row.handle, row.platform.slug, row.official_email) == ("@y6", "facebook", "y6@gmail.com")


def test_save_and_finish_later_does_not_complain(client, cast, draft):
    client.force_login(cast.alice)
    response = post(client, draft, "account", "later", name="Year 6")
    assert response.url == url("detail", draft)
    assert again(draft).name == "Year 6"


def test_what_cannot_be_kept_is_said_even_then_and_nothing_typed_is_lost(client, cast, stm):
    row = a_draft(stm.tess, stm.school)
    day = row.go_live_on
    client.force_login(stm.tess)
    data = {"effort": "Two hours", "go_live_on_day": "31", "go_live_on_month": "2", "go_live_on_year": "2030"}
    response = post(client, row, "effort", "later", **data)
    assert response.status_code == 422
    page = response.content.decode()
    assert "that month has fewer days" in page
    assert 'value="31"' in page
    row = again(row)
    assert (row.effort, row.go_live_on) == ("Two hours", day)


def test_too_long_a_text_comes_back_whole(client, cast, draft):
    client.force_login(cast.alice)
    long = "x" * 4001
    response = post(client, draft, "purpose", aims=long, investment="b", engagement="c")
    assert response.status_code == 422
    assert long in response.content.decode()
    assert "use 4000 characters or fewer (you have 4001)" in response.content.decode()
    assert (again(draft).aims, again(draft).investment) == ("", "b")


@pytest.mark.clause("STM-15.24")
def test_the_day_is_typed_in_three_boxes(client, stm):
    row = a_draft(stm.tess, stm.school)
    soon = timezone.localdate() + timedelta(days=40)
    client.force_login(stm.tess)
    parts = {"go_live_on_day": soon.day, "go_live_on_month": soon.month, "go_live_on_year": soon.year}
    post(client, row, "effort", effort="a", evaluation="b", **parts)
    assert again(row).go_live_on == soon
    parts["go_live_on_year"] = 2001
    response = post(client, row, "effort", effort="a", evaluation="b", **parts)
    assert "The day must be today or later." in response.content.decode()


@pytest.mark.clause("STM-15.07", "STM-15.11", "STM-15.13")
def test_details_stand_below_their_boxes_and_are_kept(client, stm):
    row = a_draft(stm.tess, stm.school)
    client.force_login(stm.tess)
    data = {
        "audience": ["pupils", "other_pupils", "other"],
        "audience_age_from": "7",
        "audience_age_to": "11",
        "audience_schools": "Ashdown",
        "audience_other": "The parish",
    }
    assert post(client, row, "audience", **data).status_code == 302
    row = again(row)
    assert (row.audience, row.audience_age_from, row.audience_age_to) == (
        ["pupils", "other_pupils", "other"],
        7,
        11,
    )
    assert (row.audience_schools, row.audience_other) == ("Ashdown", "The parish")
    ids = by_id(parse(client.get(url("section", row, "audience")).content.decode()))
    inside = {one.get("id") for one in ids["id_audience_0_more"].iter() if one.get("id")}
    assert {"id_audience_age_from", "id_audience_age_to"} <= inside


def test_a_detail_without_its_tick_is_kept_and_not_complained_of(client, stm):
    row = a_draft(stm.tess, stm.school)
    client.force_login(stm.tess)
    data = {"audience": ["staff"], "audience_schools": "Ashdown", "audience_age_from": "seven"}
    assert post(client, row, "audience", **data).status_code == 302
    assert again(row).audience_schools == "Ashdown"


@pytest.mark.parametrize("age", ["seven", "-1", "99999999999", "7.5"])
def test_an_age_that_is_none_is_said(client, stm, age):
    row = a_draft(stm.tess, stm.school)
    client.force_login(stm.tess)
    response = post(client, row, "audience", audience=["pupils"], audience_age_from=age, audience_age_to="11")
    assert response.status_code == 422
    assert "Enter an age from 2 to 25." in response.content.decode()
    assert age in response.content.decode()


@pytest.mark.clause("STM-15.22", "STM-15.25", "STM-15.26")
def test_looking_after_contributors_is_a_page_of_its_own_when_it_is_needed(client, stm):
    row = a_draft(stm.tess, stm.school)
    client.force_login(stm.tess)
    assert client.get(url("section", row, "contributor-care")).url == url("detail", row)
    response = post(client, row, "contributors", contributors=["public"])
    assert response.url == url("section", row, "contributor-care")
    page = client.get(response.url).content.decode()
    assert "Who checks outside contributors: job role" in page
    assert "ask for their consent" not in page
    data = {"contributors_age_from": "7", "contributors_age_to": "11"}
    post(client, row, "contributors", contributors=["pupils"], **data)
    page = client.get(url("section", row, "contributor-care")).content.decode()
    assert "ask for their consent" in page
    assert "job role" not in page


@pytest.mark.clause("RAV-1.08")
def test_use_with_learners_is_asked_after_the_audience(client, rav):
    row = a_draft(rav.rory, rav.school)
    client.force_login(rav.rory)
    data = {"audience": ["pupils"], "audience_age_from": "7", "audience_age_to": "11"}
    assert post(client, row, "audience", **data).url == url("section", row, "learners")
    assert post(client, row, "learners", learners_reason="").status_code == 422
    assert post(client, row, "learners", learners_reason="Closed group, staff only").status_code == 302


@pytest.mark.clause("STM-15.21")
def test_there_are_as_many_boxes_as_the_policy_asks_for(client, stm):
    row = request_start(actor=stm.tess, school=stm.school, once=fresh())
    client.force_login(stm.tess)
    assert client.get(url("section", row, "people")).content.decode().count('name="administrators_') == 2
    choose(stm.school.profile, min_admins=4)
    assert client.get(url("section", row, "people")).content.decode().count('name="administrators_') == 4


def test_another_box_keeps_what_was_typed_and_saves_it(client, cast, draft):
    client.force_login(cast.alice)
    data = {"moderator": str(cast.bob.uuid), "administrators_1": str(cast.dan.uuid), "administrators_2": ""}
    response = post(client, draft, "people", "add-administrators", **data)
    assert response.status_code == 200
    ids = by_id(parse(response.content.decode()))
    assert "id_administrators_3" in ids
    chosen = [
        one.get("value")
        for one in ids["id_administrators_1"].iter("option")
        if one.get("selected") is not None
    ]
    assert chosen == [str(cast.dan.uuid)]
    assert ("Dan Dale", "administrator") in people_of(draft)
    response = post(client, draft, "people", "add-posters", **data, posters_1="")
    assert 'name="posters_2"' in response.content.decode()


def test_there_is_an_end_to_boxes(client, cast, draft):
    client.force_login(cast.alice)
    data = {f"administrators_{n}": "" for n in range(1, 60)}
    response = post(client, draft, "people", "add-administrators", **data)
    page = response.content.decode()
    assert page.count('name="administrators_') == 20
    assert "Add another administrator" not in page


def test_people_are_offered_with_their_titles_and_staff_alone_where_the_policy_says_so(client, cast, stm):
    a_person("Vic Vane", Role.CONTRIBUTOR, cast.hilltop)
    client.force_login(cast.alice)
    row = request_start(actor=cast.alice, school=cast.hilltop, once=fresh())
    page = client.get(url("section", row, "people")).content.decode()
    assert "Cora Clay, Head of Communications &amp; Fundraising" in page
    assert "Vic Vane" not in page
    assert "Eve Earl" not in page
    row = request_start(actor=stm.tess, school=stm.school, once=fresh())
    client.force_login(stm.tess)
    ids = by_id(parse(client.get(url("section", row, "people")).content.decode()))

    def offered(box: str) -> str:
        return " ".join("".join(option.itertext()) for option in ids[box].iter("option"))

    assert "Pat Parry" in offered("id_administrators_1")
    assert "Pat Parry" not in offered("id_posters_1")
    assert "Pat Parry" not in offered("id_moderator")


def test_nobody_from_elsewhere_can_be_forged_into_it(client, cast, stm, draft):
    client.force_login(cast.alice)
    for forged in (stm.tess.uuid, cast.eve.uuid, fresh(), "1", "' OR 1=1"):
        response = post(client, draft, "people", moderator=str(cast.bob.uuid), administrators_1=str(forged))
        assert response.status_code == 422
        assert "Choose somebody from the list." in response.content.decode()
    assert people_of(draft) == [("Bob Barnes", "moderator")]


def test_fields_of_other_sections_and_of_the_row_itself_are_not_taken(client, cast, draft, stm):
    client.force_login(cast.alice)
    post(
        client,
        draft,
        "account",
        **ACCOUNT,
        aims="Sneaked in",
        school=str(stm.school.pk),
        form="st_marys",
        approval="1",
    )
    row = again(draft)
    assert (row.aims, row.school, row.form, row.approval) == ("", cast.hilltop, "cit", None)


def test_an_error_about_one_person_stands_beside_that_person(client, stm):
    gone = a_person("Gone Guy", Role.STAFF, stm.school)
    row = a_draft(stm.tess, stm.school, administrators=[stm.tess, gone])
    Membership.objects.filter(user=gone).update(ended_at=timezone.now())
    client.force_login(stm.tess)
    form = client.get(url("section", row, "people") + "?problems=1").context["form"]
    assert list(form.errors) == ["administrators_2"]
    assert form["administrators_2"].value() == str(gone.uuid)


def test_a_missing_administrator_is_asked_for_in_the_first_free_box(client, stm):
    row = a_draft(stm.tess, stm.school, administrators=[stm.tess])
    client.force_login(stm.tess)
    data = {"moderator": str(stm.tess.uuid), "administrators_1": str(stm.tess.uuid)}
    response = post(client, row, "people", **data, administrators_2="")
    assert list(response.context["form"].errors) == ["administrators_2"]
    response = post(client, row, "people", **data, administrators_2=str(stm.tess.uuid))
    assert list(response.context["form"].errors) == ["administrators_2"]


def test_the_lead_may_only_be_staff(client, rav):
    row = a_draft(rav.rory, rav.school)
    client.force_login(rav.rory)
    page = by_id(parse(client.get(url("section", row, "people")).content.decode()))
    leads = "".join(page["id_lead"].itertext())
    assert "Una Vale" not in leads
    assert "Una Vale" in "".join(page["id_administrators_1"].itertext())


def test_a_platform_no_longer_offered_stays_chosen_and_is_not_offered_to_others(client, cast):
    old = a_draft(cast.alice, cast.hilltop)
    Platform.objects.filter(slug="facebook").update(offered=False)
    client.force_login(cast.alice)
    assert ">Facebook<" in client.get(url("section", old, "account")).content.decode()
    new = request_start(actor=cast.alice, school=cast.hilltop, once=fresh())
    page = client.get(url("section", new, "account")).content.decode()
    assert ">Facebook<" not in page
    assert "ask your IT lead" in page


def test_clauses_are_cited_quietly(client, stm):
    row = a_draft(stm.tess, stm.school)
    client.force_login(stm.tess)
    page = client.get(url("section", row, "audience")).content.decode()
    assert "STM-15.07 to 15.13" in page
    assert 'target="_blank" rel="noopener"' in page


def test_with_problems_in_the_address_the_page_opens_with_them(client, cast, draft):
    client.force_login(cast.alice)
    plain = client.get(url("section", draft, "account"))
    assert "There is a problem" not in plain.content.decode()
    shown = client.get(url("section", draft, "account") + "?problems=1")
    assert shown.status_code == 200
    assert "Enter a name for the account" in shown.content.decode()


def test_every_error_link_lands_on_a_field(client, cast, stm, rav):
    for actor, school in ((cast.alice, cast.hilltop), (stm.tess, stm.school), (rav.rory, rav.school)):
        row = request_start(actor=actor, school=school, once=fresh())
        client.force_login(actor)
        for state in client.get(url("detail", row)).context["states"]:
            page = parse(client.post(state.url, {"action": "continue"}).content.decode())
            ids = by_id(page)
            links = [a.get("href")[1:] for a in page.iter("a") if (a.get("href") or "").startswith("#id_")]
            assert links
            assert set(links) <= set(ids)


def test_a_sent_request_is_shown_and_not_changed_and_what_was_typed_stays(client, cast):
    row = a_draft(cast.alice, cast.hilltop)
    client.force_login(cast.alice)
    request_send(actor=cast.alice, request=row)
    assert client.get(url("section", row, "purpose")).url == url("detail", row)
    response = post(client, row, "purpose", aims="Typed in the other tab", investment="b", engagement="c")
    assert response.status_code == 422
    page = response.content.decode()
    assert "can no longer be changed" in page
    assert "Typed in the other tab" in page
    assert again(row).aims != "Typed in the other tab"


def test_others_find_nothing_and_readers_may_not(client, cast, draft):
    sent = AccountRequest.objects.get(approval=submitted(cast.alice, cast.hilltop))
    for person, row, status in [
        (cast.bob, draft, 404),
        (cast.eve, draft, 404),
        (cast.bob, sent, 403),
        (cast.eve, sent, 404),
    ]:
        client.force_login(person)
        assert client.get(url("section", row, "account")).status_code == status
        assert post(client, row, "account", name="Mine").status_code == status
    assert again(draft).name == ""


def test_an_unknown_section_is_not_found(client, cast, draft):
    client.force_login(cast.alice)
    assert client.get(url("section", draft, "nonsense")).status_code == 404
    assert client.get(url("section", draft, "safety")).status_code == 404


def test_looking_changes_nothing_and_saving_is_recorded(client, cast, draft):
    client.force_login(cast.alice)
    before = AuditEvent.objects.count()
    client.get(url("section", draft, "account"))
    assert AuditEvent.objects.count() == before
    post(client, draft, "account", "later", name="Year 6")
    assert AuditEvent.objects.latest("pk").data == {"fields": ["name"]}


def test_what_was_typed_before_the_session_ended_is_shown_again_and_not_sent(client, cast, draft):
    client.force_login(cast.alice)
    client.get(url("section", draft, "account"))
    session = client.session
    session["last_seen"] = timezone.now().timestamp() - 3600
    session.save()
    response = client.post(
        url("section", draft, "account"),
        {"name": "Typed late", "action": "continue"},
        HTTP_ORIGIN="http://testserver",
    )
    assert response.status_code == 302
    assert again(draft).name == ""
    client.force_login(cast.alice)
    back = response.url.partition("next=")[2].replace("%3F", "?").replace("%3D", "=")
    page = client.get(back).content.decode()
    assert "Typed late" in page
    assert "You were signed out before this was sent" in page


def test_few_queries(client, stm, django_assert_max_num_queries):
    for number in range(30):
        a_person(f"Person {number}", Role.STAFF, stm.school)
    row = a_draft(stm.tess, stm.school)
    client.force_login(stm.tess)
    for state in client.get(url("detail", row)).context["states"]:
        with django_assert_max_num_queries(15):
            client.get(state.url)
