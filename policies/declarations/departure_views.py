"""The pages about departures from the policy (CBC-6.04 to CBC-6.06)."""

from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.views.generic import FormView, TemplateView

from core.errors import Refused
from core.roles import Role
from core.tables import Column, Table
from core.views import InputMixin, ObjectMixin, PostOnly, redirect, refused
from people.selectors import profile_of
from policies.declarations import pages
from policies.declarations.access import departure_rules
from policies.declarations.base_views import DeclaredListMixin, DeclaredStep, DeclareHereMixin
from policies.declarations.departures import (
    WAITING,
    advisers_at,
    departure_advise,
    departure_answer,
    departure_ask_hr,
    departure_make,
    departure_withdraw,
    url_of,
)
from policies.declarations.forms import AdviceForm, AnswerForm, DepartForm, DepartureFilter, QuestionForm
from policies.declarations.roads import titles_of
from policies.models import Departure


class DepartureList(DeclaredListMixin, TemplateView):
    """One's own departures, and those that one answers or advises on."""

    rules = departure_rules
    sensitive = True
    template_name = "policies/declarations/departure_list.html"
    filter_class = DepartureFilter

    def narrowed(self, rows: QuerySet[Departure], chosen: dict[str, Any]) -> QuerySet[Departure]:
        """By words, kind and state. Words that are not shown are not found either (`keeping`)."""
        hidden = Q(by=self.request.user, shut_at__isnull=False)
        for word in chosen.get("q", "").split():
            hit = Q(what__icontains=word) | Q(why__icontains=word)
            rows = rows.filter(hit & ~hidden | Q(by__full_name__icontains=word))
        for field in ("when", "state"):
            if chosen.get(field):
                rows = rows.filter(**{field: chosen[field]})
        return rows

    def columns(self) -> list[Column]:
        """The columns of the list."""
        return pages.departure_columns(len(self.places) > 1)

    def table_of(self, columns: list[Column], rows: list[Departure]) -> Table:
        """One page of it."""
        return pages.departure_table(self.request, columns, rows)

    def get_context_data(self, **kwargs: Any) -> dict:
        """Whether one may tell of a departure."""
        return super().get_context_data(may_make=self.rules.can_ever(self.request.user, "make"), **kwargs)


class DepartureMake(DeclareHereMixin, InputMixin, FormView):
    """Tell of a departure, before or after it (CBC-6.05)."""

    rules = departure_rules
    action = "make"
    sensitive = True
    template_name = "policies/declarations/departure_make.html"
    form_class = DepartForm

    def get_context_data(self, **kwargs: Any) -> dict:
        """Who is told."""
        context = super().get_context_data(**kwargs)
        if self.place is not None:
            named = self.profile.departure_recipient or [Role.HEADTEACHER]
            context.update(
                hearers=titles_of(self.profile, named, "or"),
                asks_hr=self.profile.departure_hr_advice,
                clauses=" ".join(self.profile.clauses("departure_recipient")),
            )
        return context

    def perform(self, form: DepartForm) -> HttpResponse:
        """Send it."""
        row = departure_make(
            actor=self.request.user, school=self.school, once=form.cleaned_data["once"], case=form.case
        )
        messages.success(self.request, "It is told. You hear when there is an answer.")
        return redirect(url_of(row))


class OneDeparture(ObjectMixin):
    """A page about one departure: its teller, who answers it, and HR where it was asked."""

    rules = departure_rules
    sensitive = True
    select_related = ("school", "by")
    object: Departure

    def back(self) -> str:
        """Its own page."""
        return url_of(self.object)


class DepartureDetail(OneDeparture, TemplateView):
    """What was told, what was advised and answered."""

    template_name = "policies/declarations/departure_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """The whole page."""
        row, user = self.object, self.request.user
        profile = profile_of(row.school)
        own, waits = row.by_id == user.pk, row.state in WAITING
        hears = not own and self.rules.allows(user, "answer", row)
        answers = hears and waits
        hold = row.holds.filter(lifted_at=None).select_related("by").first() if hears else None
        return super().get_context_data(
            facts=pages.departure_facts(row, profile, own=own),
            events=pages.departure_events(row, row.steps.select_related("by", "words"), own=own),
            status=pages.departure_state(row),
            clauses=" ".join(row.clauses),
            own=own,
            hold=pages.hold_facts(hold) if hold else [],
            may_hold=hears and not row.erased_at,
            may_answer=answers,
            may_ask_hr=(
                answers
                and row.state == Departure.State.SENT
                and profile.departure_hr_advice
                and advisers_at(row.school, row, user).exists()
            ),
            may_advise=(
                not own and row.state == Departure.State.ADVICE and self.rules.allows(user, "advise", row)
            ),
            may_withdraw=own and waits,
            **kwargs,
        )


class DepartureAdvice(OneDeparture, DeclaredStep):
    """Whoever answers asks HR first (CBC-6.06)."""

    action = "answer"
    form_class = QuestionForm
    title, button, done = "Ask HR for advice", "Ask HR", "HR has been asked. You hear when it has answered."
    points = ("HR reads the departure and your question. Whoever departed from the policy reads neither.",)

    def do(self, form: QuestionForm) -> None:
        """Ask."""
        departure_ask_hr(
            actor=self.request.user, departure=self.object, question=form.cleaned_data["question"]
        )


class DepartureAdvise(OneDeparture, DeclaredStep):
    """HR's words."""

    action = "advise"
    form_class = AdviceForm
    title, button, done = "Give your advice", "Send the advice", "Your advice was sent."
    points = ("Whoever answers reads it. Whoever departed from the policy does not.",)

    def do(self, form: AdviceForm) -> None:
        """Advise."""
        departure_advise(actor=self.request.user, departure=self.object, advice=form.cleaned_data["advice"])


class DepartureAnswer(OneDeparture, DeclaredStep):
    """The answer."""

    action = "answer"
    form_class = AnswerForm
    title, button, done = "Answer this departure", "Send the answer", "Your answer was sent."
    points = ("The answer cannot be changed.",)

    def get_form_kwargs(self) -> dict[str, Any]:
        """What can be answered depends on whether it has happened."""
        return {**super().get_form_kwargs(), "departure": self.object}

    def do(self, form: AnswerForm) -> None:
        """Answer."""
        departure_answer(actor=self.request.user, departure=self.object, **form.cleaned_data)


class DepartureWithdraw(OneDeparture, PostOnly):
    """The teller takes it back."""

    action = "withdraw"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Withdraw it."""
        try:
            departure_withdraw(actor=request.user, departure=self.object)
        except Refused as refusal:
            return refused(request, refusal, url_of(self.object))
        messages.success(request, "It is withdrawn. It stays on record.")
        return redirect(url_of(self.object))
