"""What whoever hears a declaration may do beside noting it: say whom it means, keep it longer.

A departure is kept longer in the same way, by whoever answers it.
"""

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from core.errors import Refused
from core.views import PostOnly, redirect, refused
from people.models import User
from people.selectors import people_at
from policies.declarations.access import declaration_rules
from policies.declarations.base_views import DeclaredStep
from policies.declarations.departure_views import OneDeparture
from policies.declarations.forms import HoldForm, MeantForm
from policies.declarations.keeping import words_hold, words_release
from policies.declarations.link_views import OneDeclaration
from policies.declarations.meant import colleague_meant, colleague_not_meant


class DeclarationMeant(OneDeclaration, DeclaredStep):
    """Say which colleague is meant by the name, or is not."""

    action = "hear"
    form_class = MeantForm
    title, button = "Say whether a colleague is meant", "Save"
    done = "It is saved."
    points = (
        "Whoever is meant by a declaration does not hear it. The next in the road does, where nobody else is left.",
        "If you are meant yourself, choose your own name: you do not see it any more.",
    )

    def get_form_kwargs(self) -> dict[str, Any]:
        """Everybody who works there or is kept out, but its declarer."""
        people = Q(pk__in=people_at(self.object.school).values("pk")) | Q(
            pk__in=self.object.names.values("pk")
        )
        rows = User.objects.filter(people).exclude(pk=self.object.by_id).order_by("full_name", "pk")
        return {**super().get_form_kwargs(), "colleagues": rows}

    def perform(self, form: MeantForm) -> HttpResponse:
        """Save it; who is meant themselves is led to the list."""
        said = colleague_meant if form.cleaned_data["meant"] == "yes" else colleague_not_meant
        said(actor=self.request.user, declaration=self.object, colleague=form.cleaned_data["colleague"])
        messages.success(self.request, self.done)
        hears = declaration_rules.visible_to(self.request.user, "hear").filter(pk=self.object.pk).exists()
        return redirect(self.back() if hears else reverse("policies:declaration-list"))


class _HoldOn(DeclaredStep):
    """Keep the words beyond their time."""

    form_class = HoldForm
    button = "Keep it longer"
    done = "It is kept until that day."
    points = (
        "Its words are not erased before that day, whatever your school has chosen.",
        "The person who made it is not told, and cannot see it.",
    )

    def do(self, form: HoldForm) -> None:
        """Hold it."""
        words_hold(actor=self.request.user, row=self.object, **form.cleaned_data)


class _Release(PostOnly):
    """End a hold."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """End it."""
        try:
            words_release(actor=request.user, row=self.object)
        except Refused as refusal:
            return refused(request, refusal, self.back())
        messages.success(request, "It is not kept longer any more.")
        return redirect(self.back())


class DeclarationHoldOn(OneDeclaration, _HoldOn):
    """Whoever hears a declaration keeps its words beyond their time."""

    action = "hear"
    title = "Keep this declaration longer"


class DeclarationRelease(OneDeclaration, _Release):
    """Whoever hears a declaration ends a hold."""

    action = "hear"


class DepartureHoldOn(OneDeparture, _HoldOn):
    """Whoever answers a departure keeps its words beyond their time."""

    action = "answer"
    title = "Keep this departure longer"


class DepartureRelease(OneDeparture, _Release):
    """Whoever answers a departure ends a hold."""

    action = "answer"
