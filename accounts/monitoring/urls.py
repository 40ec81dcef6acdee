"""Addresses of monitoring."""

from django.urls import URLPattern, path

from accounts.monitoring import state_views, views

urlpatterns: list[URLPattern] = [
    path("monitoring/", views.MonitoringList.as_view(), name="monitoring-list"),
    path("monitoring/export/", views.MonitoringExport.as_view(), name="monitoring-export"),
    path("monitoring/new/", views.MonitoringWrite.as_view(), name="monitoring-write"),
    path("monitoring/accounts/", state_views.MonitoringState.as_view(), name="monitoring-state"),
    path(
        "monitoring/accounts/export/",
        state_views.MonitoringStateExport.as_view(),
        name="monitoring-state-export",
    ),
    path("monitoring/<uuid:uuid>/", views.MonitoringDetail.as_view(), name="monitoring-detail"),
    path("monitoring/<uuid:uuid>/change/", views.MonitoringChange.as_view(), name="monitoring-change"),
    path("monitoring/<uuid:uuid>/send/", views.MonitoringSend.as_view(), name="monitoring-send"),
    path("monitoring/<uuid:uuid>/read/", views.MonitoringMarkRead.as_view(), name="monitoring-read"),
    path("monitoring/<uuid:uuid>/discard/", views.MonitoringDiscard.as_view(), name="monitoring-discard"),
    path(
        "monitoring/actions/<uuid:uuid>/done/",
        views.MonitoringActionDone.as_view(),
        name="monitoring-action-done",
    ),
]
