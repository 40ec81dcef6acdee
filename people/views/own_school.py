"""A form for one's own school: whoever belongs to several chooses first."""

from functools import cached_property
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from core.access import Rules
from people.governance.profile import Profile
from people.models import School
from people.selectors import Place, places_of, profile_of


class OwnSchoolMixin:
    """Put it before the form view. The school comes with the address or the form; others are not found.

    `rules` and `action` say at which schools. The page includes `people/school_choice.html` while no
    school is chosen.
    """

    rules: Rules
    action: str

    @cached_property
    def places(self) -> list[Place]:
        """Where the person may do it."""
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
        send = getattr(super(), "post", None)
        if send is None:
            return self.http_method_not_allowed(request, *args, **kwargs)
        if self.place is None:
            raise Http404("No such school")
        return send(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict:
        """The schools to choose from, and the chosen one."""
        return super().get_context_data(places=self.places, place=self.place, **kwargs)
