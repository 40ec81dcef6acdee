"""What the pages about incidents share."""

import uuid
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse

from core.access import standing_of
from core.views import AccessMixin, InputMixin
from incidents.access import matter_rules
from incidents.models import Matter
from people.views.own_school import OwnSchoolMixin


class AtSchoolMixin(OwnSchoolMixin, InputMixin, AccessMixin):
    """A form for one's own school, of which nothing is kept aside."""

    rules = matter_rules
    sensitive = True

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
        return super().get_context_data(**kwargs)


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
        self.object = rows.filter(uuid=kwargs["uuid"]).prefetch_related("road").first()
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
