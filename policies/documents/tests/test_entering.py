"""Nothing gets into force, into a file or into another school's notice past the review and the rules."""

import uuid

import pytest

from core.errors import Refused
from core.roles import Role
from policies.documents.community import notice_make
from policies.documents.library import Facts, First, document_change, document_retire
from policies.documents.services import version_draft
from policies.documents.tests.cases import WORDS, a_document, client_of, days, recorded, today
from policies.models import Document, Review
from smgov.testing import Cast, a_cit_trust, a_person, a_school, give

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    """The trust of the suite."""
    return a_cit_trust()


@pytest.mark.clause("CIT-12.01")
@pytest.mark.parametrize("supplement", [False, True])
def test_a_policy_is_entered_as_in_force_once_and_then_changes_through_a_review(cast, supplement) -> None:
    above = a_document(cast.cora, cast.hub, for_trust=True) if supplement else None
    row = a_document(cast.bob, cast.hilltop, supplements=above)
    assert recorded("policies.entered_in_force") == 1 + supplement
    document_retire(actor=cast.bob, document=row, reason="Replaced")
    for since in (today(), days(-400)):
        with pytest.raises(Refused, match="through a review"):
            a_document(cast.bob, cast.hilltop, first=First(text="Anything goes", in_force_from=since))
    assert Document.objects.filter(school=cast.hilltop).count() == 1
    draft = a_document(cast.bob, cast.hilltop, first=First(text=WORDS))
    assert draft.versions.get().state == "draft"
    a_document(cast.bob, cast.hilltop, "Lunch menu")
    a_document(cast.bob, cast.hilltop, "Snack menu")


def test_a_draft_that_was_never_adopted_does_not_hinder_entering_what_is_in_force(cast) -> None:
    a_document(cast.bob, cast.hilltop, first=First(text=WORDS))
    assert a_document(cast.bob, cast.hilltop).versions.get().state == "in_force"


def test_the_kind_is_settled_once_a_version_was_in_force_or_a_review_is_open(cast) -> None:
    menu = a_document(cast.bob, cast.hilltop, "Lunch menu")
    as_policy = Facts("social_media", "Lunch menu")
    with pytest.raises(Refused, match="Add a new document instead"):
        document_change(actor=cast.bob, document=menu, facts=as_policy)
    document_change(actor=cast.bob, document=menu, facts=Facts("other", "Menu"))
    plan = a_document(cast.bob, cast.hilltop, "Plan", first=None)
    version_draft(actor=cast.bob, document=plan, text=WORDS)
    review = Review.objects.create(document=plan, once=uuid.uuid4(), started_by=cast.bob)
    with pytest.raises(Refused, match="review of this document is open"):
        document_change(actor=cast.bob, document=plan, facts=as_policy)
    Review.objects.filter(pk=review.pk).update(state="dropped")
    assert document_change(actor=cast.bob, document=plan, facts=as_policy).kind == "social_media"


def test_the_file_of_the_list_holds_no_draft_that_its_reader_may_not_open(cast) -> None:
    a_document(cast.bob, cast.hilltop, "In force")
    a_document(cast.bob, cast.hilltop, "Redundancy plan", first=First(text=WORDS))
    a_document(cast.cora, cast.hub, "Of the whole trust", for_trust=True)
    dora = a_person("Dora Dean", Role.DSL, cast.hilltop)
    for user, draft in ((dora, False), (cast.chair, False), (cast.bob, True)):
        answer = client_of(user).get("/policies/documents/export/")
        assert answer.status_code == 200
        words = answer.content.decode()
        assert ("Redundancy plan" in words) == draft, user
        assert "In force" in words
        assert "Of the whole trust" in words


def test_a_notice_is_about_a_document_that_holds_at_its_own_school(cast) -> None:
    office = a_person("Olga Office", Role.OFFICE, cast.hilltop)
    give(office, Role.STAFF, cast.otherplace)
    head = a_person("Hugh Head", Role.HEADTEACHER, cast.otherplace)
    theirs = a_document(head, cast.otherplace, "Secret")
    above = a_document(cast.cora, cast.hub, "Of the whole trust", for_trust=True)
    own = a_document(cast.bob, cast.hilltop)
    elsewhere = a_school()
    give(office, Role.OFFICE, elsewhere)

    def make(document: Document, school=cast.hilltop):
        version = document.versions.order_by("-number").first()
        more = {"topic": "policy", "audience": "parents", "version": version, "once": uuid.uuid4()}
        return notice_make(actor=office, school=school, **more)

    with pytest.raises(Refused, match="in force at this school"):
        make(theirs)
    for document in (above, own):
        assert make(document).school == cast.hilltop
        with pytest.raises(Refused, match="in force at this school"):
            make(document, elsewhere)
