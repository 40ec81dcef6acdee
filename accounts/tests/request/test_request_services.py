"""accounts.services.requests: start, save, send, put aside, take back."""

import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.models import AccountRequest
from accounts.services.requests import (
    answers_save,
    may_apply,
    request_discard,
    request_send,
    request_start,
    request_take_back,
    why_closed,
)
from accounts.tests.request.conftest import url
from approvals.models import ApprovalRequest, Decision
from core.errors import Refused
from core.models import AuditEvent, Notice
from core.roles import Post, Role
from people.models import Membership
from people.selectors import profile_of
from smgov.testing import a_draft, a_person, a_school, choose, decide, give, people_of, submitted


def start(actor, school, **more) -> AccountRequest:
    return request_start(actor=actor, school=school, once=more.pop("once", uuid.uuid4()), **more)


def test_the_form_is_that_of_the_schools_profile(cast, stm, rav):
    assert start(cast.alice, cast.hilltop).form == "cit"
    assert start(stm.tess, stm.school).form == "st_marys"
    assert start(rav.rory, rav.school).form == "ravens_wood"


def test_the_same_page_sent_five_times_starts_one_draft(cast):
    once = uuid.uuid4()
    assert len({start(cast.alice, cast.hilltop, once=once).pk for _ in range(5)}) == 1
    assert AuditEvent.objects.filter(action="accounts.request_started").count() == 1


def test_a_page_of_somebody_else_is_refused_in_words(cast):
    once = uuid.uuid4()
    start(cast.alice, cast.hilltop, once=once)
    with pytest.raises(Refused, match="out of date"):
        start(cast.bob, cast.hilltop, once=once)


@pytest.mark.clause("RAV-3.02", "RAV-3.11")
def test_at_ravens_wood_a_volunteer_may_present_a_plan(rav):
    assert start(rav.una, rav.school).requested_by == rav.una


def test_elsewhere_staff_alone_may_and_the_refusal_says_so(cast, stm):
    vic = a_person("Vic Vane", Role.CONTRIBUTOR, cast.hilltop)
    for actor, school in ((vic, cast.hilltop), (stm.pat, stm.school)):
        with pytest.raises(Refused, match="does not let people in your role"):
            start(actor, school)


@pytest.mark.clause("STM-3.01")
def test_every_employed_role_counts_as_staff(stm):
    profile = profile_of(stm.school)
    for role, post in [
        (Role.HEADTEACHER, ""),
        (Role.OFFICE, Post.OFFICE_MANAGER),
        (Role.DSL, ""),
        (Role.IT, ""),
    ]:
        person = a_person("Any Body", role, stm.school, post=post)
        assert may_apply(person, stm.school, profile)
    assert not may_apply(a_person("Gov Ernor", Role.GOVERNANCE, stm.school), stm.school, profile)


def test_a_governor_and_a_stranger_may_not_start_at_all(cast):
    for person in (cast.chair, cast.eve):
        with pytest.raises(PermissionDenied):
            start(person, cast.hilltop)


def test_a_school_without_a_process_says_what_must_be_chosen(db):
    school = a_school("Beck", preset="beckstone", account_chain=None, account_form=None)
    closed = why_closed(profile_of(school))
    assert "approval of a new account" in closed
    assert "application form" in closed
    bea = a_person("Bea Cole", Role.STAFF, school)
    with pytest.raises(Refused, match="has not yet chosen"):
        start(bea, school)


def test_answers_are_saved_complete_or_not_and_recorded_by_name(cast):
    row = start(cast.alice, cast.hilltop)
    answers_save(actor=cast.alice, request=row, values={"name": "Year 6"}, people={"posters": [cast.dan]})
    row.refresh_from_db()
    assert row.name == "Year 6"
    assert people_of(row) == [("Dan Dale", "poster")]
    event = AuditEvent.objects.get(action="accounts.request_saved")
    assert event.data == {"fields": ["name", "posters"]}


def test_saving_the_same_again_changes_and_records_nothing(cast):
    row = a_draft(cast.alice, cast.hilltop)
    before = AccountRequest.objects.get(pk=row.pk).changed_at
    events = AuditEvent.objects.count()
    answers_save(actor=cast.alice, request=row, values={"name": row.name}, people={})
    assert AccountRequest.objects.get(pk=row.pk).changed_at == before
    assert AuditEvent.objects.count() == events


def test_the_order_of_people_is_kept_and_nobody_stands_twice(cast):
    row = start(cast.alice, cast.hilltop)
    answers_save(
        actor=cast.alice, request=row, values={}, people={"administrators": [cast.dan, cast.alice, cast.dan]}
    )
    assert [name for name, _ in people_of(row)] == ["Alice Archer", "Dan Dale"]
    assert list(row.proposed_people.order_by("pk").values_list("user", flat=True)) == [
        cast.dan.pk,
        cast.alice.pk,
    ]


def test_only_answers_can_be_saved(cast, stm):
    row = start(cast.alice, cast.hilltop)
    for field in ("school", "requested_by", "approval", "form", "discarded_at", "pk"):
        with pytest.raises(KeyError):
            answers_save(actor=cast.alice, request=row, values={field: stm.school}, people={})


def test_nobody_but_the_author_saves_sends_or_puts_aside(cast):
    row = a_draft(cast.alice, cast.hilltop)
    for person in (cast.bob, cast.cora, cast.eve):
        with pytest.raises(PermissionDenied):
            answers_save(actor=person, request=row, values={"name": "Mine"}, people={})
        with pytest.raises(PermissionDenied):
            request_send(actor=person, request=row)
        with pytest.raises(PermissionDenied):
            request_discard(actor=person, request=row)


def test_an_author_who_left_no_longer_changes_it(cast):
    row = a_draft(cast.alice, cast.hilltop)
    Membership.objects.filter(user=cast.alice).update(ended_at=timezone.now())
    with pytest.raises(PermissionDenied):
        request_send(actor=cast.alice, request=row)


def test_an_author_who_moved_to_another_school_neither_reads_nor_changes_it(client, cast):
    row = a_draft(cast.alice, cast.hilltop)
    Membership.objects.filter(user=cast.alice).update(ended_at=timezone.now())
    give(cast.alice, Role.STAFF, cast.otherplace)
    with pytest.raises(PermissionDenied):
        request_send(actor=cast.alice, request=row)
    client.force_login(cast.alice)
    assert client.get(url("detail", row)).status_code == 404
    assert client.get(url("section", row, "account")).status_code == 404


def test_sending_freezes_the_answers_and_tells_the_first_signer(stm):
    row = a_draft(stm.tess, stm.school)
    approval = request_send(actor=stm.tess, request=row)
    assert approval.title == "New account: Year 6 at Hilltop"
    assert approval.rounds.get().snapshot["form"] == "st_marys"
    assert [step.title for step in approval.steps.all()] == ["Marketing officer", "Headteacher"]
    assert [n.recipient for n in Notice.objects.filter(kind="approvals.to_sign")] == [stm.moira]


def test_with_something_missing_nothing_is_sent(stm):
    row = a_draft(stm.tess, stm.school, aims="", host="")
    with pytest.raises(Refused, match=r"Some answers are missing .*Enter who will host"):
        request_send(actor=stm.tess, request=row)
    assert not ApprovalRequest.objects.exists()


@pytest.mark.clause("STM-15.24")
def test_a_draft_left_until_its_day_has_passed_cannot_be_sent(stm):
    row = a_draft(stm.tess, stm.school)
    AccountRequest.objects.filter(pk=row.pk).update(go_live_on=timezone.localdate() - timedelta(days=1))
    with pytest.raises(Refused, match="today or later"):
        request_send(actor=stm.tess, request=row)


def test_a_step_that_nobody_but_the_author_could_sign_stops_it(db):
    school = a_school("Lone", preset="st-marys")
    hetty = a_person("Hetty Thorne", Role.HEADTEACHER, school)
    a_person("Moira Marsh", Role.HEAD_OF_COMMS, school)
    row = a_draft(hetty, school)
    with pytest.raises(Refused, match="Nobody could sign as Headteacher"):
        request_send(actor=hetty, request=row)


def test_a_policy_that_changed_meanwhile_stops_it(stm):
    row = a_draft(stm.tess, stm.school)
    choose(stm.school.profile, applicants=["headteacher"])
    with pytest.raises(Refused, match="no longer lets people in your role"):
        request_send(actor=stm.tess, request=row)


def test_five_pages_opened_before_send_it_once(cast):
    row = a_draft(cast.alice, cast.hilltop)
    pages = [AccountRequest.objects.get(pk=row.pk) for _ in range(5)]
    request_send(actor=cast.alice, request=pages[0])
    for page in pages[1:]:
        with pytest.raises(Refused, match="sent already"):
            request_send(actor=cast.alice, request=page)
    assert ApprovalRequest.objects.count() == 1


def test_a_sent_request_is_closed_to_its_author(cast):
    row = AccountRequest.objects.get(approval=submitted(cast.alice, cast.hilltop))
    with pytest.raises(Refused, match="can no longer be changed"):
        answers_save(actor=cast.alice, request=row, values={"name": "Other"}, people={})
    with pytest.raises(Refused, match="Only a draft"):
        request_discard(actor=cast.alice, request=row)


def test_a_returned_request_is_changed_and_sent_again_in_a_second_round(cast):
    approval = submitted(cast.alice, cast.hilltop)
    row = AccountRequest.objects.get(approval=approval)
    decide(approval, cast.bob, Decision.Outcome.RETURNED, "Who covers in the holidays?")
    row = AccountRequest.objects.get(pk=row.pk)
    answers_save(
        actor=cast.alice, request=row, values={"effort": "Two hours, Dan in the holidays"}, people={}
    )
    again = request_send(actor=cast.alice, request=AccountRequest.objects.get(pk=row.pk))
    assert (again.pk, again.round, again.status) == (approval.pk, 2, "pending")
    old, new = again.rounds.all()
    assert old.hash != new.hash


def test_a_discarded_draft_stays_and_can_neither_be_sent_nor_changed(cast):
    row = a_draft(cast.alice, cast.hilltop)
    request_discard(actor=cast.alice, request=row)
    row.refresh_from_db()
    assert row.status == "discarded"
    with pytest.raises(Refused):
        request_send(actor=cast.alice, request=row)
    with pytest.raises(Refused):
        answers_save(actor=cast.alice, request=row, values={"name": "x"}, people={})


def test_a_request_is_taken_back_by_its_author_alone(cast):
    row = AccountRequest.objects.get(approval=submitted(cast.alice, cast.hilltop))
    with pytest.raises(PermissionDenied):
        request_take_back(actor=cast.bob, request=row)
    request_take_back(actor=cast.alice, request=row)
    row.approval.refresh_from_db()
    assert row.approval.status == "withdrawn"
    with pytest.raises(Refused, match="no longer possible"):
        request_take_back(actor=cast.alice, request=row)


def test_a_draft_is_put_aside_and_not_withdrawn(cast):
    with pytest.raises(Refused, match="Discard"):
        request_take_back(actor=cast.alice, request=a_draft(cast.alice, cast.hilltop))


def test_a_new_draft_may_take_over_the_answers_of_one_that_came_to_nothing(cast):
    approval = submitted(cast.alice, cast.hilltop, posters=[cast.dan])
    decide(approval, cast.bob, Decision.Outcome.REFUSED, "Not now")
    old = AccountRequest.objects.get(approval=approval)
    new = start(cast.alice, cast.hilltop, copy_of=old)
    assert (new.status, new.name, new.audience, new.platform) == (
        "draft",
        old.name,
        old.audience,
        old.platform,
    )
    assert people_of(new) == people_of(old)
    old.refresh_from_db()
    assert old.status == "refused"


def test_nobody_takes_over_the_answers_of_others(cast):
    old = a_draft(cast.alice, cast.hilltop)
    with pytest.raises(PermissionDenied):
        start(cast.bob, cast.hilltop, copy_of=old)
