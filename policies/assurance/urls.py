"""Addresses of assurance."""

from django.urls import URLPattern, path

from policies.assurance import report_views, views

urlpatterns: list[URLPattern] = [
    path("assurance/remits/", views.RemitList.as_view(), name="remit-list"),
    path("assurance/remits/<uuid:uuid>/", views.RemitDetail.as_view(), name="remit-detail"),
    path("assurance/remits/<uuid:uuid>/confirm/", views.RemitConfirm.as_view(), name="remit-confirm"),
    path("assurance/report/", report_views.TermReport.as_view(), name="term-report"),
    path("assurance/report/export/", report_views.TermReportExport.as_view(), name="term-report-export"),
    path(
        "assurance/report/<uuid:uuid>/<slug:statement>/",
        report_views.StatementWrite.as_view(),
        name="statement-write",
    ),
]
