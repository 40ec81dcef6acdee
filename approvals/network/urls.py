"""Addresses about the network: blocked sites, pupils on the Wi-Fi, and the IT provider's link."""

from django.urls import path

from approvals.network import home_views, outside_views, unblock_views, wifi_views
from core.access import public

urlpatterns = [
    path("network/", home_views.NetworkHome.as_view(), name="network-home"),
    path("network/requests/", unblock_views.UnblockList.as_view(), name="unblock-list"),
    path("network/requests/new/", unblock_views.UnblockAsk.as_view(), name="unblock-ask"),
    path("network/requests/<uuid:uuid>/", unblock_views.UnblockDetail.as_view(), name="unblock-detail"),
    path(
        "network/requests/<uuid:uuid>/change/", unblock_views.UnblockChange.as_view(), name="unblock-change"
    ),
    path(
        "network/requests/<uuid:uuid>/withdraw/",
        unblock_views.UnblockWithdraw.as_view(),
        name="unblock-withdraw",
    ),
    path("network/requests/<uuid:uuid>/view/", unblock_views.UnblockNoteAdd.as_view(), name="unblock-note"),
    path("network/requests/<uuid:uuid>/link/", unblock_views.UnblockLink.as_view(), name="unblock-link"),
    path(
        "network/requests/<uuid:uuid>/opened/", unblock_views.UnblockOpened.as_view(), name="unblock-opened"
    ),
    path("network/requests/<uuid:uuid>/end/", unblock_views.UnblockEnd.as_view(), name="unblock-end"),
    path("network/requests/<uuid:uuid>/shut/", unblock_views.UnblockShut.as_view(), name="unblock-shut"),
    path("network/wifi/", wifi_views.WifiList.as_view(), name="wifi-list"),
    path("network/wifi/new/", wifi_views.WifiAsk.as_view(), name="wifi-ask"),
    path("network/wifi/<uuid:uuid>/", wifi_views.WifiDetail.as_view(), name="wifi-detail"),
    path("network/wifi/<uuid:uuid>/withdraw/", wifi_views.WifiWithdraw.as_view(), name="wifi-withdraw"),
    path("network/wifi/<uuid:uuid>/opened/", wifi_views.WifiOpened.as_view(), name="wifi-opened"),
    path("network/wifi/<uuid:uuid>/end/", wifi_views.WifiEnd.as_view(), name="wifi-end"),
    path("network/wifi/<uuid:uuid>/shut/", wifi_views.WifiShut.as_view(), name="wifi-shut"),
    path("network/answer/<str:token>/", public(outside_views.OutsideAnswer.as_view()), name="outside-answer"),
]
