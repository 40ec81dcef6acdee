"""Addresses of this room."""

from django.urls import path

from approvals import views

app_name = "approvals"

urlpatterns = [
    path("approvals/", views.Queue.as_view(), name="request-list"),
    path("approvals/<uuid:uuid>/", views.Decide.as_view(), name="request-detail"),
]
