"""A review until the last reviewer has signed: who may do what, and which signatures count."""

from datetime import date
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.utils import timezone

from core.errors import Refused, Stale
from core.models import Notice, Signature
from core.roles import Post, Role
from people.models import User
from people.selectors import profile_of
from policies.documents.services import version_draft
from policies.models import Review, ReviewSignature, Version
from policies.reviews.content import EQUALITY, seen_hash
from policies.reviews.services import (
    Found,
    review_drop,
    review_sign,
    review_start,
    review_take_over,
    review_write,
    suggested,
)
from policies.reviews.tests.cases import (
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
from smgov.testing import a_person, a_school, choose, give

pytestmark = pytest.mark.django_db


def test_keepers_reviewers_and_ratifiers_begin_a_review_and_nobody_else_does() -> None:
    crew = a_review_crew("cbc")
    for actor in (crew.bob, crew.ella, crew.greg, crew.gina):
        review = begun(crew, actor)
        assert review.reviewers == ["governance"]
        assert review.state == Review.State.OPEN
    stranger = a_person("Eve East", Role.HEADTEACHER, a_school(preset="cbc"))
    for actor in (crew.alice, stranger):
        with pytest.raises(PermissionDenied):
            begun(crew, actor)


def test_a_document_has_one_open_review_and_one_page_begins_one() -> None:
    crew = a_review_crew()
    document, once = a_policy(crew), uuid4()
    first = review_start(actor=crew.cora, document=document, once=once)
    assert review_start(actor=crew.cora, document=document, once=once) == first
    with pytest.raises(Refused, match="open already"):
        begun(crew, crew.bob, document)
    with pytest.raises(DatabaseError), transaction.atomic():
        Review.objects.create(once=uuid4(), document=document, started_by=crew.bob)


def test_nothing_is_begun_where_nobody_could_sign_or_the_document_is_not_used_any_more() -> None:
    crew = a_review_crew("st-marys")
    document = a_policy(crew)
    for one in (crew.gina, crew.greg):
        one.memberships.update(ended_at=timezone.now())
    with pytest.raises(Refused, match="Nobody could sign as"):
        begun(crew, crew.bob, document)
    old = a_policy(crew, retired_at=timezone.now())
    with pytest.raises(Refused, match="not used any more"):
        begun(crew, crew.bob, old)


@pytest.mark.clause("STM-2.02", "STM-12.01", "STM-2.06")
def test_at_st_marys_headteacher_and_academy_council_both_sign_and_the_second_finishes_it() -> None:
    crew = a_review_crew("st-marys")
    review = begun(crew, crew.bob)
    write(review, crew.bob)
    line = sign_it(review, crew.bob, "headteacher")
    assert EQUALITY in line.signature.declaration
    assert line.signature.declaration.startswith("As ")
    assert fresh(review).state == Review.State.OPEN
    sign_it(review, crew.greg, "governance")
    done = fresh(review)
    assert done.state == Review.State.DONE
    assert done.ended_at
    assert fresh(review.document).review_on == in_days(365)
    assert done.document.versions.get(state="in_force").number == 1  # nothing changed
    assert recorded("policies.review_signed") == 2
    assert recorded("policies.review_finished") == 1


@pytest.mark.clause("CIT-2.03", "STM-2.06")
def test_nobody_signs_without_the_equality_statement_their_role_and_their_name() -> None:
    crew = a_review_crew("st-marys")
    review = begun(crew, crew.bob)
    with pytest.raises(Refused, match="Nothing is written down"):
        sign_it(review, crew.bob, "headteacher")
    write(review, crew.bob)
    for changes, field in (
        ({"declared": False}, "declared"),
        ({"typed_name": "Somebody Else"}, "typed_name"),
        ({"spec": "governance"}, "spec"),
        ({"spec": "head_of_comms"}, "spec"),
    ):
        spec = changes.pop("spec", "headteacher")
        with pytest.raises(Refused) as refusal:
            sign_it(review, crew.bob, spec, **changes)
        assert refusal.value.field == field
    deputy = a_person("Hedda Hill", Role.HEADTEACHER, crew.school, post=Post.DEPUTY)
    for actor in (deputy, crew.cora, crew.alice):
        with pytest.raises(PermissionDenied):
            sign_it(review, actor, "headteacher")
    assert not Signature.objects.exists()


def test_nobody_signs_for_two_roles_and_a_role_is_signed_once() -> None:
    crew = a_review_crew("st-marys")
    give(crew.bob, Role.GOVERNANCE, crew.school)
    bob = User.objects.get(pk=crew.bob.pk)
    review = begun(crew, bob)
    write(review, bob)
    sign_it(review, bob, "governance")
    with pytest.raises(Refused, match="Nobody signs for two roles"):
        sign_it(review, bob, "headteacher")
    with pytest.raises(Refused, match="Somebody else has signed"):
        sign_it(review, crew.greg, "governance")
    with pytest.raises(DatabaseError), transaction.atomic():
        ReviewSignature.objects.update(spec="headteacher")


def test_a_signature_sent_twice_is_one_also_when_it_was_the_last() -> None:
    crew = a_review_crew("ravens-wood")
    review = begun(crew, crew.ella)
    write(review, crew.ella)
    seen = seen_hash(fresh(review))
    first = sign_it(review, crew.ella, "senior_leader", seen=seen)
    again = sign_it(review, crew.ella, "senior_leader", seen=seen)
    assert first == again
    assert ReviewSignature.objects.count() == 1
    assert fresh(review).state == Review.State.DONE
    assert recorded("policies.review_finished") == 1


@pytest.mark.parametrize("what", ["findings", "date", "draft"])
def test_what_changes_after_a_signature_begins_a_new_round_and_all_sign_anew(what) -> None:
    crew = a_review_crew("st-marys")
    document = a_policy(crew)
    drafted(crew, document)
    review = begun(crew, crew.bob, document)
    write(review, crew.bob, changes=True)
    stale = seen_hash(fresh(review))
    sign_it(review, crew.bob, "headteacher")
    if what == "draft":
        version_draft(actor=crew.cora, document=document, text="Other words")
    else:
        changed = {"findings": "Not in order."} if what == "findings" else {"next_on": in_days(200)}
        write(review, crew.cora, changes=True, **changed)
    assert fresh(review).round == 2
    with pytest.raises(Stale):
        sign_it(review, crew.gina, "governance", seen=stale)
    sign_it(review, crew.gina, "governance")
    assert fresh(review).state == Review.State.OPEN  # the headteacher's first signature does not count
    sign_it(review, crew.bob, "headteacher")
    assert fresh(review).state == Review.State.DONE
    asked = Notice.objects.filter(kind="policies.review_to_sign", recipient=crew.greg)
    assert asked.count() == 2


def test_a_draft_that_changes_before_anybody_signed_makes_what_was_seen_stale_and_no_new_round() -> None:
    crew = a_review_crew("st-marys")
    document = a_policy(crew)
    drafted(crew, document)
    review = begun(crew, crew.bob, document)
    write(review, crew.bob, changes=True)
    seen = seen_hash(fresh(review))
    drafted(crew, document, "Other words")
    with pytest.raises(Stale, match="read it again"):
        sign_it(review, crew.bob, "headteacher", seen=seen)
    assert fresh(review).round == 1


def test_writing_needs_findings_a_draft_or_something_in_force_and_a_day_to_come() -> None:
    crew = a_review_crew("st-marys")
    review = begun(crew, crew.bob)
    for changes, field in (
        ({"findings": " \n"}, "findings"),
        ({"findings": "x" * 8001}, "findings"),
        ({"changes": True}, "changes"),
        ({"next_on": timezone.localdate()}, "next_on"),
        ({"next_on": date(2999, 1, 1)}, "review"),
    ):
        with pytest.raises(Refused) as refusal:
            write(review, crew.bob, **changes)
        assert refusal.value.field == field
    Version.objects.all().update(state="dropped")
    with pytest.raises(Refused, match="No version is in force"):
        write(review, crew.bob)
    with pytest.raises(PermissionDenied):
        write(review, crew.alice)


def test_two_who_write_at_once_do_not_overwrite_each_other() -> None:
    crew = a_review_crew("st-marys")
    review = begun(crew, crew.bob)
    before = seen_hash(fresh(review))
    write(review, crew.bob)
    with pytest.raises(Stale):
        review_write(
            actor=crew.cora, review=review, found=Found("Mine", changes=False, next_on=None), seen=before
        )


@pytest.mark.clause("CIT-2.01", "CIT-12.01", "BEC-7.01", "CBC-0.01", "CBC-0.02")
def test_the_next_review_is_suggested_from_the_interval_and_only_where_there_is_one() -> None:
    cit, beckstone, cbc = (a_review_crew(preset) for preset in ("cit", "beckstone", "cbc"))
    document = a_policy(cit)
    day, by_month = suggested(document, profile_of(cit.school))
    assert (day.year, day.month) == (timezone.localdate().year + 1, timezone.localdate().month)
    document.review_by_month = True
    day, by_month = suggested(document, profile_of(cit.school))
    assert by_month
    assert day.replace(day=28) <= day
    assert suggested(a_policy(beckstone), profile_of(beckstone.school)) == (None, False)
    assert suggested(a_policy(cbc), profile_of(cbc.school)) == (None, False)  # September 2024 is past
    odd = a_policy(cbc, interval_months=22)  # from November 2022 to September 2024
    assert suggested(odd, profile_of(cbc.school))[0] > in_days(600)
    choose(beckstone.school.profile, next_review=f"{timezone.localdate().year + 2}-09")
    day, by_month = suggested(a_policy(beckstone), profile_of(beckstone.school))
    assert (day.month, day.day, by_month) == (9, 30, True)


def test_a_review_is_given_up_with_a_reason_and_its_draft_may_be_proposed_again() -> None:
    crew = a_review_crew("st-marys")
    document = a_policy(crew)
    draft = drafted(crew, document)
    review = begun(crew, crew.bob, document)
    write(review, crew.bob, changes=True)
    for actor, because, error in ((crew.bob, " ", Refused), (crew.alice, "No", PermissionDenied)):
        with pytest.raises(error):
            review_drop(actor=actor, review=review, because=because)
    review_drop(actor=crew.bob, review=review, because="New guidance next week")
    with pytest.raises(Stale):
        review_drop(actor=crew.bob, review=review, because="Again")
    with pytest.raises(Stale):
        sign_it(review, crew.bob, "headteacher")
    assert fresh(review).ended_because == "New guidance next week"
    assert fresh(draft).state == Version.State.DRAFT
    assert fresh(document).review_on == document.review_on
    another = begun(crew, crew.bob, document)
    write(another, crew.bob, changes=True)
    assert fresh(another).proposed == draft


def test_a_colleague_takes_a_review_over_and_signatures_still_count() -> None:
    crew = a_review_crew("st-marys")
    review = begun(crew, crew.bob)
    write(review, crew.bob)
    sign_it(review, crew.bob, "headteacher")
    review_take_over(actor=crew.cora, review=review)
    with pytest.raises(Refused, match="yours already"):
        review_take_over(actor=crew.cora, review=review)
    assert Notice.objects.filter(kind="policies.review_taken_over", recipient=crew.bob).count() == 1
    sign_it(review, crew.gina, "governance")
    assert fresh(review).state == Review.State.DONE
    assert fresh(review).started_by == crew.cora


def test_a_signature_with_a_forged_review_is_refused_by_the_rules() -> None:
    crew, other = a_review_crew("st-marys"), a_review_crew("st-marys")
    review = begun(crew, crew.bob)
    write(review, crew.bob)
    with pytest.raises(PermissionDenied):
        review_sign(
            actor=other.bob,
            review=review,
            spec="headteacher",
            seen=seen_hash(fresh(review)),
            declared=True,
            typed_name=other.bob.full_name,
        )
