"""Django's admin as a room of the portal: its own sign-in is gone, and the rules decide (design 3.6)."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

MAY_ENTER: list[Callable[[Any], bool]] = []
"""Functions that say whether a person may enter the admin at all; `people` registers one."""


class PortalAdminSite(admin.AdminSite):
    """The admin for trusts, schools, memberships and platforms."""

    site_header = "School Social: administration"
    site_title = "School Social administration"
    index_title = "Reference data"
    site_url = "/"

    def has_permission(self, request: HttpRequest) -> bool:
        """Whether the signed-in person may enter."""
        return request.user.is_authenticated and any(may(request.user) for may in MAY_ENTER)

    def login(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """Sign-in is the portal's own; a signed-in person without the right is refused."""
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.get_full_path())

    def password_change(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """The password is changed in the portal."""
        return redirect_to_login("/")
