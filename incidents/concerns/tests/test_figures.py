"""Figures: small numbers left out, and nothing that gives them away."""

import itertools
from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from core.clock import LONDON
from incidents.concerns.figures import (
    ADULTS,
    CLOSED,
    FEW,
    FEWEST,
    LEFT_OUT,
    MOST,
    TOTAL,
    Cell,
    Counted,
    bars,
    figures_of,
    ranges,
    school_year,
    suppressed,
)
from incidents.concerns.tests.cases import a_concern, a_concern_crew, by
from incidents.concerns.views.figures import counted
from incidents.models import Category, Concern, Excluded, Outcome, Part, PartIn, Sort
from incidents.tests.cases import Crew, recorded, text_of
from people.models import School
from smgov.testing import give

NOW = datetime(2026, 3, 2, 12, tzinfo=LONDON)


def one(category: str = Category.CYBERBULLYING, outcome: str = "", adults: bool = False) -> Counted:
    """A concern, closed where it has an outcome."""
    closed = NOW + timedelta(days=10) if outcome else None
    status = "closed" if outcome else "open"
    return Counted(category, status, outcome, NOW, NOW + timedelta(hours=30), closed, adults)


# Leaving numbers out


def of_text(text: str) -> tuple[int, int]:
    """What the text in a cell says by itself."""
    if text.isdigit():
        return int(text), int(text)
    return (0, FEWEST - 1) if text == FEW else (0, MOST)


@given(
    groups=st.lists(st.integers(0, 30), min_size=2, max_size=6),
    outcomes=st.lists(st.integers(0, 12), min_size=2, max_size=6),
    more=st.integers(0, 20),
)
@settings(max_examples=150)
def test_no_number_that_is_left_out_can_be_worked_out(
    groups: list[int], outcomes: list[int], more: int
) -> None:
    closed = sum(outcomes)
    if sum(groups) < closed:
        groups = [*groups[:-1], groups[-1] + closed - sum(groups) + more]
    total = sum(groups)
    cells: dict[Cell, int] = {
        **{("g", str(place)): many for place, many in enumerate(groups)},
        **{("o", str(place)): many for place, many in enumerate(outcomes)},
        ("s", "open"): total - closed,
        ("s", "closed"): closed,
        ("t", "all"): total,
    }
    sums = [
        (("t", "all"), [cell for cell in cells if cell[0] == "g"]),
        (("t", "all"), [("s", "open"), ("s", "closed")]),
        (("s", "closed"), [cell for cell in cells if cell[0] == "o"]),
    ]
    texts = suppressed(cells, sums)
    for cell, many in cells.items():
        assert texts[cell] in ((FEW, LEFT_OUT) if many < FEWEST else (str(many), LEFT_OUT))
    known = ranges({cell: of_text(text) for cell, text in texts.items()}, sums)
    for cell, text in texts.items():
        low, high = known[cell]
        assert low <= cells[cell] <= high
        if not text.isdigit():
            assert high - low >= FEWEST - 1


@given(st.lists(st.integers(0, 7), min_size=2, max_size=3))
@settings(max_examples=25)
def test_every_value_that_should_remain_possible_really_is(numbers: list[int]) -> None:
    """Against a plain search through every table with the same text."""
    cells: dict[Cell, int] = {("g", str(place)): many for place, many in enumerate(numbers)}
    cells["t", "all"] = sum(numbers)
    parts = [cell for cell in cells if cell[0] == "g"]
    texts = suppressed(cells, [(("t", "all"), parts)])

    def fits(cell: Cell, many: int) -> bool:
        text = texts[cell]
        return many < FEWEST if text == FEW else text in (LEFT_OUT, str(many))

    possible: dict[Cell, set[int]] = {cell: set() for cell in cells}
    for tried in itertools.product(range(12), repeat=len(parts)):
        if all(fits(cell, many) for cell, many in zip(parts, tried, strict=True)) and fits(
            ("t", "all"), sum(tried)
        ):
            for cell, many in zip(parts, tried, strict=True):
                possible[cell].add(many)
    for cell in parts:
        if not texts[cell].isdigit():
            assert len(possible[cell]) >= FEWEST


def test_a_single_small_number_takes_another_with_it() -> None:
    cells = {("g", "a"): 20, ("g", "b"): 9, ("g", "c"): 2, ("t", "all"): 31}
    texts = suppressed(cells, [(("t", "all"), [("g", "a"), ("g", "b"), ("g", "c")])])
    assert texts == {("g", "a"): "20", ("g", "b"): LEFT_OUT, ("g", "c"): FEW, ("t", "all"): "31"}


def test_two_zeros_are_not_given_away_by_a_sum() -> None:
    cells = {("g", "a"): 20, ("g", "b"): 0, ("g", "c"): 0, ("t", "all"): 20}
    texts = suppressed(cells, [(("t", "all"), [("g", "a"), ("g", "b"), ("g", "c")])])
    assert LEFT_OUT in texts.values()
    assert texts["g", "b"] == FEW


# The figures


def test_concerns_are_counted_by_group_and_outcome() -> None:
    many = [one() for _ in range(20)] + [one(Category.DATA_BREACH, Outcome.RESOLVED) for _ in range(30)]
    found = figures_of(many)
    assert (dict(found.groups)["Bullying, harassment and hate"]) in ("20", LEFT_OUT)
    assert dict(found.groups)["Data protection"] in ("30", LEFT_OUT)
    assert dict(found.groups)["Anything else"] == FEW
    assert dict(found.days) == {
        "From the report to the first reading": "1",
        "From the report to the end": "10",
    }
    assert ("What it was about", TOTAL, found.total) in found.rows


def test_every_category_has_its_group() -> None:
    for category in Category:
        found = figures_of([one(category) for _ in range(6)])
        assert found.adults == "6" or "6" in found.total or found.total == LEFT_OUT


def test_of_concerns_about_staff_there_is_one_number_and_nothing_else() -> None:
    about = [one(Category.HARASSMENT, Outcome.SUBSTANTIATED, adults=True) for _ in range(9)]
    about += [one(Category.STAFF_CONTACT), one(Category.MISUSE_STAFF)]
    found = figures_of(about)
    assert found.adults == "11"
    assert found.total == FEW
    assert dict(found.outcomes)["Substantiated"] == FEW
    assert dict(found.stages)[CLOSED] == FEW
    assert figures_of(about[:3]).adults == FEW


def test_medians_need_enough_concerns() -> None:
    assert {text for _, text in figures_of([one() for _ in range(4)]).days} == {LEFT_OUT}


def test_a_school_year_begins_on_the_first_of_september() -> None:
    assert school_year(date(2026, 8, 31)) == 2025
    assert school_year(date(2026, 9, 1)) == 2026


def test_bars_are_drawn_for_numbers_alone() -> None:
    drawn = bars([("A", "10"), ("B", FEW), ("C", "5")])
    assert [bar.width for bar in drawn] == ["100.00%", "", "50.00%"]
    assert drawn[1].words == f"B: {FEW}"
    assert bars([("A", FEW)])[0].width == ""


# The page


def some(school: School, number: int, **values: object) -> list[Concern]:
    """Concerns, written straight into the table."""
    return Concern.objects.bulk_create(
        Concern(**{"once": uuid4(), "school": school, "category": Category.CYBERBULLYING, **values})
        for _ in range(number)
    )


@pytest.fixture
def crew(db: None) -> Crew:
    made = a_concern_crew()
    some(made.school, 12)
    some(made.school, 14, category=Category.UNDER_AGE)
    some(made.school, 6, at=timezone.now() - timedelta(days=800))
    return made


def page(crew: Crew, user: object, name: str = "concern-figures", query: str = "") -> tuple[int, str]:
    client = Client()
    client.force_login(user)
    answer = client.get(reverse(f"incidents:{name}") + query)
    return answer.status_code, text_of(answer) if name == "concern-figures" else answer.content.decode()


def test_who_opens_it_and_who_does_not(crew: Crew) -> None:
    for user in (crew.bob, crew.dora, crew.gina, crew.sue):
        assert page(crew, user)[0] == 200
    for user in (crew.alice, crew.dan, crew.carl):
        assert page(crew, user)[0] == 403
        assert page(crew, user, "concern-figures-export")[0] == 403


def test_it_counts_one_school_and_one_year(crew: Crew) -> None:
    other = a_concern_crew()
    some(other.school, 99)
    now = school_year(timezone.localdate())
    status, text = page(crew, crew.gina)
    assert status == 200
    assert "All of these 26" in text
    # Six not closed, none closed: the total and the six would give the none away.
    then = school_year(timezone.localdate() - timedelta(days=800))
    assert f"All of these {LEFT_OUT}" in page(crew, crew.gina, query=f"?year={then}")[1]
    assert "All of these 26" in page(crew, crew.gina, query="?year=1066")[1]
    assert f"{now} to {now + 1}" in text
    assert page(crew, crew.gina, query=f"?school={other.school.uuid}")[0] == 404


def test_the_file_holds_what_the_page_shows(crew: Crew) -> None:
    status, text = page(crew, crew.gina, "concern-figures-export")
    assert status == 200
    assert f"What it was about,{TOTAL},26" in text
    assert f"Apart from these,{ADULTS},{FEW}" in text
    assert "Cyberbullying" not in text
    assert recorded("incidents.figures_exported") == 1


def test_whom_concerns_are_about_counts_none_of_them(crew: Crew) -> None:
    now = school_year(timezone.localdate())
    before = page(crew, crew.bob), counted(crew.bob, crew.school.pk, now)
    rows = some(crew.school, 8, category=Category.HARASSMENT)
    Part.objects.bulk_create(
        Part(concern=row, part=PartIn.SUBJECT, sort=Sort.HEAD, user=crew.bob) for row in rows
    )
    Excluded.objects.bulk_create(
        Excluded(concern=row, user=crew.bob, because=Excluded.Because.PART) for row in rows
    )
    give(crew.bob, "dsl", crew.school)
    assert (page(crew, crew.bob), counted(crew.bob, crew.school.pk, now)) == before
    assert "8. These are counted apart" in page(crew, crew.gina)[1]
    assert "All of these 26" in page(crew, crew.gina)[1]


def test_a_concern_as_it_is_sent_is_counted_on_the_right_side(crew: Crew) -> None:
    now = school_year(timezone.localdate())
    a_concern(crew, by(crew.mark), category=Category.HARASSMENT)
    a_concern(crew, by(sort="other", words="Mr Barnes"), category=Category.HARASSMENT)
    a_concern(crew)
    assert sum(each.about_adults for each in counted(crew.gina, crew.school.pk, now)) == 2


def test_a_person_of_several_schools_chooses(crew: Crew) -> None:
    other = a_concern_crew()
    give(crew.gina, "governance", other.school)
    assert "Which school?" in page(crew, crew.gina)[1]
    assert "All of these 26" in page(crew, crew.gina, query=f"?school={crew.school.uuid}")[1]


def test_the_page_costs_the_same_with_more_concerns(
    crew: Crew, django_assert_max_num_queries: object
) -> None:
    some(crew.school, 200)
    client = Client()
    client.force_login(crew.gina)
    client.get(reverse("incidents:concern-figures"))
    with django_assert_max_num_queries(12):
        client.get(reverse("incidents:concern-figures"))
