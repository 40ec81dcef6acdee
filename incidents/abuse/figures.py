"""How much abuse was logged, by month of a school year: numbers alone, without a word of an entry."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncMonth

from accounts.models import SocialAccount
from core.clock import LONDON, UTC
from incidents.models import AbuseAct, AbuseNature, Against

FIRST_MONTH = 9
"""A school year begins in September."""
SHORT = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
ELSEWHERE = "Somewhere else"
BY = {
    "nature": "What it is",
    "against": "Against whom",
    "where": "On accounts of the school, or elsewhere",
    "account": "Account",
    "did": "What was done",
}
"""What may be counted by."""
BAR, GAP, LINE = 16, 10, 22
"""Heights in the chart, in pixels: of a bar, of the room below it, of the words above it."""


def year_of(day: date) -> int:
    """The school year in which a day lies, by the calendar year in which it began."""
    return day.year if day.month >= FIRST_MONTH else day.year - 1


def months_of(year: int) -> list[date]:
    """The first days of its twelve months."""
    return [date(year + (FIRST_MONTH - 1 + n) // 12, (FIRST_MONTH - 1 + n) % 12 + 1, 1) for n in range(12)]


def bounds_of(year: int) -> tuple[datetime, datetime]:
    """When it begins and when the next one does, in UTC."""
    first, last = (
        datetime(year, FIRST_MONTH, 1, tzinfo=LONDON),
        datetime(year + 1, FIRST_MONTH, 1, tzinfo=LONDON),
    )
    return first.astimezone(UTC), last.astimezone(UTC)


def month_name(month: date) -> str:
    """ "Sep 2026"."""
    return f"{SHORT[month.month - 1]} {month.year}"


@dataclass(frozen=True)
class Figures:
    """Counts by category and month. Every category has every month."""

    months: tuple[date, ...]
    rows: Mapping[str, tuple[int, ...]]
    totals: tuple[int, ...]

    @property
    def total(self) -> int:
        """Of the whole year."""
        return sum(self.totals)


def figures_from(year: int, found: Iterable[tuple[str, date, int]], names: Iterable[str] = ()) -> Figures:
    """Lay counts out. `names` stand there with or without a count; what is outside the year is left out."""
    months = months_of(year)
    place = {month: number for number, month in enumerate(months)}
    rows: dict[str, list[int]] = {name: [0] * 12 for name in names}
    for name, month, count in found:
        if (key := month.replace(day=1)) in place:
            rows.setdefault(name, [0] * 12)[place[key]] += count
    totals = tuple(sum(row[n] for row in rows.values()) for n in range(12))
    return Figures(tuple(months), {name: tuple(row) for name, row in rows.items()}, totals)


def figures_of(entries: QuerySet, year: int, by: str) -> tuple[Figures, Figures]:
    """Counts of these entries in a year by one thing, and how many entries there were, in two queries.

    They differ where an entry counts several times: two things may be done about one comment.
    """
    first, last = bounds_of(year)
    entries = entries.filter(seen_at__gte=first, seen_at__lt=last).order_by()
    month = TruncMonth("seen_at", tzinfo=LONDON)
    whole = entries.annotate(month=month).values_list("month").annotate(number=Count("pk"))
    all_of_them = figures_from(year, (("Entries", one.date(), count) for one, count in whole))
    if by == "did":
        acts = AbuseAct.objects.filter(entry__in=entries.values("pk")).order_by()
        month = TruncMonth("entry__seen_at", tzinfo=LONDON)
        found = acts.annotate(month=month).values_list("did", "month")
        counted = found.annotate(number=Count("entry", distinct=True))
    else:
        field = {"where": "account_id", "account": "account_id"}.get(by, by)
        counted = entries.annotate(month=month).values_list(field, "month").annotate(number=Count("pk"))
    name, names = _names(by)
    rows = list(counted)
    if by == "account":
        accounts = SocialAccount.objects.filter(pk__in={key for key, _, _ in rows if key})
        titles = {one.pk: f"{one.name} ({one.platform.name})" for one in accounts.select_related("platform")}
        return figures_from(
            year, ((titles.get(key, ELSEWHERE), one.date(), n) for key, one, n in rows)
        ), all_of_them
    return figures_from(year, ((name(key), one.date(), n) for key, one, n in rows), names), all_of_them


def _names(by: str) -> tuple[Any, list[str]]:
    """How a value is called, and what stands there in any case."""
    if by == "where":
        own = "On accounts of the school"
        return (lambda key: own if key else ELSEWHERE), [own, ELSEWHERE]
    labels = {"nature": AbuseNature, "against": Against, "did": AbuseAct.Did}.get(by)
    if labels is None:
        return str, []
    return (lambda key: str(labels(key).label)), [str(label) for label in labels.labels]


class Bar(NamedTuple):
    """One month of the chart: its words, and where they and the bar stand."""

    words: str
    words_at: int
    bar_at: int
    width: str


@dataclass(frozen=True)
class Chart:
    """One bar for each month, one below the other; drawn by `incidents/abuse/_chart.html`."""

    title: str
    bars: list[Bar]
    bar_height: int = BAR

    @property
    def height(self) -> int:
        """In pixels."""
        return len(self.bars) * (LINE + BAR + GAP)


def chart_of(figures: Figures, title: str, today: date) -> Chart:
    """The months of a year that have begun by a day, in hundredths of the highest."""
    most = max(figures.totals, default=0)
    bars = []
    begun = [one for one in zip(figures.months, figures.totals, strict=True) if one[0] <= today]
    for place, (month, count) in enumerate(begun):
        top = place * (LINE + BAR + GAP)
        width = f"{100 * count / most:.2f}%" if most else "0%"
        bars.append(Bar(f"{month_name(month)}: {count}", top + LINE - 6, top + LINE, width))
    return Chart(title, bars)
