"""Addresses of measures, blocked sites, the register of decisions and the yearly statement."""

from django.urls import path

from approvals.network import evidence_views, measure_views, site_views, statement_views

urlpatterns = [
    path("network/sites/", site_views.SitePage.as_view(), name="site-list"),
    path("network/sites/block/<uuid:school>/", site_views.SiteBlock.as_view(), name="site-block"),
    path("network/sites/<uuid:uuid>/lift/", site_views.SiteLift.as_view(), name="site-lift"),
    path("network/decisions/", evidence_views.DecisionList.as_view(), name="decision-list"),
    path("network/decisions/export", evidence_views.DecisionExport.as_view(), name="decision-export"),
    path("network/measures/", measure_views.MeasureList.as_view(), name="measure-list"),
    path("network/measures/export", measure_views.MeasureExport.as_view(), name="measure-export"),
    path("network/measures/new/<uuid:school>/", measure_views.MeasureDirect.as_view(), name="measure-direct"),
    path("network/measures/<uuid:uuid>/", measure_views.MeasureDetail.as_view(), name="measure-detail"),
    path(
        "network/measures/<uuid:uuid>/done/",
        measure_views.MeasureCarryOut.as_view(),
        name="measure-carry-out",
    ),
    path(
        "network/measures/<uuid:uuid>/review/", measure_views.MeasureReviewed.as_view(), name="measure-review"
    ),
    path(
        "network/measures/<uuid:uuid>/withdraw/",
        measure_views.MeasureWithdraw.as_view(),
        name="measure-withdraw",
    ),
    path("network/statement/", statement_views.StatementPage.as_view(), name="statement"),
]
