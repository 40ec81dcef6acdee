"""When each account was last looked at: the pages."""

from functools import cached_property
from typing import Any

from django.core.paginator import Paginator
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views import View
from django.views.generic import TemplateView

from accounts.access import account_rules
from accounts.models import SocialAccount
from accounts.monitoring import pages
from accounts.monitoring.access import monitoring_rules
from accounts.monitoring.facts import facts_about, with_last_look
from accounts.monitoring.forms import StateFilter
from accounts.monitoring.services import state_exported
from core import csvfiles
from core.paging import rows_in_order
from core.tables import ordering
from core.views import AccessMixin
from people.models import School
from people.selectors import Place, governed_by

PAGE = 25


class StateMixin(AccessMixin):
    """The accounts in use at the schools of which the person monitors them or hears, by when they were seen to."""

    rules = monitoring_rules
    action = "export"

    @cached_property
    def places(self) -> list[Place]:
        """The schools."""
        schools = self.rules.schools(self.request.user, self.action)
        return [place for place in governed_by(self.request.user) if place.pk in schools]

    @cached_property
    def form(self) -> StateFilter:
        """The filters in force."""
        return StateFilter(self.request.GET or None, places=self.places)

    def found(self) -> QuerySet[SocialAccount]:
        """The accounts that the filters leave: those that the register shows to this person."""
        chosen = self.form.chosen
        rows = account_rules.visible_to(self.request.user, "view").filter(
            school__in=[one.pk for one in self.places], status__in=SocialAccount.OPEN
        )
        rows = with_last_look(rows)
        if chosen.get("q"):
            rows = rows.filter(name__icontains=chosen["q"])
        if chosen.get("found"):
            never = chosen["found"] == "never"
            rows = rows.filter(looked_on=None) if never else rows.filter(looked_found=chosen["found"])
        if chosen.get("school"):
            rows = rows.filter(school__uuid=chosen["school"])
        return rows


class MonitoringState(StateMixin, TemplateView):
    """Whether each account is looked after: what nobody has looked at for longest comes first (STM-2.20)."""

    template_name = "accounts/monitoring/state.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """One page of them."""
        columns = pages.state_columns(len(self.places) > 1)
        first, *others = ordering(self.request, columns, "looked")
        down = first.startswith("-")
        field = F(first.removeprefix("-"))
        order = field.desc(nulls_last=True) if down else field.asc(nulls_first=True)
        keys = self.found().order_by(order, *others).values_list("pk", flat=True)
        page = Paginator(keys, PAGE).get_page(self.request.GET.get("page"))
        details = with_last_look(SocialAccount.objects.select_related("school", "platform"))
        rows = rows_in_order(details, page.object_list)
        facts = facts_about(self.request.user, rows)
        return super().get_context_data(
            form=self.form,
            page_obj=page,
            table=pages.state_table(self.request, columns, rows, facts),
            export_query=self.request.GET.urlencode(),
            **kwargs,
        )


class MonitoringStateExport(StateMixin, View):
    """The same as a file. Recorded."""

    http_method_names = ("get",)

    def get(self, request: HttpRequest) -> HttpResponse:
        """The file."""
        rows = list(self.found().select_related("school", "platform").order_by("school__name", "name", "pk"))
        facts = facts_about(request.user, rows)
        school = School.objects.get(pk=self.places[0].pk) if len(self.places) == 1 else None
        state_exported(actor=request.user, school=school, count=len(rows))
        name = f"accounts-looked-at-{timezone.localdate():%Y-%m-%d}.csv"
        return csvfiles.response(
            name, pages.STATE_EXPORTED, [pages.state_exported(one, facts) for one in rows]
        )
