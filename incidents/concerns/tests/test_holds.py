"""What stands in the way, and how long a case is kept: pure rules, tried with everything."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.concerns.holds import HoldFacts, act_holds, advice_holds, holds_on, inquiry_held
from incidents.concerns.retention import kept_for, years_after
from incidents.concerns.sanctions import Sanction, fits
from incidents.models import ActionKind, Body, Hearing, RetainedAs, Sort

FACTS = st.builds(
    HoldFacts,
    advice=st.frozensets(st.sampled_from(Body.values)),
    duties=st.frozensets(st.sampled_from([kind for kind in ActionKind.values if kind != "other"])),
    breach_unknown=st.booleans(),
    breach_undecided=st.booleans(),
    breach_unreported=st.booleans(),
    unheard=st.lists(st.sampled_from(Hearing.Party.values), unique=True).map(tuple),
    unacknowledged=st.booleans(),
    parents_untold=st.booleans(),
    image_without_police=st.booleans(),
)
DAYS = st.dates(date(1990, 1, 1), date(2060, 12, 31))
YEARS = st.integers(1, 100)


def test_nothing_stands_in_the_way_of_a_case_without_open_duties() -> None:
    assert holds_on(HoldFacts()) == []


@given(FACTS)
def test_every_open_thing_holds_and_nothing_else_does(facts: HoldFacts) -> None:
    holds = holds_on(facts)
    assert len({hold.key for hold in holds}) == len(holds), "each thing is said once"
    assert all(hold.words.endswith(".") for hold in holds)
    assert bool(holds) == (facts != HoldFacts())


@given(FACTS)
def test_only_what_waits_for_advice_may_be_passed_over(facts: HoldFacts) -> None:
    overridable = {hold.key for hold in holds_on(facts) if hold.overridable}
    assert overridable == {hold.key for hold in advice_holds(facts)}


@given(FACTS)
def test_the_advice_of_lado_and_hr_holds_nothing_against_a_pupil(facts: HoldFacts) -> None:
    keys = {hold.key for hold in act_holds(facts, staff=False)}
    assert not keys & {"advice_lado", "advice_hr", "lado", "hr"}
    assert keys <= {hold.key for hold in act_holds(facts, staff=True)}


@pytest.mark.clause("CBC-10.09")
@given(FACTS)
def test_nothing_is_looked_into_while_hr_is_to_advise(facts: HoldFacts) -> None:
    assert inquiry_held(facts) == (Body.HR in facts.advice or ActionKind.HR in facts.duties)


# How long it is kept


def test_a_child_born_on_the_29th_of_february_is_kept_for_to_the_1st_of_march() -> None:
    assert years_after(date(2008, 2, 29), 25) == date(2033, 3, 1)
    assert years_after(date(2008, 2, 29), 4) == date(2012, 2, 29)


def test_a_child_protection_file_is_kept_by_the_date_of_birth() -> None:
    kept = kept_for(
        closed_on=date(2026, 5, 1), child=True, staff=False, births=[date(2012, 9, 3)], child_years=25
    )
    assert (kept.kind, kept.until) == (RetainedAs.CHILD, date(2037, 9, 3))


@pytest.mark.parametrize("births", [[], [None], [date(2012, 9, 3), None]])
def test_a_date_of_birth_that_is_not_known_keeps_it_until_it_is(births: list) -> None:
    kept = kept_for(closed_on=date(2026, 5, 1), child=True, staff=True, births=births)
    assert (kept.kind, kept.until) == (RetainedAs.CHILD, None)


def test_an_allegation_against_staff_is_kept_from_the_day_of_closing() -> None:
    kept = kept_for(closed_on=date(2024, 2, 29), child=False, staff=True, staff_years=10)
    assert (kept.kind, kept.until) == (RetainedAs.STAFF, date(2034, 3, 1))


def test_with_a_child_and_a_member_of_staff_the_later_day_counts() -> None:
    facts = {"closed_on": date(2036, 5, 1), "child": True, "staff": True, "births": [date(2012, 9, 3)]}
    assert kept_for(**facts, child_years=25, staff_years=10).until == date(2046, 5, 1)
    assert kept_for(**facts, child_years=40, staff_years=10).until == date(2052, 9, 3)


@given(DAYS, st.booleans(), st.booleans(), st.lists(DAYS | st.none(), max_size=4), YEARS, YEARS, YEARS)
def test_a_case_is_never_kept_for_less_than_each_of_its_kinds_asks(
    closed: date, child: bool, staff: bool, births: list, of_child: int, of_staff: int, of_other: int
) -> None:
    kept = kept_for(
        closed_on=closed,
        child=child,
        staff=staff,
        births=births,
        child_years=of_child,
        staff_years=of_staff,
        incident_years=of_other,
    )
    if kept.until is None:
        assert child
        assert not births or None in births
        return
    assert kept.until >= closed
    if staff:
        assert kept.until >= years_after(closed, of_staff)
    if child:
        assert all(kept.until >= years_after(born, of_child) for born in births)
    if not (staff or child):
        assert (kept.kind, kept.until) == (RetainedAs.INCIDENT, years_after(closed, of_other))


@given(DAYS, YEARS)
def test_years_later_is_that_day_or_the_next(day: date, years: int) -> None:
    later = years_after(day, years)
    assert later.year == day.year + years
    assert (later.month, later.day) == (day.month, day.day) or later - timedelta(days=1) == date(
        later.year, 2, 28
    )


# What fits whom


@pytest.mark.parametrize(
    ("what", "sort"),
    [
        (Sanction.DISMISSAL, Sort.PUPIL),
        (Sanction.BEHAVIOUR, Sort.STAFF),
        (Sanction.SUSPENSION, Sort.PARENT),
        (Sanction.MEETING, Sort.STAFF),
        (Sanction.SUSPENSION, None),
    ],
)
def test_a_measure_that_does_not_fit_is_none(what: Sanction, sort: Sort | None) -> None:
    assert not fits(what, sort)


def test_every_sort_of_person_has_measures_that_fit_and_every_measure_somebody() -> None:
    sorts = [*Sort.values, None]
    assert all(any(fits(what, sort) for what in Sanction) for sort in sorts)
    assert all(any(fits(what, sort) for sort in sorts) for what in Sanction)
