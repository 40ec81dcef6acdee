"""What I need before I may run an account; and who runs one and is no longer covered."""

from itertools import chain
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views import View
from django.views.generic import TemplateView

from accounts.access import account_rules, request_rules
from accounts.models import AccountRight, ProposedPerson, RightsRequest
from accounts.running import not_ready, running, to_run, wanted_by, words_of
from accounts.services.runners import coverage_exported
from core import csvfiles
from core.forms import FilterForm
from core.paging import rows_in_order
from core.tables import Column, Link, Status, Table, ordering
from core.views import AccessMixin
from people.selectors import Place, governed_by
from policies.reading.gate import NAMES, without_document

PAGE = 25
MOST = 200
"""Accounts that one person runs or would run: more are not looked up for their own page."""
MINE = [
    Column("account", "Account"),
    Column("school", "School"),
    Column("as", "As"),
    Column("state", "Status"),
    Column("missing", "Still to do"),
]
COVERAGE = [
    Column("name", "Name", sortable=True, order_by="user__full_name"),
    Column("account", "Account", sortable=True, order_by="account__name"),
    Column("school", "School", sortable=True, order_by="account__school__name"),
    Column("as", "As"),
    Column("missing", "What is missing"),
]
EXPORTED = ("Name", "Account", "Platform", "School", "Right", "What is missing")


class CoverageFilter(FilterForm):
    """Search and filters above the list of who is no longer covered."""

    q = forms.CharField(label="Name or account", max_length=100)
    school = forms.ChoiceField(label="School")

    def __init__(self, *args: Any, places: list[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if len(places) > 1:
            self.fields["school"].choices = [("", "All"), *((str(one.uuid), one.name) for one in places)]
        else:
            del self.fields["school"]


def _account_of(row: AccountRight | RightsRequest | ProposedPerson) -> Any:
    """The account of a row, or the request for it."""
    return row.request if isinstance(row, ProposedPerson) and row.request_id else row.account


class Running(AccessMixin, TemplateView):
    """Every account that I run or would run, and what I have still to read or to be trained in."""

    rules = request_rules
    template_name = "accounts/running.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """What I run now first, then what waits for a decision."""
        user = self.request.user
        places = {place.pk: profile for place, profile in governed_by(user).items()}
        wanted = wanted_by(places)
        sent, entered, asked = to_run(user, wanted) if wanted else ([], [], [])
        rows: list[Any] = []
        if wanted:
            held = running(wanted).filter(user=user).select_related("account__school", "account__platform")
            rows = list(
                chain(
                    held.order_by("account__name", "pk")[:MOST],
                    sent.select_related("request__school", "request__platform").order_by("pk")[:MOST],
                    entered.select_related("account__school", "account__platform").order_by("pk")[:MOST],
                    asked.select_related("account__school", "account__platform").order_by("pk")[:MOST],
                )
            )
        page = Paginator(rows, PAGE).get_page(self.request.GET.get("page"))
        shut = list(without_document(wanted).values_list("name", flat=True)) if rows else []
        return super().get_context_data(
            page_obj=page,
            table=Table(
                MINE, [_mine(row) for row in page], "Accounts that I run or would run", caption_hidden=True
            ),
            lacks_reading=any(row.lacks_policy or row.lacks_terms for row in rows),
            lacks_training=any(row.lacks_training for row in rows),
            shut=shut,
            names=" or ".join(NAMES.values()),
            **kwargs,
        )


def _mine(row: AccountRight | RightsRequest | ProposedPerson) -> dict[str, Any]:
    account = _account_of(row)
    runs = isinstance(row, AccountRight)
    missing = words_of(row, account.platform.name)
    state = ("not_covered" if runs else "may_not_run") if missing else "may_run"
    name = f"{account.name} ({account.platform.name})"
    shown = Link(name, reverse("accounts:account-detail", args=[account.uuid])) if runs else name
    return {
        "account": shown,
        "school": account.school.name,
        "as": row.get_right_display() if runs else f"{row.get_right_display()}, not decided yet",
        "state": Status(state),
        "missing": missing,
    }


class CoverageMixin(AccessMixin):
    """Rights whose holders are no longer covered, at the schools that the person watches."""

    rules = account_rules
    action = "cover"

    def read_filters(self) -> QuerySet[AccountRight]:
        """Read the search, the filters and the sort; answer the rights found."""
        schools = self.rules.schools(self.request.user, "cover")
        profiles = {
            place: one for place, one in governed_by(self.request.user).items() if place.pk in schools
        }
        self.places = list(profiles)
        self.wanted = wanted_by({place.pk: one for place, one in profiles.items()})
        self.form = CoverageFilter(self.request.GET or None, places=self.places)
        if not self.wanted:
            return AccountRight.objects.none()
        rows, chosen = not_ready(running(self.wanted)), self.form.chosen
        if chosen.get("school"):
            rows = rows.filter(account__school__uuid=chosen["school"])
        for word in chosen.get("q", "").split():
            rows = rows.filter(Q(user__full_name__icontains=word) | Q(account__name__icontains=word))
        return rows.order_by(*ordering(self.request, COVERAGE, "name"))


class Coverage(CoverageMixin, TemplateView):
    """Who runs an account and has not read what is in force now, or whose training has run out."""

    template_name = "accounts/coverage.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """One page of it."""
        rows = self.read_filters()
        page = Paginator(rows.values_list("pk", flat=True), PAGE).get_page(self.request.GET.get("page"))
        details = running(self.wanted) if self.wanted else AccountRight.objects.none()
        details = details.select_related("user", "account__school", "account__platform")
        shown = [_coverage(row) for row in rows_in_order(details, page.object_list)]
        shut = list(without_document(self.wanted).values_list("name", flat=True)) if self.wanted else []
        query = self.request.GET.copy()
        query.pop("page", None)
        return super().get_context_data(
            form=self.form,
            page_obj=page,
            table=Table(
                COVERAGE, shown, "People who are no longer covered", self.request, "name", caption_hidden=True
            ),
            asks=bool(self.wanted),
            shut=shut,
            names=" or ".join(NAMES.values()),
            export_query=query.urlencode(),
            **kwargs,
        )


def _coverage(row: AccountRight) -> dict[str, Any]:
    return {
        "name": row.user.full_name,
        "account": Link(
            f"{row.account.name} ({row.account.platform.name})",
            reverse("accounts:account-detail", args=[row.account.uuid]),
        ),
        "school": row.account.school.name,
        "as": row.get_right_display(),
        "missing": words_of(row, row.account.platform.name),
    }


class CoverageExport(CoverageMixin, View):
    """The same people as a file. Recorded."""

    http_method_names = ("get",)

    def get(self, request: HttpRequest) -> HttpResponse:
        """The file."""
        rows = self.read_filters().select_related("user", "account__school", "account__platform")
        lines = [
            (
                row.user.full_name,
                row.account.name,
                row.account.platform.name,
                row.account.school.name,
                row.get_right_display(),
                "; ".join(words_of(row, row.account.platform.name)),
            )
            for row in rows
        ]
        coverage_exported(actor=request.user, count=len(lines))
        return csvfiles.response(f"not-covered-{timezone.localdate():%Y-%m-%d}.csv", EXPORTED, lines)
