"""The safe path: a possible indecent image of a child. What to do, who called, and nothing else (subtle 80-84)."""

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core.errors import Refused
from incidents.concerns.selectors import on_the_road
from incidents.concerns.services.sending import Told, concern_send
from incidents.concerns.tests.cases import a_concern, a_concern_crew, by
from incidents.concerns.tests.report_help import browser, last, path, send_form, send_image, shows
from incidents.models import Body, Category, Concern, Evidence, PartIn, Referral, Sort
from incidents.tests.cases import an_image, page
from smgov.tests.access.forms import fields_of

pytestmark = pytest.mark.django_db
ADDRESS = "see www.pictures.example/x"


@pytest.fixture
def crew():
    return a_concern_crew()


@pytest.mark.clause("CBC-10.01", "CBC-10.03", "CBC-10.07")
@pytest.mark.parametrize("answer", ["yes", "unsure"])
def test_not_being_sure_leads_to_what_to_do_now_and_to_no_box_for_the_picture(crew, answer):
    client = browser(crew.alice)
    there = client.get(path("concern-start"), {"asked": "2", "danger": "no", "could": answer})
    assert there["Location"].startswith(path("concern-image"))
    response = client.get(there["Location"])
    assert shows(response, "Having such a picture, or a link to one, is a crime whatever the reason")
    for words in ("Do not look at it again", "Do not copy, save, print, send", "Switch the screen off"):
        assert shows(response, words)
    fields = set(fields_of(client, there["Location"]))
    assert not {"what", "happened_where", "address", "addresses", "file", "child_said"} & fields
    assert b"<textarea" not in response.content
    assert b'type="file"' not in response.content
    assert b"multipart" not in response.content


@pytest.mark.clause("CBC-10.06")
def test_the_record_holds_who_called_when_and_the_reference(crew):
    assert (
        send_image(browser(crew.alice), crew, **{"p1-sort": "pupil", "p1-pupil": "Kit of 9B"}).status_code
        == 302
    )
    concern = last()
    assert (concern.image, concern.category, concern.urgency) == (True, Category.IMAGERY, 1)
    call = Referral.objects.get(concern=concern)
    assert (call.body, call.made_by, call.reference) == (Body.POLICE, "Dora Dean", "CAD 42")
    assert call.made_at is not None
    assert on_the_road(concern) == [crew.dora]
    assert concern.words.what == ""


def test_an_adults_doing_is_filed_as_exploitation_and_takes_both_roads(crew):
    send_image(browser(crew.alice), crew, **{"p2-sort": "staff", "p2-person": str(crew.mark.uuid)})
    assert last().category == Category.EXPLOITATION
    assert set(on_the_road(last())) == {crew.dora, crew.bob}


@pytest.mark.clause("CBC-10.02")
@pytest.mark.parametrize("field", ["police_called_by", "police_reference", "p1-pupil"])
def test_an_address_is_refused_in_every_box(crew, field):
    refused = send_image(browser(crew.alice), crew, **{"p1-sort": "pupil", "p1-pupil": "Kit", field: ADDRESS})
    assert refused.status_code == 422
    assert shows(refused, "Do not write where the picture is")
    assert not Concern.objects.exists()


@pytest.mark.parametrize(
    "name", ["what", "child_said", "done", "wishes", "happened_where", "happened_when", "reporter_is"]
)
def test_the_service_refuses_an_address_in_whatever_text_it_is_given(crew, name):
    told = Told(category=Category.IMAGERY, image=True, police_not_called="Calling now", **{name: ADDRESS})
    with pytest.raises(Refused, match="Leave the address out"):
        concern_send(actor=crew.alice, school=crew.school, once=uuid4(), told=told)


def test_a_file_or_a_description_that_is_sent_all_the_same_is_not_stored(crew):
    file = SimpleUploadedFile("p.jpg", b"\xff\xd8\xff", content_type="image/jpeg")
    sent = send_image(
        browser(crew.alice), crew, file=file, original=file, what="A girl", description="A girl"
    )
    assert sent.status_code == 302
    assert not Evidence.objects.exists()
    assert "girl" not in str(vars(last().words))


@pytest.mark.parametrize("changes", [{"category": "imagery"}, {"could": "yes"}, {"could": "unsure"}])
def test_the_form_leads_to_the_safe_path_before_it_looks_at_what_was_typed(crew, changes):
    client = browser(crew.alice)
    there = send_form(client, crew, what=ADDRESS, **changes)
    assert there.status_code == 302
    assert there["Location"].startswith(path("concern-image"))
    stop = client.get(there["Location"])
    assert shows(stop, "Nothing of what you typed was kept")
    assert b"pictures.example" not in stop.content
    assert b"pictures.example" not in there["Location"].encode()
    assert not Concern.objects.exists()


def test_where_the_dsl_decides_that_is_a_reason_only_where_a_pupil_made_it(crew):
    client = browser(crew.alice)
    assert "decides about the police" in page(crew.alice, path("concern-image"))[1]
    refused = send_image(client, crew, by_pupil="no", called="dsl")
    assert shows(refused, "Call the police now, unless a pupil made the picture")
    assert send_image(client, crew, by_pupil="unsure", called="dsl").status_code == 422
    assert send_image(client, crew, by_pupil="yes", called="dsl").status_code == 302
    call = Referral.objects.get(concern=last())
    assert call.made_at is None
    assert "decides" in call.not_made_because


def test_where_the_police_are_always_called_nobody_decides_otherwise():
    crew = a_concern_crew("cbc", indecent_image_pupil_route="police_always")
    text = page(crew.alice, path("concern-image"))[1]
    assert "Call the police at once, whoever made the picture" in text
    assert "decides" not in text
    assert send_image(browser(crew.alice), crew, by_pupil="yes", called="dsl").status_code == 422
    assert not Concern.objects.exists()


def test_not_called_says_why_and_a_call_says_who_and_when(crew):
    client = browser(crew.alice)
    assert shows(send_image(client, crew, called="no"), "Say why the police have not been called yet")
    refused = send_image(client, crew, police_called_by="", police_called_time="25:99")
    assert shows(refused, "Enter the name of whoever called the police")
    assert shows(refused, "Enter a time with hours and minutes")
    assert send_image(client, crew, called="no", police_not_called="The line is busy").status_code == 302


def test_sent_again_with_the_call_added_nothing_is_lost(crew):
    client = browser(crew.alice)
    once = str(uuid4())
    send_image(client, crew, once=once, called="no", police_not_called="The line is busy")
    send_image(client, crew, once=once)
    send_image(client, crew, once=once)
    assert Concern.objects.count() == 2
    assert Referral.objects.filter(made_by="Dora Dean").count() == 1


def test_a_record_of_an_image_becomes_a_concern_on_the_safe_path_alone(crew):
    record = an_image(crew)
    query = f"?report={record.uuid}&danger=no&could=no"
    there = browser(crew.dora).get(path("concern-write") + query)
    assert there["Location"].startswith(path("concern-image"))
    assert send_form(browser(crew.dora), crew, query)["Location"].startswith(path("concern-image"))
    assert not Concern.objects.exists()


def test_one_more_person_keeps_what_was_answered_on_the_safe_path_too(crew):
    more = send_image(browser(crew.alice), crew, add="1", **{"p1-sort": "pupil", "p1-pupil": "Kit"})
    assert more.status_code == 200
    assert b'name="p3-sort"' in more.content
    assert b"CAD 42" in more.content
    assert not Concern.objects.exists()


def test_the_safe_path_without_a_subject_needs_no_open_setting(crew):
    other = a_concern_crew("beckstone")
    concern = a_concern(
        other, by(sort="head"), category=Category.IMAGERY, image=True, what="", police_not_called="Now"
    )
    assert {(one.part, one.sort) for one in concern.parts.all()} == {(PartIn.SUBJECT, Sort.HEAD)}
