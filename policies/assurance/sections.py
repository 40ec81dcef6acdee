"""What the report of a term is made of: sections that rooms register, each counted for its reader.

    @report_section("accounts", "Official accounts", place=50)
    def accounts(user, school, term):
        if not account_rules.allows_at(user, "view", school):
            return None
        rows = account_rules.visible_to(user, "view").filter(school=school)
        (found,) = yield [ask(rows, live=Count("pk", filter=Q(status="live")))]
        return TermSection([TermFigure("Live now", found["live"])], url=reverse("accounts:account-list"))

A section does not ask the database for its numbers: it yields what it wants counted (policies/assurance/counting.py)
and is given the answers. What all sections want comes from one query.

A section counts nothing that its reader may not see: it counts through the rules of its own room for that person,
and takes numbers from the room's own figures where small ones are left out there. None: the reader sees nothing
of it. Two readers may so see different reports of the same term.

Declarations and departures have no section: nobody but who made or hears them may know of them, and their rules
open no number to anybody else.
"""

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass

from people.governance.profile import Profile
from people.models import School, User
from people.selectors import governed_by
from policies.assurance.access import statement_rules
from policies.assurance.counting import Answer, Ask, answered
from policies.assurance.spans import ReportTerm

LINE, BAR, GAP = 22, 16, 12
"""Heights in a chart, in pixels: of the words above a bar, of the bar, and of the room below it."""


@dataclass(frozen=True)
class TermFigure:
    """One line: a number or a text now, the same of the term before, and what must be known of it.

    `before` is None where the number is of this moment and was not kept.
    """

    label: str
    now: int | str
    before: int | str | None = None
    note: str = ""


@dataclass(frozen=True)
class TermBar:
    """One bar of a chart: its words, where they and the bar stand, and its width in hundredths."""

    words: str
    words_at: int
    bar_at: int
    width: str


@dataclass(frozen=True)
class Series:
    """What a chart shows: names with numbers, or with texts where a number is not given."""

    title: str
    rows: Sequence[tuple[str, int | str]]
    unit: str = ""
    most: int = 0

    bar_height = BAR

    @property
    def bars(self) -> list[TermBar]:
        """A bar for each number; the words alone where none is given. `most` is the whole width, if it is known."""
        numbers = [int(value) for _, value in self.rows if str(value).isdigit()]
        whole = self.most or max(numbers, default=0)
        found = []
        for place, (label, value) in enumerate(self.rows):
            top = place * (LINE + BAR + GAP)
            share = 100 * int(value) / whole if whole and str(value).isdigit() else 0
            words = f"{label}: {value}{self.unit if str(value).isdigit() else ''}"
            found.append(TermBar(words, top + LINE - 6, top + LINE, f"{share:.2f}%" if share else ""))
        return found

    @property
    def says_something(self) -> bool:
        """Whether a bar can be seen; where no number is given or all are nought, the table says it alone."""
        return any(bar.width for bar in self.bars)

    @property
    def height(self) -> int:
        """In pixels."""
        return len(self.rows) * (LINE + BAR + GAP)


@dataclass(frozen=True)
class TermSection:
    """One section for one reader: its lines, a chart that says a part of them, and where to read more."""

    rows: Sequence[TermFigure]
    chart: Series | None = None
    note: str = ""
    url: str = ""
    link: str = "Read more"


Counting = Generator[Sequence[Ask], list[Answer], TermSection | None]
"""A section that yields once what it wants counted, and then says what came of it."""
Counter = Callable[[User, School, ReportTerm], Counting | TermSection | None]


@dataclass(frozen=True)
class RegisteredSection:
    """A section as a room registered it. A smaller `place` stands further up."""

    key: str
    title: str
    place: int
    count: Counter


SECTIONS: list[RegisteredSection] = []


def report_section(key: str, title: str, place: int) -> Callable[[Counter], Counter]:
    """Register a section. What it cannot have counted for it is a fixed number of queries, however many rows.

    Raises ValueError for a key that is taken.
    """

    def register(count: Counter) -> Counter:
        if any(one.key == key for one in SECTIONS):
            raise ValueError(f"there is a section {key!r} already")
        SECTIONS.append(RegisteredSection(key, title, place, count))
        SECTIONS.sort(key=lambda one: one.place)
        return count

    return register


@dataclass(frozen=True)
class ShownSection:
    """A section of one report: with its key and title."""

    key: str
    title: str
    section: TermSection


def sections_for(user: User, school: School, term: ReportTerm) -> list[ShownSection]:
    """The report of a term for one reader, put together now. Raises PermissionDenied where they read none."""
    statement_rules.require_at(user, "view", school)
    begun = [_Begun(one.count(user, school, term)) for one in SECTIONS]
    answers = iter(answered(each for one in begun for each in one.asks))
    sections = [one.ended([next(answers) for _ in one.asks]) for one in begun]
    return [
        ShownSection(one.key, one.title, section)
        for one, section in zip(SECTIONS, sections, strict=True)
        if section is not None
    ]


class _Begun:
    """A section that has said what it wants counted, or has ended already."""

    def __init__(self, said: Counting | TermSection | None) -> None:
        self.asks: list[Ask] = []
        self.counting, self.section = (said, None) if isinstance(said, Generator) else (None, said)
        if self.counting is None:
            return
        try:
            self.asks = list(next(self.counting))
        except StopIteration as end:
            self.counting, self.section = None, end.value

    def ended(self, answers: list[Answer]) -> TermSection | None:
        """What it says of the answers. Raises RuntimeError where it asks once more."""
        if self.counting is None:
            return self.section
        try:
            self.counting.send(answers)
        except StopIteration as end:
            return end.value
        raise RuntimeError("a section of the report asks once")


def of(part: int, whole: int) -> str:
    """ "7 of 9"."""
    return f"{part} of {whole}"


def profile_for(user: User, school: School) -> Profile:
    """How a school of the reader governs: read once for the whole page."""
    return next(profile for place, profile in governed_by(user).items() if place.pk == school.pk)
