"""The sign-in pages: django-allauth's, with an event for every step (quality E6) and our own answers."""

from typing import Any

from allauth.account import views
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse

from people.sign_in import RECORDED, known, step_recorded


class RecordedStep:
    """A form of the sign-in pages: what was refused leaves an event too, and answers 422."""

    def form_invalid(self, form: BaseForm) -> HttpResponse:
        """Show the form again; nothing that was typed goes into the event."""
        response = super().form_invalid(form)
        if not getattr(self.request, RECORDED, False):
            user = self.request.user if self.request.user.is_authenticated else None
            step_recorded(self.request, "people.sign_in_step_refused", user, user)
        if response.status_code == 200:
            response.status_code = 422
        return response


class SignIn(RecordedStep, views.LoginView):
    """E-mail and password."""


class SignOut(views.LogoutView):
    """GET asks, POST signs out; whoever was signed out already leaves an event without a name."""

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        """Sign out."""
        response = super().post(*args, **kwargs)
        if not getattr(self.request, RECORDED, False):
            step_recorded(self.request, "people.signed_out")
        return response


class PasswordChange(RecordedStep, views.PasswordChangeView):
    """Choose another password; other sessions of the person end."""


class PasswordReset(RecordedStep, views.PasswordResetView):
    """Ask for a code. The answer is the same whether the address is known or not."""

    def form_valid(self, form: BaseForm) -> HttpResponse:
        """Send the code beside the request, if there is anybody to send it to."""
        response = super().form_valid(form)
        if response.status_code == 302:
            step_recorded(self.request, "people.password_reset_asked", known(form.cleaned_data["email"]))
        return response


class PasswordCode(RecordedStep, views.ConfirmPasswordResetCodeView):
    """Type the code from the e-mail."""

    def form_valid(self, form: BaseForm) -> HttpResponse:
        """The code was right."""
        step_recorded(self.request, "people.password_code_accepted", self._process.user)
        return super().form_valid(form)


class PasswordNew(RecordedStep, views.CompletePasswordResetView):
    """Choose the new password."""


class Reauthenticate(RecordedStep, views.ReauthenticateView):
    """Give the password again before a sensitive step."""


def closed(request: HttpRequest) -> HttpResponse:
    """Pages of the sign-in library that this portal does not offer: people are invited."""
    raise Http404("nobody signs up here")
