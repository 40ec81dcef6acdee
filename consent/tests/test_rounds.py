"""Rounds: who is written to, reminders that never double, and what a round refuses."""

import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from consent.models import Ask, Contact, Pupil, Purpose, Round, Tie
from consent.services.links import address_of, link_by_token, token_of
from consent.services.purposes import purpose_retire
from consent.services.rounds import MOST_REMINDERS, round_close, round_open, round_remind
from consent.services.rounds_mails import failing, problems_of
from consent.services.sweeps import rounds_remind
from consent.tests.clock import Clock
from core.audit import verify
from core.errors import Refused
from core.models import AuditEvent, Notice
from core.notices import send_due
from core.roles import Role
from people.models import GovernanceProfile, School, User
from smgov.testing import a_person, a_school, choose
from smgov.testing_consent import a_consent_school, a_contact, a_pupil, consent_chosen, says

pytestmark = pytest.mark.django_db
TODAY = date(2026, 10, 12)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock(monkeypatch)
    found.at(TODAY)
    return found


@pytest.fixture
def school(clock: Clock) -> School:
    return a_consent_school(preset="st-marys")[0]


@pytest.fixture
def dpo(school: School) -> User:
    return User.objects.get(memberships__school=school, memberships__role=Role.DPO)


def opened(actor: User, school: School, **values: Any) -> Round:
    values = {
        "title": "Autumn",
        "answer_by": timezone.localdate() + timedelta(days=21),
        "remind_every": 7,
        "once": uuid.uuid4(),
        **values,
    }
    return round_open(actor=actor, school=school, **values)


def written_to() -> list[str]:
    """The addresses of the mails that go out now."""
    mail.outbox.clear()
    send_due(10_000)
    return sorted(to for one in mail.outbox for to in one.to)


# Opening


@pytest.mark.clause("STM-7.01")
def test_everybody_who_still_has_to_answer_is_written_to(dpo: User, school: School) -> None:
    one, two, done = a_pupil(school), a_pupil(school), a_pupil(school)
    mother = a_contact(one, two)
    father = a_contact(one, responsibility="unknown")
    a_contact(one, responsibility="no")
    says(done, True, a_contact(done))
    a_contact(a_pupil(a_consent_school(preset="st-marys")[0]))
    row = opened(dpo, school)
    assert row.until == date(2027, 8, 31)
    assert set(row.asks.values_list("contact", flat=True)) == {mother.pk, father.pk}
    mine = {mother.email, father.email}
    assert mine <= set(written_to())
    event = AuditEvent.objects.get(action="consent.round_opened")
    assert (event.actor, event.school_id, event.data) == (dpo, school.pk, {"asked": 2})


@pytest.mark.clause("CIT-7.01")
def test_pupils_who_join_are_asked_for_where_an_answer_lasts_for_the_whole_time(clock: Clock) -> None:
    school = a_consent_school(preset="cit")[0]
    office = a_person("Olga Ott", Role.OFFICE, school)
    joins, long_here = a_pupil(school), a_pupil(school)
    says(long_here, True, a_contact(long_here), at=timezone.now() - timedelta(days=1000))
    parent = a_contact(joins)
    row = opened(office, school)
    assert row.until is None
    assert [one.contact for one in row.asks.all()] == [parent]


@pytest.mark.clause("RAV-9.02")
def test_permission_is_sought_where_the_profile_records_it(clock: Clock) -> None:
    school = a_consent_school(preset="ravens-wood")[0]
    head = a_person("Hal Hill", Role.HEADTEACHER, school)
    parent = a_contact(a_pupil(school))
    assert [one.contact for one in opened(head, school).asks.all()] == [parent]


def test_the_mail_names_nobody_and_its_link_works(dpo: User, school: School) -> None:
    pupil = a_pupil(school, "Ariadne Quill")
    mother = a_contact(pupil, name="Minna Quill")
    row = opened(dpo, school, title="Ariadne's round")
    assert mother.email in written_to()
    body = next(one.body for one in mail.outbox if mother.email in one.to)
    said = str([(one.subject, one.body) for one in mail.outbox])
    assert not any(word in said for word in ("Ariadne", "Quill", "Minna", school.name))
    token = token_of(row.asks.get().link)
    assert f"{token}/" in body
    assert link_by_token(token).contact == mother


def test_the_same_form_opens_one_round_and_with_other_answers_none(dpo: User, school: School) -> None:
    a_contact(a_pupil(school))
    once = uuid.uuid4()
    first = opened(dpo, school, once=once)
    assert opened(dpo, school, once=once) == first
    assert Ask.objects.count() == 1
    with pytest.raises(Refused, match="sent already"):
        opened(dpo, school, once=once, title="Another")
    other = a_consent_school(preset="st-marys")[0]
    with pytest.raises(Refused, match="sent already"):
        opened(a_person("Ed East", Role.DPO, other), other, once=once)


@pytest.mark.parametrize(
    ("values", "says_why"),
    [
        ({"title": "  "}, "name"),
        ({"answer_by": TODAY - timedelta(days=1)}, "past"),
        ({"answer_by": date(2027, 9, 1)}, "within the period"),
        ({"remind_every": 1}, "how often"),
        ({"remind_every": -7}, "how often"),
    ],
)
def test_a_round_refuses_what_makes_no_sense(dpo: User, school: School, values: dict, says_why: str) -> None:
    a_contact(a_pupil(school))
    with pytest.raises(Refused, match=says_why):
        opened(dpo, school, **values)


def test_one_round_at_a_time(dpo: User, school: School) -> None:
    a_contact(a_pupil(school))
    first = opened(dpo, school)
    with pytest.raises(Refused, match="open already"):
        opened(dpo, school)
    round_close(actor=dpo, round=first)
    assert opened(dpo, school).pk != first.pk


def test_without_anybody_to_ask_or_anything_to_ask_there_is_no_round(dpo: User, school: School) -> None:
    with pytest.raises(Refused, match="nobody to ask"):
        opened(dpo, school)
    a_contact(a_pupil(school))
    for purpose in Purpose.objects.filter(school=school):
        purpose_retire(actor=dpo, purpose=purpose)
    with pytest.raises(Refused, match="asks about nothing"):
        opened(dpo, school)


def test_where_permissions_are_not_recorded_there_is_no_round(clock: Clock) -> None:
    school = a_consent_school(preset="ravens-wood", consent_permission_record=False)[0]
    a_contact(a_pupil(school))
    with pytest.raises(Refused, match="permissions are not recorded"):
        opened(a_person("Hal Hill", Role.HEADTEACHER, school), school)


def test_while_a_setting_is_open_there_is_no_round(clock: Clock) -> None:
    school = a_school(preset="st-marys")
    with pytest.raises(Refused, match="not complete"):
        opened(a_person("Dee Dow", Role.DPO, school), school)


@pytest.mark.parametrize("role", [Role.STAFF, Role.HEAD_OF_COMMS, Role.GOVERNANCE, Role.DSL, Role.IT])
def test_who_may_not_ask_opens_reminds_and_closes_nothing(dpo: User, school: School, role: Role) -> None:
    a_contact(a_pupil(school))
    person = a_person("Nell Nye", role, school)
    with pytest.raises(PermissionDenied):
        opened(person, school)
    row = opened(dpo, school)
    for step in (round_remind, round_close):
        with pytest.raises(PermissionDenied):
            step(actor=person, round=row)
        with pytest.raises(PermissionDenied):
            step(actor=a_person("Ed East", Role.DPO, a_school()), round=row)


def test_whom_the_profile_names_as_keeper_may_ask(clock: Clock) -> None:
    school = a_consent_school(preset="st-marys")[0]
    consent_chosen(school, consent_keeper=["hr"])
    a_contact(a_pupil(school))
    assert opened(a_person("Hetty Ray", Role.HR, school), school)


def test_two_thousand_people_are_asked_in_a_few_queries(
    dpo: User, school: School, django_assert_max_num_queries
) -> None:
    """SQLite takes a thousand values a statement, so it needs the most."""
    many(school, 2000)
    with django_assert_max_num_queries(100):
        row = opened(dpo, school)
    assert row.asks.count() == Notice.objects.filter(kind="consent.asked").count() == 2000
    Ask.objects.update(written_at=timezone.now() - timedelta(days=9))
    with django_assert_max_num_queries(100):
        assert rounds_remind() == 1
    assert Notice.objects.filter(kind="consent.reminded").count() == 2000


def many(school: School, count: int) -> None:
    """Pupils with a contact each."""
    pupils = Pupil.objects.bulk_create([Pupil(school=school, first_name=f"P{n}") for n in range(count)])
    contacts = Contact.objects.bulk_create(
        [Contact(school=school, name=f"C{n}", email=f"c{n}@families.example") for n in range(count)]
    )
    Tie.objects.bulk_create([Tie(pupil=one, contact=two) for one, two in zip(pupils, contacts, strict=True)])


# Reminders


@pytest.fixture
def family(school: School) -> tuple[Pupil, Contact, Contact]:
    pupil = a_pupil(school)
    return pupil, a_contact(pupil), a_contact(pupil)


def reminders() -> list[int]:
    return list(Ask.objects.order_by("pk").values_list("reminders", flat=True))


def test_reminders_come_every_seven_days_and_never_twice(
    dpo: User, school: School, family: Any, clock: Clock
) -> None:
    _, mother, father = family
    opened(dpo, school)
    written_to()
    for day in range(1, 15):
        clock.at(TODAY + timedelta(days=day), hour=8)
        rounds_remind()
        rounds_remind()
        assert written_to() == (sorted([mother.email, father.email]) if day in (7, 14) else []), day
    assert verify().intact


def test_after_five_reminders_the_portal_is_silent(
    dpo: User, school: School, family: Any, clock: Clock
) -> None:
    opened(dpo, school, remind_every=3, answer_by=TODAY + timedelta(days=200))
    for day in range(60):
        clock.at(TODAY + timedelta(days=day))
        rounds_remind()
    assert reminders() == [MOST_REMINDERS] * 2
    assert Notice.objects.filter(kind="consent.reminded").count() == 2 * MOST_REMINDERS


@pytest.mark.parametrize(("after", "reminds"), [(14, True), (15, False)])
def test_reminders_end_two_weeks_after_the_last_day(
    dpo: User, school: School, family: Any, clock: Clock, after: int, reminds: bool
) -> None:
    row = opened(dpo, school, remind_every=28)
    clock.at(row.answer_by + timedelta(days=after))
    assert bool(rounds_remind()) == reminds


def test_nobody_is_reminded_of_a_round_that_wants_none_or_is_closed(
    dpo: User, school: School, family: Any, clock: Clock
) -> None:
    row = opened(dpo, school, remind_every=0)
    clock.after(10)
    assert not rounds_remind()
    Round.objects.update(remind_every=7)
    round_close(actor=dpo, round=row)
    assert not rounds_remind()
    with pytest.raises(Refused, match="closed"):
        round_remind(actor=dpo, round=row)
    with pytest.raises(Refused, match="closed meanwhile"):
        round_close(actor=dpo, round=row)


def test_once_one_parent_has_answered_the_other_is_not_reminded(
    dpo: User, school: School, family: Any, clock: Clock
) -> None:
    pupil, mother, _ = family
    sibling = a_pupil(school)
    Tie.objects.create(pupil=sibling, contact=mother, responsibility="yes")
    opened(dpo, school)
    written_to()
    says(pupil, True, mother)
    written_to()
    clock.after(7)
    rounds_remind()
    assert written_to() == [mother.email], "her other child lacks an answer"
    says(sibling, False, mother)
    written_to()
    clock.after(7)
    assert not rounds_remind()


def test_who_answers_before_the_mail_goes_out_is_not_written_to(
    dpo: User, school: School, family: Any
) -> None:
    pupil, mother, father = family
    opened(dpo, school)
    says(pupil, True, mother)
    assert father.email not in written_to()
    assert Notice.objects.filter(kind="consent.asked", dropped_at=None).count() == 0


def test_a_round_closed_before_the_mail_goes_out_writes_to_nobody(
    dpo: User, school: School, family: Any
) -> None:
    round_close(actor=dpo, round=opened(dpo, school))
    assert written_to() == []


def test_the_button_leaves_alone_who_was_written_to_within_three_days(
    dpo: User, school: School, family: Any, clock: Clock
) -> None:
    row = opened(dpo, school)
    done = round_remind(actor=dpo, round=row)
    assert (done.written, done.skipped) == (0, 2)
    Ask.objects.filter(contact=family[1]).update(written_at=timezone.now() - timedelta(days=3))
    done = round_remind(actor=dpo, round=row)
    assert (done.written, done.skipped) == (1, 1)
    done = round_remind(actor=dpo, round=row)
    assert (done.written, done.skipped) == (0, 2)
    assert Notice.objects.filter(kind="consent.reminded").count() == 1


def test_the_button_says_when_everybody_has_answered(dpo: User, school: School, family: Any) -> None:
    row = opened(dpo, school)
    says(family[0], True, family[1])
    with pytest.raises(Refused, match="has answered"):
        round_remind(actor=dpo, round=row)


def test_after_the_button_the_next_reminder_is_a_week_away(
    dpo: User, school: School, family: Any, clock: Clock
) -> None:
    row = opened(dpo, school)
    clock.after(6)
    assert round_remind(actor=dpo, round=row).written == 2
    clock.after(6)
    assert not rounds_remind()
    clock.after(1)
    assert rounds_remind()


def test_a_new_address_is_reminded_and_the_old_one_no_more(
    dpo: User, school: School, family: Any, clock: Clock
) -> None:
    _, mother, father = family
    row = opened(dpo, school)
    mother.email = "new@families.example"
    mother.save()
    assert written_to() == [father.email], "the mail to the old address is dropped"
    clock.after(7)
    rounds_remind()
    assert written_to() == sorted([father.email, "new@families.example"])
    assert address_of(row.asks.get(contact=mother).link) == "new@families.example"


def test_pupils_who_join_during_a_round_are_asked_for_once(
    dpo: User, school: School, family: Any, clock: Clock
) -> None:
    row = opened(dpo, school, remind_every=0)
    joiner = a_contact(a_pupil(school, joined_on=TODAY + timedelta(days=5)))
    assert rounds_remind() == 1
    assert rounds_remind() == 0
    assert row.asks.filter(contact=joiner).count() == 1


def test_a_round_ends_with_its_period(dpo: User, school: School, family: Any, clock: Clock) -> None:
    row = opened(dpo, school)
    clock.at(date(2027, 8, 31))
    assert not rounds_remind()
    clock.at(date(2027, 9, 1))
    assert rounds_remind()
    row.refresh_from_db()
    assert row.closed_at
    assert row.closed_by is None


def test_a_broken_round_does_not_hold_up_the_others(
    dpo: User, school: School, family: Any, clock: Clock
) -> None:
    other = a_consent_school(preset="st-marys")[0]
    a_contact(a_pupil(other))
    opened(dpo, school)
    opened(User.objects.get(memberships__school=other, memberships__role=Role.DPO), other)
    choose(GovernanceProfile.objects.get(school=school), consent_validity="nonsense")
    clock.after(7)
    assert rounds_remind() == 1
    assert Notice.objects.filter(kind="consent.reminded").count() == 1


# Mails that do not arrive


def test_what_could_not_be_delivered_is_known(dpo: User, school: School, family: Any) -> None:
    row = opened(dpo, school)
    asks = list(row.asks.all())
    assert failing(row.pk) == []
    assert set(problems_of(asks).values()) == {"Waits to be sent"}
    Notice.objects.filter(kind="consent.asked", address=family[1].email).update(
        last_error="SMTPRecipientsRefused"
    )
    written_to()
    Notice.objects.filter(kind="consent.asked", address=family[1].email).update(
        sent_at=None, last_error="SMTPRecipientsRefused"
    )
    bad = row.asks.get(contact=family[1])
    assert failing(row.pk) == [bad.pk]
    assert list(problems_of(asks)) == [bad.pk]
