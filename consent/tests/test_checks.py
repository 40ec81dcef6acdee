"""The consent check: what it answers under each policy, and what is kept of it."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from consent.checking import PERSONAL, read_check
from consent.ledger import Use
from consent.models import Channel, CheckedPupil, ConsentCheck, NeverShow, Pupil
from consent.services.checks import (
    Answered,
    Question,
    check_again,
    check_keep,
    check_read,
    check_shown,
    roster_of,
)
from consent.terms import terms_of
from core.errors import Refused
from core.models import AuditEvent
from core.roles import Role
from people.models import School, User
from people.selectors import profile_of
from smgov.testing import a_person
from smgov.testing_consent import a_consent_school, a_contact, a_pupil, says

pytestmark = pytest.mark.django_db

GROUP = Use("image", Channel.SCHOOL, in_group=True)
DAY = timezone.localdate


def ask(actor: User, school: School, use: Use = GROUP, **whom: Any) -> Answered:
    """What the check answers."""
    return check_read(
        actor=actor,
        school=school,
        question=Question(use, **whom),
        profile=profile_of(school),
        roster=roster_of(actor, school, DAY()),
        day=DAY(),
    )


def keep(
    actor: User, school: School, use: Use = GROUP, once: uuid.UUID | None = None, **more: Any
) -> ConsentCheck:
    """Keep one about class 5A."""
    return check_keep(
        actor=actor,
        school=school,
        question=Question(use, more.pop("classes", ("5A",)), **more),
        what="Sports day",
        once=once or uuid.uuid4(),
    )


def four(school: School) -> dict[str, Pupil]:
    """A pupil of whom nothing was said, one with a yes, one with a no, one whose parents differ."""
    made = {name: a_pupil(school, f"{name} Ames") for name in ("Silent", "Yes", "No", "Split")}
    says(made["Yes"], True, a_contact(made["Yes"]))
    says(made["No"], False, a_contact(made["No"]))
    says(made["Split"], True, a_contact(made["Split"]))
    says(made["Split"], False, a_contact(made["Split"]))
    return made


@pytest.mark.parametrize(
    ("preset", "use", "shown"),
    [
        ("cit", GROUP, {"Yes"}),
        ("cit", Use("video", Channel.TRUST), {"Yes"}),
        ("st-marys", GROUP, {"Yes"}),
        ("st-marys", Use("image", Channel.TRUST), set()),
        ("ravens-wood", GROUP, {"Yes", "Silent"}),
        ("ravens-wood", Use("image", Channel.TRUST), set()),
        ("cbc", GROUP, set()),
        ("cbc", Use("image", Channel.WEBSITE), set()),
        ("cbc", Use("image", Channel.INSIDE), {"Yes"}),
        ("beckstone", GROUP, {"Yes"}),
        *((preset, Use("image", PERSONAL), set()) for preset in ("cit", "st-marys", "ravens-wood", "cbc")),
    ],
)
@pytest.mark.clause("CIT-7.18", "STM-7.16", "STM-7.24", "RAV-9.01", "RAV-9.04", "CBC-8.02", "CBC-8.03")
def test_each_policy_reads_silence_yes_no_and_disagreement_in_its_own_way(
    preset: str, use: Use, shown: set[str]
) -> None:
    chosen = {"consent_model": "opt_in"} if preset == "beckstone" else {}
    school, _ = a_consent_school(preset=preset, **chosen)
    four(school)
    answered = ask(a_person("Alice", Role.STAFF, school), school, use, classes=("5A",))
    assert {one.entry.first for one in answered.may} == shown
    assert len(answered.told) == 4


@pytest.mark.clause("CIT-7.18", "STM-7.24")
def test_the_answer_is_for_the_exact_use() -> None:
    school, purposes = a_consent_school(preset="st-marys")
    pupil = a_pupil(school, "Mia Moon")
    image = next(one for one in purposes if one.medium == "image")
    says(pupil, {image: True}, a_contact(pupil))
    alice = a_person("Alice", Role.STAFF, school)
    assert ask(alice, school, GROUP, chosen=(pupil.uuid,)).may
    assert not ask(alice, school, Use("video", Channel.SCHOOL), chosen=(pupil.uuid,)).may
    website = ask(alice, school, Use("image", Channel.WEBSITE), chosen=(pupil.uuid,))
    assert not website.may
    assert not website.asked_about


def test_a_flagged_pupil_looks_to_staff_exactly_like_one_who_refused() -> None:
    school, _ = a_consent_school()
    refused, flagged = a_pupil(school, "Same Name"), a_pupil(school, "Same Name")
    says(refused, False, a_contact(refused))
    says(flagged, True, a_contact(flagged))
    dsl = a_person("Della", Role.DSL, school)
    NeverShow.objects.create(pupil=flagged, reason="Court order", set_by=dsl)
    staff, office = a_person("Alice", Role.STAFF, school), a_person("Olga", Role.OFFICE, school)
    told = {one.entry.pk: (one.words, one.note) for one in ask(staff, school, classes=("5A",)).told}
    assert told[refused.pk] == told[flagged.pk]
    seen = {one.entry.pk: one.words for one in ask(office, school, classes=("5A",)).told}
    assert seen[flagged.pk].text == "Not to be used"
    assert "Court" not in repr(ask(dsl, school, classes=("5A",)))


def test_staff_read_yes_and_no_and_the_office_reads_why() -> None:
    school, _ = a_consent_school()
    four(school)
    staff = ask(a_person("Alice", Role.STAFF, school), school, classes=("5A",))
    assert {one.words.text for one in staff.told} == {"May be shown", "Not to be used"}
    assert not any(one.note for one in staff.told)
    office = ask(a_person("Olga", Role.OFFICE, school), school, classes=("5A",))
    assert any("disagree" in one.words.text for one in office.told)


def test_pupils_of_another_school_leavers_and_unknown_ids_are_never_answered() -> None:
    school, _ = a_consent_school("Hilltop")
    other, _ = a_consent_school("Otherplace")
    left = a_pupil(school, "Liz Left", leaves_on=DAY() - timedelta(days=1))
    foreign = a_pupil(other, "Fay Foreign")
    for pupil in (left, foreign):
        says(pupil, True, a_contact(pupil))
    alice = a_person("Alice", Role.STAFF, school)
    answered = ask(
        alice, school, chosen=(left.uuid, foreign.uuid, uuid.uuid4()), names="Liz Left\nFay Foreign"
    )
    assert answered.told == ()
    assert answered.whom.nobody == ("Liz Left", "Fay Foreign")
    terms = terms_of(profile_of(school))
    assert read_check(school, [foreign.pk], GROUP, terms, DAY()) == {}


def test_the_ledger_is_read_in_three_queries_for_three_hundred_pupils() -> None:
    school, _ = a_consent_school()
    pupils = [a_pupil(school) for _ in range(300)]
    for pupil in pupils[:5]:
        says(pupil, True, a_contact(pupil))
    terms = terms_of(profile_of(school))
    with CaptureQueriesContext(connection) as asked:
        found = read_check(school, [one.pk for one in pupils], GROUP, terms, DAY())
    assert len(asked) <= 3
    assert len(found) == 300
    assert sum(one.may for one in found.values()) == 5
    with CaptureQueriesContext(connection) as asked:
        read_check(school, [one.pk for one in pupils], Use("image", PERSONAL), terms, DAY())
    assert len(asked) == 0


@pytest.mark.clause("CIT-7.11", "STM-7.11")
@pytest.mark.parametrize("preset", ["cit", "st-marys"])
def test_a_kept_check_shows_the_yes_of_then_after_a_withdrawal_and_what_has_changed(preset: str) -> None:
    school, _ = a_consent_school(preset=preset)
    pupil = a_pupil(school, "Mia Moon")
    mother = a_contact(pupil)
    says(pupil, True, mother)
    alice = a_person("Alice", Role.STAFF, school)
    check = keep(alice, school)
    profile = profile_of(school)
    assert check_again(alice, check, profile) == []
    says(pupil, False, mother)
    assert [one.entry.name for one in check_shown(alice, check, profile).may] == ["Mia Moon"]
    assert [(one.then.status, one.now.status) for one in check_again(alice, check, profile)] == [
        ("may_be_shown", "not_to_be_used")
    ]
    assert not ask(alice, school, classes=("5A",)).may


@pytest.mark.clause("CIT-7.18", "STM-7.24")
def test_what_is_kept_is_worked_out_at_that_moment_and_leaves_an_event_without_names() -> None:
    school, _ = a_consent_school()
    made = four(school)
    alice = a_person("Alice", Role.STAFF, school)
    check = keep(alice, school, names="Nobody Known\nAmes Senior Yes")
    assert dict(check.pupils.values_list("pupil__first_name", "may")) == {
        "Silent": False,
        "Yes": True,
        "No": False,
        "Split": False,
    }
    assert check.leftovers.values_list("typed", "several")[0] == ("Nobody Known", False)
    event = AuditEvent.objects.get(action="consent.check_kept")
    assert sorted(event.data["pupils"]) == sorted(one.pk for one in made.values())
    assert event.data["may"] == 1
    assert "Ames" not in str(event.data)


def test_kept_twice_is_one_check_and_the_same_page_with_other_answers_is_refused() -> None:
    school, _ = a_consent_school()
    four(school)
    alice = a_person("Alice", Role.STAFF, school)
    once = uuid.uuid4()
    assert keep(alice, school, once=once) == keep(alice, school, once=once)
    assert ConsentCheck.objects.count() == 1
    with pytest.raises(Refused, match="kept already"):
        keep(alice, school, Use("video", Channel.SCHOOL), once)
    with pytest.raises(Refused, match="kept already"):
        keep(a_person("Ann", Role.STAFF, school), school, once=once)


def test_nothing_to_keep_is_refused() -> None:
    school, _ = a_consent_school()
    four(school)
    alice = a_person("Alice", Role.STAFF, school)
    with pytest.raises(Refused, match="own account"):
        keep(alice, school, Use("image", PERSONAL))
    with pytest.raises(Refused, match="No pupil was found"):
        keep(alice, school, classes=("9Z",))
    with pytest.raises(Refused, match="what the pictures are for"):
        check_keep(
            actor=alice, school=school, question=Question(GROUP, ("5A",)), what="  ", once=uuid.uuid4()
        )


@pytest.mark.parametrize("role", [Role.HR, Role.IT, Role.CONTRIBUTOR, Role.GOVERNANCE])
def test_who_takes_no_pictures_checks_nothing(role: str) -> None:
    school, _ = a_consent_school()
    four(school)
    with pytest.raises(PermissionDenied):
        keep(a_person("Rae", role, school), school)


def test_staff_of_another_school_keep_nothing_here_and_see_nobody() -> None:
    school, _ = a_consent_school("Hilltop")
    other, _ = a_consent_school("Otherplace")
    four(school)
    eve = a_person("Eve", Role.STAFF, other)
    with pytest.raises(PermissionDenied):
        keep(eve, school)
    assert roster_of(eve, school, DAY()).entries == ()


def test_a_kept_check_speaks_to_staff_in_short_words_and_to_the_office_of_reasons() -> None:
    school, _ = a_consent_school()
    four(school)
    alice, office = a_person("Alice", Role.STAFF, school), a_person("Olga", Role.OFFICE, school)
    check = keep(alice, school)
    profile = profile_of(school)
    short = {one.words.text for one in check_shown(alice, check, profile).told}
    assert short == {"May be shown", "Not to be used"}
    assert len({one.words.text for one in check_shown(office, check, profile).told}) == 4


def test_an_erased_pupil_has_no_name_in_a_kept_check_and_counts_as_gone() -> None:
    school, _ = a_consent_school()
    pupil = a_pupil(school, "Mia Moon")
    says(pupil, True, a_contact(pupil))
    alice = a_person("Alice", Role.STAFF, school)
    check = keep(alice, school)
    Pupil.objects.filter(pk=pupil.pk).update(erased_at=timezone.now(), first_name="", last_name="")
    profile = profile_of(school)
    assert [one.entry.name for one in check_shown(alice, check, profile).told] == ["A former pupil"]
    assert check_again(alice, check, profile)[0].now.status == "not_to_be_used"


def test_whoever_may_not_check_any_more_is_not_told_what_has_changed() -> None:
    school, _ = a_consent_school()
    four(school)
    check = keep(a_person("Alice", Role.STAFF, school), school)
    with pytest.raises(PermissionDenied):
        check_again(a_person("Hal", Role.HR, school), check, profile_of(school))


def test_what_is_kept_cannot_be_changed() -> None:
    school, _ = a_consent_school()
    four(school)
    check = keep(a_person("Alice", Role.STAFF, school), school)
    with pytest.raises(DatabaseError, match="only ever added to"), transaction.atomic():
        CheckedPupil.objects.filter(check_row=check).update(may=True)
