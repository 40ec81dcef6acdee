"""What the pages about one case share."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.generic import FormView

from core.access import standing_of
from core.audit import audited
from core.views import InputMixin, redirect
from incidents.concerns.access import concern_rules, let_in, not_excluded, on_road
from incidents.concerns.services.chronology import glass_noted
from incidents.models import Concern, Right
from people.governance.profile import Profile
from people.selectors import governed_by, profile_of


class OneCaseMixin:
    """A page about one case: who may not read it gets 404, who may not do this gets 403.

    The row carries `handles` and `on_road`: what the reader may do, asked in the query that finds it.
    """

    rules = concern_rules
    access_declared = "rules"
    sensitive = True
    action = "view"
    object: Concern

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Find it among what the person may read, then ask whether this may be done."""
        self.object = self.find(request.user, kwargs["uuid"])
        if not self.may(self.action):
            raise PermissionDenied
        if not self.object.handles:
            with audited():  # emergency access leaves its trace on whichever page of a case is opened
                glass_noted(request.user, self.object)
        return super().dispatch(request, *args, **kwargs)

    def find(self, user: Any, uuid: Any) -> Concern:
        """The case, or 404."""
        standing = standing_of(user)
        road = on_road(standing) & not_excluded(user)
        handles = (on_road(standing) | let_in(user, standing, Right.HANDLE)) & not_excluded(user)
        rows = concern_rules.visible_to(user, "view").annotate(
            on_road=ExpressionWrapper(Q(road), BooleanField()),
            handles=ExpressionWrapper(Q(handles), BooleanField()),
        )
        row = (
            rows.select_related("school", "reporter", "owner", "first_read_by", "words", "breach")
            .filter(uuid=uuid)
            .first()
        )
        if row is None:
            raise Http404("No such page")
        return row

    def may(self, action: str) -> bool:
        """Whether the person may do this to it: asked of the row as it was found."""
        return {
            "view": True,
            "add": True,
            "handle": self.object.handles,
            "road": self.object.on_road,
        }[action]

    @cached_property
    def profile(self) -> Profile:
        """How the school of the case governs."""
        kept = governed_by(self.request.user)
        found = next((profile for place, profile in kept.items() if place.pk == self.object.school_id), None)
        return found or profile_of(self.object.school)

    def get_context_data(self, **kwargs: Any) -> dict:
        """Put it into the page."""
        return super().get_context_data(object=self.object, **kwargs)


class CaseStep(OneCaseMixin, InputMixin, FormView):
    """A form for one step on a case, on a page of its own; what was typed stays on the page after a refusal."""

    template_name = "core/step.html"
    action = "handle"
    title = button = done_message = ""
    points: tuple[str, ...] = ()
    anchor = ""

    def get_context_data(self, **kwargs: Any) -> dict:
        """What the page says."""
        return super().get_context_data(
            title=self.title, button=self.button, points=self.points, back=self.back(), **kwargs
        )

    def back(self) -> str:
        """To the case, at the part of the page that the step belongs to."""
        return reverse("incidents:case", args=[self.object.uuid]) + (f"#{self.anchor}" if self.anchor else "")

    def done(self, message: str = "") -> HttpResponse:
        """Back, with what was done."""
        messages.success(self.request, message or self.done_message)
        return redirect(self.back())
