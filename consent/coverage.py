"""How many pupils may be shown: figures by class and question, or by school, from the positions.

A fixed number of queries for any number of pupils. A pupil who must never be shown counts as a no, so that
figures and lists cannot be compared to find out who that is.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from types import MappingProxyType
from typing import Any, NamedTuple

from django.db.models import Count, QuerySet

from consent.models import NeverShow, Position, Pupil, Purpose
from consent.register.filters import Conditions, by_number
from consent.selectors import here

WITHOUT_CLASS = "No class"
BAR, GAP, LINE = 18, 16, 22
"""Heights in a chart, in pixels: of a bar, of the room below it, and of each of the two lines above it."""


class Tally(NamedTuple):
    """How many say yes, how many no, and of how many there is no answer that counts."""

    yes: int = 0
    no: int = 0
    none: int = 0

    @property
    def total(self) -> int:
        """Of how many."""
        return sum(self)

    def plus(self, other: "Tally") -> "Tally":
        """Both together."""
        return type(other)(*(one + two for one, two in zip(self, other, strict=True)))

    def plain(self, silent: bool) -> "Tally":
        """Yes or not, as staff see it, without why not. `silent`: whether silence means yes."""
        if silent:
            return PlainTally(self.yes + self.none, self.no)
        return PlainTally(self.yes, self.no + self.none)

    def __str__(self) -> str:
        """In words: "20 yes, 3 no, 2 no answer, of 25"."""
        return f"{self.yes} yes, {self.no} no, {self.none} no answer, of {self.total}"


class PlainTally(Tally):
    """A tally for readers who do not learn why a pupil may not be shown."""

    def __str__(self) -> str:
        """In words: "20 may be shown, 5 not, of 25"."""
        return f"{self.yes} may be shown, {self.no} not, of {self.total}"


@dataclass(frozen=True)
class Figures:
    """Tallies by row (a class or a school) and column (the id of a question)."""

    rows: Mapping[str, Mapping[int, Tally]]

    def of(self, row: str, column: int) -> Tally:
        """One of them."""
        return self.rows[row].get(column, Tally())

    def total(self, column: int) -> Tally:
        """A question over all rows."""
        return reduce(Tally.plus, (tallies.get(column, Tally()) for tallies in self.rows.values()), Tally())


Plain = Mapping[int, bool]
"""Questions of which the reader learns yes or not alone, each with whether silence means yes."""


def figures_by_class(
    pupils: QuerySet[Pupil], purposes: Sequence[Purpose], day: date, plain: Plain = MappingProxyType({})
) -> Figures:
    """By class and question of one school, in three queries. `pupils` are all of the school."""
    sizes, never = _sizes(pupils, day, "class_name"), _never(pupils, day, "class_name")
    said = _said(pupils, [one.pk for one in purposes], day, "pupil__class_name", "purpose_id")
    rows: dict[str, dict[int, Tally]] = {}
    for name in sorted(sizes, key=by_number):
        rows[name or WITHOUT_CLASS] = {
            one.pk: _told(one.pk, _tally(said[name, one.pk], never[name], sizes[name]), plain)
            for one in purposes
        }
    return Figures(rows)


def figures_by_school(
    pupils: QuerySet[Pupil],
    questions: Mapping[int, Sequence[Purpose]],
    day: date,
    plain: Plain = MappingProxyType({}),
) -> dict[int, Tally]:
    """Answers by the id of the school: each pupil counts once for each question of their school.

    `pupils` are all of these schools.
    """
    sizes, never = _sizes(pupils, day, "school"), _never(pupils, day, "school")
    said = _said(pupils, [one.pk for each in questions.values() for one in each], day, "purpose_id")
    found: dict[int, Tally] = {}
    for school, size in sizes.items():
        asked = questions.get(school, ())
        answers = {one.pk: said[(one.pk,)] for one in asked}
        found[school] = tally_of(answers, asked, size, never[school], plain)
    return found


def _sizes(pupils: QuerySet[Pupil], day: date, field: str) -> dict[Any, int]:
    """How many are at the school, by a field of the pupil."""
    rows = pupils.filter(here(day)).order_by()
    return dict(rows.values_list(field).annotate(size=Count("pk")))


def _never(pupils: QuerySet[Pupil], day: date, field: str) -> dict[Any, int]:
    """How many of them must never be shown."""
    return defaultdict(int, never_shown(pupils, day).values_list(field).annotate(many=Count("pk")))


def _said(pupils: QuerySet[Pupil], purposes: Iterable[int], day: date, *by: str) -> dict[tuple, Tally]:
    """How many yes and no there are, by some fields of the position."""
    counts = answers_given(day)
    counted = given_here(pupils, purposes, day).values_list(*by).annotate(**counts)
    found: dict[tuple, Tally] = defaultdict(Tally)
    for *key, yes, no in counted:
        found[tuple(key)] = Tally(yes, no)
    return found


def given_here(pupils: QuerySet[Pupil], purposes: Iterable[int], day: date) -> QuerySet[Position]:
    """Positions of those who are here and may be shown at all.

    Whoever does not count is taken out instead of joining everybody who does: they are few.
    """
    rows = Position.objects.filter(purpose__in=list(purposes))
    rows = rows.exclude(pupil__in=pupils.exclude(here(day)).order_by().values("pk"))
    return rows.exclude(pupil__in=NeverShow.objects.filter(lifted_at=None).values("pupil")).order_by()


def answers_given(day: date) -> dict[str, Count]:
    """The counts of positions that say yes and no on a day."""
    said = Conditions(day)
    return {"yes": Count("pk", filter=said.yes), "no": Count("pk", filter=said.no | said.split)}


def never_shown(pupils: QuerySet[Pupil], day: date) -> QuerySet[Pupil]:
    """Those who are here and must never be shown."""
    shut = NeverShow.objects.filter(lifted_at=None).values("pupil")
    return pupils.filter(here(day), pk__in=shut).order_by()


def tally_of(
    said: Mapping[int, Tally],
    questions: Iterable[Purpose],
    size: int,
    never: int,
    plain: Plain = MappingProxyType({}),
) -> Tally:
    """All questions of one school together, from what is said: yes and no by the id of the question.

    `size`: pupils who are here; `never`: those of them who must never be shown.
    """
    tallies = (_told(one.pk, _tally(said.get(one.pk, Tally()), never, size), plain) for one in questions)
    return reduce(Tally.plus, tallies, Tally())


def _tally(said: Tally, never: int, size: int) -> Tally:
    return Tally(said.yes, said.no + never, size - said.yes - said.no - never)


def _told(purpose: int, tally: Tally, plain: Plain) -> Tally:
    return tally.plain(plain[purpose]) if purpose in plain else tally


# Charts


class Piece(NamedTuple):
    """One coloured part of a bar, in hundredths of its width."""

    css: str
    start: str
    width: str


class Bar(NamedTuple):
    """One row of a chart, with the heights at which its words and its bar stand."""

    label: str
    tally: Tally
    label_at: int
    words_at: int
    bar_at: int
    pieces: list[Piece]


@dataclass(frozen=True)
class Chart:
    """Bars one below the other; drawn by `consent/_chart.html`."""

    key: str
    title: str
    bars: list[Bar]

    bar_height = BAR

    @property
    def height(self) -> int:
        """In pixels."""
        return len(self.bars) * (2 * LINE + BAR + GAP)


def chart(key: str, title: str, rows: Iterable[tuple[str, Tally]]) -> Chart:
    """A chart of tallies by name. `key` tells the charts of a page apart."""
    bars = []
    for place, (label, tally) in enumerate(rows):
        top = place * (2 * LINE + BAR + GAP)
        bars.append(Bar(label, tally, top + LINE - 6, top + 2 * LINE - 6, top + 2 * LINE, _pieces(tally)))
    return Chart(key, title, bars)


def _pieces(tally: Tally) -> list[Piece]:
    found, start = [], 0.0
    for css, many in zip(("yes", "no", "none"), tally, strict=True):
        width = 100 * many / tally.total if tally.total else 0
        if many:
            found.append(Piece(css, f"{start:.2f}%", f"{width:.2f}%"))
        start += width
    return found
