"""Addresses of this room."""

from django.urls import path

from accounts import (
    coverage_views,
    home_views,
    public_views,
    register_action_views,
    register_entry_views,
    register_views,
    request_detail_views,
    request_views,
    running_views,
)
from accounts.monitoring.urls import urlpatterns as monitoring
from core.access import public

app_name = "accounts"


urlpatterns = [
    *monitoring,
    path("requests/", request_views.RequestList.as_view(), name="request-list"),
    path("requests/new/", request_views.RequestStart.as_view(), name="request-start"),
    path("requests/<uuid:uuid>/", request_detail_views.RequestDetail.as_view(), name="request-detail"),
    path("requests/<uuid:uuid>/check/", request_views.RequestCheck.as_view(), name="request-check"),
    path("requests/<uuid:uuid>/advice/", request_detail_views.RequestAdvice.as_view(), name="request-advice"),
    path("requests/<uuid:uuid>/discard/", request_views.RequestDiscard.as_view(), name="request-discard"),
    path("requests/<uuid:uuid>/withdraw/", request_views.RequestWithdraw.as_view(), name="request-withdraw"),
    path(
        "requests/<uuid:uuid>/<slug:section>/", request_views.RequestSection.as_view(), name="request-section"
    ),
    path("social-media/", home_views.AccountsHome.as_view(), name="home"),
    path("accounts/", register_views.AccountList.as_view(), name="account-list"),
    path("accounts/running/", running_views.Running.as_view(), name="running"),
    path("accounts/coverage/", coverage_views.Coverage.as_view(), name="coverage"),
    path("accounts/coverage/export/", coverage_views.CoverageExport.as_view(), name="coverage-export"),
    path("accounts/export", register_views.AccountExport.as_view(), name="account-export"),
    path("accounts/enter/<uuid:school>/", register_entry_views.AccountEnter.as_view(), name="account-enter"),
    path(
        "accounts/import/<uuid:school>/", register_entry_views.AccountImport.as_view(), name="account-import"
    ),
    path("accounts/<uuid:uuid>/", register_views.AccountDetail.as_view(), name="account-detail"),
    path(
        "accounts/<uuid:uuid>/change/", register_action_views.AccountChange.as_view(), name="account-change"
    ),
    path("accounts/<uuid:uuid>/live/", register_action_views.AccountLive.as_view(), name="account-live"),
    path("accounts/<uuid:uuid>/close/", register_action_views.AccountClose.as_view(), name="account-close"),
    path("accounts/<uuid:uuid>/rights/", register_action_views.RightsAsk.as_view(), name="rights-ask"),
    path("accounts/rights/<uuid:uuid>/end/", register_action_views.RightEnd.as_view(), name="right-end"),
    path("official/trust/<slug:slug>/", public(public_views.OfficialTrust.as_view()), name="official-trust"),
    path("official/<slug:slug>/", public(public_views.OfficialSchool.as_view()), name="official-school"),
]
