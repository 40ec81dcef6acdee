"""How many concerns there were: for governors and leaders, with small numbers left out."""

from collections.abc import Sequence
from datetime import date, datetime, time
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views import View
from django.views.generic import TemplateView

from core import csvfiles
from core.audit import audited, record
from core.clock import LONDON
from core.tables import Column, Table, query_with
from core.views import AccessMixin
from incidents.concerns.access import concern_rules, not_excluded
from incidents.concerns.figures import (
    BAR,
    GAP,
    LINE,
    TOTAL,
    ConcernCounts,
    Counted,
    bars,
    figures_of,
    school_year,
)
from incidents.models import Concern, Excluded, Part, PartIn, Sort
from people.models import School, User
from people.views.own_school import OwnSchoolMixin

YEARS = 6
FIELDS = ("category", "status", "outcome", "at", "first_read_at", "closed_at")


def counted(user: User, school: int, year: int) -> list[Counted]:
    """The concerns of a school year at one school, without those from which the reader is kept out."""
    return counted_by_year(user, school, [year])[0]


def counted_by_year(user: User, school: int, years: Sequence[int]) -> list[list[Counted]]:
    """The same of several school years that follow one another, in one query and in the order asked for.

    The one place that reads concerns beside `visible_to`: numbers alone leave it.
    """
    start, end = (datetime.combine(date(year, 9, 1), time(), LONDON) for year in (min(years), max(years) + 1))
    adult = Part.objects.filter(
        concern=OuterRef("pk"), part=PartIn.SUBJECT, sort__in=(Sort.STAFF, Sort.HEAD), mistaken_at=None
    )
    meant = Excluded.objects.filter(concern=OuterRef("pk"), because=Excluded.Because.WORDS, lifted_at=None)
    rows = (
        Concern.objects.filter(not_excluded(user), school=school, at__gte=start, at__lt=end)
        .annotate(about_adults=Q(Exists(adult)) | Q(Exists(meant)))
        .order_by("pk")
    )
    found: dict[int, list[Counted]] = {year: [] for year in years}
    for row in rows.values_list(*FIELDS, "about_adults"):
        one = Counted(*row)
        found[school_year(one.at.astimezone(LONDON).date())].append(one)
    return list(found.values())


def figures_exported(*, actor: User, school: School) -> None:
    """Record that somebody took the figures away. Raises PermissionDenied."""
    concern_rules.require_at(actor, "figures", school)
    with audited():
        record("incidents.figures_exported", actor=actor, school=school)


class FiguresMixin(OwnSchoolMixin, AccessMixin):
    """The figures of one school in one school year."""

    rules = concern_rules
    action = "figures"
    sensitive = True

    @cached_property
    def years(self) -> list[int]:
        """The school years to choose from, the present one first."""
        now = school_year(timezone.localdate())
        return list(range(now, now - YEARS, -1))

    @cached_property
    def year(self) -> int:
        """The chosen one, or the present one."""
        asked = self.request.GET.get("year", "")
        return int(asked) if asked in {str(one) for one in self.years} else self.years[0]

    @cached_property
    def counts(self) -> ConcernCounts:
        """What is shown."""
        return figures_of(counted(self.request.user, self.place.pk, self.year))


class ConcernFigures(FiguresMixin, TemplateView):
    """Tables and a chart, to read and to print."""

    template_name = "incidents/concerns/figures.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """Of the chosen school."""
        if self.place is None:
            return super().get_context_data(**kwargs)
        found = self.counts
        return super().get_context_data(
            counts=found,
            year_words=_words(self.year),
            years=[
                {
                    "title": _words(one),
                    "url": query_with(self.request, year=one, school=self.place.uuid),
                    "it": one == self.year,
                }
                for one in self.years
            ],
            chart=bars(found.groups),
            chart_height=len(found.groups) * (LINE + BAR + GAP),
            bar_height=BAR,
            groups=_table("What it was about", [*found.groups, (TOTAL, found.total)]),
            stages=_table("Where it stands", found.stages),
            outcomes=_table("How it ended", found.outcomes),
            days=_table("Days, in the middle", found.days, "Days"),
            export_query=f"school={self.place.uuid}&year={self.year}",
            **kwargs,
        )


class ConcernFiguresExport(FiguresMixin, View):
    """Exactly what is shown, as a file."""

    http_method_names = ("get",)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The file; of the first school where none was chosen."""
        if self.place is None:
            self.place = self.places[0]
        figures_exported(actor=request.user, school=self.school)
        name = f"concerns-{self.place.slug}-{self.year}.csv"
        answer = csvfiles.response(name, ["Table", "What", "Number"], self.counts.rows)
        answer["Cache-Control"] = "private, no-store"
        return answer


def _words(year: int) -> str:
    return f"{year} to {year + 1}"


def _table(caption: str, rows: list[tuple[str, str]], number: str = "Concerns") -> Table:
    columns = [Column("what", caption), Column("many", number, numeric=True)]
    return Table(columns, rows, caption, caption_hidden=True, stack=False)
