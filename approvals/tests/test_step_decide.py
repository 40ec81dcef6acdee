"""One decision: who, when, in which order, with what effect."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.models import AccountRequest, SocialAccount
from accounts.services import requests
from accounts.services.rights import rights_ask
from approvals.models import ApprovalRequest, ApprovalStep, Decision
from approvals.services import request_withdraw
from core import audit
from core.errors import Refused, Stale
from core.models import Notice
from core.roles import Post, Role
from people.models import Deputy
from people.services.deputies import deputy_appoint
from smgov.testing import a_cit_trust, a_person, a_school, choose, decide, give, submitted

pytestmark = pytest.mark.django_db
YES, BACK, NO = Decision.Outcome.APPROVED, Decision.Outcome.RETURNED, Decision.Outcome.REFUSED


def status(request: ApprovalRequest) -> str:
    request.refresh_from_db()
    return request.status


@pytest.mark.clause("CIT-3.01", "CIT-2.44")
def test_headteacher_then_head_of_communications_approve_an_account() -> None:
    cast = a_cit_trust()
    request = submitted(cast.alice, cast.hilltop)
    with pytest.raises(PermissionDenied):
        decide(request, cast.cora)  # not her turn
    decide(request, cast.bob)
    assert status(request) == "pending"
    assert not SocialAccount.objects.exists()
    decide(request, cast.cora)
    assert status(request) == "approved"
    assert SocialAccount.objects.get().status == "approved"


@pytest.mark.clause("STM-15.29", "STM-15.01", "STM-15.28", "STM-3.01", "STM-15.30", "STM-15.34")
def test_marketing_officer_signs_before_the_headteacher_at_st_marys() -> None:
    school = a_school(preset="st-marys")
    tess, mo = a_person("Tess Thorn", Role.STAFF, school), a_person("Mo Moss", Role.HEAD_OF_COMMS, school)
    head = a_person("Hal Hill", Role.HEADTEACHER, school)
    request = submitted(tess, school)
    with pytest.raises(PermissionDenied):
        decide(request, head)
    decide(request, mo)
    assert not SocialAccount.objects.exists()
    decide(request, head)
    assert status(request) == "approved"
    assert "brand" in Decision.objects.first().signature.declaration


@pytest.mark.clause("STM-15.31", "STM-15.32", "STM-15.33", "STM-15.35", "STM-15.36", "STM-15.37")
def test_a_signature_holds_name_declaration_and_the_servers_time() -> None:
    school = a_school(preset="st-marys")
    tess, mo = a_person("Tess Thorn", Role.STAFF, school), a_person("Mo Moss", Role.HEAD_OF_COMMS, school)
    a_person("Hal Hill", Role.HEADTEACHER, school)
    request = submitted(tess, school)
    decision = decide(request, mo, typed_name="  mo   MOSS ")
    assert decision.signature.user == mo
    assert decision.signature.typed_name == "mo MOSS"
    assert decision.signature.at == decision.at
    assert decision.subject_hash == decision.signature.content_hash == request.rounds.get().hash


def test_a_wrong_name_is_no_signature() -> None:
    cast = a_cit_trust()
    request = submitted(cast.alice, cast.hilltop)
    with pytest.raises(Refused, match="Bob Barnes") as caught:
        decide(request, cast.bob, typed_name="Bob")
    assert caught.value.field == "typed_name"
    assert not Decision.objects.exists()


@pytest.mark.clause("RAV-2.07", "RAV-3.08", "RAV-2.06")
def test_ravens_woods_plan_goes_to_the_moderator_then_the_business_manager() -> None:
    school = a_school(preset="ravens-wood")
    vera = a_person("Vera Vole", Role.CONTRIBUTOR, school)
    tess = a_person("Tess Thorn", Role.STAFF, school)
    mod = a_person("Mo Moss", Role.HEAD_OF_COMMS, school)
    slt = a_person("Sid Slate", Role.SENIOR_LEADER, school)
    manager = a_person("Bea Bloom", Role.SENIOR_LEADER, school, post=Post.BUSINESS_MANAGER)
    request = submitted(vera, school, lead=[tess], administrators=[tess])
    decide(request, mod)
    with pytest.raises(PermissionDenied):
        decide(request, slt)
    decide(request, manager)
    assert status(request) == "approved"


def test_nobody_signs_their_own_request() -> None:
    cast = a_cit_trust()
    give(cast.alice, Role.HEADTEACHER, cast.hilltop)  # two headteachers for a while
    request = submitted(cast.alice, cast.hilltop)
    with pytest.raises(Refused, match="asked for it"):
        decide(request, cast.alice)
    decide(request, cast.bob)


def test_nobody_signs_two_steps_of_one_request() -> None:
    cast = a_cit_trust()
    give(cast.bob, Role.HEAD_OF_COMMS, cast.hilltop)
    request = submitted(cast.alice, cast.hilltop)
    decide(request, cast.bob)
    with pytest.raises(Refused, match="signed it"):
        decide(request, cast.bob)
    decide(request, cast.cora)
    assert status(request) == "approved"


def test_a_headteacher_who_applies_is_decided_by_the_chair() -> None:
    cast = a_cit_trust()
    request = submitted(cast.bob, cast.hilltop)
    with pytest.raises(Refused):
        decide(request, cast.bob)
    decision = decide(request, cast.chair)
    assert "Chair" in decision.capacity
    decide(request, cast.cora)
    assert status(request) == "approved"


def test_the_deputy_comes_before_the_chair() -> None:
    cast = a_cit_trust()
    deputy_appoint(actor=cast.bob, person=cast.bob, deputy=cast.dan, school=cast.hilltop, **_days())
    request = submitted(cast.bob, cast.hilltop)
    with pytest.raises(PermissionDenied):
        decide(request, cast.chair)
    decision = decide(request, cast.dan)
    assert decision.acting_for == cast.bob


def _days() -> dict:
    return {"starts": timezone.localdate(), "ends": timezone.localdate() + timedelta(days=3)}


def test_a_deputy_signs_for_an_absent_headteacher_and_is_recorded_as_such() -> None:
    cast = a_cit_trust()
    deputy_appoint(actor=cast.bob, person=cast.bob, deputy=cast.dan, school=cast.hilltop, **_days())
    request = submitted(cast.alice, cast.hilltop)
    decision = decide(request, cast.dan)
    assert (decision.decided_by, decision.acting_for) == (cast.dan, cast.bob)
    assert "Deputy" in decision.capacity


def test_an_ended_deputy_signs_no_more() -> None:
    cast = a_cit_trust()
    deputy_appoint(actor=cast.bob, person=cast.bob, deputy=cast.dan, school=cast.hilltop, **_days())
    request = submitted(cast.alice, cast.hilltop)
    Deputy.objects.update(ended_at="2026-01-01T00:00Z")
    with pytest.raises(PermissionDenied):
        decide(request, cast.dan)


def test_a_deputy_does_not_sign_their_own_request() -> None:
    cast = a_cit_trust()
    deputy_appoint(actor=cast.bob, person=cast.bob, deputy=cast.alice, school=cast.hilltop, **_days())
    request = submitted(cast.alice, cast.hilltop)
    with pytest.raises(Refused):
        decide(request, cast.alice)


def test_another_schools_headteacher_does_not_sign() -> None:
    cast = a_cit_trust()
    stranger = a_person("Otto Oak", Role.HEADTEACHER, cast.otherplace)
    request = submitted(cast.alice, cast.hilltop)
    with pytest.raises(PermissionDenied):
        decide(request, stranger)


def test_a_stale_page_decides_nothing() -> None:
    cast = a_cit_trust()
    request = submitted(cast.alice, cast.hilltop)
    first = request.steps.get(order=1)
    decide(request, cast.bob)
    with pytest.raises(Stale):
        decide(request, cast.cora, expected_step=first.pk)
    with pytest.raises(Stale):
        decide(request, cast.cora, expected_hash="0" * 64)
    assert status(request) == "pending"


def test_returning_and_refusing_need_reasons() -> None:
    cast = a_cit_trust()
    request = submitted(cast.alice, cast.hilltop)
    for outcome in (BACK, NO):
        with pytest.raises(Refused) as caught:
            decide(request, cast.bob, outcome, reasons="  ")
        assert caught.value.field == "reasons"


def test_an_unknown_outcome_is_refused() -> None:
    cast = a_cit_trust()
    request = submitted(cast.alice, cast.hilltop)
    with pytest.raises(Refused):
        decide(request, cast.bob, "granted")


@pytest.mark.clause("RAV-3.08")
def test_a_refusal_keeps_its_reason_and_ends_the_request() -> None:
    cast = a_cit_trust()
    request = submitted(cast.alice, cast.hilltop)
    decide(request, cast.bob, NO, reasons="We have one already.")
    assert status(request) == "refused"
    assert Decision.objects.get().reasons == "We have one already."
    with pytest.raises(Stale):
        decide(request, cast.cora)
    with pytest.raises(Stale):
        request_withdraw(actor=cast.alice, request=request)


def test_a_returned_request_is_changed_and_all_sign_anew() -> None:
    cast = a_cit_trust()
    request = submitted(cast.alice, cast.hilltop)
    decide(request, cast.bob)
    decide(request, cast.cora, BACK, reasons="Who answers at weekends?")
    assert status(request) == "returned"
    row = AccountRequest.objects.get(approval=request)
    requests.answers_save(
        actor=cast.alice, request=row, values={"engagement": "Answered on school days"}, people={}
    )
    requests.request_send(actor=cast.alice, request=row)
    assert status(request) == "pending"
    assert request.round == 2
    with pytest.raises(PermissionDenied):
        decide(request, cast.cora)  # the headteacher's first signature is void
    decide(request, cast.bob)
    decide(request, cast.cora)
    assert status(request) == "approved"
    assert Decision.objects.count() == 4


def test_a_submitted_request_cannot_be_changed_under_a_signer() -> None:
    cast = a_cit_trust()
    request = submitted(cast.alice, cast.hilltop)
    row = AccountRequest.objects.get(approval=request)
    with pytest.raises(Refused):
        requests.answers_save(actor=cast.alice, request=row, values={"aims": "Something else"}, people={})


def test_the_chain_is_frozen_at_submission() -> None:
    cast = a_cit_trust()
    request = submitted(cast.alice, cast.hilltop)
    choose(cast.hilltop.profile, account_chain=[{"role": "head_of_comms"}])
    assert [step.role for step in request.steps.all()] == ["headteacher", "head_of_comms"]
    assert [step.role for step in submitted(cast.alice, cast.hilltop).steps.all()] == ["head_of_comms"]


def test_a_step_that_needs_all_waits_for_all() -> None:
    cast = a_cit_trust()
    choose(cast.hilltop.profile, account_chain=[{"role": "headteacher", "needed": "all"}])
    second = a_person("Hetty Hope", Role.HEADTEACHER, cast.hilltop)
    request = submitted(cast.alice, cast.hilltop)
    decide(request, cast.bob)
    assert status(request) == "pending"
    decide(request, second)
    assert status(request) == "approved"


def test_a_request_that_nobody_could_sign_is_not_accepted() -> None:
    school = a_school(preset="cit")
    lone = a_person("Lou Lone", Role.HEADTEACHER, school)
    a_person("Cas Clay", Role.HEAD_OF_COMMS, school)
    with pytest.raises(Refused, match="Nobody could sign"):
        submitted(lone, school)
    assert not ApprovalRequest.objects.exists()


def test_the_signers_are_told_in_turn_and_once() -> None:
    cast = a_cit_trust()
    request = submitted(cast.alice, cast.hilltop)
    told = Notice.objects.filter(kind="approvals.to_sign")
    assert [n.recipient for n in told] == [cast.bob]
    decide(request, cast.bob)
    assert {n.recipient for n in told.all()} == {cast.bob, cast.cora}
    decide(request, cast.cora)
    assert Notice.objects.filter(kind="approvals.decided", recipient=cast.alice).count() == 1


def test_every_move_stands_in_the_audit_chain() -> None:
    cast = a_cit_trust()
    request = submitted(cast.alice, cast.hilltop)
    decide(request, cast.bob)
    decide(request, cast.cora)
    actions = [event.action for event in audit.history_of(request)]
    assert actions == ["approvals.submitted", "approvals.approved", "approvals.approved", "approvals.granted"]
    assert audit.verify().intact


def test_withdrawing_is_the_requesters_alone() -> None:
    cast = a_cit_trust()
    request = submitted(cast.alice, cast.hilltop)
    with pytest.raises(PermissionDenied):
        request_withdraw(actor=cast.bob, request=request)
    request_withdraw(actor=cast.alice, request=request)
    assert status(request) == "withdrawn"
    assert not request.steps.filter(status=ApprovalStep.Status.CURRENT).exists()


def test_what_its_asker_could_not_send_again_is_not_sent_back() -> None:
    cast = a_cit_trust()
    request = submitted(cast.alice, cast.hilltop)
    decide(request, cast.bob)
    decide(request, cast.cora)
    row = rights_ask(
        actor=cast.alice, account=SocialAccount.objects.get(), user=cast.dan, right="poster", reason="Helps"
    )
    with pytest.raises(Refused, match="cannot be sent back"):
        decide(row.approval, cast.bob, BACK, reasons="Why?")
    decide(row.approval, cast.bob, NO, reasons="Not now")
    assert status(row.approval) == "refused"
