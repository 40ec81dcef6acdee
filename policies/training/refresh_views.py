"""The pages about refreshing training after a significant incident or change (CIT-11.03, STM-11.08)."""

import uuid
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.generic import FormView, TemplateView

from core.views import AccessMixin, KeptInputMixin, ObjectMixin, redirect
from people.selectors import places_of
from people.views.own_school import OwnSchoolMixin
from policies.models import Refresh
from policies.training import pages
from policies.training.access import refresh_rules
from policies.training.forms import CallOffForm, RefreshForm, SessionFilter
from policies.training.services import refresh_ask, refresh_call_off

PAGE = 25


class RefreshList(AccessMixin, TemplateView):
    """What was asked to be refreshed, newest first, called off or not."""

    rules = refresh_rules
    template_name = "policies/training/refresh_list.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """One page of them."""
        user = self.request.user
        places = places_of(self.rules.schools(user, self.action))
        form = SessionFilter(self.request.GET or None, places=places)
        del form.fields["kind"]
        form.fields["q"].label = "Words of the reason"
        rows = self.get_queryset().select_related("school", "by").order_by("-at", "-pk")
        for word in form.chosen.get("q", "").split():
            rows = rows.filter(reason__icontains=word)
        if form.chosen.get("school"):
            rows = rows.filter(school__uuid=form.chosen["school"])
        page = Paginator(rows, PAGE).get_page(self.request.GET.get("page"))
        return super().get_context_data(
            form=form,
            page_obj=page,
            rows=pages.refresh_rows(page.object_list, refresh_rules.schools(user, "call_off")),
            may_ask=refresh_rules.can_ever(user, "ask"),
            **kwargs,
        )


class RefreshAsk(OwnSchoolMixin, KeptInputMixin, AccessMixin, FormView):
    """Ask for training to be refreshed. Nothing of an incident comes here by itself."""

    rules = refresh_rules
    action = "ask"
    template_name = "policies/training/refresh_ask.html"
    form_class = RefreshForm

    def get_initial(self) -> dict[str, Any]:
        """One page asks once; the last day is the profile's."""
        days = self.profile.refresh_days if self.place else 30
        return {"once": uuid.uuid4(), "due_on": timezone.localdate() + timedelta(days=days)}

    def get_context_data(self, **kwargs: Any) -> dict:
        """Whether the school's settings allow it."""
        on = bool(self.place and self.profile.training_refresh)
        return super().get_context_data(on=on, **kwargs)

    def perform(self, form: RefreshForm) -> HttpResponse:
        """Ask."""
        refresh_ask(actor=self.request.user, school=self.school, **form.cleaned_data)
        messages.success(self.request, "It is asked for. Everybody whom it concerns sees it and is reminded.")
        return redirect(reverse("policies:refresh-list"))


class RefreshCallOff(ObjectMixin, KeptInputMixin, FormView):
    """Call it off."""

    rules = refresh_rules
    action = "call_off"
    select_related = ("school",)
    template_name = "core/step.html"
    form_class = CallOffForm
    object: Refresh

    def get_context_data(self, **kwargs: Any) -> dict:
        """What follows from it."""
        return super().get_context_data(
            title="Call it off",
            points=("Older training counts again. That it was asked for stays to be read.",),
            button="Call it off",
            back=reverse("policies:refresh-list"),
            **kwargs,
        )

    def perform(self, form: CallOffForm) -> HttpResponse:
        """Call it off."""
        refresh_call_off(actor=self.request.user, refresh=self.object, because=form.cleaned_data["because"])
        messages.success(self.request, "It is called off.")
        return redirect(reverse("policies:refresh-list"))
