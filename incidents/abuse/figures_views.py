"""Monthly counts of the log of abuse: numbers alone."""

from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views import View
from django.views.generic import TemplateView

from core import csvfiles
from core.views import AccessMixin
from incidents.abuse import pages
from incidents.abuse.access import abuse_rules
from incidents.abuse.figures import BY, Figures, chart_of, figures_of, month_name, year_of
from incidents.abuse.forms import AbuseFiguresFilter
from incidents.abuse.services import figures_exported
from people.models import School
from people.selectors import Place, places_of

YEARS_BACK = 10


class AbuseFiguresMixin(AccessMixin):
    """The counts of one school year, of one school or of all that the person may count."""

    rules = abuse_rules
    action = "figures"
    sensitive = True

    @cached_property
    def places(self) -> list[Place]:
        """The schools."""
        return places_of(self.rules.schools(self.request.user, self.action))

    @cached_property
    def form(self) -> AbuseFiguresFilter:
        """What is asked for; this school year by what it is, where nothing is."""
        now = year_of(timezone.localdate())
        years = list(range(now, now - YEARS_BACK, -1))
        data = {"year": now, "by": "nature", **self.request.GET.dict()}
        return AbuseFiguresFilter(data, years=years, by=list(BY.items()), places=self.places)

    @cached_property
    def year(self) -> int:
        """The calendar year in which the school year begins."""
        return self.form.chosen.get("year") or year_of(timezone.localdate())

    @cached_property
    def by(self) -> str:
        """What is counted by."""
        return self.form.chosen.get("by") or "nature"

    @cached_property
    def place(self) -> Place | None:
        """The one school that is counted, None for several."""
        wanted = self.form.chosen.get("school")
        if len(self.places) == 1:
            return self.places[0]
        return next((one for one in self.places if str(one.uuid) == wanted), None)

    @cached_property
    def figures(self) -> tuple[Figures, Figures]:
        """The counts, and the number of entries."""
        rows = self.get_queryset()
        if self.place is not None:
            rows = rows.filter(school=self.place.pk)
        return figures_of(rows, self.year, self.by)


class AbuseFigures(AbuseFiguresMixin, TemplateView):
    """A chart of the entries by month, and the counts as a table."""

    template_name = "incidents/abuse/figures.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """Chart and table say the same."""
        counts, entries = self.figures
        words = f"Entries by month, {self.year} to {self.year + 1}"
        return super().get_context_data(
            form=self.form,
            where=self.place.name if self.place else "All your schools",
            year=f"{self.year} to {self.year + 1}",
            by=BY[self.by],
            total=entries.total,
            chart=chart_of(entries, words, timezone.localdate()),
            table=pages.figures_table(counts, BY[self.by], entries),
            reads=bool(self.rules.schools(self.request.user, "view")),
            export_query=self.request.GET.urlencode(),
            **kwargs,
        )


class AbuseFiguresExport(AbuseFiguresMixin, View):
    """The counts as a file. Recorded."""

    http_method_names = ("get",)

    def get(self, request: HttpRequest) -> HttpResponse:
        """The file."""
        counts, entries = self.figures
        school = School.objects.get(pk=self.place.pk) if self.place else None
        figures_exported(actor=request.user, school=school, year=self.year)
        months = [month_name(month) for month in counts.months]
        lines = [[name, *row, sum(row)] for name, row in counts.rows.items()]
        lines.append(["All entries", *entries.totals, entries.total])
        name = f"abuse-figures-{self.year}-{self.by}.csv"
        return csvfiles.response(name, [BY[self.by], *months, "Year"], lines)
