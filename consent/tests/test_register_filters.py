"""The filters of the register, in SQL, say what the ledger says: any mixture of answers (subtle 1, 2, 4, 6, 17)."""

import random
from contextlib import suppress
from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consent.ledger import use_of
from consent.models import Channel, Medium, NeverShow, Pupil, Purpose, Route
from consent.register import filters
from consent.register.rows import purposes_of, questions_of, verdicts_of
from consent.selectors import verdicts
from consent.services.positions import positions_of_school
from consent.services.purposes import Asked, purpose_add
from consent.terms import terms_of
from consent.views.recording import received
from core.errors import Refused
from core.models import Platform
from core.roles import Role
from people.models import School
from people.selectors import profile_of
from smgov.testing import a_person
from smgov.testing_consent import a_consent_school, a_contact, a_pupil, says

pytestmark = pytest.mark.django_db


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


@pytest.mark.parametrize("preset", ["cit", "st-marys", "ravens-wood", "cbc"])
@pytest.mark.clause("CIT-7.18", "STM-7.16", "RAV-9.01", "RAV-9.08")
def test_the_list_its_filters_and_the_check_agree(preset: str) -> None:
    school = a_mixed_school(7, preset)
    terms, day = terms_of(profile_of(school)), timezone.localdate()
    client = Client()
    client.force_login(a_person("Olga Ott", Role.OFFICE, school))
    everybody = Pupil.objects.filter(school=school)
    for one in purposes_of([school.pk])[school.pk]:
        checked = verdicts(everybody, school, use_of(filters.facts_of_purpose(one)), terms, day)
        rows = verdicts_of(everybody, questions_of([school.pk]), {school.pk: terms}, day)
        assert {pk: found[one.pk] for pk, found in rows.items()} == checked
        for wanted in (filters.YES, filters.NO, filters.SAID_NO, filters.DISAGREE, filters.NO_ANSWER):
            query = {"purpose": str(one.uuid), "answer": wanted, "who": "all"}
            page = client.get(reverse("consent:register"), query).context["page_obj"]
            wanted_now = {pk for pk, found in checked.items() if filters.verdict_matches(wanted, found, day)}
            assert set(page.paginator.object_list) == wanted_now, (wanted, one)


def test_what_runs_out_soon_is_found_by_its_day() -> None:
    school, _ = a_consent_school("Ending", preset="st-marys")
    pupil = a_pupil(school, "Ann Able")
    says(pupil, True, a_contact(pupil))
    ends = pupil.positions.first().yes_until
    one, *_ = every = [filters.facts_of_purpose(row) for row in purposes_of([school.pk])[school.pk]]
    terms = terms_of(profile_of(school))

    def soon(day: date) -> bool:
        (found,) = verdicts(Pupil.objects.filter(school=school), school, use_of(one), terms, day).values()
        anywhere = Pupil.objects.filter(
            filters.said_anywhere(filters.EXPIRES, [(each, terms) for each in every], day)
        )
        matches = filters.verdict_matches(filters.EXPIRES, found, day)
        assert matches == anywhere.exists()
        return matches

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


def test_a_no_that_came_on_a_past_day_is_not_older_than_a_yes_of_that_day() -> None:
    assert received(date(2026, 7, 1), False) == datetime.fromisoformat("2026-07-01T11:00:00+00:00")
    assert received(date(2026, 7, 1), True) == datetime.fromisoformat("2026-07-01T22:59:59+00:00")
    assert received(date(2026, 1, 1), False) == datetime.fromisoformat("2026-01-01T12:00:00+00:00")
