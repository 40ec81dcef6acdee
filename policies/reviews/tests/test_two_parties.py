"""Reviewers are frozen when a review begins, and whoever reviews does not ratify (CIT-12.01)."""

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from approvals.access import approval_rules
from approvals.tests.test_signers import agreed
from core.errors import Refused, Stale
from core.roles import Post, Role
from core.todo import for_user
from policies.documents.services import version_draft, version_drop
from policies.models import Review
from policies.reviews.access import review_rules
from policies.reviews.content import seen_hash
from policies.reviews.parties import enough_people
from policies.reviews.services import review_drop
from policies.reviews.tests.cases import (
    a_policy,
    a_review_crew,
    begun,
    client_of,
    drafted,
    fresh,
    recorded,
    sign_it,
    write,
)
from smgov.testing import a_person, choose, decide, give

pytestmark = pytest.mark.django_db


def lines_for(user) -> list[str]:
    """The titles on somebody's to-do list."""
    return [item.title for item in for_user(user)]


def test_who_was_reviewer_at_the_start_signs_also_when_the_settings_change_midway() -> None:
    crew = a_review_crew("st-marys", reviewer=["dsl", "governance/chair"])
    dora = a_person("Dora Dean", Role.DSL, crew.school)
    review = begun(crew, crew.bob)
    write(review, crew.bob)
    choose(crew.school.profile, reviewer=["head_of_comms"])
    assert any("Sign the review" in title for title in lines_for(dora))
    assert any("Sign the review" in title for title in lines_for(crew.gina))
    assert not any("Sign the review" in title for title in lines_for(crew.cora))
    assert not any("Sign the review" in title for title in lines_for(crew.greg))
    with pytest.raises(PermissionDenied):
        sign_it(review, crew.cora, "dsl")
    assert client_of(dora).get(f"/policies/reviews/{review.uuid}/sign/").status_code == 200
    assert review_rules.allows(dora, "read", review)
    sign_it(review, dora, "dsl")
    sign_it(review, crew.gina, "governance/chair")
    assert fresh(review).state == Review.State.DONE


@pytest.mark.clause("CIT-12.01")
def test_whoever_signed_or_wrote_the_draft_does_not_ratify_in_page_queue_and_service() -> None:
    crew = a_review_crew("cit", reviewer=["senior_leader/elt"], ratifier=["senior_leader/elt"])
    other = a_person("Edda East", Role.SENIOR_LEADER, crew.school, post=Post.ELT)
    third = a_person("Emil Elm", Role.SENIOR_LEADER, crew.school, post=Post.ELT)
    document = a_policy(crew)
    version_draft(actor=other, document=document, text="New words")
    review = begun(crew, crew.cora, document)  # a colleague begins it
    write(review, crew.cora, changes=True)
    sign_it(review, crew.ella, "senior_leader/elt")
    assert [people for _, people in agreed()] == [{third.pk}]
    approval = fresh(review).approval
    assert not approval_rules.allows(crew.ella, "decide", approval)
    for barred in (crew.ella, other):
        with pytest.raises(Refused, match="had a part in it"):
            decide(approval, barred)
    decide(approval, third)
    assert fresh(review).state == Review.State.DONE
    assert recorded("policies.review_same_person") == 0


@pytest.mark.clause("CIT-12.01")
def test_whoever_wrote_an_earlier_edit_of_the_draft_does_not_ratify_either() -> None:
    crew = a_review_crew("cit")  # the Head of Communications reviews, the executive team ratifies
    edda = a_person("Edda East", Role.SENIOR_LEADER, crew.school, post=Post.ELT)
    document = a_policy(crew)
    draft = version_draft(actor=crew.ella, document=document, text="First words")
    version_draft(actor=crew.ella, document=document, text="First words")  # saved again as it was: no edit
    version_draft(actor=crew.cora, document=document, text="Last words")
    assert list(draft.edits.values_list("by", flat=True)) == [crew.ella.pk, crew.cora.pk]
    assert fresh(draft).made_by == crew.cora
    review = begun(crew, crew.bob, document)
    write(review, crew.bob, changes=True)
    sign_it(review, crew.cora, "head_of_comms")
    approval = fresh(review).approval
    assert [people for _, people in agreed()] == [{edda.pk}]
    with pytest.raises(Refused, match="had a part in it"):
        decide(approval, crew.ella)
    rows = approval.rounds.get().snapshot["sections"][0]["rows"]
    assert next(row["value"] for row in rows if row["key"] == "makers") == ["Ella Tate", "Cora Clay"]
    decide(approval, edda)
    assert fresh(review).state == Review.State.DONE


@pytest.mark.clause("CIT-12.01")
def test_where_all_who_ratify_have_changed_the_draft_the_signature_is_refused_and_says_what_to_do() -> None:
    crew = a_review_crew("cit")
    crew.gina.memberships.update(ended_at=timezone.now())  # no chair in their place
    document = a_policy(crew)
    draft = version_draft(actor=crew.ella, document=document, text="First words")
    drafted(crew, document)
    review = begun(crew, crew.bob, document)
    write(review, crew.bob, changes=True)
    with pytest.raises(Refused, match="put the draft aside and let somebody else write it"):
        sign_it(review, crew.cora, "head_of_comms")
    review_drop(actor=crew.bob, review=review, because="Ella is to ratify it")
    version_drop(actor=crew.cora, version=draft)
    drafted(crew, document)  # written by Cora alone
    review = begun(crew, crew.bob, document)
    write(review, crew.bob, changes=True)
    sign_it(review, crew.cora, "head_of_comms")
    assert [people for _, people in agreed()] == [{crew.ella.pk}]


def test_a_small_school_where_one_person_alone_could_write_and_ratify_is_not_stopped_by_an_earlier_edit() -> (
    None
):
    crew = a_review_crew("cit", reviewer=["headteacher"], ratifier=["headteacher"])
    for one in (crew.cora, crew.ella, crew.gina, crew.greg):
        one.memberships.update(ended_at=timezone.now())
    document = a_policy(crew)
    version_draft(actor=crew.bob, document=document, text="First words")
    helper = a_person("Hana Hill", Role.HEAD_OF_COMMS, crew.school)
    version_draft(actor=helper, document=document, text="Last words")
    review = begun(crew, helper, document)
    write(review, helper, changes=True)
    with pytest.raises(Refused, match="Nobody could ratify"):  # Hana could have written all of it
        sign_it(review, crew.bob, "headteacher")
    helper.memberships.update(ended_at=timezone.now())
    sign_it(review, crew.bob, "headteacher")
    assert recorded("policies.review_same_person") == 1
    decide(fresh(review).approval, crew.bob)
    assert fresh(review).state == Review.State.DONE


@pytest.mark.clause("CBC-0.03")
def test_at_cbc_the_chair_ratifies_so_another_governor_signs_the_review() -> None:
    crew = a_review_crew("cbc")
    review = begun(crew, crew.cora)
    write(review, crew.cora)
    with pytest.raises(Refused, match="Let somebody else sign"):
        sign_it(review, crew.gina, "governance")
    assert not review.signatures.exists()
    page = client_of(crew.gina).get(f"/policies/reviews/{review.uuid}/sign/").content.decode()
    assert "if you are to ratify it, let somebody else sign" in page
    sign_it(review, crew.greg, "governance")
    decide(fresh(review).approval, crew.bob)
    decide(fresh(review).approval, crew.gina)
    assert fresh(review).state == Review.State.DONE


def test_a_single_holder_of_the_role_may_do_both_and_it_is_recorded() -> None:
    crew = a_review_crew("cit", reviewer=["head_of_comms"], ratifier=["head_of_comms"])
    crew.gina.memberships.update(ended_at=timezone.now())  # no chair in their place
    review = begun(crew, crew.bob)
    write(review, crew.bob)
    sign_it(review, crew.cora, "head_of_comms")
    assert recorded("policies.review_same_person") == 1
    rows = fresh(review).approval.rounds.get().snapshot["sections"][0]["rows"]
    assert next(row["value"] for row in rows if row["key"] == "both") == ["Cora Clay"]
    assert [people for _, people in agreed()] == [{crew.cora.pk}]
    decide(fresh(review).approval, crew.cora)
    assert fresh(review).state == Review.State.DONE


def test_the_chair_who_signed_does_not_stand_in_for_a_barred_ratifier_and_query_and_road_agree() -> None:
    crew = a_review_crew("cit", reviewer=["governance/chair"], ratifier=["head_of_comms"])
    document = a_policy(crew)
    drafted(crew, document)  # Cora wrote it, so she does not ratify it, and Gina signs it
    review = begun(crew, crew.bob, document)
    write(review, crew.bob, changes=True)
    with pytest.raises(Refused, match="Nobody could ratify this as"):
        sign_it(review, crew.gina, "governance/chair")
    give(crew.ella, Role.HEAD_OF_COMMS, crew.school)
    sign_it(review, crew.gina, "governance/chair")
    assert [people for _, people in agreed()] == [{crew.ella.pk}]


def test_one_person_who_alone_holds_both_roles_cannot_begin_what_nobody_could_finish() -> None:
    crew = a_review_crew("st-marys")
    for one in (crew.gina, crew.greg):
        one.memberships.update(ended_at=timezone.now())
    give(crew.bob, Role.GOVERNANCE, crew.school)
    with pytest.raises(Refused, match="too few people to sign as"):
        begun(crew, crew.cora)
    assert not Review.objects.exists()
    a_person("Gus Grey", Role.GOVERNANCE, crew.school)
    assert begun(crew, crew.cora).state == Review.State.OPEN


@pytest.mark.parametrize(
    ("options", "enough"),
    [
        ([{1}, {1, 2}], True),
        ([{1, 2}, {1}], True),
        ([{1}, {1}], False),
        ([{1, 2}, {1, 2}, {1, 2}], False),
        ([set()], False),
        ([], True),
    ],
)
def test_each_place_needs_a_person_of_its_own(options, enough) -> None:
    assert enough_people(options) is enough


@pytest.mark.parametrize("changed", [{"changes": "Other platforms"}, {"edition": "2027"}])
def test_words_about_a_version_that_change_make_what_was_seen_stale(changed) -> None:
    crew = a_review_crew("st-marys")
    document = a_policy(crew)
    drafted(crew, document, "The same words")
    review = begun(crew, crew.bob, document)
    write(review, crew.bob, changes=True)
    seen = seen_hash(fresh(review))
    values = {"changes": "New platforms", "edition": "", **changed}
    version_draft(actor=crew.cora, document=document, text="The same words", **values)
    with pytest.raises(Stale):
        sign_it(review, crew.bob, "headteacher", seen=seen)
