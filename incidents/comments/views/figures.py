"""Response times by account and month: a chart, tables, and a file."""

from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views import View
from django.views.generic import TemplateView

from accounts.models import SocialAccount
from core import csvfiles
from core.tables import Column, Table
from core.views import AccessMixin
from incidents.abuse.figures import bounds_of, month_name, year_of
from incidents.comments.access import comment_rules
from incidents.comments.figures import Answered, ResponseTimes, Times, chart_of, times_of
from incidents.comments.forms import TimesFilter
from incidents.comments.selectors import ENDED, accounts_of
from incidents.comments.services.steps import figures_exported
from incidents.models import Comment
from people.models import School
from people.selectors import Place, places_of

YEARS_BACK = 10
HEADS = (
    "Comments",
    "With an outcome",
    "In time",
    "In time, per cent",
    "Median hours",
    "Left without an answer",
)


class TimesMixin(AccessMixin):
    """The comments of one school year, of one account or all that the person may count."""

    rules = comment_rules
    action = "figures"

    @cached_property
    def now(self) -> datetime:
        """The moment by which what is open is judged."""
        return timezone.now()

    @cached_property
    def places(self) -> list[Place]:
        """The schools."""
        return places_of(self.rules.schools(self.request.user, self.action))

    @cached_property
    def form(self) -> TimesFilter:
        """What is asked for; this school year where nothing is."""
        this = year_of(timezone.localdate())
        years = list(range(this, this - YEARS_BACK, -1))
        data = {"year": this, **self.request.GET.dict()}
        return TimesFilter(data, years=years, places=self.places, accounts=accounts_of(self.get_queryset()))

    @cached_property
    def year(self) -> int:
        """The calendar year in which the school year begins."""
        return self.form.chosen.get("year") or year_of(timezone.localdate())

    @cached_property
    def place(self) -> Place | None:
        """The one school that is counted, None for several."""
        if len(self.places) == 1:
            return self.places[0]
        wanted = self.form.chosen.get("school")
        return next((one for one in self.places if str(one.uuid) == wanted), None)

    def found(self) -> QuerySet[Comment]:
        """The comments that came in that year."""
        first, last = bounds_of(self.year)
        rows = self.get_queryset().filter(received_at__gte=first, received_at__lt=last)
        if self.place is not None:
            rows = rows.filter(school=self.place.pk)
        if self.form.chosen.get("account"):
            rows = rows.filter(account__uuid=self.form.chosen["account"])
        return rows

    @cached_property
    def times(self) -> ResponseTimes:
        """The counts, in one query."""
        rows = self.found().order_by().values_list("account", "received_at", "due_at", ENDED, "left_at")
        return times_of((Answered(*row) for row in rows), self.year, self.now)

    def names(self) -> dict[int, str]:
        """The accounts by name."""
        rows = SocialAccount.objects.filter(pk__in=self.times.accounts).order_by("name", "pk")
        return {pk: f"{name} ({of})" for pk, name, of in rows.values_list("pk", "name", "platform__name")}


class CommentFigures(TimesMixin, TemplateView):
    """A chart by month, and tables by month and by account."""

    template_name = "incidents/comments/figures.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """Chart and tables say the same."""
        words = f"{self.year} to {self.year + 1}"
        months = [(month_name(month), one) for month, one in self.times.months.items()]
        accounts = [(name, self.times.accounts[pk]) for pk, name in self.names().items()]
        return super().get_context_data(
            form=self.form,
            where=self.place.name if self.place else "All your schools",
            year=words,
            whole=self.times.whole,
            chart=chart_of(self.times, f"Comments answered in time, by month, {words}"),
            by_month=_table("Month", [*months, ("Whole year", self.times.whole)], "Response times by month"),
            by_account=_table("Account", accounts, "Response times by account") if accounts else None,
            export_query=self.request.GET.urlencode(),
            **kwargs,
        )


class CommentFiguresExport(TimesMixin, View):
    """Each account in each month, as a file. Recorded."""

    http_method_names = ("get",)

    def get(self, request: HttpRequest) -> HttpResponse:
        """The file."""
        school = School.objects.get(pk=self.place.pk) if self.place else None
        figures_exported(actor=request.user, school=school, year=self.year)
        lines = [
            [name, month_name(month), *_numbers(self.times.both[pk, month])]
            for pk, name in self.names().items()
            for month in self.times.months
            if (pk, month) in self.times.both
        ]
        return csvfiles.response(f"response-times-{self.year}.csv", ["Account", "Month", *HEADS], lines)


def _numbers(times: Times) -> list[object]:
    return [times.comments, times.judged, times.in_time, times.share, times.median_hours, times.left]


def _table(first: str, rows: list[tuple[str, Times]], caption: str) -> Table:
    columns = [Column("name", first), *(Column(f"c{n}", head, numeric=True) for n, head in enumerate(HEADS))]
    lines = [[name, *_numbers(one)] for name, one in rows]
    return Table(columns, lines, caption, caption_hidden=True)
