"""The register: its list, its file, and the page of one account."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views import View
from django.views.generic import TemplateView

from accounts import register_pages as pages
from accounts.access import account_rules, request_rules, rights_rules
from accounts.models import SocialAccount
from accounts.register_forms import RegisterFilterForm
from accounts.register_selectors import (
    Staffing,
    actions_on,
    found,
    needing_attention,
    publishing,
    staffing_of,
)
from accounts.services.register import obstacles_to_live
from accounts.services.register_file import ALL_COLUMNS, register_export
from accounts.services.right_holders import may_end
from accounts.services.runners import readiness
from approvals.access import approval_rules
from core import csvfiles
from core.access import standing_of
from core.audit import history_of
from core.models import Platform
from core.paging import rows_in_order
from core.tables import ordering
from core.views import AccessMixin, ObjectMixin
from people.models import User
from people.selectors import Place, places_of, profiles_of

PAGE = 25
MOST_SCHOOLS = 10
"""More are chosen in the filter, not in a list of their own."""
ACTIONS = ("ask_rights", "enter", "go_live", "close", "history")
"""What the page of an account may offer."""


class RegisterMixin(AccessMixin):
    """The accounts that the person may see, narrowed and ordered as the address says."""

    rules = account_rules

    def read_filters(self) -> QuerySet[SocialAccount]:
        """Read the search, the filters and the sort; answer the accounts found."""
        self.schools = places_of(standing_of(self.request.user).all_schools())
        self.form = RegisterFilterForm(
            self.request.GET or None, schools=self.schools, platforms=Platform.objects.all()
        )
        chosen = self.form.chosen
        rows = found(self.get_queryset().filter(**self.form.rest), chosen.get("q", ""))
        if chosen.get("attention"):
            rows = needing_attention(rows, profiles_of(self.schools))
        return rows.order_by(*ordering(self.request, pages.COLUMNS, "name"))


class AccountList(RegisterMixin, TemplateView):
    """Every account of the person's schools; a contributor's own ones (BEC-1.02, RAV-2.12)."""

    template_name = "accounts/account_list.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """One page of the register, and what the person may do with it."""
        paginator = Paginator(self.read_filters().values_list("pk", flat=True), PAGE)
        page = paginator.get_page(self.request.GET.get("page"))
        accounts = rows_in_order(SocialAccount.objects.select_related("school", "platform"), page.object_list)
        enterable = account_rules.schools(self.request.user, "enter")
        here = self._here()
        query = self.request.GET.copy()
        query.pop("page", None)
        return super().get_context_data(
            form=self.form,
            page_obj=page,
            table=pages.register_table(
                self.request, accounts, staffing_of(accounts), with_school=len(self.schools) > 1
            ),
            total=paginator.count,
            filtered=bool(self.form.chosen),
            may_export=account_rules.can_ever(self.request.user, "export"),
            export_query=query.urlencode(),
            enterable=[one for one in here if one.pk in enterable],
            many=len(enterable) > 1,
            too_many=len(enterable) > MOST_SCHOOLS,
            public_list=next(iter(publishing(here)), None) if len(here) == 1 else None,
            **kwargs,
        )

    def _here(self) -> list[Place]:
        """The school that the filter names, where one is chosen; else all of the person's."""
        chosen = self.form.chosen.get("school")
        return [one for one in self.schools if str(one.uuid) == chosen] if chosen else self.schools


class AccountExport(RegisterMixin, View):
    """The register as a file, with the same filters. Recorded, like every reading of much at once."""

    action = "export"
    http_method_names = ("get",)

    def get(self, request: HttpRequest) -> HttpResponse:
        """The file."""
        rows = self.read_filters()
        lines = register_export(actor=request.user, rows=rows, filters=self.form.chosen)
        return csvfiles.response(f"register-{timezone.localdate():%Y-%m-%d}.csv", ALL_COLUMNS, lines)


class AccountDetail(ObjectMixin, TemplateView):
    """Everything about one account: facts, people, what is open, what may be done, what happened."""

    rules = account_rules
    template_name = "accounts/account_detail.html"
    select_related = ("school__trust", "platform", "request__requested_by", "entered_by", "confirmation")

    def get_context_data(self, **kwargs: Any) -> dict:
        """The whole page."""
        account, user = self.object, self.request.user
        people = staffing_of([account])[account.pk]
        approvals = approval_rules.visible_to(user)
        hanging: dict[str, QuerySet] = {"confirmation": approvals}
        if account.request_id:
            hanging["request"] = request_rules.visible_to(user)
        may = actions_on(
            account,
            {action: account_rules.visible_to(user, action) for action in ACTIONS},
            **hanging,
        )
        named = account.status == SocialAccount.Status.UNCONFIRMED
        watches = people.in_use and account_rules.allows_at(user, "cover", account.school)
        runners = {row.user_id: row.user for row in people.rights}.values() if watches else ()
        return super().get_context_data(
            people=people,
            facts=pages.facts_of(account, self._url_of_request(may.get("request", False))),
            table=pages.people_table(
                account, people, people.in_use and may_end(user, account, people.profile)
            ),
            named=account.proposed_people.select_related("user") if named else [],
            uncovered=[one for one in readiness(account, runners, people.profile) if one.missing],
            short=pages.shortage_in_words(people) if people.is_short else "",
            moderation=pages.moderation_in_words(people, account.school) if people.in_use else "",
            obstacles=self._obstacles(people),
            open_requests=self._open_requests(user, approvals),
            confirmation=account.confirmation if may["confirmation"] else None,
            may=may,
            **self._history(may["history"]),
            **kwargs,
        )

    def _url_of_request(self, readable: bool) -> str:
        return reverse("accounts:request-detail", args=[self.object.request.uuid]) if readable else ""

    def _obstacles(self, people: Staffing) -> list[str]:
        if self.object.status != SocialAccount.Status.APPROVED:
            return []
        return obstacles_to_live(self.object, people.profile)

    def _open_requests(self, user: User, approvals: QuerySet) -> list[dict]:
        """Changes of rights that wait, as far as the person may know of them."""
        rows = rights_rules.visible_to(user).filter(account=self.object, open=True)
        readable = Exists(approvals.filter(pk=OuterRef("approval")))
        rows = rows.annotate(readable=readable).select_related("user", "requested_by", "approval")
        return pages.open_request_items(rows)

    def _history(self, allowed: bool) -> dict[str, Any]:
        """The newest events, or all of them on request."""
        if not allowed:
            return {"history": None}
        events = history_of(self.object).order_by("-number")
        whole = self.request.GET.get("history") == "all"
        shown = list(events if whole else events[: pages.NEWEST_FIRST + 1])
        more = not whole and len(shown) > pages.NEWEST_FIRST
        shown = shown[: pages.NEWEST_FIRST] if more else shown
        ids = {event.data["user"] for event in shown if "user" in event.data}
        return {"history": pages.history_items(shown, User.objects.in_bulk(ids)), "more_history": more}
