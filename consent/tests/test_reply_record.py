"""Keying an answer in, with the paper behind it (CIT-7.10, STM-7.10, RAV-9.03; subtle 8 and 9)."""

import io
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from consent.models import Contact, Position, PostSearch, Pupil, Purpose, Reply, Scan
from consent.services import scans as scan_service
from consent.services.purposes import purpose_reword
from consent.services.replies import Said
from consent.services.scans import reply_key_with_scans
from core.models import AuditEvent
from core.roles import Role
from core.uploads import PDF, CleanFile
from people.models import ProfileSetting, User
from smgov.testing import a_person
from smgov.testing_consent import a_consent_school, a_contact, a_pupil, says
from smgov.tests.access.forms import date_parts

pytestmark = pytest.mark.django_db
PAPER = b"%PDF-1.7\nSigned\n%%EOF"


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> Path:
    """Uploads of these tests stay in a folder of their own."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


class Desk:
    """The office of a school, a pupil, and their mother."""

    def __init__(self, preset: str = "cit") -> None:
        self.school, self.purposes = a_consent_school(f"Hilltop {preset}", preset=preset)
        self.office = a_person("Olga Ott", Role.OFFICE, self.school)
        self.pupil: Pupil = a_pupil(self.school, "Ann Able")
        self.mother: Contact = a_contact(self.pupil, name="Mary Able")
        self.client = Client()
        self.client.force_login(self.office)
        self.url = reverse("consent:reply-record", args=[self.pupil.uuid])

    def filled_in(self, **more: Any) -> dict[str, Any]:
        """The form with a yes to the first question, on paper, today."""
        return {
            "once": str(uuid.uuid4()),
            "who": str(self.mother.uuid),
            "route": "paper",
            **date_parts("received_on", timezone.localdate()),
            self.field(0): "yes",
            **more,
        }

    def field(self, number: int) -> str:
        return f"answer_{self.purposes[number].uuid.hex}"

    def send(self, **more: Any) -> Any:
        return self.client.post(self.url, self.filled_in(**more), follow=True)

    def says(self, number: int = 0) -> str | None:
        found = Position.objects.filter(pupil=self.pupil, purpose=self.purposes[number]).first()
        return found.says if found else None


def test_an_answer_is_recorded_and_the_pupil_page_says_what_it_changed() -> None:
    desk = Desk()
    page = desk.send(**{desk.field(1): "no", "words": "By letter"})
    assert page.redirect_chain[-1][0] == reverse("consent:pupil-detail", args=[desk.pupil.uuid])
    assert (desk.says(0), desk.says(1)) == ("yes", "no")
    text = page.content.decode()
    assert "The answer is recorded." in text
    assert f"{desk.purposes[1].title}: refused".replace("'", "&#x27;") in text
    assert Reply.objects.get().words.text == "By letter"
    assert AuditEvent.objects.filter(action="consent.reply_recorded", actor=desk.office).exists()


@pytest.mark.clause("CIT-7.10", "STM-7.10")
@pytest.mark.parametrize("preset", ["cit", "st-marys"])
@pytest.mark.parametrize("route", ["telephone", "in_person"])
def test_the_spoken_word_is_noted_and_does_not_count(preset: str, route: str) -> None:
    desk = Desk(preset)
    says(desk.pupil, True, desk.mother)
    before = desk.client.get(desk.url).content.decode()
    assert "does not count until it comes in writing" in before
    page = desk.send(route=route, **{desk.field(0): "no"})
    assert "does not count until it comes in writing" in page.content.decode()
    assert desk.says() == "yes"
    assert Reply.objects.first().weight == "noted"
    assert not PostSearch.objects.exists()


@pytest.mark.clause("RAV-9.03")
def test_where_any_way_is_enough_a_call_counts_at_once() -> None:
    desk = Desk("ravens-wood")
    assert "in writing" not in desk.client.get(desk.url).content.decode().split("<main")[1]
    desk.send(route="telephone", **{desk.field(0): "no"})
    assert desk.says() == "no"


@pytest.mark.clause("CIT-7.09", "STM-7.09")
def test_a_part_can_be_withdrawn_and_the_rest_stays() -> None:
    desk = Desk()
    says(desk.pupil, True, desk.mother)
    desk.send(**{desk.field(0): "no"})
    assert (desk.says(0), desk.says(1)) == ("no", "yes")
    assert Reply.objects.first().answers.get().kind == "withdrawn"


@pytest.mark.clause("CIT-7.09", "STM-7.09")
def test_a_pupil_may_say_no_themselves() -> None:
    desk = Desk("st-marys")
    says(desk.pupil, True, desk.mother)
    assert desk.send(who="pupil", **{desk.field(0): "no"}).status_code == 422
    desk.send(who="pupil", capable="no", **{desk.field(0): "no"})
    assert desk.says() == "split"


def test_nothing_is_ticked_beforehand_and_something_must_be_answered() -> None:
    desk = Desk()
    main = desk.client.get(desk.url).content.decode().split("<main")[1]
    assert " checked" not in main
    page = desk.send(**{desk.field(0): "none"})
    assert page.status_code == 422
    assert "Answer at least one question" in page.content.decode()
    assert not Reply.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"who": str(uuid.uuid4())},
        {"route": "link"},
        {"route": "pigeon"},
        date_parts("received_on", timezone.localdate() + timedelta(days=2)),
        {"received_on_day": "31", "received_on_month": "2"},
        {"once": "x"},
        {"words": "x" * 1001},
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(wrong: dict[str, str]) -> None:
    desk = Desk()
    assert desk.send(**wrong).status_code == 422
    assert not Reply.objects.exists()


def test_a_contact_of_somebody_else_cannot_answer() -> None:
    desk = Desk()
    stranger = a_contact(a_pupil(desk.school, "Bob Best"))
    assert desk.send(who=str(stranger.uuid)).status_code == 422


def test_a_parent_does_not_answer_for_a_pupil_of_eighteen() -> None:
    desk = Desk()
    desk.pupil.born = timezone.localdate() - timedelta(days=19 * 366)
    desk.pupil.save()
    page = desk.send()
    assert page.status_code == 422
    assert "answers for themselves" in page.content.decode()
    assert "understand what it means" not in page.content.decode()
    desk.send(who="pupil")
    assert desk.says() == "yes"


def test_the_same_page_sent_twice_is_one_answer_with_one_scan() -> None:
    desk = Desk()
    once = str(uuid.uuid4())
    for _ in range(2):
        desk.send(once=once, scans=[SimpleUploadedFile("a.pdf", PAPER)])
    assert Reply.objects.count() == 1
    assert Scan.objects.count() == 1
    page = desk.send(once=once, **{desk.field(0): "no"})
    assert page.status_code == 422
    assert "sent before, with other answers" in page.content.decode()
    assert desk.says() == "yes"


def test_an_older_version_of_the_words_can_be_named() -> None:
    desk = Desk()
    dpo = User.objects.get(full_name="Dora Dart")
    purpose = desk.purposes[0]
    purpose_reword(actor=dpo, purpose=purpose, text="May we?", number=1)
    desk.send(**{f"version_{purpose.uuid.hex}": "1"})
    desk.send(**{f"version_{purpose.uuid.hex}": "2"})
    numbers = [one.answers.get().wording.number for one in Reply.objects.order_by("pk")]
    assert numbers == [1, 2]


@pytest.mark.parametrize("role", [Role.STAFF, Role.HEADTEACHER, Role.DSL, Role.HEAD_OF_COMMS])
def test_who_does_not_key_in_is_refused(role: str) -> None:
    desk = Desk()
    desk.client.force_login(a_person("Nora Nook", role, desk.school))
    assert desk.client.get(desk.url).status_code == 403
    assert desk.send().status_code == 403


def test_another_schools_office_finds_no_pupil_and_the_service_asks_again() -> None:
    desk = Desk()
    other, _ = a_consent_school("Other")
    stranger = a_person("Else One", Role.OFFICE, other)
    desk.client.force_login(stranger)
    assert desk.send().status_code == 404
    said = Said(desk.pupil, {desk.purposes[0].pk: True}, desk.mother)
    with pytest.raises(PermissionDenied):
        reply_key_with_scans(
            actor=stranger, said=said, once=uuid.uuid4(), route="paper", received_at=timezone.now()
        )


def test_while_the_settings_are_open_nothing_is_recorded() -> None:
    desk = Desk()
    ProfileSetting.objects.filter(profile__school=desk.school, key="consent_keeper").delete()
    assert b"not open yet" in desk.client.get(desk.url).content
    assert desk.send().status_code == 409
    assert not Reply.objects.exists()


def test_an_erased_pupil_has_no_such_page() -> None:
    desk = Desk()
    Pupil.objects.filter(pk=desk.pupil.pk).update(erased_at=timezone.now())
    assert desk.client.get(desk.url).status_code == 404


# Scans


def a_photograph() -> SimpleUploadedFile:
    written = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "Secret Street 5"
    Image.new("RGB", (40, 30), "white").save(written, "JPEG", exif=exif.tobytes())
    return SimpleUploadedFile("IMG_Ann_Able.jpg", written.getvalue(), "image/jpeg")


def test_scans_are_kept_under_names_that_say_nothing(files: Path) -> None:
    desk = Desk()
    desk.send(scans=[a_photograph(), SimpleUploadedFile("Ann Able.pdf", PAPER)])
    kept = [path for path in files.rglob("*") if path.is_file()]
    assert len(kept) == 2
    assert not [path for path in kept if "Able" in path.name]
    assert not [path for path in kept if b"Secret" in path.read_bytes()]
    assert [one.media_type for one in Scan.objects.all()] == ["image/jpeg", PDF]
    assert AuditEvent.objects.filter(action="consent.scan_added").exists()


def test_what_is_no_scan_is_refused_and_nothing_is_recorded(files: Path) -> None:
    desk = Desk()
    for bad in (SimpleUploadedFile("a.pdf", b"<svg/>"), SimpleUploadedFile("a.jpg", b"")):
        page = desk.send(scans=[bad])
        assert page.status_code == 422
    page = desk.send(scans=[SimpleUploadedFile(f"{i}.pdf", PAPER) for i in range(4)])
    assert page.status_code == 422
    assert not Reply.objects.exists()
    assert not list(files.rglob("*.*"))


def test_a_file_of_a_transaction_that_fails_is_deleted_again(
    files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk()

    def fails(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("the disk of the database is full")

    monkeypatch.setattr(scan_service, "record", fails)
    said = Said(desk.pupil, {desk.purposes[0].pk: True}, desk.mother)
    with pytest.raises(RuntimeError):
        reply_key_with_scans(
            actor=desk.office,
            said=said,
            once=uuid.uuid4(),
            route="paper",
            received_at=timezone.now(),
            scans=[CleanFile(PAPER, PDF)],
        )
    assert not Reply.objects.exists()
    assert not list(files.rglob("*.pdf"))


def test_a_pdf_is_only_ever_downloaded_and_opening_it_is_recorded() -> None:
    desk = Desk()
    desk.send(scans=[SimpleUploadedFile("a.pdf", PAPER)])
    answer = desk.client.get(reverse("consent:scan-open", args=[Scan.objects.get().uuid]))
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content) == PAPER
    assert answer["Content-Type"] == PDF
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "no-store" in answer["Cache-Control"]
    assert AuditEvent.objects.filter(action="consent.scan_opened", actor=desk.office).count() == 1


def test_a_scan_is_nobodys_who_does_not_read_the_record(files: Path) -> None:
    desk = Desk()
    desk.send(scans=[SimpleUploadedFile("a.pdf", PAPER)])
    scan = Scan.objects.get()
    url = reverse("consent:scan-open", args=[scan.uuid])
    other, _ = a_consent_school("Other")
    for role, school in ((Role.STAFF, desk.school), (Role.HEAD_OF_COMMS, desk.school), (Role.DPO, other)):
        desk.client.force_login(a_person("Nora Nook", role, school))
        assert desk.client.get(url).status_code == 404
    desk.client.force_login(desk.office)
    Path(settings.MEDIA_ROOT, scan.file.name).unlink()
    assert desk.client.get(url).status_code == 404
    Scan.objects.update(file="")
    assert desk.client.get(url).status_code == 404
    assert desk.client.get(reverse("consent:scan-open", args=[uuid.uuid4()])).status_code == 404


def test_the_questions_of_another_school_are_not_answered_here() -> None:
    desk = Desk()
    other = a_consent_school("Other")[1][0]
    desk.send(**{f"answer_{other.uuid.hex}": "yes"})
    assert Purpose.objects.filter(pk=other.pk, positions__isnull=False).count() == 0
