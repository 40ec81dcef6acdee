"""Addresses of this room."""

from django.http import HttpResponse
from django.urls import path

from accounts import request_detail_views, request_views

app_name = "accounts"


def soon(request, **kwargs):
    return HttpResponse(status=404)


urlpatterns = [
    path("requests/", request_views.RequestList.as_view(), name="request-list"),
    path("requests/new/", request_views.RequestStart.as_view(), name="request-start"),
    path("requests/<uuid:uuid>/", request_detail_views.RequestDetail.as_view(), name="request-detail"),
    path("requests/<uuid:uuid>/check/", request_views.RequestCheck.as_view(), name="request-check"),
    path("requests/<uuid:uuid>/advice/", request_detail_views.RequestAdvice.as_view(), name="request-advice"),
    path("requests/<uuid:uuid>/discard/", request_views.RequestDiscard.as_view(), name="request-discard"),
    path("requests/<uuid:uuid>/withdraw/", request_views.RequestWithdraw.as_view(), name="request-withdraw"),
    path("requests/<uuid:uuid>/<slug:section>/", request_views.RequestSection.as_view(), name="request-section"),
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
