"""Addresses of the pages about concerns."""

from incidents.concerns.urls import casework, evidence, outcomes, oversight, reporting

urlpatterns = [
    *reporting.urlpatterns,
    *casework.urlpatterns,
    *outcomes.urlpatterns,
    *evidence.urlpatterns,
    *oversight.urlpatterns,
]
