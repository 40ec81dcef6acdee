"""Who reads what a colleague still lacks, and that a leaver holds nobody up."""

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import AccountRequest, ProposedPerson, SocialAccount
from approvals.models import ApprovalRequest
from core.roles import Role
from people.models import Membership, User
from policies.reading.tests.cases import a_document, in_force, read
from smgov.testing import a_draft, a_person, a_school, decide, submitted

pytestmark = pytest.mark.django_db
NAMED = "has not said that they have read"


class Wood:
    """Ravens Wood asks for reading: Tess asks, Mark is named with her."""

    def __init__(self) -> None:
        self.school = a_school(
            "Ravens Wood", preset="ravens-wood", runner_reads=True, runner_terms=False, runner_training=False
        )
        self.tess = a_person("Tess Thorn", Role.STAFF, self.school)
        self.mark = a_person("Mark Moor", Role.STAFF, self.school)
        self.mo = a_person("Mo Moss", Role.HEAD_OF_COMMS, self.school)
        self.manager = a_person("Bea Bloom", Role.SENIOR_LEADER, self.school, post="business_manager")
        self.version = in_force(a_document(self.school))


@pytest.fixture
def wood() -> Wood:
    return Wood()


def page(user: User, path: str) -> str:
    """The part of a page about who may run the account; empty where it is not there."""
    client = Client()
    client.force_login(user)
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode().partition('id="conditions"')[2].partition("</section>")[0]


def test_naming_a_colleague_in_a_draft_tells_nothing_of_them(wood) -> None:
    draft = a_draft(wood.tess, wood.school)
    ProposedPerson.objects.filter(request=draft).delete()
    ProposedPerson.objects.create(request=draft, user=wood.mark, right="moderator")
    path = f"/requests/{draft.uuid}/"
    assert page(wood.tess, path) == ""
    ProposedPerson.objects.create(request=draft, user=wood.tess, right="lead")
    shown = page(wood.tess, path)
    assert "Tess Thorn" in shown
    assert "Mark" not in shown
    assert "told what to do" not in shown


def test_after_sending_the_asker_reads_a_number_and_signers_and_leaders_read_names(wood) -> None:
    approval = submitted(wood.tess, wood.school, administrators=[wood.tess, wood.mark])
    own = f"/requests/{AccountRequest.objects.get(approval=approval).uuid}/"
    for path in (own, f"/approvals/{approval.uuid}/"):
        shown = page(wood.tess, path)
        assert "Tess Thorn" in shown
        assert "Mark Moor" not in shown
        assert "other person is not ready yet; they have been told what to do" in " ".join(shown.split())
        assert "Mark Moor" in page(wood.mo, path)
    ApprovalRequest.objects.filter(pk=approval.pk).update(status="returned")
    for path in (own, f"/approvals/{approval.uuid}/"):
        assert "told what to do" not in page(wood.tess, path)


def test_somebody_who_was_named_and_has_left_does_not_hold_up_the_last_yes(wood) -> None:
    approval = submitted(wood.tess, wood.school, administrators=[wood.tess, wood.mark])
    read(wood.tess, wood.version)
    Membership.objects.filter(user=wood.mark).update(ended_at=timezone.now())
    decide(approval, wood.mo)
    assert "Mark Moor" not in page(wood.manager, f"/approvals/{approval.uuid}/")
    decide(approval, wood.manager)
    assert SocialAccount.objects.get().status == "approved"
