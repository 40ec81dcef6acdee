"""How many pupils may be shown, by class and question, or by school."""

from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views import View
from django.views.generic import TemplateView

from consent.access import pupil_rules
from consent.coverage import Figures, PlainTally, Tally, chart, figures_by_class, figures_by_school
from consent.models import Purpose
from consent.register.rows import purposes_of, short_title, terms_at
from consent.services.reading import coverage_exported
from core import csvfiles
from core.tables import Column, Link, Table, query_with
from core.views import AccessMixin
from people.models import School
from people.views.own_school import OwnSchoolMixin

TOTAL = "All classes"
NUMBERS = [
    Column("yes", "May be shown", numeric=True),
    Column("no", "Not", numeric=True),
    Column("none", "No answer", numeric=True),
    Column("total", "Pupils", numeric=True),
]
EXPORTED = ["May be shown", "Not", "No answer", "Of"]
"""Where the reader does not learn why, nothing stands under "No answer"."""


class CoverageMixin(OwnSchoolMixin, AccessMixin):
    """The figures of one school, or of all schools of a person who has several."""

    rules = pupil_rules
    action = "classes"

    @cached_property
    def questions(self) -> dict[int, list[Purpose]]:
        """What each school asks about."""
        return purposes_of([self.place.pk] if self.place else [one.pk for one in self.places])

    @cached_property
    def asked(self) -> list[Purpose]:
        """What the chosen school asks about."""
        return self.questions.get(self.place.pk, []) if self.place else []

    @cached_property
    def by_class(self) -> Figures:
        """The figures of the chosen school."""
        rows = self.get_queryset().filter(school=self.place.pk)
        return figures_by_class(rows, self.asked, timezone.localdate(), self.plain)

    @cached_property
    def plain(self) -> dict[int, bool]:
        """Questions of schools where the reader may not learn why a pupil may not be shown."""
        details, terms = self.rules.schools(self.request.user, "details"), terms_at(self.request.user)
        return {
            one.pk: terms[school].silence_means_yes(one.basis, one.channel)
            for school, asked in self.questions.items()
            if school not in details
            for one in asked
        }

    @property
    def numbers(self) -> list[Column]:
        """The columns: without the reason where the reader sees it nowhere."""
        seen = {one.pk for asked in self.questions.values() for one in asked} - set(self.plain)
        return [one for one in NUMBERS if seen or one.key != "none"]

    @cached_property
    def by_school(self) -> list[tuple[Any, Tally]]:
        """The figures of every school."""
        day = timezone.localdate()
        found = figures_by_school(self.get_queryset(), self.questions, day, self.plain)
        return [(place, found.get(place.pk, Tally())) for place in self.places]


class Coverage(CoverageMixin, TemplateView):
    """How far the register is complete (STM-7.02)."""

    template_name = "consent/coverage.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """Charts, and the same as tables."""
        found = self._of_school() if self.place else self._of_all()
        return super().get_context_data(
            plain=len(self.numbers) < len(NUMBERS),
            export_query=self.request.GET.urlencode(),
            **found,
            **kwargs,
        )

    @cached_property
    def chosen(self) -> Purpose | None:
        """The question that is shown by class: the one in the address, else the first."""
        wanted = self.request.GET.get("question", "")
        return next((one for one in self.asked if str(one.uuid) == wanted), next(iter(self.asked), None))

    def _of_school(self) -> dict[str, Any]:
        if self.chosen is None or not self.by_class.rows:
            return {"empty": True}
        terms = terms_at(self.request.user)[self.place.pk]
        one = self.chosen
        overview = [(short_title(each), self.by_class.total(each.pk)) for each in self.asked]
        return {
            "overview": chart("all", "All classes, by question", overview) if len(overview) > 1 else None,
            "matrix": self._matrix() if len(overview) > 1 else None,
            "tabs": [
                {
                    "title": short_title(each),
                    "url": query_with(self.request, question=each.uuid),
                    "it": each == one,
                }
                for each in self.asked
            ],
            "purpose": one,
            "silent": terms.silence_means_yes(one.basis, one.channel),
            "chart": chart(
                "classes",
                f"{one.title}, by class",
                ((name, self.by_class.of(name, one.pk)) for name in self.by_class.rows),
            ),
            "table": self._table(one),
        }

    def _matrix(self) -> Table:
        """How many of each class may be shown, for every question at once."""
        rows = [
            [name, *(self._share(self.by_class.of(name, one.pk)) for one in self.asked)]
            for name in self.by_class.rows
        ]
        rows.append([TOTAL, *(self._share(self.by_class.total(one.pk)) for one in self.asked)])
        columns = [Column("name", "Class"), *(Column(str(one.pk), short_title(one)) for one in self.asked)]
        return Table(columns, rows, "How many may be shown, by class and question")

    @staticmethod
    def _share(tally: Tally) -> str:
        return f"{tally.yes} of {tally.total}"

    def _table(self, purpose: Purpose) -> Table:
        rows = [(name, self.by_class.of(name, purpose.pk)) for name in self.by_class.rows]
        rows.append((TOTAL, self.by_class.total(purpose.pk)))
        return Table(
            [Column("name", "Class"), *self.numbers],
            [{"name": name, **_numbers(tally)} for name, tally in rows],
            f"{purpose.title}: figures by class",
            table_id=f"figures-{purpose.uuid.hex[:8]}",
        )

    def _of_all(self) -> dict[str, Any]:
        rows = [
            {"name": Link(place.name, query_with(self.request, school=place.uuid)), **_numbers(tally)}
            for place, tally in self.by_school
        ]
        total = Tally()
        for _, tally in self.by_school:
            total = total.plus(tally)
        rows.append({"name": "All schools", **_numbers(total)})
        return {
            "overview": chart("all", "All schools together", [("All schools", total)]),
            "schools": Table(
                [
                    Column("name", "School"),
                    *self.numbers[:-1],
                    Column("total", "Answers possible", numeric=True),
                ],
                rows,
                "Answers by school",
            ),
        }


def _numbers(tally: Tally) -> dict[str, Any]:
    return {**tally._asdict(), "total": tally.total}


def _cells(tally: Tally) -> list[Any]:
    none = "" if isinstance(tally, PlainTally) else tally.none
    return [tally.yes, tally.no, none, tally.total]


class CoverageExport(CoverageMixin, View):
    """The figures as a file. Recorded."""

    http_method_names = ("get",)

    def get(self, request: HttpRequest) -> HttpResponse:
        """The file."""
        school = School.objects.get(pk=self.place.pk) if self.place else None
        coverage_exported(actor=request.user, school=school)
        name = f"consent-coverage-{timezone.localdate():%Y-%m-%d}.csv"
        if self.place is None:
            lines = [[place.name, *_cells(tally)] for place, tally in self.by_school]
            return csvfiles.response(name, ["School", *EXPORTED], lines)
        lines = [
            [row, one.title, *_cells(self.by_class.of(row, one.pk))]
            for row in self.by_class.rows
            for one in self.asked
        ]
        return csvfiles.response(name, ["Class", "Question", *EXPORTED], lines)
