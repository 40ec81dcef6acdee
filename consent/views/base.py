"""What the pages about consent share."""

from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from consent.terms import Terms, terms_of
from core.access import standing_of
from people.governance.profile import Profile
from people.selectors import governed_by
from people.views.own_school import OwnSchoolMixin


class ConsentSchoolMixin(OwnSchoolMixin):
    """A page for one of the person's schools, whose settings on consent are complete.

    Put it before the view. Until a school is chosen the page shows the choice; while a compulsory setting is
    open it says which, and nothing can be sent.
    """

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Ask the rules as the view does; then see whether the part is open at the school."""
        if self.rules.can_ever(request.user, self.action) and self.place is not None:
            missing = self.profile.open_settings("consent")
            if missing:
                status = 409 if request.method == "POST" else 200
                context = {"school": self.school, "missing": missing}
                return render(request, "consent/closed.html", context, status=status)
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def profile(self) -> Profile:
        """How the school governs: read already, as the rules ask every profile for the keeper."""
        return next(
            found for place, found in governed_by(self.request.user).items() if place.pk == self.place.pk
        )

    @cached_property
    def terms(self) -> Terms:
        """What the school's profile says about consent."""
        return terms_of(self.profile)


def several_schools(user: Any) -> bool:
    """Whether a list should say which school a row is of."""
    return len(standing_of(user).all_schools()) > 1
