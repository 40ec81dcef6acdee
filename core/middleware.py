"""Sessions that end in time, pages that are never stored, and access that is closed unless declared."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone

from core import kept_posts
from core.access import DECLARED_NAMESPACES, is_sensitive

LAST_SEEN = "last_seen"
SIGNED_IN = "signed_in"


class SessionLimits:
    """End a session after 30 idle minutes (15 on a sensitive page), and after 12 hours in all.

    What was posted is kept, but for sensitive pages.
    """

    def __init__(self, get_response: Callable) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with the sign-in page when the person was away, or signed in, too long."""
        if request.user.is_authenticated:
            now = timezone.now().timestamp()
            seen = request.session.get(LAST_SEEN, now)
            since = request.session.setdefault(SIGNED_IN, now)
            if now - seen > _idle_allowed(request, now - seen) or now - since > settings.SESSION_COOKIE_AGE:
                user = request.user
                token = kept_posts.keep(request, user) if kept_posts.same_site(request) else None
                logout(request)
                if not _is_public(request.path_info):
                    return redirect_to_login(kept_posts.address(request.get_full_path(), token))
            elif seen == now or now - seen > 60:
                request.session[LAST_SEEN] = now
        return self.get_response(request)


def _is_public(path: str) -> bool:
    """Whether the page asks for no sign-in: then its address, which may hold a secret, stays where it is."""
    try:
        view = resolve(path).func
    except Resolver404:
        return False
    return declared_access(view) == "public" or path in (reverse("account_login"), reverse("account_logout"))


def _idle_allowed(request: HttpRequest, idle: float) -> int:
    """Seconds of rest after which a session ends: fewer on a page about somebody's wrongdoing."""
    short = settings.SESSION_IDLE_SENSITIVE_SECONDS
    return short if idle > short and is_sensitive(request.path_info) else settings.SESSION_IDLE_SECONDS


class NeverStored:
    """No page of a signed-in person stays in a cache, and nothing tells a search engine of us."""

    def __init__(self, get_response: Callable) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Mark the answer."""
        response = self.get_response(request)
        if request.user.is_authenticated or request.method == "POST":
            response["Cache-Control"] = "no-store, private"
        return response


class SignedIn(LoginRequiredMiddleware):
    """Django's own: every page asks for a sign-in unless it is declared public."""


class DeclaredAccess:
    """Answer 403 to every view that declares no access (design 3.1)."""

    def __init__(self, get_response: Callable) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Nothing to do before the view is known."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable, args: tuple, kwargs: dict) -> None:
        """Refuse a view without a declaration."""
        if declared_access(view, request.resolver_match.namespace) is None:
            raise PermissionDenied("this page declares no access")


def declared_access(view: Callable, namespace: str = "") -> str | None:
    """What a view declares: "public", "rules", "signed in", or None."""
    if namespace.split(":")[0] in DECLARED_NAMESPACES:
        return "admin"
    own = getattr(view, "access_declared", None)
    if own is None:
        own = getattr(getattr(view, "view_class", None), "access_declared", None)
    return own
