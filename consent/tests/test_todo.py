"""What image consent puts on the first page: one line a school, one query for all of it."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from consent.models import Assessment, Pupil, RegisterReview
from consent.services.rounds import round_close
from consent.tests.clock import Clock
from consent.tests.test_rounds import opened
from consent.todo import waits
from core.roles import Role
from people.models import School, User
from smgov.testing import a_person, a_school, a_trust
from smgov.testing_consent import a_consent_school, a_contact, a_pupil, ask_about, consent_chosen, says

pytestmark = pytest.mark.django_db
TODAY = date(2026, 10, 12)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock(monkeypatch)
    found.at(TODAY)
    return found


def titles(person: User) -> list[str]:
    """What stands on the list, but for the keeper's review."""
    return [one.title for one in waits(person) if "Review" not in one.title]


def dpo_of(school: School) -> User:
    return User.objects.get(memberships__school=school, memberships__role=Role.DPO)


@pytest.mark.clause("STM-7.01")
def test_a_new_academic_year_asks_for_a_round(clock: Clock) -> None:
    school = a_consent_school("Saint Aldhelm's", preset="st-marys")[0]
    dpo = dpo_of(school)
    assert titles(dpo) == [], "without pupils there is nobody to ask"
    a_contact(a_pupil(school, created_at=timezone.now()))
    (line,) = [one for one in waits(dpo) if "year" in one.title]
    assert (line.title, line.school) == ("Ask for consent for this academic year", "Saint Aldhelm's")
    assert line.url.endswith(f"?school={school.uuid}")
    row = opened(dpo, school)
    assert titles(dpo) == []
    round_close(actor=dpo, round=row)
    assert titles(dpo) == []
    clock.at(date(2027, 9, 1))
    assert titles(dpo) == ["Ask for consent for this academic year"]


def test_a_round_of_the_summer_counts_for_the_year_that_follows(clock: Clock) -> None:
    school = a_consent_school(preset="st-marys")[0]
    dpo = dpo_of(school)
    a_contact(a_pupil(school, created_at=timezone.now()))
    clock.at(date(2027, 7, 1))
    row = opened(dpo, school, for_next_year=True)
    round_close(actor=dpo, round=row)
    clock.at(date(2027, 9, 1))
    assert titles(dpo) == []


@pytest.mark.clause("CIT-7.01")
def test_pupils_who_join_are_counted_until_they_were_asked(clock: Clock) -> None:
    school = a_consent_school(preset="cit")[0]
    office = a_person("Olga Ott", Role.OFFICE, school)
    answered = a_pupil(school)
    says(answered, True, a_contact(answered))
    a_contact(a_pupil(school))
    assert titles(office) == ["A pupil has joined and nobody was asked"]
    a_contact(a_pupil(school, joined_on=TODAY + timedelta(days=9)))
    assert titles(office) == ["2 pupils have joined and nobody was asked"]
    Pupil.objects.update(created_at=timezone.now())
    row = opened(office, school)
    assert titles(office) == []
    clock.after(5)
    round_close(actor=office, round=row)
    assert titles(office) == []
    later = a_pupil(school, created_at=timezone.now() + timedelta(hours=1))
    assert titles(office) == ["A pupil has joined and nobody was asked"]
    says(later, False, a_contact(later))
    assert titles(office) == []


@pytest.mark.clause("CIT-7.05", "CIT-7.06")
def test_birthdays_ahead_are_counted_for_those_who_assess(clock: Clock) -> None:
    school = a_consent_school(preset="cit")[0]
    dsl = a_person("Dot Dean", Role.DSL, school)
    soon = a_pupil(school, born=date(2009, 1, 10))
    a_pupil(school, born=date(2009, 1, 11))
    assert titles(dsl) == ["A pupil turns 18: assess whether they understand"]
    Assessment.objects.create(pupil=soon, competent=True, assessed_on=TODAY, by=dsl)
    assert titles(dsl) == []
    clock.at(date(2027, 1, 10))
    assert titles(dsl)[-1] == "A pupil of 18 cannot be asked: no e-mail address"
    says(soon, True)
    assert not [one for one in titles(dsl) if "cannot be asked" in one]


def test_answers_to_check_and_posts_to_look_for_are_counted(clock: Clock) -> None:
    school = a_consent_school(preset="cit")[0]
    office, head = a_person("Olga Ott", Role.OFFICE, school), a_person("Hal Hill", Role.HEADTEACHER, school)
    pupil = a_pupil(school)
    mother, uncle = a_contact(pupil), a_contact(pupil, responsibility="unknown")
    says(pupil, True, mother)
    says(pupil, True, uncle)
    says(pupil, False, mother)
    assert "An answer about consent to check" in titles(office)
    assert "Look for earlier posts that show a pupil" in titles(head)
    assert "Look for earlier posts that show a pupil" not in titles(office)


def test_the_keeper_reviews_the_register(clock: Clock) -> None:
    school = a_consent_school(preset="cit")[0]
    a_pupil(school)
    assert "Review" in str([one.title for one in waits(dpo_of(school))])
    assert not RegisterReview.objects.exists()


def test_teachers_governors_and_strangers_have_nothing_to_do(clock: Clock) -> None:
    school = a_consent_school(preset="st-marys")[0]
    a_contact(a_pupil(school, born=date(2008, 10, 20)))
    other = a_consent_school(preset="st-marys")[0]
    for person in (
        a_person("Tess Thorn", Role.STAFF, school),
        a_person("Gina Gold", Role.GOVERNANCE, school),
        dpo_of(other),
        a_person("Nobody Known"),
    ):
        assert waits(person) == []


def test_where_the_part_is_not_open_or_permissions_are_not_recorded_nothing_waits(clock: Clock) -> None:
    closed = a_school(preset="st-marys")
    a_pupil(closed)
    assert waits(a_person("Hal Hill", Role.HEADTEACHER, closed)) == []
    silent = a_consent_school(preset="ravens-wood", consent_permission_record=False)[0]
    a_pupil(silent)
    assert titles(dpo_of(silent)) == []


def test_a_person_of_many_schools_gets_a_line_for_each_in_the_same_queries(
    client: Client, django_assert_max_num_queries
) -> None:
    trust = a_trust()
    schools = [consent_chosen(a_school(f"School {n}", trust=trust)) for n in range(5)]
    dpo = a_person("Dee Dow", Role.DPO, trust)
    client.force_login(dpo)
    client.get("/")
    for number, school in enumerate(schools, start=1):
        ask_about(school, dpo)
        a_contact(a_pupil(school))
        with django_assert_max_num_queries(15):
            page = client.get("/").content.decode()
        assert page.count("A pupil has joined and nobody was asked") == number


def test_the_first_page_stays_within_its_budget(client: Client, django_assert_max_num_queries) -> None:
    school = a_consent_school(preset="cit")[0]
    head = a_person("Hal Hill", Role.HEADTEACHER, school)
    client.force_login(head)
    client.get("/")
    with django_assert_max_num_queries(15):
        assert client.get("/").status_code == 200
    for _ in range(5):
        a_contact(a_pupil(school))
    with django_assert_max_num_queries(15):
        page = client.get("/").content.decode()
    assert "5 pupils have joined and nobody was asked" in page


def test_no_line_names_a_pupil(clock: Clock) -> None:
    school = a_consent_school(preset="cit")[0]
    pupil = a_pupil(school, "Ariadne Quill", born=date(2008, 10, 20))
    says(pupil, True, a_contact(pupil, responsibility="unknown"))
    lines = [
        line for role in (Role.OFFICE, Role.HEADTEACHER) for line in waits(a_person("P Q", role, school))
    ]
    assert lines
    assert "Quill" not in str(lines)
    assert "Ariadne" not in str(lines)


@pytest.mark.clause("STM-7.01")
def test_the_first_page_of_the_room_offers_the_round_too(client: Client) -> None:
    school = a_consent_school(preset="st-marys")[0]
    a_contact(a_pupil(school))
    client.force_login(dpo_of(school))
    page = client.get("/consent/").content.decode()
    assert "Ask for consent for this academic year" in page
    assert f"/consent/rounds/open/?school={school.uuid}" in page
