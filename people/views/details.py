"""A person's name and sign-in address."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.views.generic import FormView

from core.views import KeptInputMixin, ObjectMixin, redirect
from people.access import user_rules
from people.forms.details import FullName, SignInAddress
from people.services.details import email_change_ask, name_change
from people.views.base import RolePage
from people.views.roles import person_url


class PersonName(KeptInputMixin, ObjectMixin, FormView):
    """Correct the name. Signatures keep the name under which they were given."""

    template_name = "people/person_name.html"
    form_class = FullName
    rules = user_rules
    action = "manage"

    def get_initial(self) -> dict[str, Any]:
        """The name as it is."""
        return {"full_name": self.object.full_name}

    def perform(self, form: FullName) -> HttpResponse:
        """Save it."""
        name_change(actor=self.request.user, user=self.object, full_name=form.cleaned_data["full_name"])
        messages.success(self.request, "The name is corrected.")
        return redirect(person_url(self.object))


class PersonEmail(RolePage, ObjectMixin, FormView):
    """Ask for another sign-in address; a second person confirms it."""

    template_name = "people/person_email.html"
    form_class = SignInAddress
    rules = user_rules
    action = "manage"
    password_reason = "Who holds the address holds the sign-in, so we ask once more."

    def perform(self, form: SignInAddress) -> HttpResponse:
        """Ask for it."""
        change = email_change_ask(actor=self.request.user, user=self.object, email=form.cleaned_data["email"])
        messages.info(self.request, "A second person must confirm the new address before it is used.")
        return redirect(reverse("people:change-detail", args=[change.uuid]))
