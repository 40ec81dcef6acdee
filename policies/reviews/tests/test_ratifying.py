"""After the reviewers: the ratifiers of the profile, and only then in force."""

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from approvals.models import ApprovalRequest
from approvals.services import request_withdraw
from core.errors import Refused, Stale
from core.models import Notice
from core.roles import Role
from people.models import Deputy
from policies.documents.services import version_draft
from policies.models import Review, Version
from policies.reviews.access import review_rules
from policies.reviews.services import review_drop, review_take_over
from policies.reviews.tests.cases import (
    ReviewCrew,
    a_policy,
    a_review_crew,
    begun,
    drafted,
    fresh,
    in_days,
    recorded,
    sign_it,
    write,
)
from smgov.testing import a_person, decide

pytestmark = pytest.mark.django_db


def to_ratify(crew: ReviewCrew, spec: str = "head_of_comms", **changes) -> Review:
    """A reviewed draft that waits for the ratifiers."""
    document = a_policy(crew)
    drafted(crew, document)
    review = begun(crew, crew.cora, document)
    write(review, crew.cora, changes=True, **changes)
    sign_it(review, crew.cora if spec == "head_of_comms" else crew.greg, spec)
    return fresh(review)


@pytest.mark.clause("CIT-12.01", "CIT-2.01", "BEC-7.02")
def test_at_cit_the_executive_team_ratifies_and_the_old_version_stays_in_force_until_then() -> None:
    crew = a_review_crew("cit")
    review = to_ratify(crew)
    document, draft = review.document, review.proposed
    assert review.state == Review.State.RATIFYING
    assert [step.spec for step in review.approval.steps.all()] == ["senior_leader/elt"]
    assert document.versions.get(state="in_force").number == 1
    assert fresh(document).review_on == document.review_on
    decide(review.approval, crew.ella)
    assert fresh(review).state == Review.State.DONE
    assert fresh(draft).state == Version.State.IN_FORCE
    assert fresh(draft).in_force_from == timezone.localdate()
    assert document.versions.get(number=1).state == Version.State.PAST
    assert fresh(document).review_on == in_days(365)
    assert recorded("policies.version_in_force") == recorded("policies.review_finished") == 1


def test_whoever_ratifies_is_led_to_the_words_that_they_ratify() -> None:
    crew = a_review_crew("cit")
    review = to_ratify(crew)
    client = Client()
    client.force_login(crew.ella)
    page = client.get(reverse("approvals:request-detail", args=[review.approval.uuid])).content.decode()
    own = reverse("policies:review-detail", args=[review.uuid])
    assert f'href="{own}">Read the review and the words that it proposes</a>' in page
    assert review.proposed.text.splitlines()[0] in client.get(own).content.decode()


@pytest.mark.clause("CBC-0.01", "CBC-0.03")
def test_at_cbc_the_headteacher_and_the_chair_both_sign_before_it_is_in_force() -> None:
    crew = a_review_crew("cbc")
    review = to_ratify(crew, "governance")
    assert [step.spec for step in review.approval.steps.all()] == ["headteacher", "governance/chair"]
    with pytest.raises(PermissionDenied):
        decide(review.approval, crew.gina)  # not yet her turn
    decide(review.approval, crew.bob)
    assert fresh(review).state == Review.State.RATIFYING
    with pytest.raises(Refused, match="had a part in it"):
        decide(review.approval, crew.greg)  # signed the review, and does not chair
    decide(review.approval, crew.gina)
    assert fresh(review).state == Review.State.DONE
    with pytest.raises(Stale):
        decide(review.approval, crew.gina)


@pytest.mark.clause("CIT-12.01")
def test_what_is_not_ratified_changes_nothing_and_the_draft_is_kept_as_not_adopted() -> None:
    crew = a_review_crew("cit")
    review = to_ratify(crew)
    decide(review.approval, crew.ella, "refused", "Too vague on new platforms")
    ended = fresh(review)
    assert ended.state == Review.State.REFUSED
    assert ended.ended_because == "Too vague on new platforms"
    assert fresh(review.proposed).state == Version.State.DROPPED
    assert review.document.versions.get(state="in_force").number == 1
    assert fresh(review.document).review_on == review.document.review_on
    assert Notice.objects.filter(kind="policies.review_ended", recipient=crew.cora).count() == 1
    drafted(crew, review.document, "Clearer words")
    again = begun(crew, crew.cora, review.document)
    write(again, crew.cora, changes=True)
    assert fresh(again).proposed.number == 3


def test_where_nothing_changes_it_is_ratified_all_the_same_and_only_the_dates_move() -> None:
    crew = a_review_crew("cit")
    review = begun(crew)
    write(review, crew.cora, next_on=in_days(400), by_month=True)
    sign_it(review, crew.cora, "head_of_comms")
    decide(fresh(review).approval, crew.ella)
    document = fresh(review.document)
    assert document.review_by_month
    assert document.review_on >= in_days(400)
    assert document.remind_on is not None
    assert document.versions.count() == 1
    assert document.date_changes.get().because.startswith("Agreed in the review")


def test_a_review_may_end_without_a_next_date() -> None:
    crew = a_review_crew("ravens-wood")
    review = begun(crew, crew.ella)
    write(review, crew.ella, next_on=None)
    sign_it(review, crew.ella, "senior_leader")
    document = fresh(review.document)
    assert (document.review_on, document.remind_on) == (None, None)


@pytest.mark.clause("RAV-2.02", "BEC-7.02")
def test_the_first_version_of_all_comes_into_force_by_a_review_too() -> None:
    crew = a_review_crew("ravens-wood")
    document = a_policy(crew, due_in=None)
    Version.objects.filter(document=document).delete()
    drafted(crew, document, "The first words")
    review = begun(crew, crew.ella, document)
    write(review, crew.ella, changes=True)
    sign_it(review, crew.ella, "senior_leader")
    assert fresh(document).versions.get().state == Version.State.IN_FORCE


def test_a_draft_does_not_change_while_it_is_ratified_and_other_words_could_not_be_ratified() -> None:
    crew = a_review_crew("cit")
    review = to_ratify(crew)
    with pytest.raises(Refused, match="waits to be ratified"):
        version_draft(actor=crew.cora, document=review.document, text="Smuggled in")
    Version.objects.filter(pk=review.proposed_id).update(text="Smuggled in", sha256="0" * 64)
    with pytest.raises(Stale, match="not the one that was reviewed"):
        decide(review.approval, crew.ella)
    assert fresh(review.approval).status == ApprovalRequest.Status.PENDING
    decide(review.approval, crew.ella, "refused", "Not what I read")
    assert fresh(review).state == Review.State.REFUSED


def test_the_only_ratifier_who_began_it_is_told_what_to_do_and_a_colleague_takes_it_over() -> None:
    crew = a_review_crew("cit")
    crew.gina.memberships.update(ended_at=timezone.now())  # nor could the chair sign in their place
    review = begun(crew, crew.ella)
    write(review, crew.ella)
    with pytest.raises(Refused, match="take the review over"):
        sign_it(review, crew.cora, "head_of_comms")
    assert fresh(review).state == Review.State.OPEN
    assert not fresh(review).signatures.exists()
    review_take_over(actor=crew.cora, review=review)
    sign_it(review, crew.cora, "head_of_comms")
    decide(fresh(review).approval, crew.ella)
    assert fresh(review).state == Review.State.DONE


def test_a_review_is_given_up_while_it_waits_to_be_ratified_and_the_draft_stays() -> None:
    crew = a_review_crew("cit")
    review = to_ratify(crew)
    review_drop(actor=crew.bob, review=review, because="The law has changed")
    ended = fresh(review)
    assert (ended.state, ended.ended_because) == (Review.State.DROPPED, "The law has changed")
    assert ended.approval.status == ApprovalRequest.Status.WITHDRAWN
    assert fresh(review.proposed).state == Version.State.DRAFT
    with pytest.raises(Stale):
        decide(review.approval, crew.ella)


def test_who_asked_takes_it_back_in_the_queue_and_the_review_ends() -> None:
    crew = a_review_crew("cit")
    review = to_ratify(crew)
    request_withdraw(actor=crew.cora, request=review.approval)
    assert fresh(review).state == Review.State.DROPPED
    assert fresh(review.proposed).state == "draft"


def test_what_is_signed_names_the_version_by_its_hash_the_findings_and_the_reviewers() -> None:
    crew = a_review_crew("cit")
    review = to_ratify(crew, findings="Three new platforms")
    frozen = review.approval.rounds.get().snapshot
    rows = {row["key"]: row["value"] for row in frozen["sections"][0]["rows"]}
    assert rows["hash"] == review.proposed.sha256 == frozen["proposed"]
    assert rows["findings"] == "Three new platforms"
    assert "Equality Act 2010" in rows["equality"]
    assert frozen["reviewers"] == [crew.cora.pk]
    assert review.approval.requested_by == crew.cora


def test_a_deputy_who_must_ratify_may_read_the_review_and_its_words_and_others_may_not() -> None:
    crew = a_review_crew("cit")
    deputy = a_person("Dee Dunn", Role.STAFF, crew.school)
    Deputy.objects.create(
        school=crew.school,
        person=crew.ella,
        deputy=deputy,
        starts=in_days(-1),
        ends=in_days(5),
        reason="Away",
        appointed_by=crew.ella,
    )
    review = to_ratify(crew)
    assert review_rules.allows(deputy, "read", review)
    assert not review_rules.allows(deputy, "view", review)
    assert not review_rules.allows(crew.alice, "read", review)
    decide(review.approval, deputy)
    assert fresh(review).state == Review.State.DONE


def test_a_page_that_begins_a_review_twice_does_not_ask_the_ratifiers_twice() -> None:
    crew = a_review_crew("cit")
    review = to_ratify(crew)
    sign_it(review, crew.cora, "head_of_comms", seen=review.signatures.get().signature.content_hash)
    assert ApprovalRequest.objects.count() == 1
    with pytest.raises(Refused, match="open already"):
        begun(crew, crew.cora, review.document)
