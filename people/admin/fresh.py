"""The admin asks for the password again where the portal does: changing roles and sign-in addresses."""

from typing import Any

from django import forms
from django.http import HttpRequest

from core.errors import Refused
from core.rules_admin import RulesModelAdmin
from people.fresh import FIELD, is_fresh, problem_with


class FreshPasswordAdmin(RulesModelAdmin):
    """A form that also asks for the password unless it is fresh; a wrong one changes nothing."""

    password_reason = "We ask once more because this step is a sensitive one."

    def is_sensitive(self, request: HttpRequest, object_id: str | None) -> bool:
        """Whether what was sent needs the password."""
        return True

    def asks_password(self, request: HttpRequest, obj: Any) -> bool:
        """Whether the form shows the box."""
        return not is_fresh(request)

    def refused_beforehand(self, request: HttpRequest, object_id: str | None) -> Refused | None:
        """The password first, so that a wrong one is counted whatever else is in the form."""
        if is_fresh(request) or not self.is_sensitive(request, object_id):
            return None
        problem = password_problem(request)
        return Refused(problem, field=FIELD) if problem else None

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> type:
        """The form with the box as its last field."""
        if not self.asks_password(request, obj):
            return super().get_form(request, obj, change, **kwargs)
        form = kwargs.get("form", self.form)
        box = forms.CharField(
            label="Your password",
            required=False,
            strip=False,
            max_length=1000,
            widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
            help_text=self.password_reason,
        )
        kwargs["form"] = type(form)(form.__name__, (form,), {FIELD: box})
        return super().get_form(request, obj, change, **kwargs)

    def with_password(self, request: HttpRequest, obj: Any, fields: list[str]) -> list[str]:
        """The names of the fields, with the box where it is shown."""
        return [*fields, FIELD] if self.asks_password(request, obj) else fields


def password_problem(request: HttpRequest) -> str:
    """Why the password that was sent does not do, or ""."""
    typed = request.POST.get(FIELD, "")[:1000]
    return problem_with(request, typed) if typed else "Enter your password"
