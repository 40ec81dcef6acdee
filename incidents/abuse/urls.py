"""Addresses of the abuse log."""

from django.urls import URLPattern, path

from incidents.abuse import figures_views, shot_views, views

urlpatterns: list[URLPattern] = [
    path("abuse/", views.AbuseList.as_view(), name="abuse-list"),
    path("abuse/export/", views.AbuseExport.as_view(), name="abuse-export"),
    path("abuse/new/", views.AbuseStart.as_view(), name="abuse-start"),
    path("abuse/new/form/", views.AbuseLog.as_view(), name="abuse-log"),
    path("abuse/figures/", figures_views.AbuseFigures.as_view(), name="abuse-figures"),
    path("abuse/figures/export/", figures_views.AbuseFiguresExport.as_view(), name="abuse-figures-export"),
    path("abuse/<uuid:uuid>/", views.AbuseDetail.as_view(), name="abuse-detail"),
    path("abuse/<uuid:uuid>/act/", views.AbuseActAdd.as_view(), name="abuse-act"),
    path("abuse/<uuid:uuid>/screenshot/", shot_views.AbuseShot.as_view(), name="abuse-shot"),
    path("abuse/<uuid:uuid>/close/", views.AbuseClose.as_view(), name="abuse-close"),
    path("abuse/<uuid:uuid>/reopen/", views.AbuseReopen.as_view(), name="abuse-reopen"),
]
