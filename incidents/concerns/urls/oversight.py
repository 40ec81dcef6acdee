"""Emergency access, duty cover and figures."""

from django.urls import path

from incidents.concerns.views import figures, oversight

urlpatterns = [
    path("concerns/emergency/", oversight.GlassTake.as_view(), name="glass-take"),
    path("concerns/emergency/past/", oversight.GlassList.as_view(), name="glass-list"),
    path("concerns/duty/", oversight.DutyList.as_view(), name="duty-list"),
    path("concerns/duty/<uuid:uuid>/end/", oversight.DutyEnd.as_view(), name="duty-end"),
    path("concerns/figures/", figures.ConcernFigures.as_view(), name="concern-figures"),
    path("concerns/figures/export/", figures.ConcernFiguresExport.as_view(), name="concern-figures-export"),
]
