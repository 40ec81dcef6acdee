"""A possible indecent image of a child: the one question, the stop page, and what is never taken in."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import models
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.errors import Refused
from core.models import KeptPost
from incidents.models import ContentReport, ImageRecord, Matter
from incidents.tests.cases import ADDRESS, a_crew, an_image, page, text_of, whom

pytestmark = pytest.mark.django_db
SECRET = "Zanzibar-secret"


@pytest.fixture
def crew():
    return a_crew()


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def typed(**changes) -> dict:
    now = timezone.localtime() - timedelta(hours=1)
    return {
        "once": "7b1f9a3e-0000-4000-8000-000000000001",
        "about": "unknown",
        "called": "yes",
        "called_by": "Dora Dean",
        "called_on_day": now.day,
        "called_on_month": now.month,
        "called_on_year": now.year,
        "called_time": now.strftime("%H:%M"),
        "police_reference": "CAD 1234",
        **changes,
    }


@pytest.mark.parametrize(
    ("could", "leads"), [("yes", "stop/"), ("unsure", "stop/"), ("no", "form/?could=no")]
)
def test_the_first_question_leads_to_the_stop_page_unless_it_is_a_clear_no(crew, could, leads) -> None:
    answer = signed_in(crew.alice).get(reverse("incidents:report-start"), {"could": could})
    assert answer.status_code == 302
    assert answer["Location"] == f"/network/reports/new/{leads}"


def test_the_first_question_must_be_answered(crew) -> None:
    answer = signed_in(crew.alice).get(reverse("incidents:report-start") + "?could=")
    assert answer.status_code == 422
    assert "Choose whether it could be" in text_of(answer)


@pytest.mark.clause("CBC-10.06", "CBC-10.07")
def test_the_stop_page_says_what_to_do_and_asks_for_nothing_that_may_not_be_kept(crew) -> None:
    answer = signed_in(crew.alice).get(reverse("incidents:report-stop"))
    text, html = text_of(answer), answer.content.decode()
    for words in ("Do not look at it again", "101", "999", "Switch the screen off", "in person"):
        assert words in text
    assert "<textarea" not in html
    assert 'type="file"' not in html
    assert set(answer.context["form"].fields) == {
        *("once", "about", "pupil", "person", "other"),
        *("called", "called_by", "called_on", "called_time", "police_reference", "not_called_because"),
    }


def test_the_record_holds_who_called_the_police_and_when(crew) -> None:
    answer = signed_in(crew.alice).post(reverse("incidents:report-stop"), typed())
    assert answer.status_code == 302
    row = ImageRecord.objects.get()
    assert (row.called_by, row.police_reference) == ("Dora Dean", "CAD 1234")
    assert timezone.now() - timedelta(hours=2) < row.called_at < timezone.now()
    status, text = page(crew.dora, reverse("incidents:report-detail", args=[row.matter.uuid]))
    assert status == 200
    assert "CAD 1234" in text


def test_not_yet_needs_a_reason(crew) -> None:
    client = signed_in(crew.alice)
    answer = client.post(reverse("incidents:report-stop"), typed(called="no", called_by=""))
    assert answer.status_code == 422
    assert "Say why the police have not been called yet" in text_of(answer)
    client.post(
        reverse("incidents:report-stop"), typed(called="no", not_called_because="The DSL is calling now")
    )
    assert ImageRecord.objects.get().not_called_because == "The DSL is calling now"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"called": ""}, "Choose whether the police have been called"),
        ({"called_by": ""}, "Enter the name of whoever called"),
        ({"called_time": ""}, "Enter the time of the call"),
        ({"called_time": "half past"}, "like 14:30"),
        ({"called_on_year": "2099"}, "or earlier"),
        ({"called": "no", "not_called_because": "x" * 301}, "300 characters or fewer"),
        ({"about": ""}, "Choose who it was"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(crew, changes, message) -> None:
    answer = signed_in(crew.alice).post(reverse("incidents:report-stop"), typed(**changes))
    assert answer.status_code == 422
    assert message in text_of(answer)
    assert not Matter.objects.exists()


def test_a_call_later_today_is_refused(crew) -> None:
    with pytest.raises(Refused) as refusal:
        an_image(crew, called_at=timezone.now() + timedelta(minutes=5))
    assert refusal.value.field == "called_time"


@pytest.mark.clause("CBC-10.02", "CBC-10.03")
def test_smuggled_fields_are_kept_nowhere(crew) -> None:
    smuggled = {"addresses": ADDRESS, "words": SECRET, "description": SECRET, "note": SECRET, "file": SECRET}
    signed_in(crew.alice).post(reverse("incidents:report-stop"), typed(**smuggled))
    assert ImageRecord.objects.count() == 1
    assert everywhere(SECRET) == everywhere("bad-pictures") == []


@pytest.mark.clause("CBC-10.01", "CBC-10.02", "CBC-10.03")
def test_the_table_has_no_place_for_an_address_a_description_or_a_file() -> None:
    names = {field.name for field in ImageRecord._meta.get_fields()}
    assert names == {
        *("id", "matter", "called_by", "called_at", "not_called_because", "police_reference", "at")
    }


def everywhere(word: str) -> list[str]:
    """Tables with the word in a text of theirs."""
    found = []
    for model in apps.get_models():
        for field in model._meta.fields:
            if isinstance(field, (models.CharField, models.TextField, models.JSONField)) and (
                model.objects.filter(**{f"{field.name}__icontains": word}).exists()
            ):
                found.append(f"{model.__name__}.{field.name}")
    return found


def test_the_nature_on_the_ordinary_form_leads_to_the_stop_page_and_takes_nothing_over(crew) -> None:
    client = signed_in(crew.alice)
    sent = {
        "once": "7b1f9a3e-0000-4000-8000-000000000002",
        "about": "pupil",
        "pupil": SECRET,
        "addresses": f"https://{SECRET}.example/",
        "words": SECRET,
        "nature": "image",
    }
    answer = client.post(reverse("incidents:report-write"), sent)
    assert answer.status_code == 302
    assert "stop" in answer["Location"]
    assert SECRET not in answer["Location"]
    stop = client.get(answer["Location"])
    assert SECRET not in stop.content.decode()
    assert "Nothing of what you typed was kept" in text_of(stop)
    assert not ContentReport.objects.exists()
    assert not KeptPost.objects.exists()
    assert everywhere(SECRET) == []


def test_the_question_and_the_stop_page_work_where_nothing_is_chosen() -> None:
    crew = a_crew(
        "beckstone",
        content_report_recipient=None,
        staff_concern_recipient=None,
        head_concern_recipient=None,
        police_role=None,
    )
    client = signed_in(crew.alice)
    assert client.get(reverse("incidents:report-start")).status_code == 200
    assert client.get(reverse("incidents:report-stop")).status_code == 200
    for who in ("unknown", "head"):
        assert an_image(crew, who=whom(who)).has_road
    assert page(crew.dora, reverse("incidents:report-list"))[1].count("Possible indecent image") >= 2


def test_an_image_about_the_dsl_goes_past_them(crew) -> None:
    matter = an_image(crew, who=whom("staff", person=crew.dora))
    assert page(crew.bob, reverse("incidents:report-detail", args=[matter.uuid]))[0] == 200
    assert page(crew.dora, reverse("incidents:report-detail", args=[matter.uuid]))[0] == 404


def test_technicians_never_hear_of_an_image(crew) -> None:
    matter = an_image(crew)
    assert page(crew.dan, reverse("incidents:report-detail", args=[matter.uuid]))[0] == 404


def test_a_governor_records_none(crew) -> None:
    with pytest.raises(PermissionDenied):
        an_image(crew, crew.gina)
    assert signed_in(crew.gina).get(reverse("incidents:report-stop")).status_code == 403


@pytest.mark.clause("CBC-10.02")
@pytest.mark.parametrize("field", ["called_by", "not_called_because", "police_reference"])
@pytest.mark.parametrize("text", ["It is at https://bad.example/a", "www.bad.example", "see bad-site.com"])
def test_an_address_in_any_box_is_refused(field: str, text: str) -> None:
    crew = a_crew()
    changes = {"called_at": None, "called_by": ""} if field == "not_called_because" else {}
    with pytest.raises(Refused, match="Leave the address out"):
        an_image(crew, **{**changes, field: text})
    with pytest.raises(Refused, match="Leave the address out"):
        an_image(crew, who=whom("pupil", text))
    assert not Matter.objects.exists()
