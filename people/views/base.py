"""What the pages about people share: finding a school, asking one question, a fresh password."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.views.generic import FormView

from core.views import KeptInputMixin, redirect
from people.access import membership_rules, school_rules
from people.forms.roles import Nothing
from people.fresh import FreshPasswordMixin
from people.models import School, User

PAGE = 25


def visible_school(user: User, uuid: UUID) -> School:
    """The school with this public id among those that the person may see, or 404."""
    school = school_rules.visible_to(user).select_related("trust").filter(uuid=uuid).first()
    if school is None:
        raise Http404("No such page")
    return school


def managed_school(user: User, uuid: UUID) -> School:
    """The same, and 403 where the person does not give roles."""
    school = visible_school(user, uuid)
    if not membership_rules.allows_at(user, "manage", school):
        raise PermissionDenied
    return school


class RolePage(FreshPasswordMixin, KeptInputMixin):
    """A form that changes roles: it asks for the password unless it is fresh."""

    password_reason = "Roles are a sensitive matter, so we ask once more."


class Question(KeptInputMixin, FormView):
    """One question with one button: GET asks, POST does it. Put the finding of the row before it."""

    template_name = "people/question.html"
    form_class = Nothing

    def asks(self) -> dict[str, Any]:
        """What the page says: title, points (sentences), button, back; caption and warning if any."""
        raise TypeError(f"{type(self).__name__} asks nothing")

    def get_context_data(self, **kwargs: Any) -> dict:
        """Put the question into the page."""
        return super().get_context_data(**{**self.asks(), **kwargs})

    def finish(self, request: HttpRequest, url: str, done: str) -> HttpResponse:
        """It is done: say so on the next page."""
        messages.success(request, done)
        return redirect(url)
