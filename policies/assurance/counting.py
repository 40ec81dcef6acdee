"""Numbers of many tables from one query, so that a page of many sections costs as much as a page of one.

    live, by_kind = answered([
        ask(accounts, live=Count("pk", filter=Q(status="live"))),
        ask(entries, text="nature", all=Count("pk")),
    ])
    live["live"], by_kind.lines

Whoever asks has chosen the rows by the rules of their own room: nothing is added to them here.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Aggregate, CharField, F, IntegerField, QuerySet, Value
from django.db.models.functions import Cast

MOST_NUMBERS = 12
"""Numbers of one `ask`: all of them stand in the same columns."""
NO_NUMBER = Cast(Value(None), IntegerField())
NO_TEXT = Cast(Value(""), CharField())
CELLS = [f"asked_{place}" for place in range(MOST_NUMBERS)]


@dataclass(frozen=True)
class Ask:
    """Rows, and what is wanted of them: whole numbers by name, and a text that tells lines apart."""

    rows: QuerySet
    numbers: Mapping[str, Any]
    text: str | Aggregate | None = None


@dataclass
class Answer:
    """What came of an `ask`: one line, or one for each text."""

    lines: list[tuple[str, dict[str, int]]] = field(default_factory=list)

    def __getitem__(self, name: str) -> int:
        """A number of the only line; 0 where nothing was found."""
        return self.lines[0][1][name] if self.lines else 0

    @property
    def text(self) -> str:
        """The text of the only line; empty where there is none."""
        return self.lines[0][0] if self.lines else ""


def ask(rows: QuerySet, *, text: str | Aggregate | None = None, **numbers: Any) -> Ask:
    """Ask for numbers of some rows. It asks no query by itself.

    With aggregates the answer has one line, or one for each value of the field `text`; with plain fields one line
    for each row. `text` may be an aggregate too (the newest day). Raises ValueError for more than MOST_NUMBERS.
    """
    if len(numbers) > MOST_NUMBERS:
        raise ValueError(f"at most {MOST_NUMBERS} numbers at once")
    return Ask(rows, numbers, text)


def answered(asks: Iterable[Ask]) -> list[Answer]:
    """The answers, in the order of what was asked, from one query for all of them."""
    asks = list(asks)
    found = [Answer() for _ in asks]
    parts = [(place, _columns(place, one)) for place, one in enumerate(asks) if not one.rows.query.is_empty()]
    if not parts:
        return found
    first, *others = [rows for _, rows in parts]
    for place, text, *cells in first.union(*others, all=True) if others else first:
        numbers = zip(asks[place].numbers, cells, strict=False)
        found[place].lines.append((text or "", {name: number or 0 for name, number in numbers}))
    return found


def _columns(place: int, one: Ask) -> QuerySet:
    """The rows in the columns that all of them share; no row says which `ask` it answers but its first column."""
    cells: Sequence[Any] = [F(each) if isinstance(each, str) else each for each in one.numbers.values()]
    cells = [*cells, *[NO_NUMBER] * (MOST_NUMBERS - len(cells))]
    text = NO_TEXT if one.text is None else Cast(_field(one.text), CharField())
    before = {"asked_place": Cast(Value(place), IntegerField())}
    after = dict(zip(CELLS, cells, strict=True))
    (after if isinstance(one.text, Aggregate) else before)["asked_text"] = text
    rows = one.rows.order_by().values(**before).annotate(**after)
    return rows.values_list("asked_place", "asked_text", *CELLS)


def _field(text: str | Aggregate) -> Any:
    return F(text) if isinstance(text, str) else text
