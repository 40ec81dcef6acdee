"""Addresses of reading."""

from django.urls import URLPattern, path

from policies.reading import views

urlpatterns: list[URLPattern] = [
    path("policies/reading/", views.ReadingList.as_view(), name="reading-list"),
    path("policies/reading/documents/", views.ReadingOverview.as_view(), name="reading-overview"),
    path("policies/reading/<uuid:uuid>/", views.ReadingRead.as_view(), name="reading-read"),
    path("policies/reading/documents/<uuid:uuid>/", views.ReadingStatus.as_view(), name="reading-status"),
    path(
        "policies/reading/documents/<uuid:uuid>/export/", views.ReadingExport.as_view(), name="reading-export"
    ),
    path(
        "policies/reading/documents/<uuid:uuid>/remind/", views.ReadingRemind.as_view(), name="reading-remind"
    ),
]
