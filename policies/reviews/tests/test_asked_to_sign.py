"""Nobody is asked for a signature that would be refused: on the list, in the queue, in the calendar, in reminders."""

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from icalendar import Calendar

from approvals.selectors import to_sign
from approvals.services import announce
from core.errors import Refused, Stale
from core.feeds import calendar_of
from core.models import Notice
from core.roles import Post, Role
from core.todo import for_user
from people.models import Deputy, User
from people.selectors import profile_of
from policies.models import Review
from policies.reviews.content import seen_hash
from policies.reviews.parties import kept_to_ratify
from policies.reviews.services import Found, review_drop, review_write
from policies.reviews.sweeps import reviews_remind
from policies.reviews.tests.cases import (
    a_policy,
    a_review_crew,
    begun,
    client_of,
    fresh,
    in_days,
    recorded,
    sign_it,
    write,
)
from smgov.testing import a_person, choose, decide, give

pytestmark = pytest.mark.django_db


def asks_to_sign(user: User) -> bool:
    """Whether the to-do list asks for a signature on a review."""
    return any(item.title.startswith("Sign the review") for item in for_user(user))


def asks_to_ratify(user: User) -> bool:
    """Whether the list, the queue or the calendar asks to ratify; they agree."""
    on_list = any(item.title.startswith("Ratify:") for item in for_user(user))
    in_feed = any(
        "decision" in str(one["SUMMARY"]) for one in Calendar.from_ical(calendar_of(user)).walk("VEVENT")
    )
    assert on_list == to_sign(user).exists() == in_feed
    return on_list


def told(kind: str) -> set[str]:
    """Who got a notice of a kind."""
    return set(Notice.objects.filter(kind=kind).values_list("recipient__full_name", flat=True))


@pytest.mark.clause("CBC-0.03")
def test_at_cbc_the_chair_who_is_needed_to_ratify_is_not_asked_to_sign_and_another_governor_is() -> None:
    crew = a_review_crew("cbc")
    document = a_policy(crew, due_in=30)
    review = begun(crew, crew.cora, document)
    write(review, crew.cora)
    assert kept_to_ratify(fresh(review), profile_of(crew.school)) == {crew.gina.pk}
    assert not asks_to_sign(crew.gina)
    assert asks_to_sign(crew.greg)
    assert told("policies.review_to_sign") == {"Greg Gray"}
    reviews_remind()
    assert "Gina Gold" not in told("policies.review_due_begun")
    assert "Greg Gray" in told("policies.review_due_begun")
    with pytest.raises(Refused, match="Nobody could ratify"):
        sign_it(review, crew.gina, "governance")
    sign_it(review, crew.greg, "governance")
    assert not asks_to_sign(crew.gina)


def test_a_chair_with_a_deputy_or_alone_on_the_board_or_who_does_not_ratify_is_asked_to_sign() -> None:
    crew = a_review_crew("cbc")
    review = begun(crew)
    write(review, crew.cora)
    today = timezone.localdate()
    Deputy.objects.create(
        school=crew.school,
        person=crew.gina,
        deputy=crew.ella,
        starts=today,
        ends=today,
        appointed_by=crew.bob,
    )
    assert asks_to_sign(crew.gina), "her deputy ratifies in her place"
    Deputy.objects.all().delete()
    assert not asks_to_sign(crew.gina)
    second = a_person("Carl Chair", Role.GOVERNANCE, crew.school, post=Post.CHAIR)
    assert asks_to_sign(crew.gina), "another chair ratifies"
    second.memberships.update(ended_at=timezone.now())
    crew.greg.memberships.update(ended_at=timezone.now())
    assert asks_to_sign(crew.gina), "nobody else is on the board, so she may do both"
    give(crew.greg, Role.GOVERNANCE, crew.school)
    choose(crew.school.profile, ratifier=["headteacher"])
    assert asks_to_sign(crew.gina), "she ratifies nothing"


@pytest.mark.clause("CBC-0.03", "CIT-12.01")
def test_who_signed_the_review_and_became_chair_is_asked_nowhere_to_ratify() -> None:
    crew = a_review_crew("cbc")
    review = begun(crew)
    write(review, crew.cora)
    sign_it(review, crew.greg, "governance")
    approval = fresh(review).approval
    decide(approval, crew.bob)
    crew.gina.memberships.update(ended_at=timezone.now())
    crew.greg.memberships.update(post=Post.CHAIR)
    greg = User.objects.get(pk=crew.greg.pk)
    assert not asks_to_ratify(greg)
    with pytest.raises(Refused, match="had a part in it"):
        decide(approval, greg)
    other = a_person("Carl Chair", Role.GOVERNANCE, crew.school, post=Post.CHAIR)
    assert asks_to_ratify(other)
    Notice.objects.all().delete()
    announce(fresh(approval))
    assert told("approvals.to_sign") == {"Carl Chair"}
    shown = client_of(greg).get("/approvals/").content.decode()
    assert "Ratify:" not in shown
    decide(approval, other)


def test_the_list_asks_no_more_queries_for_it() -> None:
    crew = a_review_crew("cbc")
    write(begun(crew), crew.cora)

    def queries(user: User) -> int:
        user = User.objects.get(pk=user.pk)
        with CaptureQueriesContext(connection) as found:
            for_user(user)
        return len(found)

    assert queries(crew.gina) == queries(crew.greg)


def test_a_page_sent_twice_writes_and_gives_up_once() -> None:
    crew = a_review_crew("cit")
    review = begun(crew)
    found = Found("All in order.", changes=False, next_on=in_days(365))
    seen = seen_hash(review)
    for _ in range(2):
        review_write(actor=crew.cora, review=review, found=found, seen=seen)
    with pytest.raises(Stale):
        review_write(actor=crew.bob, review=review, found=replace(found, findings="Others"), seen=seen)
    assert recorded("policies.review_written") == 1
    for _ in range(2):
        review_drop(actor=crew.cora, review=review, because="Not now")
    with pytest.raises(Stale):
        review_drop(actor=crew.bob, review=review, because="Another reason")
    assert recorded("policies.review_dropped") == 1


def test_a_review_whose_next_date_has_come_meanwhile_is_not_signed() -> None:
    crew = a_review_crew("cit")
    review = begun(crew)
    write(review, crew.cora, next_on=in_days(1))
    Review.objects.filter(pk=review.pk).update(next_review_on=in_days(0))  # a day later
    with pytest.raises(Refused, match="has come meanwhile"):
        sign_it(review, crew.cora, "head_of_comms")
    write(review, crew.bob, next_on=in_days(300))
    sign_it(review, crew.cora, "head_of_comms")
    assert fresh(review).state == Review.State.RATIFYING
