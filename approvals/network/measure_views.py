"""The pages of the register of security measures."""

import uuid
from datetime import timedelta
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views import View
from django.views.generic import FormView, TemplateView

from approvals.models import MeasureReview, SecurityMeasure
from approvals.network.evidence_access import measure_rules
from approvals.network.evidence_pages import MOST_SCHOOLS, AtSchool, Done, query_of
from approvals.network.measure_forms import CarryOutForm, DirectForm, MeasureFilter, ReviewForm, WithdrawForm
from approvals.network.measures import (
    EXPORTED,
    IN_USE,
    REMIND_BEFORE,
    carriers,
    last_reviews,
    measure_carry_out,
    measure_direct,
    measure_review,
    measure_withdraw,
    measures_export,
    url_of,
)
from core import csvfiles
from core.access import standing_of
from core.audit import ACTIONS, history_of
from core.paging import rows_in_order
from core.statuses import status_html
from core.tables import Column, Link, Status, Table, date_text, ordering, value_html
from core.views import AccessMixin, KeptInputMixin, ObjectMixin
from people.selectors import places_of

PAGE = 25
COLUMNS = [
    Column("title", "Measure", sortable=True),
    Column("school", "School", sortable=True, order_by="school__name"),
    Column("kind", "Kind", sortable=True),
    Column("status", "Status", sortable=True),
    Column("done_at", "In place since", sortable=True),
    Column("reviewed", "Last review"),
    Column("review_on", "Next review", sortable=True),
]
STATUSES = {SecurityMeasure.Status.WITHDRAWN: "not_used"}
"""Where a status goes by another word in the portal's one table of words."""


def status_of(row: SecurityMeasure) -> str:
    """The status by which the pages' one table of words knows it."""
    return STATUSES.get(row.status, row.status)


def review_state(row: SecurityMeasure) -> str:
    """Whether its review is overdue, due today or due soon; "" otherwise."""
    today = timezone.localdate()
    if row.status not in IN_USE or row.review_on > today + REMIND_BEFORE:
        return ""
    if row.review_on < today:
        return "overdue"
    return "due" if row.review_on == today else "due_soon"


def review_cell(row: SecurityMeasure) -> SafeString | str:
    """The next review, marked when it is near or past."""
    if row.status not in IN_USE:
        return ""
    state = review_state(row)
    day = value_html(row.review_on)
    return format_html("{}<br>{}", day, status_html(state)) if state else day


class MeasuresMixin(AccessMixin):
    """The measures that the person may see, narrowed and ordered as the address says."""

    rules = measure_rules

    def read_filters(self) -> QuerySet[SecurityMeasure]:
        """Read the filters and the sort; answer the measures found."""
        self.form = MeasureFilter(
            self.request.GET or None, schools=places_of(standing_of(self.request.user).all_schools())
        )
        chosen, rows = self.form.chosen, self.get_queryset()
        status = chosen.get("status", "")
        if status != "all":
            rows = rows.filter(status__in=[status] if status else IN_USE)
        if self.form.place:
            rows = rows.filter(school=self.form.place.pk)
        if "kind" in chosen:
            rows = rows.filter(kind=chosen["kind"])
        if "review" in chosen:
            today = timezone.localdate()
            last = today + REMIND_BEFORE if chosen["review"] == "due" else today - timedelta(days=1)
            rows = rows.filter(status__in=IN_USE, review_on__lte=last)
        for word in chosen.get("q", "").split():
            rows = rows.filter(
                Q(title__icontains=word) | Q(details__icontains=word) | Q(done_note__icontains=word)
            )
        return rows.order_by(*ordering(self.request, COLUMNS, "review_on"))


class MeasureList(MeasuresMixin, TemplateView):
    """Every measure of the person's schools (CIT-2.48, STM-2.37)."""

    template_name = "approvals/measure_list.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """One page of the register, and where the person may direct a measure."""
        keys = self.read_filters().values_list("pk", flat=True)
        page = Paginator(keys, PAGE).get_page(self.request.GET.get("page"))
        measures = rows_in_order(self.get_queryset().select_related("school"), page.object_list)
        last = last_reviews(measures)
        at = measure_rules.schools(self.request.user, "direct")
        directing = [one for one in self.form.places if one.pk in at and self.form.place in (None, one)]
        return super().get_context_data(
            form=self.form,
            page_obj=page,
            table=self._table(measures, last),
            overdue=self._overdue(),
            directing=directing[:MOST_SCHOOLS],
            too_many=len(directing) > MOST_SCHOOLS,
            may_export=measure_rules.can_ever(self.request.user, "export"),
            export_query=query_of(self.request),
            **kwargs,
        )

    def _overdue(self) -> int:
        return self.get_queryset().filter(status__in=IN_USE, review_on__lt=timezone.localdate()).count()

    def _table(self, measures: list[SecurityMeasure], last: dict[int, MeasureReview]) -> Table:
        columns = [one for one in COLUMNS if one.key != "school" or len(self.form.places) > 1]
        rows = [
            {
                "title": Link(row.title, url_of(row)),
                "school": row.school.name,
                "kind": row.get_kind_display(),
                "status": Status(status_of(row)),
                "done_at": timezone.localtime(row.done_at).date() if row.done_at else "",
                "reviewed": timezone.localtime(last[row.pk].at).date() if row.pk in last else "",
                "review_on": review_cell(row),
            }
            for row in measures
        ]
        return Table(columns, rows, "Security measures", self.request, "review_on", caption_hidden=True)


class MeasureExport(MeasuresMixin, View):
    """The register as a file, with the same filters. Taking it out is an event."""

    action = "export"
    http_method_names = ("get",)

    def get(self, request: HttpRequest) -> HttpResponse:
        """The file."""
        rows = self.read_filters()
        lines = measures_export(actor=request.user, rows=rows, filters=self.form.chosen)
        return csvfiles.response(f"measures-{timezone.localdate():%Y-%m-%d}.csv", EXPORTED, lines)


class MeasureDetail(ObjectMixin, TemplateView):
    """One measure: what was directed, what was done, every review, what happened."""

    rules = measure_rules
    template_name = "approvals/measure_detail.html"
    select_related = ("school", "directed_by", "done_by")

    def get_context_data(self, **kwargs: Any) -> dict:
        """The whole page."""
        row, user = self.object, self.request.user
        directed = row.status == SecurityMeasure.Status.DIRECTED
        allowed = {
            name: measure_rules.allows(user, name, row) for name in ("carry_out", "review", "withdraw")
        }
        return super().get_context_data(
            status=status_of(row),
            review=review_state(row),
            facts=self._facts(row),
            reviews=[self._review(one) for one in row.reviews.select_related("reviewed_by")],
            history=[self._event(one) for one in history_of(row).order_by("-number")],
            nobody=directed and not carriers(row.school).exclude(pk=row.directed_by_id).exists(),
            may_carry_out=allowed["carry_out"] and directed and row.directed_by_id != user.pk,
            own_direction=allowed["carry_out"] and directed and row.directed_by_id == user.pk,
            may_review=allowed["review"] and row.status == SecurityMeasure.Status.IN_PLACE,
            may_withdraw=allowed["withdraw"] and row.status in IN_USE,
            **kwargs,
        )

    @staticmethod
    def _facts(row: SecurityMeasure) -> list[dict[str, Any]]:
        rows: list[tuple[str, Any]] = [
            ("Kind", row.get_kind_display()),
            ("What shall be done", row.details),
            ("Directed by", f"{row.directed_by.full_name}, {date_text(row.directed_at)}"),
        ]
        if row.done_by:
            since = timezone.localtime(row.done_at).date()
            rows += [
                ("In place since", since),
                ("Carried out by", row.done_by.full_name),
                ("What was done", row.done_note),
            ]
        if row.status in IN_USE:
            rows.append(("Next review", row.review_on))
        else:
            rows += [("No longer used since", row.withdrawn_at), ("Why", row.withdrawn_because)]
        return [{"key": key, "value": value} for key, value in rows]

    @staticmethod
    def _review(one: MeasureReview) -> dict[str, Any]:
        return {
            "title": "Reviewed",
            "when": one.at,
            "by": one.reviewed_by.full_name,
            "text": f"{one.found}\n\nNext review: {date_text(one.next_review_on)}",
        }

    @staticmethod
    def _event(event: Any) -> dict[str, Any]:
        words = ACTIONS.get(event.action, event.action)
        return {
            "title": words[:1].upper() + words[1:],
            "when": event.at,
            "by": event.actor.full_name if event.actor else "the portal",
        }


class MeasureDirect(Done, AtSchool):
    """Say that there shall be a measure."""

    rules = measure_rules
    action = "direct"
    form_class = DirectForm
    template_name = "approvals/measure_direct.html"

    def get_initial(self) -> dict[str, Any]:
        """One page makes one measure."""
        return {"once": uuid.uuid4()}

    def perform(self, form: DirectForm) -> HttpResponse:
        """Direct it."""
        row = measure_direct(actor=self.request.user, school=self.school, **form.cleaned_data)
        told = carriers(self.school).exclude(pk=self.request.user.pk).exists()
        return self.done(url_of(row), "The measure was directed. IT is told." if told else "Directed.")


class MeasureStep(Done, ObjectMixin, KeptInputMixin, FormView):
    """A step on one measure, which leads back to its page."""

    rules = measure_rules
    object: SecurityMeasure
    select_related = ("school", "directed_by")


class MeasureCarryOut(MeasureStep):
    """It is in place."""

    action = "carry_out"
    form_class = CarryOutForm
    template_name = "approvals/measure_carry_out.html"

    def perform(self, form: CarryOutForm) -> HttpResponse:
        """Record it."""
        measure_carry_out(actor=self.request.user, measure=self.object, **form.cleaned_data)
        return self.done(url_of(self.object), "Recorded: the measure is in place.")


class MeasureReviewed(MeasureStep):
    """Record a review."""

    action = "review"
    form_class = ReviewForm
    template_name = "approvals/measure_review.html"

    def get_initial(self) -> dict[str, Any]:
        """One page makes one review."""
        return {"once": uuid.uuid4()}

    def perform(self, form: ReviewForm) -> HttpResponse:
        """Record it."""
        measure_review(actor=self.request.user, measure=self.object, **form.cleaned_data)
        day = date_text(form.cleaned_data["next_review_on"])
        return self.done(url_of(self.object), f"The review was recorded. The next one is on {day}.")


class MeasureWithdraw(MeasureStep):
    """It is no longer used."""

    action = "withdraw"
    form_class = WithdrawForm
    template_name = "approvals/measure_withdraw.html"

    def perform(self, form: WithdrawForm) -> HttpResponse:
        """Withdraw it."""
        measure_withdraw(actor=self.request.user, measure=self.object, **form.cleaned_data)
        return self.done(url_of(self.object), "Recorded: the measure is no longer used.")
