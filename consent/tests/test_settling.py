"""Checking who answered, and parental responsibility that is found, lost or denied (STM-7.06, CIT-7.07)."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from consent.models import Effect, Position, PostSearch, Reply, Responsibility, Says, Tie, Weight
from consent.services.settling import after_dates_changed, reply_settle, responsibility_change
from core.audit import audited
from core.errors import Refused
from core.models import AuditEvent
from core.roles import Role
from smgov.testing import a_person
from smgov.testing_consent import a_consent_school, a_contact, a_pupil, says

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    """A pupil, an aunt whose responsibility nobody recorded, and the office."""
    school, _ = a_consent_school()
    office = a_person("Olga Ott", Role.OFFICE, school)
    pupil = a_pupil(school)
    return pupil, a_contact(pupil, responsibility="unknown", relationship="Aunt"), office


def state(pupil) -> str:
    (found,) = set(Position.objects.filter(pupil=pupil).values_list("says", flat=True))
    return found


@pytest.mark.clause("STM-7.06", "CIT-7.07")
def test_a_yes_counts_once_the_office_has_checked_it(case) -> None:
    pupil, aunt, office = case
    waiting = says(pupil, True, aunt)
    (settled,) = reply_settle(actor=office, reply=waiting, holds=True, words="Court order seen")
    assert (settled.weight, settled.settles, settled.received_at) == (
        Weight.COUNTS,
        waiting,
        waiting.received_at,
    )
    assert state(pupil) == Says.YES
    assert Tie.objects.get(contact=aunt).responsibility == Responsibility.YES
    assert settled.words.text == "Court order seen"
    assert AuditEvent.objects.filter(action="consent.reply_settled", actor=office).count() == 1
    assert says(pupil, True, aunt).weight == Weight.COUNTS, "nothing to check the next time"


def test_a_yes_of_somebody_without_responsibility_is_set_aside(case) -> None:
    pupil, aunt, office = case
    (settled,) = reply_settle(actor=office, reply=says(pupil, True, aunt), holds=False)
    assert set(settled.answers.values_list("kind", flat=True)) == {Effect.SET_ASIDE}
    assert state(pupil) == Says.NOTHING
    assert Tie.objects.get(contact=aunt).responsibility == Responsibility.NO


def test_a_no_that_was_respected_meanwhile_may_be_set_aside(case) -> None:
    pupil, aunt, office = case
    says(pupil, True, a_contact(pupil))
    no = says(pupil, False, aunt)
    assert state(pupil) == Says.SPLIT
    reply_settle(actor=office, reply=no, holds=False)
    assert state(pupil) == Says.YES


def test_everything_that_waits_from_one_person_is_settled_together(case) -> None:
    pupil, aunt, office = case
    first, second = says(pupil, True, aunt), says(pupil, False, aunt)
    settled = reply_settle(actor=office, reply=first, holds=True)
    assert [row.settles for row in settled] == [first, second]
    assert state(pupil) == Says.NO, "the later word holds"


def test_a_later_answer_is_not_undone_by_a_late_check(case) -> None:
    pupil, aunt, office = case
    waiting = says(pupil, True, aunt)
    mother = a_contact(pupil)
    says(pupil, False, mother)
    reply_settle(actor=office, reply=waiting, holds=True)
    assert state(pupil) == Says.SPLIT


def test_what_was_checked_cannot_be_checked_again(case) -> None:
    pupil, aunt, office = case
    waiting = says(pupil, True, aunt)
    reply_settle(actor=office, reply=waiting, holds=True)
    with pytest.raises(Refused, match="checked meanwhile"):
        reply_settle(actor=office, reply=waiting, holds=False)
    assert Reply.objects.filter(settles=waiting).count() == 1


@pytest.mark.parametrize("role", [r for r in Role if r not in (Role.OFFICE, Role.DPO)])
def test_only_the_office_or_the_keeper_checks(case, role: str) -> None:
    pupil, aunt, _ = case
    waiting = says(pupil, True, aunt)
    with pytest.raises(PermissionDenied):
        reply_settle(actor=a_person("Some One", role, pupil.school), reply=waiting, holds=True)


def change(actor, tie: Tie, responsibility: str) -> None:
    with audited():
        responsibility_change(actor=actor, tie=tie, responsibility=responsibility)


def test_responsibility_that_is_recorded_settles_what_waited(case) -> None:
    pupil, aunt, office = case
    says(pupil, True, aunt)
    change(office, Tie.objects.get(contact=aunt), Responsibility.YES)
    assert state(pupil) == Says.YES


def test_a_yes_stops_counting_when_responsibility_is_lost_and_a_no_does_not(case) -> None:
    pupil, _, office = case
    father = a_contact(pupil, relationship="Father")
    tie = Tie.objects.get(contact=father)
    says(pupil, True, father)
    change(office, tie, Responsibility.NO)
    assert state(pupil) == Says.NOTHING
    assert PostSearch.objects.filter(pupil=pupil).count() == 1
    change(office, tie, Responsibility.YES)
    says(pupil, False, father)
    change(office, tie, Responsibility.NO)
    assert state(pupil) == Says.NO


def test_the_same_value_again_writes_nothing(case) -> None:
    pupil, _, office = case
    mother = a_contact(pupil)
    says(pupil, True, mother)
    before = Reply.objects.count()
    change(office, Tie.objects.get(contact=mother), Responsibility.YES)
    assert Reply.objects.count() == before


@pytest.mark.clause("RAV-9.03")
def test_a_no_of_anybody_stays_where_the_policy_respects_anybodys_wish() -> None:
    school, _ = a_consent_school(preset="ravens-wood")
    office = a_person("Olga Ott", Role.OFFICE, school)
    pupil = a_pupil(school)
    uncle = a_contact(pupil, responsibility="unknown")
    no = says(pupil, False, uncle)
    reply_settle(actor=office, reply=no, holds=False)
    assert state(pupil) == Says.NO


def test_a_file_never_sets_a_no_aside(case) -> None:
    pupil, aunt, office = case
    says(pupil, True, a_contact(pupil))
    says(pupil, False, aunt)
    change(office, Tie.objects.get(contact=aunt), Responsibility.NO)
    assert state(pupil) == Says.SPLIT


def test_the_waiting_yes_of_somebody_who_is_no_contact_any_more_cannot_count(case) -> None:
    pupil, aunt, office = case
    waiting = says(pupil, True, aunt)
    Tie.objects.filter(contact=aunt).update(active=False)
    with pytest.raises(Refused, match="no contact of the pupil any more"):
        reply_settle(actor=office, reply=waiting, holds=True)
    change(office, Tie.objects.get(contact=aunt), Responsibility.YES)
    assert state(pupil) == Says.NOTHING


@pytest.mark.clause("CIT-7.03")
@pytest.mark.parametrize(("days", "kept"), [(20, True), (40, False), (700, False)])
def test_consent_ends_with_leaving_and_does_not_come_back_with_the_pupil(case, days: int, kept: bool) -> None:
    pupil, _, office = case
    mother, father = a_contact(pupil), a_contact(pupil, relationship="Father")
    says(pupil, True, mother)
    says(pupil, True, father)
    left = timezone.localdate() - timedelta(days=days)
    with audited():
        after_dates_changed(actor=office, pupil=pupil, left_on=left, born=pupil.born)
    assert state(pupil) == (Says.YES if kept else Says.NOTHING)
    assert not PostSearch.objects.exists(), "nobody withdrew"


def test_somebody_who_has_left_still_keeps_the_record_as_it_is(case) -> None:
    pupil, _, office = case
    says(pupil, True, a_contact(pupil))
    pupil.leaves_on = timezone.localdate() - timedelta(days=100)
    with audited():
        after_dates_changed(
            actor=office, pupil=pupil, left_on=timezone.localdate() - timedelta(days=200), born=pupil.born
        )
    assert state(pupil) == Says.YES
