"""Addresses of this room."""

from django.http import HttpResponse
from django.urls import path

app_name = "accounts"


def soon(request, **kwargs):
    return HttpResponse(status=404)


urlpatterns = [
    path("requests/", soon, name="request-list"),
    path("requests/new/", soon, name="request-start"),
    path("requests/<uuid:uuid>/", soon, name="request-detail"),
    path("requests/<uuid:uuid>/check/", soon, name="request-check"),
    path("requests/<uuid:uuid>/advice/", soon, name="request-advice"),
    path("requests/<uuid:uuid>/discard/", soon, name="request-discard"),
    path("requests/<uuid:uuid>/withdraw/", soon, name="request-withdraw"),
    path("requests/<uuid:uuid>/<slug:section>/", soon, name="request-section"),
    path("accounts/", soon, name="account-list"),
    path("accounts/export", soon, name="account-export"),
    path("accounts/enter/<uuid:school>/", soon, name="account-enter"),
    path("accounts/import/<uuid:school>/", soon, name="account-import"),
    path("accounts/<uuid:uuid>/", soon, name="account-detail"),
    path("accounts/<uuid:uuid>/change/", soon, name="account-change"),
    path("accounts/<uuid:uuid>/live/", soon, name="account-live"),
    path("accounts/<uuid:uuid>/close/", soon, name="account-close"),
    path("accounts/<uuid:uuid>/rights/", soon, name="rights-ask"),
    path("accounts/rights/<uuid:uuid>/end/", soon, name="right-end"),
    path("official/trust/<slug:slug>/", soon, name="official-trust"),
    path("official/<slug:slug>/", soon, name="official-school"),
]
