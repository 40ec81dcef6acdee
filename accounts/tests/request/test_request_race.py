"""Five clicks at the same moment: one draft, one approval (quality D5)."""

import uuid

import pytest

from accounts.models import AccountRequest
from accounts.services.requests import request_send, request_start
from approvals.models import ApprovalRequest
from core.errors import Refused
from smgov.testing import a_cit_trust, a_draft
from smgov.tests.racing import alone, at_once, failures, shared_database

pytestmark = pytest.mark.django_db(transaction=True)


def test_five_sends_at_once_make_one_approval(tmp_path):
    cast = a_cit_trust()
    row = a_draft(cast.alice, cast.hilltop)

    def send() -> ApprovalRequest:
        return request_send(actor=cast.alice, request=AccountRequest.objects.get(pk=row.pk))

    with shared_database(tmp_path):
        outcomes = at_once([send] * 5)
        assert alone(ApprovalRequest.objects.count) == 1
    assert failures(outcomes, Refused) == []
    assert sum(isinstance(outcome, ApprovalRequest) for outcome in outcomes) == 1


def test_five_starts_at_once_make_one_draft(tmp_path):
    cast, once = a_cit_trust(), uuid.uuid4()
    with shared_database(tmp_path):
        outcomes = at_once([lambda: request_start(actor=cast.alice, school=cast.hilltop, once=once)] * 5)
        assert alone(AccountRequest.objects.count) == 1
    assert failures(outcomes) == []
