"""The pages about uses of the school's name, logo and published material (CBC-5.02, CBC-5.03)."""

from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.generic import FormView, TemplateView

from approvals.access import approval_rules
from approvals.models import ApprovalRequest
from approvals.selectors import steps_of, timeline_of
from core.errors import Refused
from core.tables import Column, Table
from core.views import KeptInputMixin, ObjectMixin, PostOnly, redirect, refused
from people.governance.who import joined
from policies.declarations import pages
from policies.declarations.access import BRAND, name_use_rules
from policies.declarations.base_views import DeclaredListMixin, DeclaredStep, DeclareHereMixin
from policies.declarations.forms import NameUseEndForm, NameUseFilter, NameUseForm
from policies.declarations.name_use import (
    chain_of,
    in_force,
    name_use_ask,
    name_use_end,
    name_use_withdraw,
    state_of,
    url_of,
)
from policies.models import NameUse

PENDING, REFUSED = ApprovalRequest.Status.PENDING, ApprovalRequest.Status.REFUSED


class NameUseList(DeclaredListMixin, TemplateView):
    """One's own uses, and those that one's role reads."""

    rules = name_use_rules
    template_name = "policies/declarations/name_use_list.html"
    filter_class = NameUseFilter
    related = ("school", "by", "approval")

    def narrowed(self, rows: QuerySet[NameUse], chosen: dict[str, Any]) -> QuerySet[NameUse]:
        """By words, place and state."""
        for word in chosen.get("q", "").split():
            rows = rows.filter(Q(purpose__icontains=word) | Q(by__full_name__icontains=word))
        if chosen.get("where"):
            rows = rows.filter(where=chosen["where"])
        if chosen.get("state"):
            rows = rows.filter(_in_state(chosen["state"]))
        return rows

    def columns(self) -> list[Column]:
        """The columns of the list."""
        return pages.name_use_columns(len(self.places) > 1)

    def table_of(self, columns: list[Column], rows: list[NameUse]) -> Table:
        """One page of it."""
        return pages.name_use_table(self.request, columns, rows)

    def get_context_data(self, **kwargs: Any) -> dict:
        """Whether one may ask."""
        return super().get_context_data(may_ask=self.rules.can_ever(self.request.user, "ask"), **kwargs)


def _in_state(state: str) -> Q:
    """The rows that `state_of` shows as this."""
    today, granted = timezone.localdate(), Q(granted_at__isnull=False, ended_at=None)
    return {
        "pending": Q(approval__status=PENDING),
        "refused": Q(approval__status=REFUSED),
        "permitted": granted & (Q(until=None) | Q(until__gte=today)),
        "run_out": granted & Q(until__lt=today),
        "ended": Q(ended_at__isnull=False),
    }.get(state, Q())


class NameUseAsk(DeclareHereMixin, KeptInputMixin, FormView):
    """Ask for permission, before the use begins."""

    rules = name_use_rules
    action = "ask"
    template_name = "policies/declarations/name_use_ask.html"
    form_class = NameUseForm

    def get_context_data(self, **kwargs: Any) -> dict:
        """Who decides."""
        context = super().get_context_data(**kwargs)
        if self.place is not None:
            titles = (self.profile.title_of(step.role, step.post) for step in chain_of(self.profile))
            stated = not self.profile.departs(BRAND)
            context.update(
                deciders=joined(titles, "and"),
                clauses=" ".join(self.profile.clauses(BRAND)) if stated else "",
            )
        return context

    def perform(self, form: NameUseForm) -> HttpResponse:
        """Send it."""
        row = name_use_ask(
            actor=self.request.user, school=self.school, once=form.cleaned_data["once"], **form.answers
        )
        messages.success(self.request, "Your request was sent. You are told when it is decided.")
        return redirect(url_of(row))


class OneNameUse(ObjectMixin):
    """A page about one use."""

    rules = name_use_rules
    select_related = ("school", "by", "approval")
    object: NameUse

    def back(self) -> str:
        """Its own page."""
        return url_of(self.object)


class NameUseDetail(OneNameUse, TemplateView):
    """What was asked for, who decided, and whether it holds."""

    template_name = "policies/declarations/name_use_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """The whole page."""
        row, user = self.object, self.request.user
        steps = steps_of(row.approval)
        waits, holds = row.approval.status == PENDING, in_force(row)
        asked = {"title": "Asked for", "when": row.at, "by": row.by.full_name}
        return super().get_context_data(
            facts=pages.name_use_facts(row),
            events=[asked, *timeline_of(steps, [])],
            status=state_of(row),
            waits=waits,
            titles=joined((step.title for step in steps), "and"),
            own=row.by_id == user.pk,
            holds=holds,
            decision=(
                row.approval if waits and approval_rules.allows(user, "decide", row.approval) else None
            ),
            may_end=holds and self.rules.allows(user, "end", row),
            **kwargs,
        )


class NameUseEnd(OneNameUse, DeclaredStep):
    """End a permission."""

    action = "end"
    form_class = NameUseEndForm
    title, button, done = (
        "End this permission",
        "End it",
        "The permission has ended. Whoever asked has been told.",
    )
    warning = "The permission is over from this moment on."

    def do(self, form: NameUseEndForm) -> None:
        """End it."""
        name_use_end(actor=self.request.user, use=self.object, because=form.cleaned_data["because"])


class NameUseWithdraw(OneNameUse, PostOnly):
    """The asker takes it back."""

    action = "withdraw"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Withdraw it."""
        try:
            name_use_withdraw(actor=request.user, use=self.object)
        except Refused as refusal:
            return refused(request, refusal, url_of(self.object))
        messages.success(request, "Your request was withdrawn.")
        return redirect(url_of(self.object))
