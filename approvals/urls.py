"""Addresses of this room."""

from django.http import HttpResponse
from django.urls import path

app_name = "approvals"


def soon(request, **kwargs):
    return HttpResponse(status=404)


urlpatterns = [
    path("approvals/", soon, name="request-list"),
    path("approvals/<uuid:uuid>/", soon, name="request-detail"),
]
