"""The eighteenth birthday: assessed, asked, and the parents' answer over (CIT-7.05 to 7.07)."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied

from consent.ledger import Use
from consent.models import Assessment, Position, Pupil, Says, Standing
from consent.selectors import verdicts
from consent.services.assessments import assessment_record
from consent.services.sweeps import eighteen_sweep, positions_nightly
from consent.terms import terms_of
from consent.tests.clock import Clock
from core.errors import Refused
from core.models import AuditEvent, Notice
from core.notices import send_due
from core.roles import Role
from people.models import School, User
from people.selectors import profile_of
from smgov.testing import a_person
from smgov.testing_consent import a_consent_school, a_contact, a_pupil, says

pytestmark = pytest.mark.django_db
TODAY = date(2026, 10, 12)
BIRTHDAY = date(2026, 11, 30)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock(monkeypatch)
    found.at(TODAY)
    return found


@pytest.fixture
def school(clock: Clock) -> School:
    return a_consent_school(preset="cit")[0]


@pytest.fixture
def dsl(school: School) -> User:
    return a_person("Dot Dean", Role.DSL, school)


@pytest.fixture
def pupil(school: School) -> Pupil:
    return a_pupil(school, born=date(2008, 11, 30), email="sam@families.example")


def assessed(actor: User, pupil: Pupil, competent: bool = True, **values: Any) -> Assessment:
    values = {"assessed_on": TODAY, "words": "Ms Dean spoke with the pupil", **values}
    return assessment_record(actor=actor, pupil=pupil, competent=competent, **values)


def mails_to(address: str) -> int:
    mail.outbox.clear()
    send_due(1000)
    return sum(address in one.to for one in mail.outbox)


def may_be_shown(pupil: Pupil, day: date) -> bool:
    """Photographs on the school's accounts, read from the ledger itself."""
    rows = Pupil.objects.filter(pk=pupil.pk)
    terms = terms_of(profile_of(pupil.school))
    return verdicts(rows, pupil.school, Use("image", "school"), terms, day)[pupil.pk].may


# Recording


@pytest.mark.clause("CIT-7.05")
def test_an_assessment_is_kept_with_its_words_apart(dsl: User, pupil: Pupil) -> None:
    found = assessed(dsl, pupil, words="  Understands what a public account is  ")
    assert (found.competent, found.by, found.assessed_on) == (True, dsl, TODAY)
    assert found.words.text == "Understands what a public account is"
    event = AuditEvent.objects.get(action="consent.pupil_assessed")
    assert event.data == {"assessment": str(found.uuid)}
    assert "public account" not in str(event.data)


def test_a_later_assessment_replaces_an_earlier_one_and_both_are_kept(dsl: User, pupil: Pupil) -> None:
    says(pupil, True, a_contact(pupil))
    assessed(dsl, pupil, False)
    assert may_be_shown(pupil, BIRTHDAY)
    assessed(dsl, pupil, True, words="A second talk")
    assert not may_be_shown(pupil, BIRTHDAY)
    assert pupil.assessments.count() == 2


def test_the_same_assessment_sent_twice_is_one(dsl: User, pupil: Pupil) -> None:
    assert assessed(dsl, pupil) == assessed(dsl, pupil)
    assert Assessment.objects.count() == 1


@pytest.mark.parametrize(
    ("values", "says_why"),
    [
        ({"assessed_on": TODAY + timedelta(days=1)}, "future"),
        ({"assessed_on": BIRTHDAY - timedelta(days=91)}, "or a later day"),
        ({"words": " \n "}, "on what"),
    ],
)
def test_an_assessment_refuses_what_makes_no_sense(
    dsl: User, pupil: Pupil, values: dict, says_why: str
) -> None:
    with pytest.raises(Refused, match=says_why):
        assessed(dsl, pupil, **values)


@pytest.mark.parametrize(
    ("facts", "says_why"),
    [
        ({"born": None}, "date of birth"),
        ({"born": date(2009, 1, 11)}, "too early"),
        ({"leaves_on": TODAY - timedelta(days=1)}, "left"),
    ],
)
def test_some_pupils_are_not_assessed(dsl: User, school: School, facts: dict, says_why: str) -> None:
    with pytest.raises(Refused, match=says_why):
        assessed(dsl, a_pupil(school, **facts))


def test_ninety_days_before_the_birthday_is_the_first_day(dsl: User, school: School, clock: Clock) -> None:
    pupil = a_pupil(school, born=date(2009, 1, 10))
    assert assessed(dsl, pupil).assessed_on == date(2027, 1, 10) - timedelta(days=90)


def test_where_the_profile_does_not_ask_afresh_nothing_is_assessed(clock: Clock) -> None:
    school = a_consent_school(preset="cit", consent_reassess_at_18=False)[0]
    with pytest.raises(Refused, match="do not ask for consent afresh"):
        assessed(a_person("Dot Dean", Role.DSL, school), a_pupil(school, born=date(2008, 11, 30)))


@pytest.mark.parametrize("role", [Role.STAFF, Role.HEAD_OF_COMMS, Role.SENIOR_LEADER, Role.IT, Role.HR])
def test_who_does_not_assess_is_refused(school: School, pupil: Pupil, role: Role) -> None:
    with pytest.raises(PermissionDenied):
        assessed(a_person("Nell Nye", role, school), pupil)


def test_the_dsl_of_another_school_is_refused(pupil: Pupil) -> None:
    other = a_consent_school(preset="cit")[0]
    with pytest.raises(PermissionDenied):
        assessed(a_person("Ed East", Role.DSL, other), pupil)


# The birthday


@pytest.mark.clause("CIT-7.05", "CIT-7.06")
def test_a_pupil_who_understands_is_asked_on_the_birthday_and_the_parents_yes_is_over(
    dsl: User, pupil: Pupil, clock: Clock
) -> None:
    says(pupil, True, a_contact(pupil))
    assessed(dsl, pupil, True)
    eighteen_sweep()
    assert mails_to(pupil.email) == 0, "not before the birthday"
    assert may_be_shown(pupil, BIRTHDAY - timedelta(days=1))
    assert not may_be_shown(pupil, BIRTHDAY)
    clock.at(BIRTHDAY)
    eighteen_sweep()
    eighteen_sweep()
    assert mails_to(pupil.email) == 1
    clock.after(1)
    eighteen_sweep()
    assert mails_to(pupil.email) == 0
    assert says(pupil, True).standing == Standing.ADULT
    assert may_be_shown(pupil, BIRTHDAY + timedelta(days=1))


@pytest.mark.clause("CIT-7.07")
def test_for_a_pupil_who_does_not_understand_the_parent_goes_on(
    dsl: User, pupil: Pupil, clock: Clock
) -> None:
    parent = a_contact(pupil)
    says(pupil, True, parent)
    assessed(dsl, pupil, False)
    clock.at(BIRTHDAY)
    eighteen_sweep()
    assert mails_to(pupil.email) == 0
    assert may_be_shown(pupil, BIRTHDAY)
    assert says(pupil, False, parent).standing == Standing.FOR_ADULT


def test_who_is_assessed_after_the_birthday_is_asked_at_once(dsl: User, pupil: Pupil, clock: Clock) -> None:
    clock.at(BIRTHDAY + timedelta(days=3))
    assessed(dsl, pupil, True, assessed_on=BIRTHDAY + timedelta(days=3))
    assert mails_to(pupil.email) == 1
    eighteen_sweep()
    assert mails_to(pupil.email) == 0


def test_without_an_address_nobody_is_written_to_until_there_is_one(
    dsl: User, pupil: Pupil, clock: Clock
) -> None:
    Pupil.objects.update(email="")
    assessed(dsl, pupil, True)
    clock.at(BIRTHDAY)
    eighteen_sweep()
    assert not Notice.objects.filter(kind="consent.asked_at_18").exists()
    Pupil.objects.update(email="late@families.example")
    eighteen_sweep()
    assert mails_to("late@families.example") == 1


@pytest.mark.parametrize(
    ("day", "asked"), [(date(2030, 2, 28), 0), (date(2030, 3, 1), 1)], ids=["28 February", "1 March"]
)
def test_who_was_born_on_29_february_is_asked_on_1_march(
    dsl: User, school: School, clock: Clock, day: date, asked: int
) -> None:
    clock.at(day)
    pupil = a_pupil(school, born=date(2012, 2, 29), email="leap@families.example")
    assessed(dsl, pupil, assessed_on=day)
    eighteen_sweep()
    assert mails_to(pupil.email) == asked


@pytest.mark.clause("CIT-7.05")
def test_those_who_assess_are_reminded_sixty_days_before_and_on_the_day_once_each(
    dsl: User, pupil: Pupil, clock: Clock
) -> None:
    told: dict[int, list[str]] = {}
    for before in range(70, -20, -1):
        clock.at(BIRTHDAY - timedelta(days=before))
        had = Notice.objects.filter(recipient=dsl).count()
        eighteen_sweep()
        eighteen_sweep()
        new = Notice.objects.filter(recipient=dsl).order_by("pk").values_list("kind", flat=True)[had:]
        if new:
            told[before] = list(new)
    assert told == {60: ["consent.assess_soon"], 0: ["consent.assess_due"]}


def test_who_is_assessed_is_nobodys_task_any_more(dsl: User, pupil: Pupil, clock: Clock) -> None:
    assessed(dsl, pupil, False)
    clock.at(BIRTHDAY)
    eighteen_sweep()
    assert not Notice.objects.filter(recipient=dsl).exists()


def test_the_sweep_is_silent_where_the_profile_does_not_ask_afresh(clock: Clock) -> None:
    school = a_consent_school(preset="cit", consent_reassess_at_18=False)[0]
    dsl = a_person("Dot Dean", Role.DSL, school)
    a_pupil(school, born=date(2008, 11, 30), email="sam@families.example")
    clock.at(BIRTHDAY)
    assert not eighteen_sweep()
    assert not Notice.objects.filter(recipient=dsl).exists()


def test_the_mail_to_a_pupil_names_nobody(dsl: User, pupil: Pupil, clock: Clock) -> None:
    clock.at(BIRTHDAY)
    assessed(dsl, pupil, True)
    assert mails_to(pupil.email) == 1
    said = re.sub(r"/answer/\S+?/", "", str([(one.subject, one.body) for one in mail.outbox]))
    assert pupil.first_name not in said
    assert pupil.last_name not in said


def test_the_night_works_out_what_the_birthday_changed(dsl: User, pupil: Pupil, clock: Clock) -> None:
    says(pupil, True, a_contact(pupil))
    assert set(Position.objects.values_list("says", flat=True)) == {Says.YES}
    clock.at(BIRTHDAY)
    assert positions_nightly() == 1
    assert set(Position.objects.values_list("says", flat=True)) == {Says.NOTHING}
