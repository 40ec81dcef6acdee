"""The pages of the education calendar, as everybody sees or does not see them."""

import io
import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from core.models import AuditEvent
from people.models import User
from policies.education.periods import periods_work_out
from policies.education.services import Plan, education_plan, resource_add
from policies.models import EducationEvent, EducationPeriod, Resource
from policies.training.tests.cases import Staffed, a_staffed_school, ago

pytestmark = pytest.mark.django_db
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def made() -> Staffed:
    made = a_staffed_school()
    periods_work_out(made.school)
    return made


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def at(name: str, *args: object) -> str:
    return reverse(f"policies:{name}", args=args)


def date_parts(name: str, day) -> dict[str, str]:
    return {f"{name}_day": str(day.day), f"{name}_month": str(day.month), f"{name}_year": str(day.year)}


def an_event(made: Staffed, title: str = "Kindness online", days: int = 0) -> EducationEvent:
    plan = Plan("pupils", "pshe", title, ago(days))
    return education_plan(actor=made.ann, school=made.school, once=uuid.uuid4(), plan=plan)


@pytest.mark.clause("CIT-11.01", "STM-11.04", "STM-11.06")
def test_the_calendar_shows_terms_and_what_is_asked_for(made: Staffed) -> None:
    an_event(made)
    text = as_(made.ann).get(at("education-list")).content.decode()
    assert "Pupils: every term; Parents and carers: every school year" in text
    assert "Kindness online" in text
    year = EducationPeriod.objects.get(audience="parents").due_on.year
    assert text.count(f"Once by August {year}") == text.count("Once by") == 1
    for query in (
        "q=kindness",
        "state=planned",
        "audience=pupils",
        "year=nonsense&term=2020-13-45&sort=-title",
    ):
        assert "Kindness online" in as_(made.ann).get(f"{at('education-list')}?{query}").content.decode()
    for query in ("q=zebra", "state=held", "audience=parents"):
        assert "No event matches" in as_(made.ann).get(f"{at('education-list')}?{query}").content.decode()
    assert as_(made.governor).get(at("education-list")).status_code == 200
    foreign = as_(made.stranger).get(f"{at('education-list')}?school={made.school.uuid}")
    assert foreign.status_code == 404


@pytest.mark.clause("BEC-6.01")
def test_a_school_without_an_interval_says_so() -> None:
    made = a_staffed_school("beckstone")
    assert "name no interval" in as_(made.ann).get(at("education-list")).content.decode()


def test_the_calendar_asks_the_same_queries_for_many_events(
    made: Staffed, django_assert_max_num_queries
) -> None:
    for n in range(12):
        an_event(made, f"Lesson {n}")
        if n in (1, 11):
            client = as_(made.ann)
            client.get(at("education-list"))
            with django_assert_max_num_queries(12):
                client.get(at("education-list"))


def test_an_event_is_planned_held_and_gets_material(made: Staffed) -> None:
    client, page = as_(made.ann), at("education-plan")
    sent = {
        "once": str(uuid.uuid4()),
        "audience": "parents",
        "medium": "meeting",
        "title": HOSTILE,
        **date_parts("on", timezone.localdate()),
    }
    assert client.post(page, {**sent, "audience": ""}).status_code == 422
    for _ in range(2):
        response = client.post(page, sent)
        assert response.status_code == 302
    event = EducationEvent.objects.get()
    assert HOSTILE not in client.get(response["Location"]).content.decode()
    later = date_parts("on", timezone.localdate() + timedelta(days=3))
    hold = at("education-hold", event.uuid)
    assert client.post(hold, later).status_code == 422
    done = {
        **date_parts("on", timezone.localdate()),
        "invited": "200",
        "attended": "120",
        "notes": "Much was asked",
    }
    assert client.post(hold, done).status_code == 302
    assert client.post(hold, done).status_code == 422
    written = io.BytesIO()
    Image.new("RGB", (40, 30), "navy").save(written, "PNG")
    upload = SimpleUploadedFile("slides.png", written.getvalue(), "image/png")
    assert (
        client.post(at("resource-add", event.uuid), {"title": "Slides", "files": upload}).status_code == 302
    )
    found = Resource.objects.get()
    response = as_(made.governor).get(at("resource-file", found.uuid))
    assert response["Content-Disposition"].startswith("attachment")
    assert as_(made.stranger).get(at("resource-file", found.uuid)).status_code == 404
    assert as_(made.governor).post(at("resource-remove", found.uuid)).status_code == 403
    assert client.post(at("resource-remove", found.uuid)).status_code == 302
    assert client.get(at("resource-file", found.uuid)).status_code == 404


def test_who_may_only_read_plans_and_closes_nothing(made: Staffed) -> None:
    event = an_event(made)
    for user, status in ((made.governor, 403), (made.stranger, 404)):
        for name in ("education-hold", "education-off", "resource-add"):
            assert as_(user).get(at(name, event.uuid)).status_code == status
    assert as_(made.governor).get(at("education-plan")).status_code == 403
    assert as_(made.head).post(at("education-off", event.uuid), {"because": "Snow"}).status_code == 302
    assert as_(made.head).post(at("education-off", event.uuid), {"because": "Again"}).status_code == 422


def test_material_without_a_file_is_a_name_alone(made: Staffed) -> None:
    named = resource_add(actor=made.ann, event=an_event(made), title="Code of Conduct for Parents")
    assert as_(made.ann).get(at("resource-file", named.uuid)).status_code == 404


def test_the_export_is_recorded_and_guarded(made: Staffed) -> None:
    an_event(made, "=cmd()")
    text = as_(made.head).get(at("education-export")).content.decode("utf-8-sig")
    assert "'=cmd()" in text
    assert AuditEvent.objects.get(action="policies.education_exported").school == made.school
    assert as_(made.ann).get(at("education-export")).status_code == 403
