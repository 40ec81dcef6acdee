"""Every address of the portal."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.views.decorators.http import require_safe

from core.access import public
from smgov.views import Home


@public
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """For whoever watches the server: it answers."""
    return HttpResponse("ok", content_type="text/plain")


urlpatterns = [
    path("", Home.as_view(), name="home"),
    path("health", health, name="health"),
    path("", include("core.urls")),
    path("", include("people.sign_in_urls")),
    path("", include("people.urls")),
    path("", include("approvals.urls")),
    path("", include("policies.urls")),
    path("", include("accounts.urls")),
    path("", include("consent.urls")),
    path("", include("incidents.urls")),
    path("administration/", admin.site.urls),
]
