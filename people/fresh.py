"""A fresh password before a sensitive step (quality, Sign-in): changing roles, revealing a credential.

A password counts as fresh for `ACCOUNT_REAUTHENTICATION_TIMEOUT` seconds after sign-in or after it was
given again. A page asks for it inside its own form, so that nothing typed is lost on the way.
"""

import time
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse

FIELD = "password"


def is_fresh(request: HttpRequest) -> bool:
    """Whether the signed-in person gave their password a moment ago."""
    given = [
        row["at"] for row in get_authentication_records(request, request.user) if row["method"] == "password"
    ]
    return bool(given) and time.time() - given[-1] < app_settings.REAUTHENTICATION_TIMEOUT


class FreshPasswordMixin:
    """Before a form view's `KeptInputMixin`: the form also asks for the password unless it is fresh."""

    password_reason = "This step is a sensitive one, so we ask once more."

    def get_form(self, form_class: Any = None) -> forms.Form:
        """Add the password as the last field."""
        form = super().get_form(form_class)
        if not is_fresh(self.request):
            form.fields[FIELD] = forms.CharField(
                label="Your password",
                help_text=self.password_reason,
                strip=False,
                max_length=1000,
                widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
                error_messages={"required": "Enter your password"},
            )
        return form

    def form_valid(self, form: forms.Form) -> HttpResponse:
        """Go on only with the right password. Wrong ones count as wrong sign-ins and are throttled."""
        if FIELD in form.fields:
            problem = problem_with(self.request, form.cleaned_data[FIELD])
            if problem:
                form.add_error(FIELD, problem)
                return self.form_invalid(form)
        return super().form_valid(form)


def problem_with(request: HttpRequest, password: str) -> str:
    """Why this password does not do, or "" after which it counts as fresh."""
    try:
        right = get_adapter(request).reauthenticate(request.user, password)
    except ValidationError as error:  # too many wrong ones
        return " ".join(error.messages)
    if not right:
        return "This is not your password"
    reauthenticate_by_password(request)
    return ""
