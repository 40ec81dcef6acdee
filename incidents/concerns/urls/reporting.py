"""Reporting a concern, the receipt, and the page without an account."""

from django.urls import path

from core.access import public
from incidents.concerns.views import public as outside
from incidents.concerns.views import reporting

urlpatterns = [
    path("concerns/mine/", reporting.ConcernMine.as_view(), name="concern-mine"),
    path("concerns/report/", reporting.ConcernStart.as_view(), name="concern-start"),
    path("concerns/report/danger/", reporting.ConcernDanger.as_view(), name="concern-danger"),
    path("concerns/report/image/", reporting.ConcernImage.as_view(), name="concern-image"),
    path("concerns/report/form/", reporting.ConcernWrite.as_view(), name="concern-write"),
    path("concerns/report/blank/", reporting.ConcernBlank.as_view(), name="concern-blank"),
    path("concerns/<uuid:uuid>/sent/", reporting.ConcernSent.as_view(), name="concern-sent"),
    path("report/<slug:slug>/", public(outside.PublicReport.as_view()), name="concern-public"),
    path("report/<slug:slug>/sent/", public(outside.PublicSent.as_view()), name="concern-public-sent"),
]
