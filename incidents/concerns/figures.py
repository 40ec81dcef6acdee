"""How many concerns there were, with small numbers left out so that nobody is found in them. Pure functions.

A number below five is not given, and further numbers are left out until no sum gives it away: for each number
that is left out, at least five values remain possible for whoever knows all the others.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from statistics import median

from incidents.models import Category, Outcome, Status

FEWEST = 5
FEW, LEFT_OUT = f"Fewer than {FEWEST}", "Not given"
TOTAL, OPEN, CLOSED = "All of these", "Not closed", "Closed"
ADULTS = "About people who work at the school"
"""One number and nothing more: neither what it was about, nor how it ended."""
GROUPS: dict[str, tuple[Category, ...]] = {
    "Bullying, harassment and hate": (Category.CYBERBULLYING, Category.HARASSMENT, Category.HATE),
    "Exploitation, imagery and radicalisation": (
        Category.EXPLOITATION,
        Category.IMAGERY,
        Category.RADICALISATION,
    ),
    "Under age, and contact with staff": (Category.UNDER_AGE, Category.CONTACT_ATTEMPT),
    "Misuse by pupils and parents": (Category.MISUSE_PUPIL, Category.MISUSE_PARENT),
    "Defamation and reputation": (Category.DEFAMATION, Category.REPUTATION),
    "Data protection": (Category.DATA_BREACH, Category.DATA_COMPLAINT),
    "Anything else": (Category.POLICY_COMPLAINT, Category.OTHER),
}
ABOUT_ADULTS = frozenset((Category.STAFF_CONTACT, Category.MISUSE_STAFF, Category.OWN_MISTAKE))
GROUP_OF = {category: group for group, categories in GROUPS.items() for category in categories}
MOST = 10**9


@dataclass(frozen=True)
class Counted:
    """One concern as the figures know it."""

    category: str
    status: str
    outcome: str
    at: datetime
    first_read_at: datetime | None
    closed_at: datetime | None
    about_adults: bool


@dataclass
class ConcernCounts:
    """The figures of one school and year: texts, each a number or why there is none."""

    groups: list[tuple[str, str]] = field(default_factory=list)
    stages: list[tuple[str, str]] = field(default_factory=list)
    outcomes: list[tuple[str, str]] = field(default_factory=list)
    total: str = ""
    adults: str = ""
    days: list[tuple[str, str]] = field(default_factory=list)

    @property
    def rows(self) -> list[tuple[str, str, str]]:
        """Everything as it is shown, line by line: for the file."""
        return [
            *(("What it was about", *row) for row in [*self.groups, (TOTAL, self.total)]),
            *(("Where it stands", *row) for row in self.stages),
            *(("How it ended", *row) for row in self.outcomes),
            *(("Days, in the middle", *row) for row in self.days),
            ("Apart from these", ADULTS, self.adults),
        ]


def school_year(day: date) -> int:
    """The year in which the school year of a day began, on 1 September."""
    return day.year if day.month >= 9 else day.year - 1


def figures_of(concerns: Iterable[Counted]) -> ConcernCounts:
    """The figures of some concerns."""
    concerns = list(concerns)
    adults = [one for one in concerns if one.about_adults or one.category in ABOUT_ADULTS]
    others = [one for one in concerns if not (one.about_adults or one.category in ABOUT_ADULTS)]
    groups = dict.fromkeys(GROUPS, 0)
    outcomes = {one.label: 0 for one in Outcome}
    closed = 0
    for one in others:
        groups[GROUP_OF.get(Category(one.category), "Anything else")] += 1
        if one.status == Status.CLOSED:
            closed += 1
            outcomes[Outcome(one.outcome).label] += 1
    cells = {
        **{("group", name): many for name, many in groups.items()},
        **{("outcome", name): many for name, many in outcomes.items()},
        ("stage", OPEN): len(others) - closed,
        ("stage", CLOSED): closed,
        ("total", TOTAL): len(others),
    }
    shown = suppressed(
        cells,
        [
            (("total", TOTAL), [("group", name) for name in groups]),
            (("total", TOTAL), [("stage", OPEN), ("stage", CLOSED)]),
            (("stage", CLOSED), [("outcome", name) for name in outcomes]),
        ],
    )
    return ConcernCounts(
        groups=[(name, shown["group", name]) for name in groups],
        stages=[(name, shown["stage", name]) for name in (OPEN, CLOSED)],
        outcomes=[(name, shown["outcome", name]) for name in outcomes],
        total=shown["total", TOTAL],
        adults=FEW if len(adults) < FEWEST else str(len(adults)),
        days=[
            ("From the report to the first reading", _days(others, "first_read_at")),
            ("From the report to the end", _days(others, "closed_at")),
        ],
    )


def _days(concerns: Sequence[Counted], until: str) -> str:
    """The median in whole days, where there are enough of them."""
    spans = [getattr(one, until) - one.at for one in concerns if getattr(one, until) is not None]
    if len(spans) < FEWEST:
        return LEFT_OUT
    return str(round(median(span / timedelta(days=1) for span in spans)))


# Leaving numbers out

Cell = tuple[str, str]
Range = tuple[int, int]
FEW_RANGE: Range = (0, FEWEST - 1)
Sum = tuple[Cell, Sequence[Cell]]
"""A total, and the cells of which it is the sum. The sums of one set of figures make a tree."""


@dataclass
class _LeftOut:
    """Cells that are not given: few by their number; others for their sake; vague ones of which even less is said."""

    few: set[Cell]
    others: set[Cell] = field(default_factory=set)
    vague: set[Cell] = field(default_factory=set)

    def bounds(self, cells: Mapping[Cell, int]) -> dict[Cell, Range]:
        """What is known of each cell by itself, at the most."""
        return {
            cell: FEW_RANGE
            if cell in self.few
            else (FEWEST, MOST)
            if cell in self.others
            else (0, MOST)
            if cell in self.vague
            else (many, many)
            for cell, many in cells.items()
        }

    def text(self, cell: Cell, many: int) -> str:
        """What stands in the cell."""
        return FEW if cell in self.few else LEFT_OUT if cell in self.others | self.vague else str(many)


def suppressed(cells: Mapping[Cell, int], sums: Sequence[Sum]) -> dict[Cell, str]:
    """Each cell as text: its number; FEW; or LEFT_OUT, which says nothing of the number."""
    out = _LeftOut({cell for cell, many in cells.items() if many < FEWEST})
    while weak := _weak(cells, sums, out):
        given = [cell for cell in cells if cell not in out.few | out.others | out.vague]
        near = {cell for total, parts in sums if weak in (total, *parts) for cell in (total, *parts)}
        if free := [cell for cell in given if cell in near]:
            # The smallest number of the same sum that is still there.
            out.others.add(min(free, key=lambda cell: (cells[cell], cell)))
        elif weak in out.few | out.others:
            # Its own label says too much: with the others it leaves too few values.
            out.few.discard(weak)
            out.others.discard(weak)
            out.vague.add(weak)
        elif given:
            out.others.add(min(given, key=lambda cell: (cells[cell], cell)))
        else:
            return dict.fromkeys(cells, LEFT_OUT)
    return {cell: out.text(cell, many) for cell, many in cells.items()}


def _weak(cells: Mapping[Cell, int], sums: Sequence[Sum], out: _LeftOut) -> Cell | None:
    """A cell that is left out and of which too much is known."""
    known = ranges(out.bounds(cells), sums)
    for cell in sorted(out.few | out.others | out.vague):
        low, high = known[cell]
        if high - low < FEWEST - 1:
            return cell
    return None


def ranges(bounds: Mapping[Cell, Range], sums: Sequence[Sum]) -> dict[Cell, Range]:
    """What a reader can work out from what is known of each cell: the least and the most that it can be.

    Exact, because each sum shares at most one cell with another and the whole is a tree.
    """
    found = dict(bounds)
    changed = True
    while changed:
        changed = False
        for total, parts in sums:
            low, high = sum(found[one][0] for one in parts), sum(found[one][1] for one in parts)
            changed |= _narrow(found, total, low, high)
            for one in parts:
                rest_low = sum(found[each][0] for each in parts if each != one)
                rest_high = sum(found[each][1] for each in parts if each != one)
                changed |= _narrow(found, one, found[total][0] - rest_high, found[total][1] - rest_low)
    return found


def _narrow(found: dict[Cell, Range], cell: Cell, low: int, high: int) -> bool:
    before = found[cell]
    found[cell] = (max(before[0], low), min(before[1], high))
    return found[cell] != before


# The chart

LINE, BAR, GAP = 24, 16, 14


@dataclass(frozen=True)
class CountBar:
    """One bar of the chart: its label, its words, and where each stands in pixels."""

    label: str
    words: str
    width: str
    top: int

    @property
    def label_at(self) -> int:
        """Where the label stands."""
        return self.top + LINE - 6

    @property
    def bar_at(self) -> int:
        """Where the bar begins."""
        return self.top + LINE


def bars(rows: Sequence[tuple[str, str]]) -> list[CountBar]:
    """A bar for each number that is given; the words alone for one that is not."""
    most = max((int(text) for _, text in rows if text.isdigit()), default=0)
    found = []
    for place, (label, text) in enumerate(rows):
        width = f"{100 * int(text) / most:.2f}%" if text.isdigit() and most else ""
        found.append(CountBar(label, f"{label}: {text}", width, place * (LINE + BAR + GAP)))
    return found
