"""Reminders of reviews: to whom, once a stage, also after weeks without a sweep, and never rolled on."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from core.clock import LONDON
from core.models import Notice
from policies.models import Document
from policies.reviews.sweeps import reviews_remind
from policies.reviews.tests.cases import a_policy, a_review_crew, begun, fresh, in_days

pytestmark = pytest.mark.django_db


def told() -> list[tuple[str, str]]:
    """Kind and recipient of every notice on reviews."""
    rows = Notice.objects.filter(kind__startswith="policies.review").order_by("kind", "recipient__full_name")
    return [(row.kind.removeprefix("policies."), row.recipient.full_name) for row in rows]


@pytest.fixture
def on(monkeypatch):
    """Make it half past nine in London on a day."""

    def go(day: date) -> None:
        moment = datetime(day.year, day.month, day.day, 9, 30, tzinfo=LONDON)
        monkeypatch.setattr(timezone, "now", lambda: moment)

    return go


@pytest.mark.clause("CIT-12.01", "CIT-12.02")
def test_the_reviewer_of_the_profile_is_reminded_in_time_and_once_a_stage(on) -> None:
    crew = a_review_crew("cit")
    row = a_policy(crew, due_in=90)
    for before in (61, 60, 60, 59, 30, 7, 1, 0):
        on(row.review_on - timedelta(days=before))
        reviews_remind()
        reviews_remind()
    assert told() == [("review_due", "Cora Clay")] * 4
    assert fresh(row).remind_on == row.review_on + timedelta(days=1)


@pytest.mark.clause("STM-12.01", "STM-12.02", "STM-2.02")
def test_headteacher_and_academy_council_are_reminded_together() -> None:
    crew = a_review_crew("st-marys")
    a_policy(crew, due_in=30)
    assert reviews_remind() == 1
    assert told() == [("review_due", name) for name in ("Bob Barnes", "Gina Gold", "Greg Gray")]


@pytest.mark.clause("BEC-7.01")
def test_where_nobody_is_named_the_headteacher_is_reminded() -> None:
    a_policy(a_review_crew("beckstone"), due_in=7)
    reviews_remind()
    assert told() == [("review_due", "Bob Barnes")]


@pytest.mark.clause("CBC-0.02", "CIT-12.02")
def test_what_is_overdue_is_said_each_week_to_the_keepers_too_and_the_date_stays(on) -> None:
    crew = a_review_crew("cit")
    row = a_policy(crew, due_in=0)
    for day in range(22):
        on(row.review_on + timedelta(days=day))
        reviews_remind()
    names = ["Bob Barnes", "Cora Clay", "Ella Tate"] * 3
    assert [name for kind, name in told() if kind == "review_due"] == ["Cora Clay"]
    assert sorted(name for kind, name in told() if kind == "review_overdue") == sorted(names)
    assert fresh(row).review_on == row.review_on


def test_a_sweep_that_slept_for_weeks_sends_the_newest_stage_alone(on) -> None:
    crew = a_review_crew("cit")
    row = a_policy(crew, due_in=90)
    on(row.review_on + timedelta(days=40))
    assert reviews_remind() == 1
    assert reviews_remind() == 0
    assert len(told()) == 3
    assert set(Notice.objects.values_list("key", flat=True)) == {f"{row.pk}:{row.review_on}:late-5"}


def test_a_review_that_is_open_stops_no_reminder_but_says_so() -> None:
    crew = a_review_crew("cit")
    row = a_policy(crew, due_in=-3)
    review = begun(crew, document=row)
    reviews_remind()
    assert {kind for kind, _ in told()} == {"review_overdue_begun"}
    assert str(review.uuid) in Notice.objects.first().link


def test_nobody_is_reminded_of_what_has_no_date_or_is_not_used_any_more() -> None:
    crew = a_review_crew("cit")
    a_policy(crew, due_in=None)
    old = a_policy(crew, due_in=-3, retired_at=timezone.now(), retired_by=crew.bob)
    assert reviews_remind() == 0
    assert told() == []
    assert fresh(old).remind_on is None


def test_a_sweep_costs_what_is_due(django_assert_max_num_queries) -> None:
    crew = a_review_crew("cit")
    for _ in range(5):
        a_policy(crew, due_in=200)
    with django_assert_max_num_queries(1):
        assert reviews_remind() == 0
    assert Document.objects.filter(remind_on=in_days(140)).count() == 5
