"""The register, one pupil, keying answers in, and figures."""

from django.urls import path

from consent.views import coverage, home, pupils, recording, register

urlpatterns = [
    path("consent/", home.ConsentHome.as_view(), name="home"),
    path("consent/register/", register.Register.as_view(), name="register"),
    path("consent/register/file/", register.RegisterExport.as_view(), name="register-export"),
    path("consent/coverage/", coverage.Coverage.as_view(), name="coverage"),
    path("consent/coverage/file/", coverage.CoverageExport.as_view(), name="coverage-export"),
    path("consent/pupils/<uuid:uuid>/", pupils.PupilDetail.as_view(), name="pupil-detail"),
    path("consent/pupils/<uuid:uuid>/answer/", recording.ReplyRecord.as_view(), name="reply-record"),
    path("consent/scans/<uuid:uuid>/", recording.ScanOpen.as_view(), name="scan-open"),
]
