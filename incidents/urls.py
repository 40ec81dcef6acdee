"""Addresses of this room."""

from django.urls import path

from incidents.abuse.urls import urlpatterns as abuse
from incidents.comments.urls import urlpatterns as comments
from incidents.concerns.urls import urlpatterns as concerns
from incidents.views import bypass_pages, report_new, report_pages

app_name = "incidents"

urlpatterns = [
    path("network/reports/", report_pages.ReportList.as_view(), name="report-list"),
    path("network/reports/new/", report_new.ReportStart.as_view(), name="report-start"),
    path("network/reports/new/stop/", report_new.ReportStop.as_view(), name="report-stop"),
    path("network/reports/new/form/", report_new.ReportWrite.as_view(), name="report-write"),
    path("network/reports/<uuid:uuid>/", report_pages.ReportDetail.as_view(), name="report-detail"),
    path("network/reports/<uuid:uuid>/sent/", report_new.ReportSent.as_view(), name="report-sent"),
    path(
        "network/reports/<uuid:uuid>/hand-over/",
        report_pages.ReportHandOver.as_view(),
        name="report-hand-over",
    ),
    path(
        "network/reports/<uuid:uuid>/technician/",
        report_pages.ReportTechnician.as_view(),
        name="report-technician",
    ),
    path("network/reports/<uuid:uuid>/close/", report_pages.ReportClose.as_view(), name="report-close"),
    path("network/firewall/", bypass_pages.BypassList.as_view(), name="bypass-list"),
    path("network/firewall/new/", bypass_pages.BypassRecord.as_view(), name="bypass-record"),
    path("network/firewall/<uuid:uuid>/", bypass_pages.BypassDetail.as_view(), name="bypass-detail"),
    path("network/firewall/<uuid:uuid>/ban/", bypass_pages.BanSet.as_view(), name="ban-set"),
    path("network/firewall/<uuid:uuid>/no-ban/", bypass_pages.BanNone.as_view(), name="ban-none"),
    path("network/firewall/<uuid:uuid>/ban/end/", bypass_pages.BanEnd.as_view(), name="ban-end"),
    *concerns,
    *abuse,
    *comments,
]
