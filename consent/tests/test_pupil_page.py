"""One pupil's page: yes and no for staff, the whole record for whoever may read it, today and on a past day."""

import html
import re
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consent.models import Assessment, AssessmentWords, NeverShow, Pupil, Purpose, Reply
from consent.register.history import Ledger, end_of
from consent.services.purposes import purpose_retire
from core.models import AuditEvent
from core.roles import Role
from smgov.testing import a_person, give
from smgov.testing_consent import a_consent_school, a_contact, a_pupil, says

pytestmark = pytest.mark.django_db


def page_of(pupil: Pupil, role: str, **query: str) -> str:
    """The main part of the page for a new person with this role, as text."""
    client = Client()
    client.force_login(a_person("Reader One", role, pupil.school))
    answer = client.get(reverse("consent:pupil-detail", args=[pupil.uuid]), query)
    assert answer.status_code == 200
    main = answer.content.decode().split("<main")[1].split("</main>")[0]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).split())


def on(day: date) -> dict[str, str]:
    return {"on_day": str(day.day), "on_month": str(day.month), "on_year": str(day.year)}


@pytest.fixture
def pupil() -> Pupil:
    school, _ = a_consent_school("Hilltop", preset="cit")
    made = a_pupil(school, "Ann Able", upn="H801200001001", born=date(2016, 2, 3))
    mother = a_contact(made, name="Mary Able", email="mary@families.example")
    father = a_contact(made, name="Fred Able", relationship="Father")
    says(made, True, mother, words="By letter, signed")
    says(made, False, father)
    return made


def test_staff_see_name_class_and_yes_or_no_and_nothing_else(pupil: Pupil) -> None:
    text = page_of(pupil, Role.STAFF)
    assert "Ann Able" in text
    assert "5A" in text
    assert "Not to be used" in text
    for secret in ("Mary", "Fred", "2016", "H8012", "mary@", "By letter", "disagree", "Every answer"):
        assert secret not in text, secret
    assert not AuditEvent.objects.filter(action="consent.history_read").exists()


@pytest.mark.clause("STM-7.02")
def test_readers_of_the_record_see_who_said_what_when_and_how(pupil: Pupil) -> None:
    text = page_of(pupil, Role.HEADTEACHER)
    for word in (
        "3 February 2016",
        "H801200001001",
        "mary@families.example",
        "They disagree",
        "Mary Able: yes",
        "Fred Able: no",
        "paper form",
        "parental responsibility",
        "words version 1",
        "“By letter, signed”",
        "consent refused",
    ):
        assert word in text, word
    assert AuditEvent.objects.filter(action="consent.history_read", school=pupil.school).count() == 1


@pytest.mark.clause("RAV-9.08")
def test_why_a_pupil_is_never_shown_is_for_the_safeguarding_lead_alone(pupil: Pupil) -> None:
    dsl = a_person("Dee Dale", Role.DSL, pupil.school)
    NeverShow.objects.create(pupil=pupil, reason="A court order", set_by=dsl)
    for role in (Role.STAFF, Role.HEADTEACHER, Role.OFFICE, Role.DPO):
        text = page_of(pupil, role)
        assert "Not to be used" in text, role
        assert not [word for word in ("court", "Never") if word in text], role
    text = page_of(pupil, Role.DSL)
    assert "Never to be shown" in text
    assert "A court order" not in text, "it is read on a page of its own, which ends an idle session sooner"


def test_another_schools_pupil_does_not_exist(pupil: Pupil) -> None:
    other, _ = a_consent_school("Other")
    client = Client()
    for role in (Role.STAFF, Role.DSL, Role.DPO):
        client.force_login(a_person("Else One", role, other))
        assert client.get(reverse("consent:pupil-detail", args=[pupil.uuid])).status_code == 404


def test_what_is_asked_no_more_stays_in_the_record(pupil: Pupil) -> None:
    purpose = Reply.objects.filter(pupil=pupil).first().answers.first().purpose
    purpose_retire(actor=purpose.created_by, purpose=purpose)
    text = page_of(pupil, Role.DPO)
    assert f"{purpose.title} (asked about no more)" in text


def test_a_note_of_a_call_hides_no_answer() -> None:
    school, purposes = a_consent_school("Noted", preset="cit")
    pupil = a_pupil(school, "Ann Able")
    mother = a_contact(pupil, name="Mary Able")
    says(pupil, True, mother)
    says(pupil, False, mother, route="telephone")
    voices = Ledger(pupil).voices(purposes[0].pk)
    assert [voice.answer.allows for voice in voices] == [True]
    assert "Noted: it does not count until it comes in writing" in page_of(pupil, Role.OFFICE)


def test_an_answer_to_check_leads_to_the_check_for_whoever_checks() -> None:
    school, _ = a_consent_school("Checks")
    pupil = a_pupil(school, "Ann Able")
    says(pupil, True, a_contact(pupil, responsibility="unknown"))
    assert "Check who answered" in page_of(pupil, Role.OFFICE)
    assert "Check who answered" not in page_of(pupil, Role.HEADTEACHER)


def test_what_was_found_about_an_adult_pupil_is_there() -> None:
    school, _ = a_consent_school("Grown")
    pupil = a_pupil(school, "Ann Able", born=timezone.localdate() - timedelta(days=19 * 366))
    done = Assessment.objects.create(
        pupil=pupil,
        competent=True,
        assessed_on=timezone.localdate(),
        by=a_person("Ed Early", Role.OFFICE, school),
    )
    AssessmentWords.objects.create(assessment=done, text="Spoke with her tutor")
    text = page_of(pupil, Role.DPO)
    assert "understands what consent means" in text
    assert "Spoke with her tutor" in text


# A past day


@pytest.mark.clause("CIT-7.11", "STM-7.11")
def test_the_page_shows_what_was_known_on_a_past_day(monkeypatch: pytest.MonkeyPatch) -> None:
    school, _ = a_consent_school("Past")
    Purpose.objects.filter(school=school).update(created_at=timezone.now() - timedelta(days=60))
    pupil = a_pupil(school, "Ann Able")
    mother = a_contact(pupil, name="Mary Able")
    long_ago = timezone.now() - timedelta(days=40)
    with monkeypatch.context() as then:
        then.setattr(Reply._meta.get_field("recorded_at"), "_get_default", lambda: long_ago)
        says(pupil, True, mother, at=long_ago)
    says(pupil, False, mother)
    past = timezone.localdate() - timedelta(days=5)
    today, then_page = page_of(pupil, Role.DPO), page_of(pupil, Role.DPO, **on(past))
    assert "Refused, withdrawn or objected" in today
    assert "May be shown" not in today
    assert "May be shown" in then_page
    assert "Refused, withdrawn or objected" not in then_page
    assert "what the portal knew at the end of" in then_page
    record = page_of(pupil, Role.DPO, **on(past))
    assert "consent withdrawn" not in record
    assert "consent given" in record


def test_staff_cannot_look_at_past_days_and_so_find_a_birthday(pupil: Pupil) -> None:
    past = on(timezone.localdate() - timedelta(days=5))
    for role in (Role.STAFF, Role.HEAD_OF_COMMS, Role.SENIOR_LEADER):
        text = page_of(pupil, role, **past)
        assert text == page_of(pupil, role)
        assert "As it was on" not in text
    both = a_person("Two Schools", Role.STAFF, pupil.school)
    give(both, Role.OFFICE, a_consent_school("Other")[0])
    client = Client()
    client.force_login(both)
    assert client.get(reverse("consent:pupil-detail", args=[pupil.uuid]), past).status_code == 404


def test_a_day_ends_at_midnight_in_london() -> None:
    london = ZoneInfo("Europe/London")
    for day in (date(2026, 7, 1), date(2026, 10, 25), date(2026, 3, 29)):
        last = end_of(day).astimezone(london)
        assert last.date() == day
        assert (last + timedelta(microseconds=1)).astimezone(london).hour in (0, 23)
        assert (end_of(day) + timedelta(microseconds=1)).astimezone(london).date() == day + timedelta(days=1)


@pytest.mark.parametrize(
    "query", [{"on": "x"}, {"on_day": "31", "on_month": "2", "on_year": "2026"}, {"on": "2999-01-01"}]
)
def test_a_day_that_is_none_shows_today(pupil: Pupil, query: dict[str, str]) -> None:
    assert "Today" in page_of(pupil, Role.STAFF, **query)


def test_a_long_record_takes_no_more_queries(pupil: Pupil, django_assert_max_num_queries) -> None:
    mother = pupil.ties.first().contact
    for _ in range(12):
        says(pupil, True, mother)
    client = Client()
    client.force_login(a_person("Reader One", Role.DPO, pupil.school))
    with django_assert_max_num_queries(20):  # with those of a first visit and of the test itself
        client.get(reverse("consent:pupil-detail", args=[pupil.uuid]))
