"""The law of training against a plain model that looks at one day after the other."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.roles import Post, Role
from policies.models import Training
from policies.terms import Span, next_term, term_of, terms_of, twelve_months_after, year_of
from policies.training.law import (
    AGAIN,
    BEFORE,
    FOREVER,
    Anew,
    Asked,
    Done,
    Duty,
    Held,
    Runs,
    began,
    duties_of,
    newest_stage,
    next_stage,
    owed,
)

FIRST, LAST = date(2024, 1, 1), date(2027, 12, 31)
MONTHS = (1, 4, 9)
KIND = Training.SAFEGUARDING
days = st.dates(FIRST, LAST)
intervals = st.sampled_from(["induction", "yearly", "termly", "none"])
records = st.lists(
    st.tuples(days, st.none() | st.integers(0, 500)).map(
        lambda one: (one[0], one[1] if one[1] is None else one[0] + timedelta(days=one[1]))
    ),
    max_size=4,
).map(lambda rows: [Done(key, KIND, on, until) for key, (on, until) in enumerate(rows)])
refreshers = st.lists(st.tuples(days, st.integers(0, 60)), max_size=2).map(
    lambda rows: [Anew(frozenset({KIND}), since, since + timedelta(days=more)) for since, more in rows]
)


def holds(record: Done, interval: str, day: date) -> bool:
    """The plain model: whether a record meets its kind on a day."""
    if day < record.on or (record.until and day > record.until):
        return False
    if interval == "yearly":
        return day <= twelve_months_after(record.on)
    if interval == "termly":
        return day in (term := term_of(record.on, MONTHS)) or day in next_term(term, MONTHS)
    return True


@settings(max_examples=60, deadline=None)
@given(interval=st.sampled_from(["yearly", "termly"]), since=days, done=records)
def test_the_last_day_is_the_last_on_which_some_record_holds(interval, since, done) -> None:
    duty = owed(KIND, interval, since, done, [], MONTHS)
    met = [
        day
        for n in range(2300)
        if any(holds(one, interval, day := FIRST + timedelta(days=n)) for one in done)
    ]
    first = since + timedelta(days=30)
    assert duty.due_on == max([*met, first])
    assert (duty.met_by is None) == (not met or max(met) < first)


@settings(max_examples=60, deadline=None)
@given(since=days, done=records, anew=refreshers)
def test_what_is_asked_once_holds_for_good_unless_a_record_or_a_refresher_says_otherwise(
    since, done, anew
) -> None:
    duty = owed(KIND, "induction", since, done, anew, MONTHS)
    asked = [(since + timedelta(days=30), done)]
    asked += [
        (one.due_on, [two for two in done if two.on >= one.since]) for one in anew if since <= one.since
    ]
    each = [max([by, *(one.until or FOREVER for one in some)]) for by, some in asked]
    assert duty.due_on == min(each)
    assert (duty.met_by is not None) == all(
        any((one.until or FOREVER) >= by for one in some) for by, some in asked
    )


@settings(max_examples=60, deadline=None)
@given(interval=intervals, since=days, done=records, anew=refreshers, more=records, further=refreshers)
def test_training_never_makes_it_due_sooner_and_a_refresher_never_later(
    interval, since, done, anew, more, further
) -> None:
    def due(records: list[Done], asks: list[Anew]) -> date:
        duty = owed(KIND, interval, since, records, asks, MONTHS)
        return duty.due_on if duty else FOREVER

    assert due(done + more, anew) >= due(done, anew)
    assert due(done, anew + further) <= due(done, anew)


@pytest.mark.clause("CIT-11.03", "STM-11.08")
def test_a_refresher_voids_what_was_learned_before_it_and_one_called_off_does_not() -> None:
    done = [Done(7, KIND, date(2026, 9, 1))]
    asked = Anew(frozenset({KIND}), date(2026, 10, 1), date(2026, 10, 31))
    start = date(2020, 9, 1)
    assert owed(KIND, "yearly", start, done, [asked], MONTHS) == Duty(KIND, date(2026, 10, 31), None)
    assert owed(KIND, "yearly", start, done, [], MONTHS) == Duty(KIND, date(2027, 9, 1), 7)
    again = [*done, Done(8, KIND, date(2026, 10, 5))]
    assert owed(KIND, "yearly", start, again, [asked], MONTHS) == Duty(KIND, date(2027, 10, 5), 8)
    # Where no interval asks, the refresher alone does, of those who were there by then.
    assert owed(KIND, "none", start, done, [asked], MONTHS) == Duty(KIND, date(2026, 10, 31), None)
    assert owed(KIND, "none", date(2026, 10, 2), [], [asked], MONTHS) is None


def test_what_a_refresher_voided_meets_nothing_even_where_what_came_after_it_wins_less() -> None:
    start, asked = date(2020, 9, 1), Anew(frozenset({KIND}), date(2026, 10, 1), date(2026, 10, 31))
    before = Done(1, KIND, date(2026, 9, 1))
    after = Done(2, KIND, date(2026, 10, 5), until=date(2027, 1, 31))
    assert owed(KIND, "induction", start, [before], [], MONTHS) == Duty(KIND, FOREVER, 1)
    assert owed(KIND, "induction", start, [before, after], [asked], MONTHS) == Duty(KIND, after.until, 2)
    # A later refresher voids the answer to the one before, whose record is the last that counted.
    again = Anew(frozenset({KIND}), date(2026, 12, 1), date(2027, 3, 1))
    found = owed(KIND, "induction", start, [before, after], [asked, again], MONTHS)
    assert found == Duty(KIND, after.until, None)


def test_a_role_that_follows_another_within_a_month_begins_nothing_anew() -> None:
    def role(since: date, until: date | None = None) -> Held:
        return Held(Role.STAFF, "", since, until)

    first, last = date(2024, 9, 1), date(2026, 7, 20)
    day = timedelta(days=1)
    assert began([role(first, last), role(last + day)]) == first
    assert began([role(first, last), role(last + 32 * day)]) == first
    assert began([role(first, last), role(last + 33 * day)]) == last + 33 * day
    assert began([role(first, last), role(last - 90 * day, last + 20 * day), role(last + 50 * day)]) == first
    assert began([role(first, last)]) is None


def test_a_refresher_is_for_whoever_belonged_to_the_school_on_its_day_when_they_run_an_account() -> None:
    asked, start = Asked({}, runners_trained=True), date(2026, 11, 1)
    done = [Done(3, Training.PLATFORM, date(2026, 1, 10))]
    anew = [Anew(frozenset({Training.PLATFORM}), date(2026, 10, 1), date(2026, 11, 30))]
    for since, due in ((date(2026, 10, 1), anew[0].due_on), (date(2026, 10, 2), FOREVER)):
        there = [Held(Role.CONTRIBUTOR, "", since)]
        [duty] = duties_of(asked, there, [Runs(1, start)], done, anew, there)
        assert duty.due_on == due


@pytest.mark.clause("CIT-2.02", "CIT-2.06", "STM-2.04")
def test_who_is_asked_for_what_follows_from_the_roles() -> None:
    asked = Asked({"staff_safeguarding": "induction", "governors": "yearly", "staff_at_risk": "none"})
    day = date(2026, 9, 1)

    def kinds(*held: tuple[str, str]) -> set[str]:
        return {one.kind for one in duties_of(asked, [Held(*one, day) for one in held], [], [], [])}

    assert kinds((Role.STAFF, "")) == {Training.SAFEGUARDING}
    assert kinds((Role.GOVERNANCE, "")) == {Training.GOVERNANCE}
    assert kinds((Role.SENIOR_LEADER, Post.ELT)) == {Training.SAFEGUARDING, Training.GOVERNANCE}
    assert kinds((Role.CONTRIBUTOR, "")) == set()
    assert kinds((Role.HEADTEACHER, Post.DEPUTY)) == {Training.SAFEGUARDING}


@pytest.mark.clause("CIT-3.16", "STM-3.15", "RAV-3.10", "RAV-3.11")
def test_whoever_runs_accounts_is_trained_on_each_platform_and_one_duty_says_it() -> None:
    asked, start = Asked({}, runners_trained=True), date(2026, 9, 1)
    runs = [Runs(1, start), Runs(2, start + timedelta(days=10))]
    on_one = [Done(5, Training.PLATFORM, start, platform=1)]
    on_all = [Done(6, Training.PLATFORM, start)]
    assert duties_of(asked, [], runs, on_one, []) == [Duty(Training.PLATFORM, date(2026, 10, 11), None)]
    assert duties_of(asked, [], runs, on_all, []) == [Duty(Training.PLATFORM, FOREVER, 6)]
    assert duties_of(Asked({}), [], runs, on_all, []) == []


@settings(max_examples=80, deadline=None)
@given(due=days, today=days)
def test_reminders_come_30_7_and_1_days_before_and_every_14_days_after(due, today) -> None:
    stages = sorted(
        {due - timedelta(days=n) for n in BEFORE} | {due + timedelta(days=1 + AGAIN * n) for n in range(150)}
    )
    assert newest_stage(due, today) == max((day for day in stages if day <= today), default=None)
    assert next_stage(due, today) == min(day for day in stages if day > today)


@pytest.mark.clause("CIT-11.01", "STM-11.04")
def test_a_year_has_three_terms_and_not_four_quarters() -> None:
    year = year_of(date(2027, 2, 3), MONTHS)
    assert year == Span(date(2026, 9, 1), date(2027, 8, 31))
    assert terms_of(year, MONTHS) == [
        Span(date(2026, 9, 1), date(2026, 12, 31)),
        Span(date(2027, 1, 1), date(2027, 3, 31)),
        Span(date(2027, 4, 1), date(2027, 8, 31)),
    ]
    assert year_of(date(2027, 2, 3), (2, 6)).first == date(2027, 2, 1)


@settings(max_examples=60, deadline=None)
@given(day=days, months=st.sets(st.integers(1, 12), min_size=1).map(sorted))
def test_every_day_lies_in_one_term_and_the_terms_of_a_year_fill_it(day, months) -> None:
    term, year = term_of(day, months), year_of(day, months)
    assert day in term
    assert day in year
    terms = terms_of(year, months)
    assert (terms[0].first, terms[-1].last, len(terms)) == (year.first, year.last, len(months))
    assert all(before.last + timedelta(days=1) == after.first for before, after in pairwise(terms))
