"""Addresses of this room."""

from django.urls import path

from approvals import views
from approvals.network import evidence_urls
from approvals.network import urls as network_urls

app_name = "approvals"

urlpatterns = [
    path("approvals/", views.Queue.as_view(), name="request-list"),
    path("approvals/<uuid:uuid>/", views.Decide.as_view(), name="request-detail"),
    *network_urls.urlpatterns,
    *evidence_urls.urlpatterns,
]
