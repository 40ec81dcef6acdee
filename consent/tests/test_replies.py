"""Answers enter the ledger: who may key them in, what they change, and what follows."""

import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from consent.ages import year_end
from consent.models import (
    Answer,
    Assessment,
    Channel,
    Effect,
    Medium,
    Position,
    PostSearch,
    Reply,
    ReplyWords,
    Round,
    Route,
    Says,
    Standing,
    Weight,
)
from consent.services import replies
from consent.services.purposes import Asked, purpose_add, purpose_retire, purpose_reword
from consent.services.replies import Said, reply_add, reply_key
from core.errors import Refused
from core.models import AuditEvent, Notice, Platform
from core.roles import Role
from smgov.testing import a_person
from smgov.testing_consent import a_consent_school, a_contact, a_pupil, says

pytestmark = pytest.mark.django_db


def kinds(reply: Reply) -> set[str]:
    return set(reply.answers.values_list("kind", flat=True))


def states(pupil) -> set[str]:
    return set(Position.objects.filter(pupil=pupil).values_list("says", flat=True))


def key(actor, pupil, answers, contact=None, **more):
    """Key in an answer through the service that asks the rules."""
    values = {"once": uuid.uuid4(), "route": Route.LETTER, "received_at": timezone.now(), **more}
    return reply_key(actor=actor, said=Said(pupil, answers, contact), **values)


@pytest.mark.clause("CIT-7.02", "STM-7.02", "CIT-7.08", "STM-7.07")
def test_yes_and_no_are_both_rows_of_the_record() -> None:
    school, (photos, videos, *_) = a_consent_school()
    pupil = a_pupil(school)
    mother = a_contact(pupil)
    reply = says(pupil, {photos: True, videos: False}, mother)
    lines = Answer.objects.filter(reply=reply).values_list("purpose", "allows", "kind")
    assert set(lines) == {(photos.pk, True, Effect.GIVEN), (videos.pk, False, Effect.REFUSED)}
    line = Answer.objects.get(reply=reply, purpose=photos)
    assert line.wording == photos.wordings.first()
    assert (reply.standing, reply.contact, reply.recorded_by.full_name) == ("parental", mother, "Olga Ott")


@pytest.mark.clause("STM-7.14", "CIT-7.09")
def test_a_part_may_be_taken_back_and_the_history_stays() -> None:
    school, purposes = a_consent_school(preset="st-marys")
    photos, videos = purposes
    pupil = a_pupil(school)
    mother = a_contact(pupil)
    says(pupil, True, mother)
    changed = says(pupil, {photos: True, videos: False}, mother)
    assert kinds(changed) == {Effect.GIVEN, Effect.WITHDRAWN}
    assert Answer.objects.filter(pupil=pupil).count() == 4
    assert Position.objects.get(pupil=pupil, purpose=photos).says == Says.YES
    assert Position.objects.get(pupil=pupil, purpose=videos).says == Says.NO
    assert kinds(says(pupil, {videos: True}, mother)) == {Effect.AMENDED}


@pytest.mark.clause("CIT-7.12", "STM-7.12", "CIT-7.13", "STM-7.13")
def test_withdrawal_counts_at_once_and_asks_whoever_keeps_the_accounts_to_look() -> None:
    school, _ = a_consent_school()
    comms = a_person("Cora Clay", Role.HEAD_OF_COMMS, school)
    pupil = a_pupil(school, "Ann Ash")
    mother = a_contact(pupil)
    says(pupil, True, mother)
    assert states(pupil) == {Says.YES}
    reply = says(pupil, False, mother)
    assert states(pupil) == {Says.NO}
    search = PostSearch.objects.get(pupil=pupil)
    assert (search.reply, search.why) == (reply, PostSearch.Why.WITHDRAWN)
    notice = Notice.objects.get(kind="consent.look_for_posts")
    assert notice.recipient == comms
    assert "Ann" not in notice.link


def test_without_a_head_of_communications_the_headteacher_is_asked_to_look() -> None:
    school, _ = a_consent_school()
    head = a_person("Bob Barnes", Role.HEADTEACHER, school)
    pupil = a_pupil(school)
    mother = a_contact(pupil)
    says(pupil, True, mother)
    says(pupil, False, mother)
    assert Notice.objects.get(kind="consent.look_for_posts").recipient == head


def test_a_first_refusal_asks_nobody_to_look_for_posts() -> None:
    school, _ = a_consent_school()
    pupil = a_pupil(school)
    says(pupil, False, a_contact(pupil))
    assert not PostSearch.objects.exists()


def test_a_second_parents_no_after_a_yes_asks_to_look() -> None:
    school, _ = a_consent_school()
    pupil = a_pupil(school)
    says(pupil, True, a_contact(pupil))
    says(pupil, False, a_contact(pupil, relationship="Father"))
    assert states(pupil) == {Says.SPLIT}
    assert PostSearch.objects.count() == 1


@pytest.mark.clause("RAV-9.03", "RAV-9.08")
def test_an_objection_under_an_opt_out_policy_asks_to_look() -> None:
    school, _ = a_consent_school(preset="ravens-wood")
    pupil = a_pupil(school)
    reply = says(pupil, False, a_contact(pupil), route=Route.TELEPHONE)
    assert kinds(reply) == {Effect.OBJECTION}
    assert states(pupil) == {Says.NO}
    assert PostSearch.objects.get().why == PostSearch.Why.OBJECTION


def test_taking_a_picture_inside_the_school_needs_no_search_for_posts() -> None:
    school, purposes = a_consent_school(preset="cbc")
    assert {one.channel for one in purposes} == {Channel.INSIDE}
    pupil = a_pupil(school)
    mother = a_contact(pupil)
    says(pupil, True, mother)
    says(pupil, False, mother)
    assert not PostSearch.objects.exists()


@pytest.mark.clause("CIT-7.10", "STM-7.10")
def test_a_telephone_call_is_noted_and_does_not_count_where_the_policy_wants_writing() -> None:
    school, _ = a_consent_school()
    pupil = a_pupil(school)
    mother = a_contact(pupil)
    says(pupil, True, mother)
    call = says(pupil, False, mother, route=Route.TELEPHONE)
    assert call.weight == Weight.NOTED
    assert states(pupil) == {Says.YES}
    for route in (Route.EMAIL, Route.LETTER, Route.PAPER, Route.LINK):
        assert says(pupil, False, mother, route=route).weight == Weight.COUNTS


@pytest.mark.clause("CIT-7.09", "STM-7.09")
def test_a_pupil_of_twelve_may_withdraw_but_not_consent() -> None:
    school, _ = a_consent_school(preset="st-marys")
    pupil = a_pupil(school)
    assert says(pupil, True).standing == Standing.PUPIL
    assert states(pupil) == {Says.NOTHING}
    says(pupil, True, a_contact(pupil))
    says(pupil, False)
    assert states(pupil) == {Says.SPLIT}


@pytest.mark.clause("STM-7.06", "CIT-7.07")
def test_an_answer_of_unknown_responsibility_waits_for_the_office() -> None:
    school, _ = a_consent_school()
    office = a_person("Olga Ott", Role.OFFICE, school)
    pupil = a_pupil(school)
    uncle = a_contact(pupil, responsibility="unknown")
    reply = says(pupil, True, uncle, route=Route.LINK)
    assert (reply.weight, states(pupil)) == (Weight.TO_CHECK, {Says.HELD})
    assert Notice.objects.get(kind="consent.to_check").recipient == office
    says(pupil, False, uncle, route=Route.LINK)
    assert states(pupil) == {Says.NO}, "a no is respected at once"


@pytest.mark.clause("CIT-7.06")
def test_at_18_only_the_pupil_answers() -> None:
    school, _ = a_consent_school()
    today = timezone.localdate()
    pupil = a_pupil(school, born=today.replace(year=today.year - 18, day=min(today.day, 28)))
    mother = a_contact(pupil)
    with pytest.raises(Refused, match="answers for themselves"):
        says(pupil, True, mother)
    assert says(pupil, True).standing == Standing.ADULT
    assert states(pupil) == {Says.YES}
    assert not Reply.objects.filter(contact=mother).exists()


@pytest.mark.clause("CIT-7.07")
def test_for_a_pupil_of_18_who_does_not_understand_the_capacity_is_recorded() -> None:
    school, _ = a_consent_school()
    pupil = a_pupil(school, born=timezone.localdate() - timedelta(days=19 * 366))
    dpo = a_person("Dan", Role.DPO, school)
    Assessment.objects.create(pupil=pupil, competent=False, assessed_on=timezone.localdate(), by=dpo)
    assert says(pupil, True, a_contact(pupil)).standing == Standing.FOR_ADULT
    assert states(pupil) == {Says.YES}
    assert says(pupil, False).standing == Standing.PUPIL
    assert states(pupil) == {Says.SPLIT}


@pytest.mark.clause("CIT-7.01")
def test_consent_does_not_travel_to_another_school() -> None:
    here, _ = a_consent_school()
    there, elsewhere = a_consent_school()
    pupil = a_pupil(here)
    mother = a_contact(pupil)
    with pytest.raises(Refused, match="questions have changed"):
        says(pupil, dict.fromkeys(elsewhere, True), mother)
    same_child = a_pupil(there, upn="", local_id="7")
    with pytest.raises(Refused, match="no contact of the pupil"):
        says(same_child, True, mother)


def test_the_same_form_sent_five_times_is_one_reply() -> None:
    school, (photos, *_) = a_consent_school()
    office = a_person("Olga Ott", Role.OFFICE, school)
    pupil = a_pupil(school)
    mother, once = a_contact(pupil), uuid.uuid4()
    for _ in range(5):
        key(office, pupil, {photos.pk: True}, mother, once=once)
    assert Reply.objects.count() == 1
    assert AuditEvent.objects.filter(action="consent.reply_recorded").count() == 1


def test_the_same_form_with_other_answers_or_for_another_pupil_is_refused() -> None:
    school, (photos, *_) = a_consent_school()
    office = a_person("Olga Ott", Role.OFFICE, school)
    pupil, other = a_pupil(school), a_pupil(school)
    mother, once = a_contact(pupil, other), uuid.uuid4()
    key(office, pupil, {photos.pk: True}, mother, once=once)
    for again in ((pupil, {photos.pk: False}), (other, {photos.pk: True})):
        with pytest.raises(Refused, match="sent before with other answers"):
            key(office, *again, mother, once=once)
    assert Reply.objects.count() == 1


@pytest.mark.parametrize("role", [r for r in Role if r not in (Role.OFFICE, Role.DPO)])
def test_only_who_keeps_the_record_keys_answers_in(role: str) -> None:
    school, (photos, *_) = a_consent_school()
    pupil = a_pupil(school)
    with pytest.raises(PermissionDenied):
        key(a_person("Some One", role, school), pupil, {photos.pk: True}, a_contact(pupil))


def test_the_office_of_another_school_keys_nothing_in() -> None:
    school, (photos, *_) = a_consent_school()
    other, _ = a_consent_school()
    pupil = a_pupil(school)
    with pytest.raises(PermissionDenied):
        key(a_person("Olga", Role.OFFICE, other), pupil, {photos.pk: True}, a_contact(pupil))


@pytest.mark.clause("STM-7.08")
def test_the_keeper_whom_the_profile_names_keys_answers_in() -> None:
    school, (photos, *_) = a_consent_school(consent_keeper=["senior_leader/business_manager"])
    pupil = a_pupil(school)
    keeper = a_person("Kim Keep", Role.SENIOR_LEADER, school, post="business_manager")
    assert key(keeper, pupil, {photos.pk: True}, a_contact(pupil)).recorded_by == keeper
    plain = a_person("Lee Lead", Role.SENIOR_LEADER, school)
    with pytest.raises(PermissionDenied):
        key(plain, pupil, {photos.pk: True}, a_contact(pupil))


def test_an_answer_from_tomorrow_is_refused() -> None:
    school, (photos, *_) = a_consent_school()
    office = a_person("Olga", Role.OFFICE, school)
    pupil = a_pupil(school)
    with pytest.raises(Refused, match="not in the future"):
        key(
            office, pupil, {photos.pk: True}, a_contact(pupil), received_at=timezone.now() + timedelta(days=1)
        )


def test_nothing_answered_or_something_that_is_not_asked_any_more_is_refused() -> None:
    school, (photos, videos, *_) = a_consent_school()
    pupil = a_pupil(school)
    mother = a_contact(pupil)
    with pytest.raises(Refused, match="at least one"):
        says(pupil, {}, mother)
    purpose_retire(actor=photos.created_by, purpose=photos)
    with pytest.raises(Refused, match="questions have changed"):
        says(pupil, {photos: True, videos: True}, mother)
    assert not Reply.objects.exists()


def test_words_that_were_not_shown_are_not_agreed_to() -> None:
    school, (photos, videos, *_) = a_consent_school()
    pupil = a_pupil(school)
    mother = a_contact(pupil)
    old = photos.wordings.first()
    purpose_reword(actor=photos.created_by, purpose=photos, text="May we show your child?", number=1)
    with pytest.raises(Refused, match="questions have changed"):
        says(pupil, {photos: True}, mother, wordings={photos.pk: videos.wordings.first().pk})
    agreed = says(pupil, {photos: True}, mother, wordings={photos.pk: old.pk})
    assert agreed.answers.get().wording == old, "what they saw is what they agreed to"


def test_free_words_are_kept_apart_from_the_ledger() -> None:
    school, _ = a_consent_school()
    pupil = a_pupil(school)
    reply = says(pupil, True, a_contact(pupil), words="Please ask me first")
    assert ReplyWords.objects.get(reply=reply).text == "Please ask me first"


def test_a_reply_that_fails_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    school, (photos, *_) = a_consent_school()
    pupil = a_pupil(school)
    mother = a_contact(pupil)

    def fails(*_) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(replies, "_tell", fails)
    with pytest.raises(RuntimeError):
        says(pupil, {photos: True}, mother)
    assert not any(model.objects.exists() for model in (Reply, Answer, Position))
    assert not AuditEvent.objects.filter(action="consent.reply_recorded").exists()


def test_the_history_and_the_notices_name_no_pupil() -> None:
    school, _ = a_consent_school()
    a_person("Cora", Role.HEAD_OF_COMMS, school)
    pupil = a_pupil(school, "Zebedee Quark")
    mother = a_contact(pupil, name="Mother Quark")
    says(pupil, True, mother, words="call me")
    says(pupil, False, mother)
    written = [str(row) for row in AuditEvent.objects.values_list("data", flat=True)]
    written += [str(row) for row in Notice.objects.values_list("link", "key")]
    assert not [text for text in written if "Quark" in text or "Zebedee" in text or "call me" in text]


def test_without_an_actor_an_answer_comes_by_link_alone() -> None:
    school, (photos, *_) = a_consent_school()
    pupil = a_pupil(school)
    said = Said(pupil, {photos.pk: True}, a_contact(pupil))
    with pytest.raises(IntegrityError), transaction.atomic():
        reply_add(said=said, once=uuid.uuid4(), route=Route.PAPER, received_at=timezone.now())


@pytest.mark.clause("CIT-7.13", "STM-7.13")
def test_a_no_after_the_yes_has_run_out_still_asks_to_look_for_posts() -> None:
    school, _ = a_consent_school(preset="st-marys")
    pupil = a_pupil(school)
    mother = a_contact(pupil)
    says(pupil, True, mother, at=timezone.now() - timedelta(days=500))
    assert Position.objects.filter(pupil=pupil, says=Says.YES).count() == 0
    says(pupil, False, mother)
    assert PostSearch.objects.count() == 1
    says(pupil, False, a_contact(pupil))
    assert PostSearch.objects.count() == 1, "somebody has been asked since the last yes"


def test_a_no_to_one_platform_that_a_general_yes_covered_asks_to_look() -> None:
    school, (photos, *_) = a_consent_school()
    platform = Platform.objects.get(slug="instagram")
    asked = Asked(Medium.IMAGE, Channel.PLATFORM, platform)
    exact = purpose_add(actor=photos.created_by, school=school, asked=asked)
    pupil = a_pupil(school)
    mother = a_contact(pupil)
    says(pupil, {photos: True}, mother)
    says(pupil, {exact: False}, mother)
    assert PostSearch.objects.count() == 1


def test_a_paper_from_before_the_round_is_of_its_own_year() -> None:
    school, _ = a_consent_school(preset="st-marys")
    office = a_person("Olga Ott", Role.OFFICE, school)
    pupil = a_pupil(school)
    until = year_end(timezone.localdate() + timedelta(days=366), 9)
    Round.objects.create(
        once=uuid.uuid4(),
        school=school,
        title="Next",
        until=until,
        opened_by=office,
        answer_by=timezone.localdate(),
    )
    old = timezone.now() - timedelta(days=20)
    late = says(pupil, True, a_contact(pupil), at=old).answers.first()
    assert late.valid_until == year_end(timezone.localdate(old), 9)
    assert says(pupil, True, a_contact(pupil)).answers.first().valid_until == until


def test_a_paper_from_before_the_birthday_is_that_of_a_child() -> None:
    school, _ = a_consent_school()
    pupil = a_pupil(school, born=eighteen_years_ago() + timedelta(days=-10))
    before = timezone.now() - timedelta(days=60)
    assert says(pupil, True, at=before).standing == Standing.PUPIL
    assert says(pupil, True, a_contact(pupil), at=before).standing == Standing.PARENTAL
    assert says(pupil, True).standing == Standing.ADULT


def eighteen_years_ago():
    today = timezone.localdate()
    return today.replace(year=today.year - 18, day=min(today.day, 28))
