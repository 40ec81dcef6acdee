"""The register of decisions on blocked content: list, counts, file."""

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views import View
from django.views.generic import TemplateView

from approvals.models import UnblockRequest
from approvals.network import evidence
from approvals.network.evidence_pages import SchoolFilter, query_of
from approvals.network.timed import url_of
from approvals.network.unblock_access import unblock_rules
from approvals.network.years import SchoolYear
from core import csvfiles
from core.paging import rows_in_order
from core.statuses import status_html
from core.tables import Column, Link, Table, date_text, ordering, query_with
from core.views import AccessMixin
from people.selectors import places_of

PAGE = 25
WHOLE = 1000
"""Rows at most on the page that prints a school year in one go."""
ALL_YEARS = "all"
COLUMNS = [
    Column("site", "Site"),
    Column("created_at", "Asked", sortable=True),
    Column("category", "Kind, and why", sortable=True),
    Column("until", "For whom, last day", sortable=True),
    Column("outcome", "Outcome and reasons", sortable=True, order_by="approval__status"),
]


class DecisionFilter(SchoolFilter):
    """School year, kind of site, outcome and words; without a choice it is this school year."""

    q = forms.CharField(label="Search", max_length=100)
    year = forms.ChoiceField(label="School year")
    category = forms.ChoiceField(
        label="Kind of site", choices=[("", "Any"), *UnblockRequest.Category.choices]
    )
    outcome = forms.ChoiceField(label="Outcome", choices=[("", "Any"), *evidence.OUTCOMES.items()])
    field_order = ("q", "school", "year", "category", "outcome")

    def __init__(self, *args: Any, years: list[SchoolYear], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        this, *earlier = years
        self.fields["year"].choices = [
            ("", f"{this} (now)"),
            *((str(one.begins), str(one)) for one in earlier),
            (ALL_YEARS, "All years"),
        ]

    @property
    def school_year(self) -> SchoolYear | None:
        """The year in force, None for all."""
        chosen = self.chosen.get("year", "")
        return None if chosen == ALL_YEARS else SchoolYear.read(chosen) or SchoolYear.now()


class DecisionsMixin(AccessMixin):
    """The decisions that the person may read, narrowed and ordered as the address says."""

    rules = unblock_rules
    action = "register"

    def read_filters(self) -> QuerySet[UnblockRequest]:
        """Read the filters and the sort; answer the requests found."""
        rows = evidence.decisions_for(self.request.user)
        self.form = DecisionFilter(
            self.request.GET or None,
            schools=places_of(unblock_rules.schools(self.request.user, "register")),
            years=evidence.years_of(rows),
        )
        chosen = self.form.chosen
        if self.form.school_year:
            rows = evidence.in_year(rows, self.form.school_year)
        if self.form.place:
            rows = rows.filter(school=self.form.place.pk)
        if "category" in chosen:
            rows = rows.filter(category=chosen["category"])
        if "outcome" in chosen:
            rows = rows.filter(approval__status=chosen["outcome"])
        rows = evidence.with_words(rows, chosen.get("q", ""))
        return rows.order_by(*ordering(self.request, COLUMNS, "-created_at"))


class DecisionList(DecisionsMixin, TemplateView):
    """What was asked for, how it was decided and why, for the yearly review of filtering (STM-13.07, 13.08)."""

    template_name = "approvals/decision_list.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """The counts of all that was found, and one page of it."""
        rows = self.read_filters()
        whole = self.request.GET.get("whole") == "1"
        paginator = Paginator(rows.values_list("pk", flat=True), WHOLE if whole else PAGE)
        page = paginator.get_page(self.request.GET.get("page"))
        shown = rows_in_order(evidence.with_decisions(self.get_queryset()), page.object_list)
        year = self.form.school_year
        return super().get_context_data(
            form=self.form,
            year=year,
            page_obj=page,
            counts=evidence.counts_table(
                evidence.counts_of(rows), "Requests by kind of site and outcome", "counts"
            ),
            table=self._table(shown),
            whole_url=""
            if whole or paginator.num_pages < 2
            else query_with(self.request, whole="1", page=None),
            export_query=query_of(self.request),
            **kwargs,
        )

    def _table(self, rows: Any) -> Table:
        many = len(self.form.places) > 1
        return Table(
            COLUMNS,
            [self._row(row, many) for row in rows],
            "Decisions on blocked content",
            self.request,
            "-created_at",
            caption_hidden=True,
            table_id="decisions",
        )

    @staticmethod
    def _row(row: UnblockRequest, many: bool) -> dict[str, Any]:
        asked = f"{date_text(evidence.day_of(row.created_at))}, by {row.requested_by.full_name}"
        decisions = [evidence.decision_in_words(one) for one in evidence.decisions_of(row)]
        return {
            "site": Link(", ".join(row.hosts), url_of(row)),
            "created_at": _lines(asked, row.school.name if many else ""),
            "category": _lines(row.get_category_display(), row.get_why_display()),
            "until": _lines(row.for_whom_in_words, date_text(row.until) if row.until else "No last day"),
            "outcome": _lines(
                status_html(row.approval.status),
                *(format_html('<span class="app-lines">{}</span>', words) for words in decisions),
                *evidence.how_long(row),
            ),
        }


def _lines(*parts: str) -> SafeString:
    """Several short texts, one under the other."""
    return format_html_join(format_html("<br>"), "{}", ((part,) for part in parts if part))


class DecisionExport(DecisionsMixin, View):
    """The same as a file, with the same filters. Taking it out is an event."""

    http_method_names = ("get",)

    def get(self, request: HttpRequest) -> HttpResponse:
        """The file."""
        rows = self.read_filters()
        lines = evidence.decisions_export(actor=request.user, rows=rows, filters=self.form.chosen)
        name = f"blocked-content-decisions-{timezone.localdate():%Y-%m-%d}.csv"
        return csvfiles.response(name, evidence.EXPORTED, lines)
