"""What the pages about incidents share."""

import uuid
from functools import cached_property
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.views.generic.edit import FormMixin

from core.access import standing_of
from core.errors import Refused
from core.views import AccessMixin
from incidents.access import matter_rules
from incidents.models import Matter
from people.governance.profile import Profile
from people.models import School
from people.selectors import Place, places_of, profile_of


class PlainInputMixin(FormMixin):
    """A form whose refusal stands beside its field. What was typed stays on the page and nowhere else."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Do it through a service."""
        try:
            return self.perform(form)
        except Refused as refusal:
            field = refusal.field if refusal.field in form.fields else None
            form.add_error(field, refusal.message)
            return self.form_invalid(form)

    def form_invalid(self, form: Any) -> HttpResponse:
        """Show the form again with its errors, as 422."""
        response = super().form_invalid(form)
        response.status_code = 422
        return response

    def perform(self, form: Any) -> HttpResponse:
        """Call the service and answer with a redirect. Raises Refused."""
        raise TypeError(f"{type(self).__name__} does not say what it does")


class AtSchoolMixin(PlainInputMixin, AccessMixin):
    """A form for one's own school; who belongs to several chooses first. A school of others is not found."""

    rules = matter_rules
    sensitive = True

    @cached_property
    def places(self) -> list[Place]:
        """Where the person may send it."""
        return places_of(self.rules.schools(self.request.user, self.action), active=True)

    @cached_property
    def place(self) -> Place | None:
        """The chosen school, or the only one."""
        asked = self.request.POST.get("school") or self.request.GET.get("school")
        if not asked:
            return self.places[0] if len(self.places) == 1 else None
        found = next((one for one in self.places if str(one.uuid) == asked), None)
        if found is None:
            raise Http404("No such school")
        return found

    @cached_property
    def school(self) -> School:
        """The school itself."""
        return School.objects.select_related("trust").get(pk=self.place.pk)

    @cached_property
    def profile(self) -> Profile:
        """How it governs."""
        return profile_of(self.school)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Without a school there is nothing to send."""
        if self.place is None:
            raise Http404("No such school")
        return super().post(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        """One page makes one report."""
        return {"once": uuid.uuid4()}

    def get_form_kwargs(self) -> dict[str, Any]:
        """Colleagues of the school may be chosen."""
        return {**super().get_form_kwargs(), "school": self.school, "actor": self.request.user}

    def get_context_data(self, **kwargs: Any) -> dict:
        """The form, once it is known for which school."""
        if self.place is None:
            kwargs["form"] = None
        return super().get_context_data(places=self.places, place=self.place, **kwargs)


class OneMatterMixin:
    """A page about one matter: who may not know of it gets 404, who may not do this gets 403.

    `sees` is the action that makes it visible at all: the technician's page is seen by fewer and by others.
    """

    rules = matter_rules
    access_declared = "rules"
    sensitive = True
    sees = action = "view"
    kinds: tuple[str, ...] = ()
    object: Matter

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Find it, then ask whether this may be done."""
        rows = self.rules.visible_to(request.user, self.sees).filter(kind__in=self.kinds)
        rows = rows.select_related("school", "reporter", "about_user", "content", "image", "bypass", "ban")
        self.object = rows.filter(uuid=kwargs["uuid"]).first()
        if self.object is None:
            raise Http404("No such page")
        if self.action != self.sees and not self.may(self.action):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def may(self, action: str) -> bool:
        """Whether the person may do this to it."""
        return self.rules.allows(self.request.user, action, self.object)

    def get_context_data(self, **kwargs: Any) -> dict:
        """Put it into the page."""
        return super().get_context_data(object=self.object, **kwargs)


def several_schools(user: Any) -> bool:
    """Whether a list should say which school a row is of."""
    return len(standing_of(user).all_schools()) > 1
