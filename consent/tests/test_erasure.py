"""Erasing former pupils: what is due goes, everything else stays, nothing is missed (quality E8)."""

import uuid
from datetime import date, timedelta

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.db import models
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consent.models import (
    Answer,
    AnswerLink,
    Assessment,
    AssessmentWords,
    CheckLeftover,
    CheckWords,
    ConsentCheck,
    Contact,
    ImportRow,
    Mention,
    NeverShow,
    OtherPerson,
    PostSearch,
    Pupil,
    PupilImport,
    Reply,
    ReplyWords,
    Responsibility,
    Scan,
)
from consent.services.erasure import OPEN_SEARCH, PUT_OFF, erase_due, pupil_erase, years_before
from consent.services.flags import flag_lift, flag_set
from consent.services.searches import search_done
from core.audit import verify
from core.errors import Refused
from core.models import AuditEvent, Notice
from core.roles import Role
from incidents.services.reports import report_send
from incidents.services.sending import Whom
from people.models import ProfileSetting, School, User
from smgov.testing import a_person, sign_in_afresh
from smgov.testing_consent import a_consent_school, a_contact, a_pupil, says

pytestmark = pytest.mark.django_db
DAY = timezone.localdate
LONG_AGO = timedelta(days=366 * 2 + 5)
WORD = "Quokka"
"""Stands in every text of the child who is erased, and in no other."""


@pytest.fixture
def school() -> School:
    """A school that keeps records of consent for two years."""
    return a_consent_school("Hilltop", retention_image_consent=2)[0]


@pytest.fixture
def dpo(school: School) -> User:
    """Its DPO."""
    return a_person("Dora Dart", Role.DPO, school)


@pytest.fixture
def store(tmp_path, settings) -> FileSystemStorage:
    """Where scans are kept."""
    settings.MEDIA_ROOT = tmp_path
    return Scan._meta.get_field("file").storage


def a_leaver(school: School, name: str = "", **facts) -> Pupil:
    """A pupil who left more than two years ago."""
    return a_pupil(school, name, **{"leaves_on": DAY() - LONG_AGO, **facts})


def everything_about(school: School) -> Pupil:
    """A leaver with every kind of record, the word planted wherever somebody could have typed."""
    pupil = a_leaver(
        school,
        f"{WORD} {WORD}son",
        preferred_name=f"{WORD}y",
        upn="Q000000000001",
        local_id=f"{WORD}-1",
        email=f"{WORD}@pupils.example",
        class_name=f"{WORD}s",
        year_group=f"{WORD} 5",
    )
    mother = a_contact(
        pupil, name=f"Mum {WORD}", email=f"{WORD}.mum@moss.example", relationship=f"Mother of {WORD}"
    )
    Contact.objects.filter(pk=mother.pk).update(local_id=f"{WORD}-c")
    reply = says(pupil, True, mother, words=f"{WORD} is shy")
    by = reply.recorded_by
    scan = Scan(reply=reply, media_type="application/pdf", size=4, sha256="f00d" * 16, by=by)
    scan.file.save(f"{WORD}.pdf", ContentFile(b"%PDF"), save=True)
    assessed = Assessment.objects.create(pupil=pupil, competent=True, assessed_on=DAY(), by=by)
    AssessmentWords.objects.create(assessment=assessed, text=f"{WORD} understood")
    dsl = a_person("Dina Dell", Role.DSL, school)
    flag = flag_set(actor=dsl, pupil=pupil, reason=f"{WORD} must be safe")
    flag_lift(actor=dsl, flag=flag, reason=f"{WORD} is safe")
    comms = a_person("Cora Clay", Role.HEAD_OF_COMMS, school)
    search_done(
        actor=comms, search=PostSearch.objects.get(pupil=pupil), outcome="kept", words=f"{WORD} in a book"
    )
    check = ConsentCheck.objects.create(
        once=uuid.uuid4(),
        school=school,
        by=by,
        medium="image",
        channel="school",
        in_group=True,
        first_name=False,
    )
    CheckWords.objects.create(check_row=check, what=f"{WORD}y {WORD}son at the zoo")
    CheckLeftover.objects.create(check_row=check, typed=f"{WORD}y {WORD}son", several=True)
    load = PupilImport.objects.create(
        once=uuid.uuid4(), school=school, by=by, status="accepted", sha256="a" * 64
    )
    told = {"first_name": WORD, "last_name": f"{WORD}son", "upn": pupil.upn}
    ImportRow.objects.create(load=load, number=1, outcome="new", values=told)
    ImportRow.objects.create(load=load, number=2, outcome="unchanged", pupil=pupil, values=told)
    link = AnswerLink.objects.create(
        hash="b" * 64, contact=mother, expires_at=timezone.now() + timedelta(days=30)
    )
    Notice.objects.create(
        address=mother.email,
        kind="consent.link",
        key="one",
        subject=f"consent.answerlink:{link.pk}",
        created_at=timezone.now(),
        message_id="<a@b>",
    )
    return pupil


def places_with(word: str) -> list[str]:
    """Every table and column of the database in which a word stands."""
    found = []
    for model in apps.get_models():
        for field in model._meta.local_fields:
            if isinstance(field, (models.CharField, models.TextField, models.JSONField, models.FileField)):
                for value in model._default_manager.values_list(field.attname, flat=True):
                    if word.casefold() in str(value).casefold():
                        found.append(f"{model._meta.label}.{field.name}")
    return found


def test_no_name_and_no_address_is_left_anywhere_and_the_ledger_keeps_its_facts(school, store):
    pupil = everything_about(school)
    assert len(places_with(WORD)) >= 20
    name = Scan.objects.get().file.name
    replies, answers = Reply.objects.count(), list(Answer.objects.values())
    assert erase_due() == 1
    assert places_with(WORD) == []
    assert places_with("Q000000000001") == []
    assert not store.exists(name)
    scan = Scan.objects.get()
    assert (scan.sha256, scan.file.name) == ("f00d" * 16, "")
    assert Reply.objects.count() == replies
    assert list(Answer.objects.values()) == answers
    pupil.refresh_from_db()
    assert (pupil.born, pupil.name) == (None, "A former pupil")
    assert pupil.leaves_on, "facts stay"
    assert AnswerLink.objects.get().revoked_at
    assert AuditEvent.objects.filter(action="consent.pupil_erased").count() == 1
    assert verify().intact


def test_doing_it_again_changes_nothing(school, store):
    everything_about(school)
    erase_due()
    before = (list(Pupil.objects.values()), list(Contact.objects.values()), AuditEvent.objects.count())
    assert erase_due() == 0
    assert before == (
        list(Pupil.objects.values()),
        list(Contact.objects.values()),
        AuditEvent.objects.count(),
    )


def test_nothing_of_anybody_else_goes(school, store):
    """E8: 0 wrong, by kind of record."""
    leaver = everything_about(school)
    stays = a_pupil(school, "Kit Moss", preferred_name="Kitty")
    left_lately = a_pupil(school, "Lou Dean", leaves_on=DAY() - timedelta(days=700))
    for pupil in (stays, left_lately):
        reply = says(pupil, True, a_contact(pupil, name=f"Mum of {pupil.name}"), words="Keep me")
        scan = Scan(reply=reply, media_type="application/pdf", size=4, sha256="c" * 64, by=reply.recorded_by)
        scan.file.save("kept.pdf", ContentFile(b"%PDF"), save=True)
    check = ConsentCheck.objects.get()
    CheckLeftover.objects.create(check_row=check, typed="Kit Mooss", several=False)
    load = PupilImport.objects.get()
    ImportRow.objects.create(
        load=load, number=3, outcome="new", values={"first_name": "Kit", "last_name": f"{WORD}sonsen"}
    )
    before = {
        "pupils": list(Pupil.objects.exclude(pk=leaver.pk).values()),
        "contacts": list(Contact.objects.filter(name__startswith="Mum of").values()),
        "words": list(ReplyWords.objects.exclude(reply__pupil=leaver).values()),
        "scans": list(Scan.objects.exclude(reply__pupil=leaver).values()),
        "leftovers": list(CheckLeftover.objects.filter(typed="Kit Mooss").values()),
    }
    assert erase_due() == 1
    assert before == {
        "pupils": list(Pupil.objects.exclude(pk=leaver.pk).values()),
        "contacts": list(Contact.objects.filter(name__startswith="Mum of").values()),
        "words": list(ReplyWords.objects.exclude(reply__pupil=leaver).values()),
        "scans": list(Scan.objects.exclude(reply__pupil=leaver).values()),
        "leftovers": list(CheckLeftover.objects.filter(typed="Kit Mooss").values()),
    }
    assert all(store.exists(one.file.name) for one in Scan.objects.exclude(file=""))
    assert ImportRow.objects.filter(number=3).exists()


def test_a_contact_of_a_brother_who_is_here_stays_and_goes_with_the_last_one(school):
    old, young = a_leaver(school, "Old Moss"), a_pupil(school, "Young Moss")
    mother = a_contact(old, young, name="Mum Moss", email="mum@moss.example")
    assert erase_due() == 1
    mother.refresh_from_db()
    assert (mother.name, mother.email) == ("Mum Moss", "mum@moss.example")
    assert mother.ties.get(pupil=young).relationship == "Mother"
    assert mother.ties.get(pupil=old).relationship == ""
    Pupil.objects.filter(pk=young.pk).update(leaves_on=DAY() - LONG_AGO)
    assert erase_due() == 1
    mother.refresh_from_db()
    assert (mother.name, mother.email, str(mother)) == ("", "", "A former contact")


@pytest.mark.parametrize(
    ("today", "years", "cut"),
    [
        (date(2026, 11, 26), 2, date(2024, 11, 26)),
        (date(2028, 2, 29), 1, date(2027, 3, 1)),
        (date(2028, 2, 29), 4, date(2024, 2, 29)),
    ],
)
def test_the_years_are_counted_from_the_last_day(today, years, cut):
    assert years_before(today, years) == cut


def test_the_day_after_the_years_are_over_and_no_day_earlier(school):
    on_the_day = years_before(DAY(), 2)
    due = a_pupil(school, "Due Day", leaves_on=on_the_day - timedelta(days=1))
    not_yet = a_pupil(school, "Not Yet", leaves_on=on_the_day)
    assert erase_due() == 1
    assert Pupil.objects.get(erased_at=None) == not_yet
    assert Pupil.objects.get(pk=due.pk).erased_at


def test_each_school_has_its_own_years_and_one_without_an_answer_erases_nothing(school):
    patient = a_consent_school("Patient", retention_image_consent=10)[0]
    undecided = a_consent_school("Undecided")[0]
    ProfileSetting.objects.filter(profile__school=undecided, key="retention_image_consent").delete()
    for one in (school, patient, undecided):
        a_leaver(one)
    assert erase_due() == 1
    assert Pupil.objects.exclude(erased_at=None).get().school == school


def put_off() -> list[str]:
    rows = AuditEvent.objects.filter(action=PUT_OFF).order_by("number")
    return [one.data["reason"] for one in rows]


def test_an_open_search_puts_it_off_and_the_refusal_is_recorded_once_a_month(school, monkeypatch):
    pupil = a_leaver(school)
    search = PostSearch.objects.create(school=school, pupil=pupil, why="withdrawn")
    assert [erase_due(), erase_due(), erase_due()] == [0, 0, 0]
    assert put_off() == [OPEN_SEARCH]
    later = timezone.now() + timedelta(days=31)
    with monkeypatch.context() as then:
        then.setattr(timezone, "now", lambda: later)
        erase_due()
    assert put_off() == [OPEN_SEARCH, OPEN_SEARCH]
    comms = a_person("Cora Clay", Role.HEAD_OF_COMMS, school)
    search_done(actor=comms, search=search, outcome="none", words="")
    assert erase_due() == 1, "no later than the night after it is done"


def test_neither_a_flag_nor_a_secret_report_puts_it_off_or_gives_itself_away(school, dpo):
    dsl, pupil = a_person("Dina Dell", Role.DSL, school), a_leaver(school)
    flag_set(actor=dsl, pupil=pupil, reason="A court order")
    other = a_pupil(school, "Kit Moss")
    report = report_about(school, "Kit Moss")
    Pupil.objects.filter(pk=other.pk).update(leaves_on=DAY() - LONG_AGO)
    for one in (pupil, other):
        assert pupil_erase(actor=dpo, pupil=one).erased_at
    assert put_off() == []
    assert (NeverShow.objects.get().reason, NeverShow.objects.filter(lifted_at=None).count()) == ("", 0)
    report.refresh_from_db()
    assert report.about_words == "Kit Moss", "the report keeps its own words"


def report_about(school: School, words: str):
    a_person("Hal Hill", Role.HEADTEACHER, school)
    a_person("Ivo Ives", Role.IT, school)
    return report_send(
        actor=a_person("Tess Thorn", Role.STAFF, school),
        school=school,
        once=uuid.uuid4(),
        whom=Whom("pupil", words),
        seen_on=DAY(),
        addresses="https://bad.example/room",
        nature="hate",
        words="A slogan",
    )


def test_a_report_still_says_which_former_pupil_it_was_about(school):
    a_person("Dina Dell", Role.DSL, school)
    pupil = a_pupil(school, "Kit Moss")
    report_about(school, "Kit Moss of 5A")
    Pupil.objects.filter(pk=pupil.pk).update(leaves_on=DAY() - LONG_AGO)
    assert erase_due() == 1
    assert str(Mention.objects.get().pupil) == "A former pupil"


def test_those_who_must_stay_do_not_hold_up_the_others(school):
    for number in range(3):
        pupil = a_leaver(school, f"Held{number} Moss", leaves_on=DAY() - LONG_AGO * 2)
        PostSearch.objects.create(school=school, pupil=pupil, why="withdrawn")
    a_leaver(school, "Free Fox")
    assert erase_due(limit=1) == 1
    assert Pupil.objects.exclude(erased_at=None).count() == 1


def test_a_file_that_cannot_be_deleted_is_tried_again(school, store, monkeypatch):
    everything_about(school)
    name = Scan.objects.get().file.name
    with monkeypatch.context() as broken:

        def refuse(self, path):
            raise PermissionError

        broken.setattr(FileSystemStorage, "delete", refuse)
        erase_due()
    assert Scan.objects.get().file.name == name
    assert store.exists(name)
    erase_due()
    assert Scan.objects.get().file.name == ""
    assert not store.exists(name)


def test_other_people_go_after_the_same_years(school):
    def other(name: str, ended: timedelta | None) -> OtherPerson:
        return OtherPerson.objects.create(
            once=uuid.uuid4(),
            school=school,
            who="visitor",
            name=name,
            search_name=name.lower(),
            description="Red hair",
            route="in_person",
            asked_on=DAY(),
            recorded_by=a_person("Olga Ott"),
            ended_at=timezone.now() - ended if ended else None,
        )

    old, young, now = (
        other("Old One", LONG_AGO),
        other("Young One", timedelta(days=5)),
        other("Still So", None),
    )
    erase_due()
    for row in (old, young, now):
        row.refresh_from_db()
    assert (old.name, old.search_name, old.description) == ("", "", "")
    assert (young.name, now.name) == ("Young One", "Still So")
    erase_due()
    assert AuditEvent.objects.filter(action="consent.other_person_erased").count() == 1


# By hand


def test_the_dpo_erases_one_former_pupil_with_a_fresh_password(school, dpo, store):
    pupil = a_pupil(school, "Kit Moss", leaves_on=DAY() - timedelta(days=3))
    address = reverse("consent:pupil-erase", args=[pupil.uuid])
    stale = Client()
    stale.force_login(dpo)
    assert "Your password" in stale.get(address).content.decode()
    assert stale.post(address, {"sure": "on"}).status_code == 422
    client = Client()
    sign_in_afresh(client, dpo)
    page = client.get(address).content.decode()
    assert "What goes" in page
    assert "What stays" in page
    assert client.post(address, {}).status_code == 422, "it must be ticked"
    assert Pupil.objects.get().first_name == "Kit"
    done = client.post(address, {"sure": "on"}, follow=True)
    assert done.status_code == 200
    assert Pupil.objects.get().first_name == ""
    assert "were erased on" in client.get(address).content.decode()
    assert pupil_erase(actor=dpo, pupil=pupil).erased_at, "twice is once"
    assert AuditEvent.objects.filter(action="consent.pupil_erased", actor=dpo).count() == 1


def test_nobody_who_is_at_the_school_is_erased(school, dpo):
    for facts in ({}, {"leaves_on": DAY()}, {"leaves_on": DAY() + timedelta(days=30)}):
        with pytest.raises(Refused):
            pupil_erase(actor=dpo, pupil=a_pupil(school, **facts))
    assert not Pupil.objects.exclude(erased_at=None).exists()


def test_an_open_search_stops_it_by_hand_too_and_the_page_says_so(school, dpo):
    pupil = a_leaver(school)
    PostSearch.objects.create(school=school, pupil=pupil, why="withdrawn")
    client = Client()
    sign_in_afresh(client, dpo)
    address = reverse("consent:pupil-erase", args=[pupil.uuid])
    assert "Somebody still looks for earlier posts" in client.get(address).content.decode()
    assert client.post(address, {"sure": "on"}).status_code == 422
    assert put_off() == [OPEN_SEARCH]


@pytest.mark.parametrize("role", [Role.OFFICE, Role.HEADTEACHER, Role.DSL, Role.STAFF, Role.IT])
def test_only_the_dpo_erases(school, role):
    pupil = a_leaver(school)
    other = a_person("Olly Orr", role, school)
    with pytest.raises(PermissionDenied):
        pupil_erase(actor=other, pupil=pupil)
    client = Client()
    client.force_login(other)
    assert client.post(reverse("consent:pupil-erase", args=[pupil.uuid])).status_code in (403, 404)


def test_another_schools_dpo_erases_nothing_here(school):
    pupil = a_leaver(school)
    stranger = a_person("Eve Earl", Role.DPO, a_consent_school("Otherplace")[0])
    with pytest.raises(PermissionDenied):
        pupil_erase(actor=stranger, pupil=pupil)


def test_a_contact_whose_answer_still_waits_for_another_child_stays(school):
    old, young = a_leaver(school, "Old Moss"), a_pupil(school, "Young Moss")
    uncle = a_contact(old, young, name="Uncle Bob", responsibility=Responsibility.UNKNOWN)
    says(young, True, uncle)
    erase_due()
    uncle.refresh_from_db()
    assert uncle.name == "Uncle Bob"
