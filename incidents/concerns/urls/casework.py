"""The board, the case, and the steps on it."""

from django.urls import path

from incidents.concerns.views import case

urlpatterns = [
    path("concerns/<uuid:uuid>/", case.CaseDetail.as_view(), name="case"),
]
