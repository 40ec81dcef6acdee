"""The filters of the register, in SQL, say what the ledger says: any mixture of answers (subtle 1, 2, 4, 6, 17)."""

import random
from contextlib import suppress
from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from consent import ledger
from consent.ledger import Verdict
from consent.models import Channel, Medium, NeverShow, Pupil, Purpose, Route
from consent.register import filters
from consent.register.rows import purposes_of, verdicts_of
from consent.services.positions import positions_of_school
from consent.services.purposes import Asked, purpose_add
from consent.terms import terms_of
from core.errors import Refused
from core.models import Platform
from core.roles import Role
from people.models import School
from people.selectors import profile_of
from smgov.testing import a_person
from smgov.testing_consent import a_consent_school, a_contact, a_pupil, says

pytestmark = pytest.mark.django_db

REASONS = {
    filters.SAID_NO: {ledger.NO},
    filters.DISAGREE: {ledger.SPLIT},
    filters.NO_ANSWER: {ledger.SILENT, ledger.EXPIRED},
}


def a_mixed_school(seed: int, preset: str) -> School:
    """Questions that overlap, and sixty pupils about whom everything imaginable was said."""
    dice = random.Random(seed)
    school, _ = a_consent_school(f"Mixed {preset} {seed}", preset=preset)
    dpo = a_person("Dora Dart", Role.DPO, school)
    platform = Platform.objects.first()
    for asked in (
        Asked(Medium.IMAGE, Channel.PLATFORM, platform=platform),
        Asked(Medium.IMAGE, Channel.SCHOOL, group_only=True),
        Asked(Medium.IMAGE, Channel.WEBSITE, basis="public_task"),
    ):
        with suppress(Refused):  # where pictures of pupils are not published
            purpose_add(actor=dpo, school=school, asked=asked)
    purposes = list(Purpose.objects.filter(school=school, retired_at=None))
    now, today = timezone.now(), timezone.localdate()
    for number in range(60):
        leaves = dice.choice([None, None, today, today + timedelta(40), today - timedelta(1)])
        born = date(today.year - dice.choice([10, 17, 18, 19]), *dice.choice([(1, 1), (2, 28), (12, 30)]))
        pupil = a_pupil(school, f"Kit{number} Mixed", leaves_on=leaves, born=born)
        people = [
            a_contact(pupil, responsibility=dice.choice(["yes", "yes", "yes", "no", "unknown"]))
            for _ in range(dice.choice([0, 1, 2]))
        ]
        for _ in range(dice.randrange(5)):
            who = dice.choice([*people, None])
            chosen = dice.sample(purposes, dice.randrange(1, len(purposes) + 1))
            at = now - timedelta(days=dice.choice([0, 1, 30, 300, 500]), minutes=dice.randrange(900))
            route = dice.choice([Route.PAPER, Route.PAPER, Route.EMAIL, Route.TELEPHONE])
            answers = {one: dice.random() < 0.7 for one in chosen}
            with suppress(Refused):  # of a parent of somebody who is 18
                says(pupil, answers, who, at=at, route=route, capable=dice.random() < 0.5)
        if dice.random() < 0.1:
            NeverShow.objects.create(pupil=pupil, reason="Court", set_by=dpo)
    positions_of_school(school)
    return school


def expected(verdict: Verdict, wanted: str) -> bool:
    """Whether a verdict is what a filter asks for."""
    if wanted == filters.YES:
        return verdict.may
    if wanted == filters.NO:
        return not verdict.may
    return verdict.reason in REASONS[wanted]


@pytest.mark.parametrize("preset", ["cit", "st-marys", "ravens-wood", "cbc"])
@pytest.mark.clause("CIT-7.18", "STM-7.16", "RAV-9.01", "RAV-9.08")
def test_every_filter_finds_whom_the_ledger_names(preset: str) -> None:
    school = a_mixed_school(7, preset)
    purposes, terms = purposes_of([school.pk]), terms_of(profile_of(school))
    every = [filters.facts_of_purpose(one) for one in purposes[school.pk]]
    for later in (0, 50, 200, 400):
        day = timezone.localdate() + timedelta(days=later)
        pupils = list(Pupil.objects.filter(school=school))
        found = verdicts_of(pupils, purposes, {school.pk: terms}, day)
        for one in every:
            for wanted in (filters.YES, filters.NO, *REASONS):
                asked = filters.verdict_is(wanted, one, every, terms, day)
                in_sql = set(Pupil.objects.filter(asked, school=school).values_list("pk", flat=True))
                plain = {pk for pk, each in found.items() if expected(each[one.pk], wanted)}
                # A yes that has run out since may leave another yes behind that waits: it is found as such.
                if wanted == filters.NO_ANSWER:
                    in_sql -= {pk for pk, each in found.items() if each[one.pk].reason == ledger.HELD}
                assert in_sql == plain, (wanted, one, day)


def test_what_runs_out_soon_is_found_by_its_day() -> None:
    school, _ = a_consent_school("Ending", preset="st-marys")
    pupil = a_pupil(school, "Ann Able")
    says(pupil, True, a_contact(pupil))
    ends = pupil.positions.first().yes_until
    one, *_ = every = [filters.facts_of_purpose(row) for row in purposes_of([school.pk])[school.pk]]
    terms = terms_of(profile_of(school))

    def soon(day: date) -> bool:
        found = Pupil.objects.filter(filters.verdict_is(filters.EXPIRES, one, every, terms, day))
        anywhere = Pupil.objects.filter(
            filters.said_anywhere(filters.EXPIRES, [(each, terms) for each in every], day)
        )
        assert found.exists() == anywhere.exists()
        return found.exists()

    assert soon(ends)
    assert soon(ends - timedelta(60))
    assert not soon(ends - timedelta(61))
    assert not soon(ends + timedelta(1))


def test_over_several_schools_a_filter_finds_an_answer_to_at_least_one_question() -> None:
    first, questions = a_consent_school("First")
    second, _ = a_consent_school("Second")
    yes, part, silent, split, checked = (a_pupil(first, name) for name in ("Y A", "P B", "S C", "D D", "C E"))
    elsewhere = a_pupil(second, "Else Where")
    mother = a_contact(yes, part, split)
    says(yes, True, mother)
    says(part, {questions[0]: True}, mother)
    says(split, True, mother)
    says(split, False, a_contact(split))
    says(checked, True, a_contact(checked, responsibility="unknown"))
    NeverShow.objects.create(
        pupil=a_pupil(first, "Never F"), reason="x", set_by=a_person("Dee", Role.DSL, first)
    )
    asked = [
        (filters.facts_of_purpose(one), terms_of(profile_of(school)))
        for school in (first, second)
        for one in purposes_of([school.pk])[school.pk]
    ]

    def found(wanted: str) -> set[Pupil]:
        return set(Pupil.objects.filter(filters.said_anywhere(wanted, asked, timezone.localdate())))

    assert found(filters.NO_ANSWER) == {part, silent, elsewhere}
    assert found(filters.DISAGREE) == {split}
    assert found(filters.TO_CHECK) == {checked}
    assert found(filters.SAID_NO) == set()


def test_names_are_found_whatever_their_accents_and_order() -> None:
    school, _ = a_consent_school()
    zoe = a_pupil(school, "Zoë O'Neil-Żak")
    a_pupil(school, "Zac Oak")
    rows = Pupil.objects.filter(school=school)
    for words in ("zoe", "ZOË o’neil", "Zak zoe"):
        assert list(filters.named(rows, words)) == [zoe], words


def test_classes_are_sorted_by_their_numbers() -> None:
    assert sorted(["10A", "9B", "Oak", "9A"], key=filters.by_number) == ["9A", "9B", "10A", "Oak"]


def test_the_noon_of_a_day_is_londons_in_summer_too() -> None:
    from consent.views.recording import received

    assert received(date(2026, 7, 1)) == datetime.fromisoformat("2026-07-01T11:00:00+00:00")
