"""Django's admin as a room of the portal: its own sign-in is gone, and the rules decide (design 3.6)."""

from collections.abc import Callable
from functools import update_wrapper
from typing import Any

from django.contrib import admin
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from core.rules_admin import RulesModelAdmin

MAY_ENTER: list[Callable[[Any], bool]] = []
"""Functions that say whether a person may enter the admin at all; `people` registers one."""

CLOSED = frozenset({"view_on_site", "password_change_done"})
"""Pages of Django's that look at rows past the rules, or that the portal has of its own."""


class PortalAdminSite(admin.AdminSite):
    """The admin for trusts, schools, profiles, memberships, people and platforms."""

    site_header = "School Social: administration"
    site_title = "School Social administration"
    index_title = "Reference data"
    site_url = "/"

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Take only what stands on the rules: models of libraries that register themselves stay out."""
        if admin_class is not None and issubclass(admin_class, RulesModelAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def get_urls(self) -> list:
        """Django's pages without those that are closed."""
        return [url for url in super().get_urls() if getattr(url, "name", None) not in CLOSED]

    def has_permission(self, request: HttpRequest) -> bool:
        """Whether the signed-in person may enter."""
        return request.user.is_authenticated and any(may(request.user) for may in MAY_ENTER)

    def admin_view(self, view: Callable, cacheable: bool = False) -> Callable:
        """A signed-in person without the right is refused at once, without a way round the sign-in page."""
        inner = super().admin_view(view, cacheable)

        def gate(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.user.is_authenticated and not self.has_permission(request):
                raise PermissionDenied
            return inner(request, *args, **kwargs)

        return update_wrapper(gate, inner)

    @login_not_required
    def login(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """Sign-in is the portal's own; a signed-in person without the right is refused."""
        after = request.GET.get(REDIRECT_FIELD_NAME, "")
        if not url_has_allowed_host_and_scheme(after, {request.get_host()}, request.is_secure()):
            after = reverse("admin:index")
        if not request.user.is_authenticated:
            return redirect_to_login(after)
        if not self.has_permission(request):
            raise PermissionDenied
        return HttpResponseRedirect(after)

    def password_change(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """The password is changed in the portal."""
        return HttpResponseRedirect(reverse("account_change_password"))

    def logout(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """Signing out is the portal's own."""
        return HttpResponseRedirect(reverse("account_logout"))

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        """No list of the admin completes what is typed."""
        raise Http404

    def get_log_entries(self, request: HttpRequest) -> list:
        """Django's own log is not written; the audit log is the history."""
        return []
