"""The days of reminders: 60, 30, 7 and 1 before, then each week, and never an end by themselves."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.documents import services as documents
from policies.reviews.dates import BEFORE, EVERY, months_later, next_reminder, stage_on

DAYS = st.dates(date(2020, 1, 1), date(2032, 12, 31))
DUE = date(2026, 9, 23)


def plain_days(review_on: date, until: date) -> list[date]:
    """Every day of a reminder, found by looking at day after day."""
    found, day = [], review_on - timedelta(days=70)
    while day <= until:
        left = (review_on - day).days
        if left in BEFORE or (left < 0 and (-left - 1) % 7 == 0):
            found.append(day)
        day += timedelta(days=1)
    return found


@given(DAYS, st.integers(-80, 400))
def test_the_newest_stage_and_the_next_day_are_those_that_a_plain_count_finds(review_on, after) -> None:
    today = review_on + timedelta(days=after)
    come = plain_days(review_on, today)
    stage = stage_on(review_on, today)
    assert (stage.day if stage else None) == (come[-1] if come else None)
    assert next_reminder(review_on, today) == next(
        day for day in plain_days(review_on, today + timedelta(days=70 + 80)) if day > today
    )


@given(DAYS, st.lists(st.integers(1, 45), min_size=1, max_size=40))
def test_a_sweep_that_runs_now_and_then_says_each_stage_at_most_once_and_never_stops(review_on, gaps) -> None:
    today, due, said = review_on - timedelta(days=70), review_on - timedelta(days=60), []
    for gap in gaps:
        today += timedelta(days=gap)
        if due <= today:
            stage = stage_on(review_on, today)
            assert stage is not None
            assert stage.overdue == (today > review_on)
            said.append(stage.name)
            due = next_reminder(review_on, today)
        assert due > today
    assert len(said) == len(set(said))


@pytest.mark.clause("STM-12.02")
def test_the_days_for_a_review_by_23_september_2026() -> None:
    assert [str(DUE - timedelta(days=days)) for days in BEFORE] == [
        "2026-07-25",
        "2026-08-24",
        "2026-09-16",
        "2026-09-22",
    ]
    assert stage_on(DUE, date(2026, 7, 24)) is None
    assert stage_on(DUE, DUE).name == "1"
    assert stage_on(DUE, date(2026, 9, 24)).name == "late-0"
    assert stage_on(DUE, date(2026, 10, 1)).name == "late-1"


def test_a_document_without_a_date_is_never_reminded_of() -> None:
    assert stage_on(None, DUE) is None
    assert next_reminder(None, DUE) is None


def test_documents_put_the_first_day_where_the_sweep_looks_for_it() -> None:
    assert documents.first_reminder(DUE) == DUE - timedelta(days=max(BEFORE))
    assert EVERY == 7


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2025, 11, 29), 22, date(2027, 9, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2025, 10, 31), 1, date(2025, 11, 30)),
        (date(2025, 12, 1), 1, date(2026, 1, 1)),
    ],
)
def test_months_later_stays_within_the_month(day, months, later) -> None:
    assert months_later(day, months) == later
