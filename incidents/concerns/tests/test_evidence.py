"""Evidence: the three facts, the original byte for byte, what is shown, who looked, and what is never taken."""

import hashlib
import io
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from core import append_only
from core.errors import Refused
from core.uploads import PDF, BadUpload, original_file
from incidents.concerns.access import evidence_rules
from incidents.concerns.services.casework import case_image
from incidents.concerns.services.evidence import (
    evidence_add_file,
    evidence_add_link,
    evidence_add_text,
    evidence_seen,
    evidence_take,
)
from incidents.concerns.services.people import recuse
from incidents.concerns.tests.cases import a_concern, a_concern_crew, more_people, read_by
from incidents.models import (
    AbuseEntry,
    Body,
    Concern,
    Custody,
    Entry,
    EntryKind,
    Evidence,
    Referral,
)
from incidents.tests.cases import Crew, recorded, text_of
from people.models import User
from smgov.testing import sign_in_afresh

pytestmark = pytest.mark.django_db
SECRET = "Secret Street 5"
LINK = "https://www.bad-chat.example/group?id=7"


def a_screenshot(form: str = "JPEG") -> bytes:
    """A picture that says where it was taken."""
    exif = Image.Exif()
    exif[0x010E] = SECRET
    written = io.BytesIO()
    Image.new("RGB", (60, 40), "navy").save(written, form, **({"exif": exif} if form == "JPEG" else {}))
    return written.getvalue()


def facts(**changes: Any) -> dict[str, Any]:
    """The three facts, and who captured it."""
    return {
        "place": "The group chat of 9B",
        "captured_at": timezone.now() - timedelta(hours=3),
        "captured_by": "Alice Archer",
        "title": "Messages of last night",
        **changes,
    }


def a_file(actor: User, concern: Concern, data: bytes = b"", **changes: Any) -> Evidence:
    """A screenshot, added."""
    upload = original_file(data or a_screenshot(), "screen shot.jpg")
    return evidence_add_file(actor=actor, upload=upload, concern=concern, **facts(**changes))


def an_entry(crew: Crew) -> AbuseEntry:
    """An entry of the abuse log, logged by Alice."""
    return AbuseEntry.objects.create(
        once=uuid4(),
        school=crew.school,
        elsewhere="A review site",
        seen_at=timezone.now(),
        author="grumbler",
        words="A rude word",
        nature="offensive",
        against="school",
        by=crew.alice,
    )


@pytest.fixture
def crew() -> Crew:
    return a_concern_crew()


@pytest.fixture
def concern(crew: Crew) -> Concern:
    return read_by(crew.dora, a_concern(crew))


def answer_of(user: User, url: str) -> Any:
    client = Client()
    client.force_login(user)
    return client.get(url)


def at(name: str, row: Any) -> str:
    return reverse(f"incidents:{name}", args=[row.uuid])


# What is kept


@pytest.mark.clause("CBC-11.04")
def test_time_date_and_place_of_the_page_are_kept_apart_from_the_upload(crew: Crew, concern: Concern) -> None:
    then = timezone.now() - timedelta(days=2)
    row = a_file(crew.dora, concern, captured_at=then)
    row.refresh_from_db()
    assert row.captured_at == then
    assert row.at > then + timedelta(days=1)
    assert row.body.place == "The group chat of 9B"
    assert row.body.captured_by == "Alice Archer"


@pytest.mark.clause("CBC-11.04")
@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"place": "  "}, "place"),
        ({"captured_by": ""}, "captured_by"),
        ({"title": ""}, "title"),
        ({"captured_at": datetime(2999, 1, 1, tzinfo=timezone.get_fixed_timezone(0))}, "captured_on"),
        ({"captured_at": datetime(1901, 1, 1, tzinfo=timezone.get_fixed_timezone(0))}, "captured_on"),
        ({"place": "x" * 501}, "place"),
    ],
)
def test_without_one_of_the_facts_nothing_is_taken(
    crew: Crew, concern: Concern, change: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refused) as refusal:
        a_file(crew.dora, concern, **change)
    assert refusal.value.field == field
    assert not Evidence.objects.exists()


def test_the_original_is_the_same_byte_for_byte_and_what_is_shown_says_nothing(
    crew: Crew, concern: Concern, settings: Any
) -> None:
    data = a_screenshot() + b"behind the end"
    row = a_file(crew.dora, concern, data)
    kept = row.body.original
    assert kept.open("rb").read() == data
    assert row.sha256 == hashlib.sha256(data).hexdigest()
    assert "screen" not in kept.name
    assert kept.name.endswith(".bin")
    assert str(settings.BASE_DIR / "static") not in kept.path
    shown = row.body.shown.open("rb").read()
    assert SECRET.encode() in data
    assert SECRET.encode() not in shown
    assert b"behind the end" not in shown
    assert row.body.original_name == "screen shot.jpg"


def test_a_pdf_is_kept_and_not_shown(crew: Crew, concern: Concern) -> None:
    row = a_file(crew.dora, concern, b"%PDF-1.7\n1 0 obj\nendobj\n%%EOF\n")
    assert row.media_type == PDF
    assert not row.body.shown
    assert answer_of(crew.dora, at("evidence-shown", row)).status_code == 404
    assert "A PDF is not shown here" in text_of(answer_of(crew.dora, at("evidence-detail", row)))


def test_words_are_kept_as_they_stand_and_an_address_is_no_link(crew: Crew, concern: Concern) -> None:
    words = "you are  so\nDEAD 😡 <script>alert(1)</script>"
    text = evidence_add_text(actor=crew.dora, concern=concern, text=words, **facts())
    link = evidence_add_link(actor=crew.dora, concern=concern, address=f" {LINK} ", **facts())
    assert text.body.text == words
    assert text.sha256 == hashlib.sha256(words.encode()).hexdigest()
    page = answer_of(crew.dora, at("evidence-detail", link)).content.decode()
    assert LINK in page.replace("&amp;", "&")
    assert f'href="{LINK}' not in page.replace("&amp;", "&")
    assert "<script>alert" not in answer_of(crew.dora, at("evidence-detail", text)).content.decode()


def test_empty_words_and_addresses_are_refused(crew: Crew, concern: Concern) -> None:
    for add in (
        lambda: evidence_add_text(actor=crew.dora, concern=concern, text=" \n", **facts()),
        lambda: evidence_add_link(actor=crew.dora, concern=concern, address=" ", **facts()),
        lambda: evidence_add_link(actor=crew.dora, concern=concern, address="x" * 2001, **facts()),
        lambda: evidence_add_text(actor=crew.dora, concern=concern, text="x" * 20_001, **facts()),
    ):
        with pytest.raises(Refused):
            add()


def test_the_same_file_sent_twice_is_kept_once(crew: Crew, concern: Concern) -> None:
    then = timezone.now() - timedelta(hours=1)
    first = a_file(crew.dora, concern, captured_at=then)
    assert a_file(crew.dora, concern, captured_at=then) == first
    assert a_file(crew.dora, concern, captured_at=then, place="Another group") != first


def test_adding_leaves_a_line_a_custody_and_an_event(crew: Crew, concern: Concern) -> None:
    row = a_file(crew.dora, concern)
    entry = Entry.objects.get(concern=concern, kind=EntryKind.EVIDENCE)
    assert entry.data == {"evidence": str(row.uuid)}
    assert list(row.custody.values_list("did", "by")) == [("added", crew.dora.pk)]
    assert recorded("incidents.evidence_added") == 1


@pytest.mark.clause("CBC-11.03")
def test_evidence_cannot_be_changed_or_deleted(crew: Crew, concern: Concern) -> None:
    row = a_file(crew.dora, concern)
    assert Evidence in append_only.APPEND_ONLY
    assert Custody in append_only.APPEND_ONLY
    page = answer_of(crew.dora, at("evidence-detail", row)).content.decode().lower()
    assert "delete" not in page
    assert "change" not in page


def test_a_failure_leaves_no_file_behind(
    crew: Crew, concern: Concern, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_: Any) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr("incidents.concerns.services.evidence.record", lambda *a, **k: fail())
    with pytest.raises(RuntimeError):
        a_file(crew.dora, concern)
    assert not [one for one in settings.MEDIA_ROOT.rglob("*") if one.is_file()]


# Who may


def test_whom_it_concerns_and_strangers_add_and_see_nothing(crew: Crew, concern: Concern) -> None:
    row = a_file(crew.dora, concern)
    for user in (crew.alice, crew.bob, crew.gina):
        with pytest.raises(PermissionDenied):
            a_file(user, concern)
        for name in ("evidence-detail", "evidence-shown", "evidence-original"):
            assert answer_of(user, at(name, row)).status_code == 404
        assert answer_of(user, at("evidence-add", concern)).status_code == 404
    root = User.objects.create_superuser("root@example.org", "Root", "x")
    assert not evidence_rules.visible_to(root, "view").exists()


def test_whoever_stands_back_loses_the_evidence_too(crew: Crew, concern: Concern) -> None:
    more_people(crew)
    row = a_file(crew.dora, concern)
    recuse(actor=crew.dora, concern=concern, reason="I know the family")
    assert answer_of(crew.dora, at("evidence-shown", row)).status_code == 404


def test_evidence_of_the_abuse_log_goes_with_its_entry(crew: Crew) -> None:
    entry = an_entry(crew)
    upload = original_file(a_screenshot(), "shot.png")
    row = evidence_add_file(actor=crew.alice, upload=upload, abuse=entry, **facts())
    assert evidence_rules.allows(crew.alice, "view", row)
    assert evidence_rules.allows(crew.bob, "view", row)
    assert not evidence_rules.allows(crew.mark, "view", row)
    with pytest.raises(PermissionDenied):
        evidence_add_text(actor=crew.mark, abuse=entry, text="x", **facts())
    assert answer_of(crew.bob, at("evidence-detail", row)).status_code == 200
    assert not Entry.objects.exists()


def test_evidence_belongs_to_one_record(crew: Crew, concern: Concern) -> None:
    with pytest.raises(ValueError, match="one concern"):
        evidence_add_text(actor=crew.dora, text="x", concern=concern, abuse=an_entry(crew), **facts())
    with pytest.raises(ValueError, match="one concern"):
        evidence_add_text(actor=crew.dora, text="x", **facts())


# An image of a child


@pytest.mark.clause("CBC-10.01", "CBC-10.03")
def test_where_an_image_may_be_involved_nothing_is_taken(crew: Crew) -> None:
    concern = read_by(
        crew.dora,
        a_concern(crew, category="imagery", image=True, what="", police_not_called="The DSL decides"),
    )
    for add in (
        lambda: a_file(crew.dora, concern),
        lambda: evidence_add_text(actor=crew.dora, concern=concern, text="words", **facts()),
        lambda: evidence_add_link(actor=crew.dora, concern=concern, address=LINK, **facts()),
    ):
        with pytest.raises(Refused, match="No file or address is taken"):
            add()
    answer = answer_of(crew.dora, f"{at('evidence-add', concern)}?could=no")
    assert answer.status_code == 409
    assert b'type="file"' not in answer.content


@pytest.mark.clause("CBC-10.01", "CBC-10.03")
def test_a_case_marked_later_shows_and_serves_nothing_any_more(crew: Crew, concern: Concern) -> None:
    row = a_file(crew.dora, concern, title="Title with a hint", place="Place with a hint")
    case_image(actor=crew.dora, concern=concern, reason="A pupil said so")
    for name in ("evidence-detail", "evidence-shown", "evidence-original"):
        assert answer_of(crew.dora, at(name, row)).status_code == 404
    page = answer_of(crew.dora, at("case", concern)).content.decode()
    assert row.sha256 in page
    assert "with a hint" not in page
    with pytest.raises(PermissionDenied):
        evidence_take(actor=crew.dora, evidence=row)


def test_an_abuse_entry_of_such_a_case_is_not_served_either(crew: Crew, concern: Concern) -> None:
    entry = an_entry(crew)
    row = evidence_add_text(actor=crew.alice, abuse=entry, text="words", **facts())
    Concern.objects.filter(pk=concern.pk).update(abuse=entry, image=True)
    assert not evidence_rules.allows(crew.bob, "view", row)
    with pytest.raises(Refused, match="No file or address"):
        evidence_add_text(actor=crew.alice, abuse=entry, text="more", **facts())


@pytest.mark.clause("CBC-10.07")
@pytest.mark.parametrize("said", ["yes", "unsure"])
def test_a_yes_leads_to_what_to_do_before_anything_is_read(
    crew: Crew, concern: Concern, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: Any) -> None:
        raise AssertionError("the file was looked at")

    monkeypatch.setattr("core.uploads.clean_file", never)
    client = Client()
    client.force_login(crew.dora)
    url = at("evidence-add", concern)
    first = client.get(url)
    assert "indecent image of a child" in text_of(first)
    assert b'type="file"' not in first.content
    stop = client.get(f"{url}?could={said}")
    assert "Stop: add nothing" in text_of(stop)
    assert at("case-image", concern) in stop.content.decode()
    answer = client.post(url, {"could": said, "files": SimpleUploadedFile("a.jpg", a_screenshot())})
    assert (answer.status_code, answer.url) == (302, f"{url}?could=yes")
    assert not Evidence.objects.exists()


def test_the_question_must_be_answered(crew: Crew, concern: Concern) -> None:
    assert answer_of(crew.dora, f"{at('evidence-add', concern)}?could=").status_code == 422


@pytest.mark.clause("CBC-10.09")
def test_while_advice_from_hr_is_awaited_nothing_is_added(crew: Crew, concern: Concern) -> None:
    Referral.objects.create(concern=concern, body=Body.HR, holds=True)
    with pytest.raises(Refused, match="Advice from HR"):
        a_file(crew.dora, concern)
    assert answer_of(crew.dora, at("evidence-add", concern)).status_code == 409


# The pages


def sent(**changes: Any) -> dict[str, Any]:
    """What the form sends."""
    day = timezone.localdate() - timedelta(days=1)
    return {
        "could": "no",
        "kind": "text",
        "text": "you are dead",
        "title": "A message",
        "place": "The group chat",
        "captured_by": "Alice Archer",
        "captured_on_day": day.day,
        "captured_on_month": day.month,
        "captured_on_year": day.year,
        "captured_time": "14:30",
        **changes,
    }


def test_files_words_and_addresses_are_added_on_one_page(crew: Crew, concern: Concern) -> None:
    client = Client()
    client.force_login(crew.dora)
    url = at("evidence-add", concern)
    assert b'type="file"' in client.get(f"{url}?could=no").content
    files = [SimpleUploadedFile(f"{n}.png", a_screenshot("PNG") + b" " * n) for n in range(2)]
    for data in (sent(), sent(kind="link", address=LINK), sent(kind="file", files=files)):
        answer = client.post(url, data)
        assert (answer.status_code, answer.url) == (302, f"{at('case', concern)}#evidence")
    assert sorted(Evidence.objects.values_list("kind", flat=True)) == ["file", "file", "link", "text"]
    assert (
        Evidence.objects.filter(kind="text")
        .get()
        .captured_at.astimezone(timezone.get_current_timezone())
        .strftime("%H:%M")
        == "14:30"
    )
    assert "A message" in text_of(client.get(at("case", concern)))


def test_what_was_typed_stays_on_a_refused_page(crew: Crew, concern: Concern) -> None:
    client = Client()
    client.force_login(crew.dora)
    answer = client.post(at("evidence-add", concern), sent(place="", text="only here", captured_time="soon"))
    assert answer.status_code == 422
    page = text_of(answer)
    assert "only here" in page
    assert "Enter the site, app or place where it was seen" in page
    assert "Enter a time with hours and minutes" in page
    bad = SimpleUploadedFile("a.jpg", b"<svg onload='alert(1)'/>")
    answer = client.post(at("evidence-add", concern), sent(kind="file", files=bad))
    assert answer.status_code == 422
    assert "The file must be a PDF, JPEG" in text_of(answer)
    assert not Evidence.objects.exists()


def test_a_picture_is_shown_in_a_box_without_rights(crew: Crew, concern: Concern) -> None:
    answer = answer_of(crew.dora, at("evidence-shown", a_file(crew.dora, concern)))
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "no-store" in answer["Cache-Control"]
    assert SECRET.encode() not in b"".join(answer.streaming_content)


def test_the_original_needs_the_password_and_comes_under_a_name_that_says_nothing(
    crew: Crew, concern: Concern
) -> None:
    row = a_file(crew.dora, concern)
    client = Client()
    client.force_login(crew.dora)
    crew.dora.set_password("a right long password")
    crew.dora.save()
    client.force_login(crew.dora)
    url = at("evidence-original", row)
    assert client.post(url, {}).status_code == 422
    assert client.post(url, {"password": "wrong"}).status_code == 422
    assert not row.custody.filter(did="taken").exists()
    sign_in_afresh(client, crew.dora)
    answer = client.post(url, {})
    assert hashlib.sha256(b"".join(answer.streaming_content)).hexdigest() == row.sha256
    assert answer["Content-Disposition"] == f'attachment; filename="evidence-{row.uuid.hex[:8]}.jpg"'
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert row.custody.filter(did="taken", by=crew.dora).count() == 1
    assert recorded("incidents.evidence_taken") == 1


def test_words_have_no_original_to_download(crew: Crew, concern: Concern) -> None:
    row = evidence_add_text(actor=crew.dora, concern=concern, text="x", **facts())
    assert answer_of(crew.dora, at("evidence-original", row)).status_code == 404
    with pytest.raises(Refused):
        evidence_take(actor=crew.dora, evidence=row)


def test_looking_is_recorded_once_for_a_page_and_its_picture(crew: Crew, concern: Concern) -> None:
    row = a_file(crew.dora, concern)
    page = answer_of(crew.dora, at("evidence-detail", row)).content.decode()
    assert at("evidence-shown", row) in page
    answer_of(crew.dora, at("evidence-shown", row))
    evidence_seen(actor=crew.dora, evidence=row)
    assert row.custody.filter(did="seen").count() == 1
    assert recorded("incidents.evidence_seen") == 1


def test_the_page_costs_the_same_with_much_custody(
    crew: Crew, concern: Concern, django_assert_max_num_queries: Any
) -> None:
    row = a_file(crew.dora, concern)
    Custody.objects.bulk_create(Custody(evidence=row, did="seen", by=crew.bob) for _ in range(30))
    client = Client()
    client.force_login(crew.dora)
    client.get(at("evidence-detail", row))
    with django_assert_max_num_queries(15):
        client.get(at("evidence-detail", row))


# Whether it is still what it was


def test_the_check_names_the_first_that_is_not_what_was_added(
    crew: Crew, concern: Concern, capsys: Any
) -> None:
    evidence_add_text(actor=crew.dora, concern=concern, text="x", **facts())
    row = a_file(crew.dora, concern)
    call_command("evidence_verify")
    assert capsys.readouterr().out == "2 pieces of evidence, each as it was added.\n"
    with open(row.body.original.path, "ab") as file:
        file.write(b"!")
    with pytest.raises(CommandError, match=f"Evidence {row.uuid}: it is not what was added. Bad: 1 of 2"):
        call_command("evidence_verify")
    with pytest.raises(Refused, match="it is not what was added"):
        evidence_take(actor=crew.dora, evidence=row)
    row.body.original.storage.delete(row.body.original.name)
    with pytest.raises(CommandError, match="missing"):
        call_command("evidence_verify")


def test_an_original_says_what_it_is_by_its_bytes_not_by_its_name() -> None:
    one = original_file(a_screenshot("PNG"), "C:\\tmp\\..\\evil\u202e.exe\x00")
    assert one.media_type == "image/png"
    assert one.name == "evil.exe"
    with pytest.raises(BadUpload):
        original_file(b"MZ\x90", "a.jpg")
