"""A request's standing, read once; a person whose last role ended is signed out at once (A7)."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse

from people import standing

NO_ROLE = "You have no role in this portal at present. Ask your school's office."


class Standing:
    """Read the signed-in person's roles for this request."""

    def __init__(self, get_response: Callable) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Sign out whoever has no role any more."""
        if request.user.is_authenticated:
            now = standing.read_all(request.user)
            if not now.standing.held and not now.standing.is_superuser:
                logout(request)
                messages.error(request, NO_ROLE)
                return redirect_to_login(request.get_full_path())
            now.keep(request.user)
        return self.get_response(request)
