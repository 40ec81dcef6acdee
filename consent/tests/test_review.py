"""The report on how current the register is, and the keeper's signature (STM-7.08, subtle 18)."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consent.models import Assessment, Position, PostSearch, Pupil, RegisterReview, Responsibility, Says
from consent.services.reviews import numbers_hash, review_sign
from consent.staleness import (
    LABELS,
    condition,
    eighteen_years_before,
    numbers_of,
    reviews_due,
    reviews_due_for,
)
from consent.terms import terms_of
from core.errors import Refused, Stale
from core.roles import Role
from people.models import School, User
from people.selectors import profile_of
from smgov.testing import a_person, a_school
from smgov.testing_consent import a_consent_school, a_contact, a_pupil, says

pytestmark = pytest.mark.django_db
REVIEW = "consent:review"


@pytest.fixture
def school() -> School:
    """A school on St Mary's preset, whose keeper is the DPO."""
    return a_consent_school("Saint Mary's", preset="st-marys")[0]


@pytest.fixture
def dpo(school: School) -> User:
    """Its DPO."""
    return a_person("Dora Dart", Role.DPO, school)


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def numbers(school: School) -> dict:
    return numbers_of(school, terms_of(profile_of(school)), timezone.localdate())


def sign(actor: User, school: School, **more) -> RegisterReview:
    values = {"typed_name": actor.full_name, "figures_hash": numbers_hash(school, numbers(school)), **more}
    return review_sign(actor=actor, school=school, **values)


def test_each_figure_counts_what_it_says(school):
    today = timezone.localdate()
    calm = a_pupil(school, "Calm Cole")
    says(calm, True, a_contact(calm))
    Position.objects.filter(pupil=calm).update(yes_until=None)
    lonely = a_pupil(school, "Lonely Lee", born=None)
    split = a_pupil(school, "Split Short")
    says(split, True, a_contact(split))
    says(split, False, a_contact(split))
    Position.objects.filter(pupil=split, says=Says.SPLIT).update(yes_until=None)
    waits = a_pupil(school, "Waits West")
    says(waits, True, a_contact(waits, responsibility=Responsibility.UNKNOWN, email=""))
    grown = a_pupil(school, "Grown Grey", born=date(today.year - 19, 1, 1), email="grown@pupils.example")
    for pupil, end in ((a_pupil(school, "Over Orr"), -1), (a_pupil(school, "Soon Stone"), 30)):
        says(pupil, True, a_contact(pupil))
        Position.objects.filter(pupil=pupil).update(yes_until=today + timedelta(days=end))
    a_pupil(school, "Gone Gale", leaves_on=today - timedelta(days=1), born=None)
    found = numbers(school)
    assert found == {
        "pupils": 7,
        "no_answer": 3,  # Lonely, Waits (a yes that waits is none yet), Grown
        "expired": 1,
        "expiring": 1,
        "disagree": 1,
        "to_check": 1,
        "no_responsible": 2,  # Lonely and Waits; Grown answers alone
        "no_email": 2,  # Lonely and Waits
        "no_birthday": 1,
        "turning_18": 1,
        "slow_searches": 0,
        "last_import": None,
    }
    Assessment.objects.create(pupil=grown, competent=True, assessed_on=today, by=a_person("Dina Dell"))
    assert numbers(school)["turning_18"] == 0
    assert lonely.pk


def test_searches_count_after_a_week(school):
    pupil = a_pupil(school)
    search = PostSearch.objects.create(school=school, pupil=pupil, why="withdrawn")
    assert numbers(school)["slow_searches"] == 0
    PostSearch.objects.filter(pk=search.pk).update(raised_at=timezone.now() - timedelta(days=9))
    assert numbers(school)["slow_searches"] == 1


@pytest.mark.parametrize(
    ("day", "birthday"),
    [
        (date(2026, 3, 1), date(2008, 3, 1)),
        (date(2028, 2, 29), date(2010, 2, 28)),
        (date(2026, 2, 28), date(2008, 2, 28)),
    ],
)
def test_who_was_born_on_29_february_is_18_on_1_march(day, birthday):
    assert eighteen_years_before(day) == birthday
    assert (date(2008, 2, 29) <= eighteen_years_before(date(2026, 2, 28))) is False
    assert date(2008, 2, 29) <= eighteen_years_before(date(2026, 3, 1))


def test_the_figures_take_as_many_queries_for_many_pupils_as_for_few(school, django_assert_num_queries):
    profile = profile_of(school)
    for number in range(30):
        a_contact(a_pupil(school, f"Kit{number} Moss"))
    with django_assert_num_queries(3):
        numbers_of(school, terms_of(profile), timezone.localdate())


@pytest.mark.clause("STM-7.08")
def test_every_figure_leads_to_its_pupils(school, dpo):
    today, terms = timezone.localdate(), terms_of(profile_of(school))
    a_pupil(school, "Kit Moss", born=None)
    client = client_of(dpo)
    page = client.get(reverse(REVIEW)).content.decode()
    for label, show in LABELS.values():
        address = f"{reverse('consent:review-pupils')}?school={school.uuid}&show={show}"
        assert address.replace("&", "&amp;") in page
        behind = client.get(address)
        there = Pupil.objects.filter(condition(show, today, terms), school=school).exists()
        assert ("Kit Moss" in behind.content.decode()) is there, show
        assert label in behind.content.decode()


@pytest.mark.clause("STM-7.08")
def test_the_keeper_signs_the_figures_that_the_page_shows(school, dpo):
    a_pupil(school, "Kit Moss")
    client = client_of(dpo)
    fingerprint = client.get(reverse(REVIEW)).context["form"].initial["figures_hash"]
    sent = {"school": str(school.uuid), "figures_hash": fingerprint, "typed_name": "dora  dart"}
    page = client.post(reverse(REVIEW), sent, follow=True)
    review = RegisterReview.objects.get()
    assert (review.by, review.figures["pupils"]) == (dpo, 1)
    assert review.signature.content_hash == fingerprint
    assert "Dora Dart" in page.content.decode() or "dora dart" in page.content.decode()
    a_pupil(school, "Lou Dean")
    again = client.get(reverse("consent:review-detail", args=[review.uuid])).content.decode()
    assert ">1<" in again.replace("\n", ""), "the review keeps the figures that were signed"
    assert "signed as reviewed today" in client.get(reverse(REVIEW)).content.decode()


@pytest.mark.clause("STM-7.08")
def test_figures_that_changed_meanwhile_are_not_signed_and_the_new_ones_are_shown(school, dpo):
    client = client_of(dpo)
    old = client.get(reverse(REVIEW)).context["form"].initial["figures_hash"]
    a_pupil(school, "Kit Moss", born=None)
    sent = {"school": str(school.uuid), "figures_hash": old, "typed_name": "Dora Dart"}
    page = client.post(reverse(REVIEW), sent)
    assert page.status_code == 422
    assert "The figures have changed since you opened this page" in page.content.decode()
    assert not RegisterReview.objects.exists()
    new = numbers_hash(school, numbers(school))
    assert f'value="{new}"' in page.content.decode()
    assert 'value="Dora Dart"' in page.content.decode(), "what was typed stays"
    client.post(reverse(REVIEW), {**sent, "figures_hash": new})
    assert RegisterReview.objects.count() == 1
    with pytest.raises(Stale):
        sign(dpo, school, figures_hash=old)


def test_the_same_page_sent_twice_makes_one_review(school, dpo):
    assert sign(dpo, school) == sign(dpo, school)
    assert RegisterReview.objects.count() == 1


def test_another_name_does_not_sign(school, dpo):
    with pytest.raises(Refused):
        sign(dpo, school, typed_name="Somebody Else")
    assert not RegisterReview.objects.exists()


@pytest.mark.clause("STM-7.08")
def test_the_profile_says_who_keeps_the_register_and_nobody_else_signs(school, dpo):
    office = a_person("Olga Ott", Role.OFFICE, school)
    with pytest.raises(PermissionDenied):
        sign(office, school)
    assert client_of(office).get(reverse(REVIEW)).status_code == 403
    other = a_consent_school("Otherplace", consent_keeper=["office"])[0]
    clerk = a_person("Cleo Clerk", Role.OFFICE, other)
    assert sign(clerk, other).school == other
    with pytest.raises(PermissionDenied):
        sign(dpo, other)
    with pytest.raises(PermissionDenied):
        sign(clerk, school)


def test_a_review_of_another_school_does_not_exist(school, dpo):
    review = sign(dpo, school)
    stranger = a_person("Eve Earl", Role.DPO, a_consent_school("Otherplace")[0])
    assert client_of(stranger).get(reverse("consent:review-detail", args=[review.uuid])).status_code == 404
    assert client_of(stranger).get(reverse(REVIEW) + f"?school={school.uuid}").status_code == 404


def test_while_a_setting_is_open_nothing_is_signed():
    school = a_school("New School", preset="st-marys")
    dpo = a_person("Dora Dart", Role.DPO, school)
    client = client_of(dpo)
    page = client.get(reverse(REVIEW))
    assert "not open yet" in page.content.decode()
    with pytest.raises(Refused):
        sign(dpo, school)


def test_a_review_is_due_once_a_term_where_there_are_pupils(school, dpo):
    schools = [school.pk]
    assert not reviews_due(schools).exists(), "no pupils yet"
    a_pupil(school)
    assert reviews_due(schools).get().reviewed_at is None
    assert list(reviews_due_for(dpo)) == [school]
    assert not reviews_due_for(a_person("Tess Thorn", Role.STAFF, school)).exists()
    sign(dpo, school)
    assert not reviews_due(schools).exists()


def test_a_review_is_due_again_after_a_term(school, dpo, monkeypatch):
    a_pupil(school)
    sign(dpo, school)
    later = timezone.now() + timedelta(days=121)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert reviews_due([school.pk]).get() == school
