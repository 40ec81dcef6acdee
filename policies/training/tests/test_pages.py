"""The pages of training: lists, one person, sessions, refreshers, files; as everybody sees or does not see them."""

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
from core.roles import Role
from people.models import Membership, User
from policies.models import Refresh, Training, TrainingRecord, TrainingSession
from policies.training.duties import duties_work_out
from policies.training.tests.cases import Staffed, a_record, a_refresh, a_session, a_staffed_school, ago
from smgov.testing import a_person

pytestmark = pytest.mark.django_db
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def made() -> Staffed:
    made = a_staffed_school()
    duties_work_out(made.school)
    return made


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def at(name: str, *args: object) -> str:
    return reverse(f"policies:{name}", args=args)


def date_parts(name: str, day) -> dict[str, str]:
    return {f"{name}_day": str(day.day), f"{name}_month": str(day.month), f"{name}_year": str(day.year)}


def a_picture() -> SimpleUploadedFile:
    written = io.BytesIO()
    Image.new("RGB", (40, 30), "navy").save(written, "PNG")
    return SimpleUploadedFile("certificate.png", written.getvalue(), "image/png")


def answers(**more: object) -> dict:
    return {
        "once": str(uuid.uuid4()),
        "kind": "safeguarding",
        "title": "Safeguarding day",
        "trainer": "The council",
        **date_parts("on", ago(1)),
        **more,
    }


def test_the_list_shows_who_owes_what_and_filters_it(made: Staffed) -> None:
    a_record(made)
    client = as_(made.head)
    text = client.get(at("training-list")).content.decode()
    assert "Ann Ash" in text
    assert "Eve Earl" not in text
    for query, there in (
        ("state=met&kind=safeguarding", True),
        ("state=overdue&kind=safeguarding", False),
        ("q=ann+ash", True),
        ("q=gina", False),
        ("kind=governance", False),
        (f"state={HOSTILE}&sort=-due&page=99", True),
    ):
        found = client.get(f"{at('training-list')}?{query}").content.decode()
        assert ("Ann Ash" in found) is there, query
        assert HOSTILE not in found


@pytest.mark.parametrize("page", ["training-list", "session-list", "refresh-list"])
def test_a_list_asks_the_same_queries_for_two_and_for_twelve_rows(
    page: str, made: Staffed, django_assert_max_num_queries
) -> None:
    for n in range(12):
        user = a_person(f"More {n}", Role.STAFF, made.school)
        if n in (1, 11):
            a_session(made, user)
            a_refresh(made)
            duties_work_out(made.school)
            client = as_(made.head)
            client.get(at(page))
            with django_assert_max_num_queries(12):
                assert client.get(at(page)).status_code == 200


def test_the_export_is_recorded_guarded_and_asks_its_own_right(made: Staffed) -> None:
    User.objects.filter(pk=made.ann.pk).update(full_name="=cmd()")
    response = as_(made.head).get(at("training-export") + "?kind=safeguarding")
    text = response.content.decode("utf-8-sig")
    assert "'=cmd()" in text
    event = AuditEvent.objects.get(action="policies.training_exported")
    assert (event.school, event.data["filters"]) == (made.school, ["kind"])
    for user in (made.ann, made.governor):
        assert as_(user).get(at("training-export")).status_code == 403


@pytest.mark.clause("STM-2.04", "CIT-2.06")
def test_governors_see_numbers_without_names(made: Staffed) -> None:
    client = as_(made.governor)
    assert client.get(at("training-list")).status_code == 403
    text = client.get(at("training-figures")).content.decode()
    assert "Safeguarding and online safety" in text
    assert "Ann Ash" not in text
    assert as_(made.ann).get(at("training-figures")).status_code == 403


def test_everybody_sees_their_own_training_and_nobody_elses(made: Staffed) -> None:
    a_record(made, title="Annual day")
    text = as_(made.ann).get(at("training-mine")).content.decode()
    assert "Annual day" in text
    assert "Overdue" in text
    assert "Annual day" not in as_(made.dsl).get(at("training-mine")).content.decode()
    for user, status in ((made.head, 200), (made.comms, 200), (made.ann, 403), (made.stranger, 404)):
        assert as_(user).get(at("training-person", made.ann.uuid)).status_code in (status, 404)
    assert as_(made.stranger).get(at("training-person", made.ann.uuid)).status_code == 404


def test_a_leavers_page_stays_and_takes_nothing_new(made: Staffed) -> None:
    a_record(made, title="Annual day")
    Membership.objects.filter(user=made.ann).update(ends=ago(1))
    client = as_(made.head)
    text = client.get(at("training-person", made.ann.uuid)).content.decode()
    assert "Annual day" in text
    assert "has no role at your schools now" in text
    assert client.get(at("training-record", made.ann.uuid)).status_code == 403


@pytest.mark.clause("CIT-2.07", "STM-2.05", "STM-11.01", "STM-11.03")
def test_training_is_recorded_with_its_evidence_which_is_a_download(made: Staffed) -> None:
    client, page = as_(made.head), at("training-record", made.ann.uuid)
    sent = answers(title=HOSTILE, school=str(made.school.uuid))
    assert client.post(page, {**sent, "files": a_picture()}).status_code == 302
    row = TrainingRecord.objects.get()
    assert (row.user, row.by, row.evidence_name, row.done_on) == (
        made.ann,
        made.head,
        "certificate.png",
        ago(1),
    )
    text = client.get(at("training-person", made.ann.uuid)).content.decode()
    assert HOSTILE not in text
    for user, status in ((made.ann, 200), (made.head, 200), (made.governor, 404), (made.stranger, 404)):
        response = as_(user).get(at("training-evidence", row.uuid))
        assert response.status_code == status
        if status == 200:
            assert response["Content-Disposition"].startswith("attachment")
            assert "sandbox" in response["Content-Security-Policy"]
    assert AuditEvent.objects.filter(action="policies.training_evidence_opened").count() == 2


def test_a_form_with_faults_comes_back_filled_in(made: Staffed) -> None:
    client, page = as_(made.head), at("training-record", made.ann.uuid)
    late = date_parts("on", timezone.localdate() + timedelta(days=2))
    for change in (late, {"kind": ""}, {"title": ""}, {"school": str(uuid.uuid4())}):
        response = client.post(page, answers(**{"school": str(made.school.uuid), **change}))
        assert response.status_code == 422, change
    own = client.post(at("training-record", made.head.uuid), answers(school=str(made.school.uuid)))
    assert own.status_code == 422
    assert not TrainingRecord.objects.exists()


def test_a_record_is_taken_back_with_a_reason(made: Staffed) -> None:
    row = a_record(made)
    page = at("training-withdraw", row.uuid)
    assert as_(made.ann).post(page, {"reason": "x"}).status_code == 403
    assert as_(made.stranger).post(page, {"reason": "x"}).status_code == 404
    client = as_(made.dsl)
    assert client.post(page, {"reason": ""}).status_code == 422
    assert client.post(page, {"reason": "Wrong person"}).status_code == 302
    assert client.post(page, {"reason": "Again"}).status_code == 422
    assert "Wrong person" in as_(made.ann).get(at("training-mine")).content.decode()


@pytest.mark.clause("CIT-2.28", "STM-2.26", "RAV-2.14")
def test_a_session_is_recorded_from_a_list_that_a_search_narrows(made: Staffed) -> None:
    for n in range(70):
        a_person(f"Many {n:02}", Role.STAFF, made.school)
    client, page = as_(made.head), at("session-new")
    text = client.get(page).content.decode()
    assert "more: search for them by name" in text
    assert "Bob Barnes" not in text.split("<main")[1].split("</main")[0]
    ann, many = made.ann, User.objects.get(full_name="Many 69")
    sent = {**answers(title="A whole day"), "q": "many 69", "people": [str(ann.uuid)]}
    response = client.post(page, {**sent, "search": "1"})
    text = response.content.decode()
    assert response.status_code == 200
    assert "A whole day" in text
    assert "Many 69" in text
    assert "Many 01" not in text
    assert f'value="{ann.uuid}"' in text
    assert str(ago(1).year) in text
    assert not TrainingSession.objects.exists()
    assert client.post(page, {**sent, "people": []}).status_code == 422
    assert client.post(page, {**sent, "people": [str(made.stranger.uuid)]}).status_code == 422
    for _ in range(2):
        response = client.post(page, {**sent, "people": [str(ann.uuid), str(many.uuid)]})
        assert response.status_code == 302
    session = TrainingSession.objects.get()
    assert {one.user for one in session.records.all()} == {ann, many}
    assert "Many 69" in client.get(response["Location"]).content.decode()
    joined = client.post(at("session-join", session.uuid), {"people": [str(made.dsl.uuid)]})
    assert joined.status_code == 302
    assert session.records.count() == 3
    assert as_(made.stranger).get(at("session-detail", session.uuid)).status_code == 404
    assert as_(made.ann).get(page).status_code == 403


@pytest.mark.clause("CIT-11.03", "STM-11.08")
def test_a_refresher_is_asked_for_and_called_off(made: Staffed) -> None:
    client, page = as_(made.dsl), at("refresh-ask")
    text = client.get(page).content.decode()
    assert "Write nothing that could tell of a concern" in text
    assert "training on this day counts" in text
    sent = {
        "once": str(uuid.uuid4()),
        "kinds": ["safeguarding", "pupils"],
        "reason": HOSTILE,
        **date_parts("due_on", timezone.localdate() + timedelta(days=20)),
    }
    assert client.post(page, {**sent, "kinds": []}).status_code == 422
    for _ in range(2):
        assert client.post(page, sent).status_code == 302
    refresh = Refresh.objects.get()
    shown = as_(made.governor).get(at("refresh-list")).content.decode()
    assert HOSTILE not in shown
    assert "Call it off" not in shown
    assert as_(made.ann).get(at("refresh-list")).status_code == 403
    off = at("refresh-call-off", refresh.uuid)
    assert as_(made.governor).post(off, {"because": "x"}).status_code == 403
    assert as_(made.stranger).post(off, {"because": "x"}).status_code == 404
    assert client.post(off, {"because": "Not needed"}).status_code == 302
    assert client.post(off, {"because": "Again"}).status_code == 422


def test_a_school_without_refreshers_says_what_to_do() -> None:
    made = a_staffed_school("ravens-wood")
    client, page = as_(made.head), at("refresh-ask")
    assert "Refreshing training" in client.get(page).content.decode()
    sent = {"once": str(uuid.uuid4()), "kinds": ["safeguarding"], "reason": "A change"}
    sent |= date_parts("due_on", timezone.localdate())
    assert client.post(page, sent).status_code == 422
    assert not Refresh.objects.exists()


def test_a_file_with_bad_rows_is_refused_and_names_them(made: Staffed) -> None:
    client, page = as_(made.head), at("training-import")
    row = f"{made.ann.email},{Training.SOCIAL_MEDIA},Yearly,{ago(2)},Council"
    for text, status in ((f"nobody@x.example,a,b,c,d\n{row}", 422), (row, 302)):
        upload = io.BytesIO(f"email,kind,title,day,trainer\n{text}\n".encode())
        upload.name = "training.csv"
        response = client.post(page, {"once": str(uuid.uuid4()), "file": upload})
        assert response.status_code == status
        if status == 422:
            assert "Nobody with this address" in response.content.decode()
    assert TrainingRecord.objects.count() == 1
    assert as_(made.ann).get(page).status_code == 403
    assert "email" in client.get(at("training-import-example")).content.decode("utf-8-sig")
