"""Who runs which account: short of people, single-handed, or run by people who are no longer covered."""

from functools import cached_property
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views import View
from django.views.generic import TemplateView

from accounts.access import account_rules
from accounts.coverage import Runner, Severity, runners_of, states_of, with_cover
from accounts.models import AccountRight, SocialAccount
from accounts.models.account import right_in_force
from accounts.running import wanted_by
from accounts.services.runners import coverage_exported
from core import csvfiles
from core.forms import FilterForm
from core.paging import rows_in_order
from core.statuses import status_words
from core.tables import Column, Link, Status, Table, ordering
from core.views import AccessMixin
from people.governance.profile import Profile
from people.selectors import Place, governed_by
from policies.reading.gate import NAMES, Wanted, without_document

PAGE = 20
WRONG = ""
STATES = {
    WRONG: "Something to see to",
    "nobody": "Nobody runs it",
    "short": "Too few administrators, or no lead",
    "uncovered": "Somebody is no longer covered",
    "alone": "One person alone",
    "all": "All accounts in use",
}
NARROWED = {
    WRONG: Q(severity__gt=Severity.IN_ORDER.value),
    "nobody": Q(severity=Severity.NOBODY.value),
    "short": Q(short=True) | Q(lacks_lead=True),
    "uncovered": Q(uncovered__gt=0),
    "alone": Q(people=1),
    "all": Q(),
}
COLUMNS = [
    Column("account", "Account", sortable=True, order_by="name"),
    Column("school", "School", sortable=True, order_by="school__name"),
    Column("state", "Status", sortable=True, order_by="severity"),
    Column("people", "Who runs it"),
]
EXPORTED = ("Account", "Platform", "School", "Status", "Name", "Rights", "What is missing")


class CoverageFilter(FilterForm):
    """Search and filters above the accounts and their people."""

    q = forms.CharField(label="Account or name of a person", max_length=100)
    state = forms.ChoiceField(label="Show", choices=list(STATES.items()))
    school = forms.ChoiceField(label="School")

    def __init__(self, *args: Any, places: list[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if len(places) > 1:
            self.fields["school"].choices = [("", "All"), *((str(one.uuid), one.name) for one in places)]
        else:
            del self.fields["school"]


class CoverageMixin(AccessMixin):
    """Accounts in use at the schools that the person watches, the worst first."""

    rules = account_rules
    action = "cover"

    @cached_property
    def governed(self) -> dict[Place, Profile]:
        """These schools, and how each governs."""
        user = self.request.user
        schools = self.rules.schools(user, "cover")
        return {place: one for place, one in governed_by(user).items() if place.pk in schools}

    @cached_property
    def wanted(self) -> dict[int, Wanted]:
        """What they ask of whoever runs an account."""
        return wanted_by({place.pk: one for place, one in self.governed.items()})

    @cached_property
    def form(self) -> CoverageFilter:
        """The filters in force."""
        return CoverageFilter(self.request.GET or None, places=list(self.governed))

    def all(self) -> QuerySet[SocialAccount]:
        """Every account in use there, with how it stands."""
        profiles = {place.pk: one for place, one in self.governed.items()}
        rows = self.rules.visible_to(self.request.user, "cover").order_by()
        return with_cover(rows, profiles, self.wanted)

    def found(self) -> QuerySet[SocialAccount]:
        """What the filters leave, in order."""
        chosen = self.form.chosen
        rows = self.all().filter(NARROWED.get(chosen.get("state", WRONG), NARROWED[WRONG]))
        if chosen.get("school"):
            rows = rows.filter(school__uuid=chosen["school"])
        for word in chosen.get("q", "").split():
            holder = AccountRight.objects.filter(
                right_in_force(), account=OuterRef("pk"), user__full_name__icontains=word
            )
            rows = rows.filter(Q(name__icontains=word) | Q(Exists(holder)))
        first, *others = ordering(self.request, COLUMNS, "-state")
        return rows.order_by(first, "-uncovered", "name", *others)


class Coverage(CoverageMixin, TemplateView):
    """Each account with its people, and a clear sign where something is wrong."""

    template_name = "accounts/coverage.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """One page of it."""
        rows = self.found()
        page = Paginator(rows.values_list("pk", flat=True), PAGE).get_page(self.request.GET.get("page"))
        details = self.all().select_related("school", "platform")
        accounts = rows_in_order(details, page.object_list)
        people = runners_of(accounts, self.wanted)
        shut = list(without_document(self.wanted).values_list("name", flat=True)) if self.wanted else []
        query = self.request.GET.copy()
        query.pop("page", None)
        return super().get_context_data(
            form=self.form,
            page_obj=page,
            table=Table(
                COLUMNS,
                [_row(one, people[one.pk]) for one in accounts],
                "Accounts and who runs them",
                self.request,
                "-state",
                caption_hidden=True,
            ),
            asks=bool(self.wanted),
            shut=shut,
            names=" or ".join(NAMES.values()),
            export_query=query.urlencode(),
            **kwargs,
        )


def _row(account: SocialAccount, people: list[Runner]) -> dict[str, Any]:
    url = reverse("accounts:account-detail", args=[account.uuid])
    return {
        "account": Link(f"{account.name} ({account.platform.name})", url),
        "school": account.school.name,
        "state": [Status(one) for one in states_of(account)],
        "people": [_words(one) for one in people] or "Nobody",
    }


def _words(runner: Runner) -> str:
    who = f"{runner.name}, {', '.join(runner.rights).lower()}"
    return f"{who}. Still to do: {'; '.join(runner.missing)}" if runner.missing else who


class CoverageExport(CoverageMixin, View):
    """The same accounts as a file, a line for each person. Recorded."""

    http_method_names = ("get",)

    def get(self, request: HttpRequest) -> HttpResponse:
        """The file."""
        accounts = list(self.found().select_related("school", "platform"))
        people = runners_of(accounts, self.wanted)
        lines = [
            (
                account.name,
                account.platform.name,
                account.school.name,
                "; ".join(status_words(one)[0] for one in states_of(account)),
                runner.name,
                ", ".join(runner.rights),
                "; ".join(runner.missing),
            )
            for account in accounts
            for runner in people[account.pk] or [Runner("")]
        ]
        coverage_exported(actor=request.user, count=len(lines))
        return csvfiles.response(f"who-runs-what-{timezone.localdate():%Y-%m-%d}.csv", EXPORTED, lines)
