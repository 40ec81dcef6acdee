"""The register, one pupil, and the check."""

from django.urls import path

from consent.views import home, pupils

urlpatterns = [
    path("consent/", home.ConsentHome.as_view(), name="home"),
    path("consent/pupils/<uuid:uuid>/", pupils.PupilDetail.as_view(), name="pupil-detail"),
]
