"""Whom a school still has to ask, and for which period."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.ages import born_by, eighteenth, is_adult
from consent.asking import (
    adults_to_ask,
    asked_about,
    beyond_email,
    contacts_to_ask,
    period_of,
    pupils_to_ask,
)
from consent.models import Assessment, Position, Pupil, Purpose, Tie
from consent.services.positions import positions_work_out
from consent.terms import Terms, terms_of
from consent.tests.clock import Clock
from core.roles import Role
from people.models import School
from people.selectors import profile_of
from smgov.testing import a_person
from smgov.testing_consent import a_consent_school, a_contact, a_pupil, says

DAYS = st.dates(min_value=date(2000, 1, 1), max_value=date(2060, 12, 31))
TODAY = date(2026, 10, 12)


def a_year(start_month: int = 9, by_year: bool = True) -> Terms:
    return Terms("opt_in", by_year, start_month, True, False, True, frozenset())


# Pure


@given(DAYS, DAYS)
def test_a_birthday_counts_in_the_filter_as_it_does_in_the_sum(born: date, day: date) -> None:
    assert (born <= born_by(day)) == is_adult(born, day)


@given(DAYS, st.integers(1, 12))
def test_the_next_year_follows_on_this_one_without_a_gap(day: date, month: int) -> None:
    this, following = (period_of(a_year(month), day, next_year=later) for later in (False, True))
    assert this.first <= day <= this.until
    assert following.first == this.until + timedelta(days=1)
    assert following.until - following.first in (timedelta(days=364), timedelta(days=365))
    assert this.first.month == following.first.month == month


@pytest.mark.clause("STM-7.03")
@pytest.mark.parametrize(
    ("day", "next_year", "until"),
    [
        (date(2026, 9, 1), False, date(2027, 8, 31)),
        (date(2026, 8, 31), False, date(2026, 8, 31)),
        (date(2027, 3, 9), False, date(2027, 8, 31)),
        (date(2027, 7, 1), True, date(2028, 8, 31)),
    ],
)
def test_a_round_asks_until_the_end_of_the_academic_year(day: date, next_year: bool, until: date) -> None:
    assert period_of(a_year(), day, next_year=next_year).until == until


@pytest.mark.clause("CIT-7.03")
def test_where_an_answer_lasts_for_the_whole_time_a_round_has_no_end() -> None:
    assert period_of(a_year(by_year=False), TODAY).until is None


# From the register


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock(monkeypatch)
    found.at(TODAY)
    return found


@pytest.fixture
def school(db: None, clock: Clock) -> School:
    return a_consent_school(preset="st-marys")[0]


def to_ask(school: School, day: date = TODAY, *, next_year: bool = False) -> set[Pupil]:
    profile = profile_of(school)
    terms = terms_of(profile)
    period = period_of(terms, day, next_year=next_year)
    return set(pupils_to_ask(school, asked_about(school, profile, terms), period, day))


def asked(school: School, day: date = TODAY) -> tuple[set, set, set]:
    """Contacts, adult pupils, and pupils about whom nobody can be written to."""
    profile = profile_of(school)
    terms = terms_of(profile)
    about = asked_about(school, profile, terms)
    pupils = pupils_to_ask(school, about, period_of(terms, day), day)
    return tuple(set(find(pupils, terms, day)) for find in (contacts_to_ask, adults_to_ask, beyond_email))


def test_a_pupil_is_asked_for_until_every_question_is_answered(school: School) -> None:
    pupil = a_pupil(school)
    mother = a_contact(pupil)
    photos, videos = Purpose.objects.filter(school=school)
    assert to_ask(school) == {pupil}
    says(pupil, {photos: True}, mother)
    assert to_ask(school) == {pupil}
    says(pupil, {videos: False}, mother)
    assert to_ask(school) == set()


@pytest.mark.clause("STM-7.01", "STM-7.03")
def test_an_answer_of_last_year_is_asked_for_again_a_no_included(school: School, clock: Clock) -> None:
    yes, no = a_pupil(school), a_pupil(school)
    says(yes, True, a_contact(yes))
    says(no, False, a_contact(no))
    assert to_ask(school) == set()
    clock.at(date(2027, 9, 1))
    assert to_ask(school, date(2027, 9, 1)) == {yes, no}


def test_in_summer_the_next_year_can_be_asked_about(school: School) -> None:
    pupil, leaver = a_pupil(school), a_pupil(school, leaves_on=date(2027, 7, 20))
    says(pupil, True, a_contact(pupil))
    a_contact(leaver)
    assert to_ask(school) == {leaver}
    assert to_ask(school, next_year=True) == {pupil}, "who leaves before it begins is not asked for"


def test_who_will_join_is_asked_for_and_who_has_left_is_not(school: School) -> None:
    joins = a_pupil(school, joined_on=TODAY + timedelta(days=30))
    a_pupil(school, leaves_on=TODAY - timedelta(days=1))
    a_pupil(a_consent_school(preset="st-marys")[0])
    last_day = a_pupil(school, leaves_on=TODAY)
    assert to_ask(school) == {joins, last_day}


@pytest.mark.clause("STM-7.06")
@pytest.mark.parametrize(("responsibility", "is_asked"), [("yes", True), ("unknown", True), ("no", False)])
def test_who_holds_no_responsibility_is_not_asked(
    school: School, responsibility: str, is_asked: bool
) -> None:
    contact = a_contact(a_pupil(school), responsibility=responsibility)
    assert (contact in asked(school)[0]) == is_asked


def test_without_an_address_or_a_present_tie_there_is_a_paper_form(school: School) -> None:
    pupil = a_pupil(school)
    a_contact(pupil, email="")
    former = a_contact(pupil)
    Tie.objects.filter(contact=former).update(active=False)
    erased = a_contact(pupil)
    erased.erased_at = erased.created_at
    erased.save()
    assert asked(school) == (set(), set(), {pupil})
    reached = a_contact(pupil)
    assert asked(school) == ({reached}, set(), set())


def test_an_answer_to_be_checked_is_an_answer_and_a_noted_call_is_none(school: School) -> None:
    held, noted, aside = (a_pupil(school) for _ in range(3))
    says(held, True, a_contact(held, responsibility="unknown"))
    says(noted, True, a_contact(noted), route="telephone")
    assert to_ask(school) == {noted, aside}


@pytest.mark.clause("CIT-7.05", "CIT-7.06", "CIT-7.07")
@pytest.mark.parametrize(
    ("turned_18", "competent", "asks_pupil"),
    [(-1, None, False), (0, None, True), (0, True, True), (0, False, False), (400, True, True)],
)
def test_at_18_the_pupil_is_asked_and_not_the_parent(
    turned_18: int, competent: bool | None, asks_pupil: bool, clock: Clock, db: None
) -> None:
    school = a_consent_school(preset="cit")[0]
    born = date(TODAY.year - 18, TODAY.month, TODAY.day) - timedelta(days=turned_18)
    pupil = a_pupil(school, born=born, email="pupil@families.example")
    parent = a_contact(pupil)
    if competent is not None:
        by = a_person("Dot Dean", Role.DSL, school)
        Assessment.objects.create(pupil=pupil, competent=competent, assessed_on=TODAY, by=by)
    expected = (set(), {pupil}, set()) if asks_pupil else ({parent}, set(), set())
    assert asked(school) == expected
    pupil.email = ""
    pupil.save()
    assert asked(school) == ((set(), set(), {pupil}) if asks_pupil else expected)


def test_a_parents_yes_is_over_at_18_even_before_the_positions_are_worked_out_again(
    clock: Clock, db: None
) -> None:
    school = a_consent_school(preset="cit")[0]
    pupil = a_pupil(school, born=date(2008, 10, 13))
    says(pupil, True, a_contact(pupil))
    assert eighteenth(pupil.born) == TODAY + timedelta(days=1)
    assert to_ask(school) == set()
    tomorrow = TODAY + timedelta(days=1)
    clock.at(tomorrow)
    assert to_ask(school, tomorrow) == {pupil}


def test_only_what_rests_on_consent_is_asked_about_unless_permissions_are_recorded(
    clock: Clock, db: None
) -> None:
    silent = a_consent_school(preset="ravens-wood", consent_permission_record=False)[0]
    a_pupil(silent)
    assert to_ask(silent) == set()
    recorded = a_consent_school(preset="ravens-wood")[0]
    pupil = a_pupil(recorded)
    assert to_ask(recorded) == {pupil}


def test_the_night_writes_only_what_differs(school: School, clock: Clock, django_assert_num_queries) -> None:
    pupil = a_pupil(school)
    says(pupil, True, a_contact(pupil))
    terms = terms_of(profile_of(school))
    with django_assert_num_queries(3):
        positions_work_out([pupil.pk], terms, TODAY, compare=True)
    later = date(2027, 9, 1)
    with django_assert_num_queries(4):
        positions_work_out([pupil.pk], terms, later, compare=True)
    assert set(Position.objects.values_list("says", flat=True)) == {"nothing"}
