"""What the pages about measures, blocked sites and decisions share."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.views.generic import FormView

from core.access import Rules
from core.forms import FilterForm
from core.views import KeptInputMixin, redirect
from people.models import School
from people.selectors import Place
from people.views.base import visible_school

MOST_SCHOOLS = 10
"""More are chosen in the filter, not in a list of their own."""


class AtSchool(KeptInputMixin, FormView):
    """A form about something new at one school: an invisible school is 404, one without the right 403."""

    rules: Rules
    action: str
    access_declared = "rules"
    school: School

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Find the school among the visible ones, then ask for the action there."""
        self.school = visible_school(request.user, kwargs["school"])
        if not self.rules.allows_at(request.user, self.action, self.school):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict:
        """The school."""
        return super().get_context_data(school=self.school, **kwargs)


class Done:
    """The end of a form: say so on the next page."""

    def done(self, url: str, message: str) -> HttpResponse:
        """To `url`, with what was done."""
        messages.success(self.request, message)
        return redirect(url)


class SchoolFilter(FilterForm):
    """A filter that names a school; a person of one school is not asked."""

    school = forms.ChoiceField(label="School")
    any_school = "Any"

    def __init__(self, *args: Any, schools: Iterable[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = list(schools)
        every = [("", self.any_school)] if self.any_school else []
        self.fields["school"].choices = [*every, *((str(one.uuid), one.name) for one in self.places)]
        if len(self.places) < 2:
            del self.fields["school"]

    @property
    def place(self) -> Place | None:
        """The school that was chosen."""
        chosen = self.chosen.get("school")
        return next((one for one in self.places if str(one.uuid) == chosen), None)


def query_of(request: HttpRequest) -> str:
    """The filters and the sort of a list, for the link to its file."""
    query = request.GET.copy()
    query.pop("page", None)
    return query.urlencode()
