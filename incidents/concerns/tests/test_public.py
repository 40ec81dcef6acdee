"""The page for pupils and parents: open where a school opened it, short, throttled, and without a look-back."""

from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from incidents.concerns.selectors import on_the_road
from incidents.concerns.tests.cases import a_concern, a_concern_crew
from incidents.concerns.tests.report_help import last, path, shows
from incidents.concerns.views import public
from incidents.models import Channel, Concern, Evidence, PartIn, Sort
from incidents.tests.cases import Crew, recorded, text_of
from smgov.testing import choose

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_counts():
    cache.clear()


@pytest.fixture
def crew() -> Crew:
    return a_concern_crew(public_reports=True)


def send(crew: Crew, client: Client | None = None, place: str = "203.0.113.1", **changes: Any) -> Any:
    """The form, sent by a pupil."""
    data = {
        "danger": "no",
        "could": "no",
        "once": str(uuid4()),
        "who": "pupil",
        "what": "They write about me every night",
        **changes,
    }
    client = client or Client()
    return client.post(path("concern-public", crew.school.slug), data, REMOTE_ADDR=place)


@pytest.mark.clause("BEC-3.06", "BEC-4.28", "BEC-6.04", "CIT-2.38", "CIT-2.39", "STM-2.33", "STM-2.34")
def test_a_pupil_reports_in_confidence_without_an_account_and_the_dsl_hears(crew):
    client = Client()
    start = path("concern-public", crew.school.slug)
    assert shows(client.get(start), "in danger now?")
    assert shows(client.get(start, {"asked": "1", "danger": "no"}), "naked or sexual picture")
    form = client.get(start, {"danger": "no", "could": "no"})
    assert shows(form, "What happened?")
    sent = send(crew, client, name="Kit", reach="9B", doer="pupil", doer_name="Lou", wish="That it stops")
    concern = last()
    assert (concern.reporter, concern.channel) == (None, Channel.PUBLIC)
    assert (concern.words.reporter_is, concern.words.reached_by, concern.words.wishes) == (
        "A pupil: Kit",
        "9B",
        "That it stops",
    )
    assert {(one.part, one.sort, one.words) for one in concern.parts.all()} == {
        (PartIn.VICTIM, Sort.PUPIL, ""),
        (PartIn.SUBJECT, Sort.PUPIL, "Lou"),
    }
    assert on_the_road(concern) == [crew.dora]
    assert recorded("incidents.concern_sent") == 1
    assert concern.reference in text_of(client.get(sent["Location"]))


@pytest.mark.clause("BEC-3.12", "BEC-3.14")
def test_a_parent_brings_a_concern_to_the_school_and_not_to_the_internet(crew):
    send(crew, who="parent", about="other", what="A post of the school upsets my child")
    assert last().words.reporter_is == "A parent or carer"
    assert on_the_road(last()) == [crew.dora]


def test_whoever_is_said_to_have_done_it_does_not_get_it(crew):
    send(crew, doer="staff", doer_name="Mrs Dean")
    assert crew.dora not in on_the_road(last())
    assert on_the_road(last())
    assert send(crew, doer="staff").status_code == 302
    assert {crew.dora, crew.bob} <= set(on_the_road(last()))
    send(crew, doer="head")
    assert crew.bob not in on_the_road(last())
    assert {crew.dora, crew.gina} <= set(on_the_road(last()))


def test_a_page_that_is_not_open_is_no_page(crew):
    closed = a_concern_crew()
    for name in ("concern-public", "concern-public-sent"):
        assert Client().get(path(name, closed.school.slug)).status_code == 404
        assert Client().get(path(name, "no-such-school")).status_code == 404
    assert send(closed).status_code == 404
    crew.school.active = False
    crew.school.save()
    assert Client().get(path("concern-public", crew.school.slug)).status_code == 404
    assert not Concern.objects.exists()


def test_danger_and_pictures_come_first_and_no_report_about_a_picture_is_taken(crew):
    client = Client()
    start = path("concern-public", crew.school.slug)
    danger = client.get(start, {"asked": "1", "danger": "yes"})
    assert shows(danger, "Call 999 now")
    assert shows(danger, "0800 1111")
    for answer in ("yes", "unsure"):
        stop = client.get(start, {"danger": "no", "could": answer})
        for words in ("Do not send it to anybody", "Report Remove", "CEOP", "adult whom you trust"):
            assert shows(stop, words)
        assert b"<form" not in stop.content
        assert b"every night" not in send(crew, could=answer).content
    for asked in ({"asked": "1"}, {"asked": "2", "danger": "no"}):
        assert client.get(start, asked).status_code == 422
    assert not Concern.objects.exists()
    send(crew, danger="yes")
    assert last().urgency == 1


def test_too_many_are_refused_with_what_to_do_and_what_was_typed_stays(crew, monkeypatch):
    monkeypatch.setattr(public, "FROM_ONE_PLACE", 2)
    monkeypatch.setattr(public, "FOR_ONE_SCHOOL", 3)
    assert [send(crew).status_code for _ in range(2)] == [302, 302]
    refused = send(crew, what="Please read this 😀")
    assert refused.status_code == 422
    assert shows(refused, "Too many reports came in")
    assert shows(refused, "Please read this 😀")
    assert send(crew, place="203.0.113.2").status_code == 422, "and for one school"
    other = a_concern_crew(public_reports=True)
    assert send(other, place="203.0.113.3").status_code == 302
    assert Concern.objects.count() == 3


def test_what_is_missing_is_said_and_what_was_typed_stays(crew):
    refused = send(crew, who="", what="", wish="שלום 😀", doer="pupil", doer_name="<b>Lou")
    assert refused.status_code == 422
    assert shows(refused, "Choose who you are")
    assert shows(refused, "Say what happened")
    assert "שלום 😀" in refused.content.decode()
    assert "&lt;b&gt;Lou" in refused.content.decode()


def test_the_page_gives_nothing_away_and_is_not_stored(crew):
    earlier = a_concern(crew)
    client = Client()
    sent = send(crew, client)
    first, again = client.get(sent["Location"]), client.get(sent["Location"])
    assert last().reference in text_of(first)
    assert last().reference not in text_of(again)
    start = client.get(path("concern-public", crew.school.slug))
    stranger = Client().get(sent["Location"])
    for response in (first, again, start, stranger):
        text = text_of(response)
        assert response["Cache-Control"] == "no-store, private"
        assert earlier.reference not in text
        for person in crew.everybody():
            assert person.full_name not in text
    assert client.get(path("concern-sent", last().uuid)).status_code == 302, (
        "the receipt inside asks for a sign-in"
    )


def test_nothing_can_be_attached_and_a_double_click_is_one_report(crew):
    file = SimpleUploadedFile("p.jpg", b"\xff\xd8\xff", content_type="image/jpeg")
    once = str(uuid4())
    for _ in range(2):
        assert send(crew, once=once, file=file).status_code == 302
    assert Concern.objects.count() == 1
    assert not Evidence.objects.exists()


def test_somebody_who_is_signed_in_reports_there_without_their_name(crew):
    client = Client()
    client.force_login(crew.alice)
    send(crew, client)
    assert last().reporter is None
    choose(crew.school.profile, public_reports=False)
    assert send(crew, client).status_code == 404
