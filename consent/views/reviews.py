"""The report on how current the register is, and signing it as reviewed (STM-7.08)."""

from datetime import date
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.generic import FormView, TemplateView

from consent.access import pupil_rules, review_rules, search_rules
from consent.forms.keeping import SignForm
from consent.models import RegisterReview
from consent.selectors import here
from consent.services.reviews import DECLARATION, numbers_hash, review_sign
from consent.staleness import LABELS, REVIEW_EVERY, SEARCHES, condition, figures, numbers_of
from consent.views.base import ConsentSchoolMixin
from consent.views.lists import PAGE
from core.paging import rows_in_order
from core.tables import Column, Link, Status, Table, date_text
from core.views import AccessMixin, KeptInputMixin, ObjectMixin, redirect

COLUMNS = (Column("what", "What"), Column("number", "Number", numeric=True), Column("status", "Status"))
PUPIL_COLUMNS = (Column("pupil", "Pupil"), Column("class_name", "Class"), Column("year", "Year"))
BY_LIST = {show: label for label, show in LABELS.values()}
SHOWN = 12
"""Earlier reviews on the page: four years of terms."""


class RegisterReviewSign(ConsentSchoolMixin, KeptInputMixin, AccessMixin, FormView):
    """The figures of one school, and the keeper's signature under them."""

    rules = pupil_rules
    action = "sign"
    form_class = SignForm
    template_name = "consent/review.html"

    def get_form(self, form_class: Any = None) -> Any:
        """Without a school there is nothing to sign."""
        return super().get_form(form_class) if self.place is not None else None

    def get_initial(self) -> dict[str, Any]:
        """The fingerprint of the figures that the page shows."""
        return {"figures_hash": numbers_hash(self.school, self.numbers)}

    @cached_property
    def numbers(self) -> dict[str, Any]:
        """The figures now."""
        return numbers_of(self.school, self.terms, timezone.localdate())

    def get_context_data(self, **kwargs: Any) -> dict:
        """The figures, each with the list behind it, and the earlier reviews."""
        context = super().get_context_data(**kwargs)
        if self.place is None:
            return context
        numbers = self.numbers
        if form := context.get("form"):
            # What is signed is what stands on this page: after a change, the new figures.
            form.data = (
                {**form.data.dict(), "figures_hash": numbers_hash(self.school, numbers)}
                if (form.is_bound)
                else form.data
            )
        reviews = list(
            review_rules.visible_to(self.request.user).filter(school=self.school).select_related("by")[:SHOWN]
        )
        return {
            **context,
            "school": self.school,
            "declaration": DECLARATION,
            "last_import": _day(numbers["last_import"]),
            "pupils": numbers["pupils"],
            "table": self._table(numbers),
            "reviews": [
                {
                    "title": date_text(timezone.localdate(one.at)),
                    "url": reverse("consent:review-detail", args=[one.uuid]),
                    "detail": one.by.full_name,
                }
                for one in reviews
            ],
            **_since(reviews),
        }

    def _table(self, numbers: dict[str, Any]) -> Table:
        user = self.request.user
        behind = reverse("consent:review-pupils")
        rows = [
            {
                "what": Link(one.label, f"{behind}?school={self.school.uuid}&show={one.show}"),
                "number": one.number,
                "status": Status("in_order" if one.good else "attention"),
            }
            for one in figures(numbers)
            if one.key != "pupils"
        ]
        slow = numbers["slow_searches"]
        may = self.school.pk in search_rules.schools(user, "view")
        url = f"{reverse('consent:search-list')}?show=open&school={self.school.uuid}"
        rows.append(
            {
                "what": Link(SEARCHES, url) if may else SEARCHES,
                "number": slow,
                "status": Status("attention" if slow else "in_order"),
            }
        )
        return Table(COLUMNS, rows, "How current the register is", caption_hidden=True)

    def perform(self, form: SignForm) -> HttpResponse:
        """Sign it; where the figures have changed the page shows the new ones."""
        review = review_sign(actor=self.request.user, school=self.school, **form.cleaned_data)
        messages.success(self.request, "The register is signed as reviewed.")
        return redirect(reverse("consent:review-detail", args=[review.uuid]))


def _since(reviews: list[RegisterReview]) -> dict[str, Any]:
    """When the last review was, and whether the next is due."""
    if not reviews:
        return {"days": None, "due": True}
    days = (timezone.localdate() - timezone.localdate(reviews[0].at)).days
    return {"days": days, "due": days >= REVIEW_EVERY.days}


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


class ReviewPupils(ConsentSchoolMixin, AccessMixin, TemplateView):
    """The pupils behind one figure of the report, by the same condition."""

    rules = pupil_rules
    action = "sign"
    http_method_names = ("get", "head", "options")
    template_name = "consent/review_pupils.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """One page of them."""
        context = super().get_context_data(**kwargs)
        if self.place is None:
            return context
        show = self.request.GET.get("show", "")
        show = show if show in BY_LIST else "all"
        today = timezone.localdate()
        rows = self.get_queryset().filter(condition(show, today, self.terms), here(today), school=self.school)
        keys = rows.order_by("class_name", "last_name", "first_name", "pk").values_list("pk", flat=True)
        page = Paginator(keys, PAGE).get_page(self.request.GET.get("page"))
        shown = [
            {
                "pupil": Link(pupil.name, reverse("consent:pupil-detail", args=[pupil.uuid])),
                "class_name": pupil.class_name,
                "year": pupil.year_group,
            }
            for pupil in rows_in_order(self.get_queryset(), page.object_list)
        ]
        return {
            **context,
            "school": self.school,
            "title": BY_LIST[show],
            "page_obj": page,
            "table": Table(PUPIL_COLUMNS, shown, BY_LIST[show], caption_hidden=True),
        }


class ReviewDetail(ObjectMixin, TemplateView):
    """One review as it was signed, to print."""

    rules = review_rules
    select_related = ("school", "by", "signature")
    template_name = "consent/review_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """The figures that were signed."""
        numbers = self.object.figures
        rows = [{"what": one.label, "number": one.number} for one in figures(numbers)]
        rows.append({"what": SEARCHES, "number": numbers.get("slow_searches", 0)})
        return super().get_context_data(
            table=Table(COLUMNS[:2], rows, "The figures that were signed", caption_hidden=True),
            last_import=_day(numbers.get("last_import")),
            **kwargs,
        )
