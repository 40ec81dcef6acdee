"""The pages of reports: sending, the confirmation, the lists, reading, the network page and the to-do list."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from approvals.network.statement import PARTS
from core.models import AuditEvent
from core.roles import Role
from core.todo import for_user
from incidents.models import Matter
from incidents.services.acting import addresses_hand_over
from incidents.tests.cases import (
    ADDRESS,
    LAST_CONTACT,
    a_bypass,
    a_crew,
    a_report,
    an_image,
    page,
    recorded,
    text_of,
    whom,
)
from people.models import User
from smgov.testing import a_school, give

pytestmark = pytest.mark.django_db
WRITE = "incidents:report-write"


@pytest.fixture
def crew():
    return a_crew()


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def typed(**changes) -> dict:
    day = timezone.localdate()
    return {
        "once": str(uuid4()),
        "could": "no",
        "about": "unknown",
        "seen_on_day": day.day,
        "seen_on_month": day.month,
        "seen_on_year": day.year,
        "addresses": ADDRESS,
        "nature": "hate",
        "words": "A slogan on the screen",
        **changes,
    }


@pytest.mark.clause("STM-14.01", "STM-14.03")
def test_a_report_is_sent_with_the_sign_in_and_todays_date_and_confirmed(crew) -> None:
    client = signed_in(crew.alice)
    answer = client.post(reverse(WRITE), typed(reporter="1", at="2020-01-01"), follow=True)
    assert "Report sent It was received." in text_of(answer)
    matter = Matter.objects.get()
    assert matter.reporter == crew.alice
    assert timezone.localtime(matter.at).date() == timezone.localdate()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"about": ""}, "Choose who it was, or that you do not know"),
        ({"about": "pupil"}, "Enter the name or class of the pupil"),
        ({"about": "staff"}, "Choose the member of staff"),
        ({"about": "other"}, "Say who it was"),
        ({"addresses": "bad.example"}, "does not begin with http"),
        ({"addresses": ""}, "Enter the full address of each page"),
        ({"nature": ""}, "Choose the nature of the content"),
        ({"words": ""}, "Say what was seen"),
        ({"words": "x" * 4001}, "4000 characters or fewer"),
        ({"seen_on_year": "2099"}, "or earlier"),
        ({"seen_on_year": "2001"}, "or later"),
        ({"seen_on_day": ""}, "must include a day"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_typed_is_lost(crew, changes, message) -> None:
    answer = signed_in(crew.alice).post(reverse(WRITE), typed(**changes))
    assert answer.status_code == 422
    assert message in text_of(answer)
    if "words" not in changes:
        assert "A slogan on the screen" in answer.content.decode()
    assert not Matter.objects.exists()


def test_a_road_that_is_not_chosen_keeps_what_was_typed_on_the_page() -> None:
    crew = a_crew(head_concern_recipient=None)
    answer = signed_in(crew.alice).post(reverse(WRITE), typed(about="head"))
    assert answer.status_code == 422
    assert "in person now" in text_of(answer)
    assert "A slogan on the screen" in answer.content.decode()


def test_a_form_sent_five_times_is_one_report(crew) -> None:
    client, once = signed_in(crew.alice), str(uuid4())
    places = {client.post(reverse(WRITE), typed(once=once))["Location"] for _ in range(5)}
    assert len(places) == 1
    assert Matter.objects.count() == 1


def test_somebody_at_two_schools_chooses_and_a_school_of_others_is_not_found(crew) -> None:
    second, foreign = a_school(), a_school()
    give(crew.alice, Role.STAFF, second)
    client = signed_in(crew.alice)
    for name in (WRITE, "incidents:report-stop"):
        assert "Which school?" in text_of(client.get(reverse(name)))
        assert client.get(reverse(name), {"school": str(second.uuid)}).context["place"].pk == second.pk
        assert client.get(reverse(name), {"school": str(foreign.uuid)}).status_code == 404
        assert client.post(reverse(name), typed(school=str(foreign.uuid))).status_code == 404
        assert client.post(reverse(name), typed()).status_code == 404
    assert "Do not look at it again" in text_of(client.get(reverse("incidents:report-stop")))


def test_when_nobody_may_hear_of_it_the_reporter_is_told_whom_to_tell() -> None:
    crew = a_crew(staff_concern_recipient=["governance/chair"])
    User.objects.filter(pk=crew.ella.pk).update(is_active=False)
    matter = a_report(crew, who=whom("staff", person=crew.gina))
    for name in ("report-sent", "report-detail"):
        text = page(crew.alice, reverse(f"incidents:{name}", args=[matter.uuid]))[1]
        assert LAST_CONTACT in text
        assert "Nobody in the portal may hear of this" in text


def test_without_a_last_contact_the_reporter_is_told_who_else_there_is() -> None:
    crew = a_crew(staff_concern_recipient=["governance/chair"], last_resort_contact=None)
    User.objects.filter(pk=crew.ella.pk).update(is_active=False)
    matter = a_report(crew, who=whom("staff", person=crew.gina))
    text = page(crew.alice, reverse("incidents:report-sent", args=[matter.uuid]))[1]
    assert "children's services at your local authority" in text


def test_only_the_reporter_sees_the_confirmation(crew) -> None:
    url = reverse("incidents:report-sent", args=[a_report(crew).uuid])
    assert page(crew.dora, url)[0] == 403
    assert page(crew.mark, url)[0] == 404


def test_addresses_are_text_and_never_a_link(crew) -> None:
    matter = a_report(crew, addresses="https://bücher-bad.example/x\n" + ADDRESS)
    client = signed_in(crew.dan)
    for name in ("report-detail", "report-technician"):
        html = client.get(reverse(f"incidents:{name}", args=[matter.uuid])).content.decode()
        assert "bad-pictures.example" in html
        assert 'href="https://' not in html
        assert "xn--" in html, "the true name of a site in disguise"


def test_reading_what_is_about_a_person_is_recorded_and_reading_ones_own_words_is_not(crew) -> None:
    known, unknown = a_report(crew, who=whom("pupil", "Kit")), a_report(crew)
    page(crew.dora, reverse("incidents:report-detail", args=[unknown.uuid]))
    page(crew.alice, reverse("incidents:report-detail", args=[known.uuid]))
    assert recorded("incidents.report_read") == 0
    page(crew.dora, reverse("incidents:report-detail", args=[known.uuid]))
    event = AuditEvent.objects.get(action="incidents.report_read")
    assert (event.actor, event.data) == (crew.dora, {})


def test_each_list_holds_what_is_its_own(crew) -> None:
    a_report(crew)
    known = a_report(crew, who=whom("pupil", "Kit"))
    an_image(crew)
    assert page(crew.dora, "/network/reports/")[1].count("Report of") == 3
    assert page(crew.dan, "/network/reports/")[1].count("Report of") == 1
    addresses_hand_over(actor=crew.dora, matter=known)
    text = page(crew.dan, "/network/reports/?show=block")[1]
    assert text.count("Report of") == 2
    assert "pupil" not in text.lower()
    assert page(crew.alice, "/network/reports/")[1].count("It was received") == 3
    assert page(crew.alice, "/network/reports/?show=read")[1].count("It was received") == 3
    assert "You have sent no report yet" in page(crew.mark, "/network/reports/")[1]


def test_the_list_is_filtered_by_nature_and_state(crew) -> None:
    a_report(crew, nature="drugs")
    a_report(crew, who=whom("pupil", "Kit"))
    an_image(crew)
    found = {"?kind=drugs": 1, "?kind=image": 1, "?kind=gambling": 0, "?state=open": 3, "?state=closed": 0}
    for query, count in found.items():
        assert page(crew.dora, f"/network/reports/{query}")[1].count("Report of") == count, query


def test_a_long_list_costs_as_many_queries_as_a_short_one(crew) -> None:
    a_report(crew)
    a_bypass(crew)
    paths = ("/network/reports/", "/network/reports/?show=block", "/network/firewall/", "/")
    short = {path: queries(crew.dan, path) for path in paths}
    for number in range(30):
        a_report(crew, once=uuid4(), words=str(number))
        a_bypass(crew)
    assert {path: queries(crew.dan, path) for path in paths} == short
    assert max(short.values()) <= 25
    assert page(crew.dan, "/network/reports/?page=2")[1].count("Report of") == 6


def queries(user, path) -> int:
    client = signed_in(user)
    client.get(path)
    with CaptureQueriesContext(
        connection,
    ) as caught:
        client.get(path)
    return len(caught)


def test_whoever_must_act_finds_it_on_their_list(crew) -> None:
    a_report(crew)
    a_report(crew, who=whom("staff", person=crew.mark))
    assert [item.action for item in for_user(crew.dan)] == ["Fill in"]
    assert [item.action for item in for_user(crew.dora)] == ["Read"]
    assert [item.action for item in for_user(crew.bob)] == ["Read"]
    assert for_user(crew.mark) == for_user(crew.alice) == []


def test_the_network_page_leads_to_both(crew) -> None:
    assert "Report inappropriate content" in page(crew.alice, "/network/")[1]
    assert "Getting round the firewall" not in page(crew.alice, "/network/")[1]
    assert "Getting round the firewall" in page(crew.sue, "/network/")[1]


def test_the_statement_counts_what_its_reader_may_see_and_nothing_about_a_person(crew) -> None:
    a_report(crew, nature="hate")
    a_report(crew, nature="hate", who=whom("pupil", "Kit"))
    a_bypass(crew)
    a_bypass(crew, who=whom("staff", person=crew.mark))
    today = timezone.localdate()
    counted = {
        user.full_name: {
            part.title: part.rows(user, crew.school, today - timedelta(days=9), today)
            for part in PARTS
            if part.title in ("Reports of inappropriate content", "Getting round the firewall")
        }
        for user in (crew.dan, crew.bob, crew.alice)
    }
    assert counted["Dan Dale"] == {
        "Reports of inappropriate content": [("Hate", 1)],
        "Getting round the firewall": [("Attempts", 1), ("Bans from school computers", 0)],
    }
    assert counted["Bob Barnes"]["Getting round the firewall"][0] == ("Attempts", 2)
    assert counted["Alice Archer"] == {
        "Reports of inappropriate content": [],
        "Getting round the firewall": [],
    }


@pytest.mark.parametrize(("name", "actor"), [("hand-over", "dora"), ("close", "dora"), ("technician", "dan")])
def test_the_steps_work_from_their_pages_and_refuse_whoever_may_not(crew, name, actor) -> None:
    matter = a_report(crew, who=whom("pupil", "Kit"))
    if name == "technician":
        addresses_hand_over(actor=crew.dora, matter=matter)
    url = reverse(f"incidents:report-{name}", args=[matter.uuid])
    sent = {
        "hand-over": {},
        "close": {"note": "Spoken to"},
        "technician": {"action_taken": "Blocked", "blocked": "yes", "typed_name": "Dan Dale"},
    }[name]
    client = signed_in(getattr(crew, actor))
    assert client.get(url).status_code == 200
    if sent:
        assert client.post(url, {}).status_code == 422
    assert client.post(url, sent).status_code == 302
    assert signed_in(crew.alice).post(url, sent).status_code == (404 if name == "technician" else 403)
    assert signed_in(crew.mark).post(url, sent).status_code == 404
    if name == "close":
        assert "closed already" in text_of(client.post(url, sent))
    if name == "technician":
        assert "already" in text_of(client.post(url, sent))


def test_whoever_skips_the_first_question_finds_it_on_the_form(crew) -> None:
    client = signed_in(crew.alice)
    assert "Could it be an indecent image of a child?" in text_of(client.get(reverse(WRITE)))
    answer = client.post(reverse(WRITE), typed(could=""))
    assert answer.status_code == 422
    assert "Choose whether it could be an indecent image" in text_of(answer)
    for could in ("yes", "unsure"):
        answer = client.post(reverse(WRITE), typed(could=could))
        assert answer.status_code == 302
        assert "stop" in answer["Location"]
    assert not Matter.objects.exists()
