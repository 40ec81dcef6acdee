"""Addresses of education."""

from django.urls import URLPattern, path

from policies.education import material_views, views

urlpatterns: list[URLPattern] = [
    path("education/", views.EducationList.as_view(), name="education-list"),
    path("education/export/", views.EducationExport.as_view(), name="education-export"),
    path("education/new/", views.EducationPlan.as_view(), name="education-plan"),
    path("education/<uuid:uuid>/", views.EducationDetail.as_view(), name="education-detail"),
    path("education/<uuid:uuid>/held/", views.EducationHold.as_view(), name="education-hold"),
    path("education/<uuid:uuid>/off/", views.EducationOff.as_view(), name="education-off"),
    path("education/<uuid:uuid>/reopen/", views.EducationReopen.as_view(), name="education-reopen"),
    path("education/<uuid:uuid>/material/", material_views.ResourceAdd.as_view(), name="resource-add"),
    path("education/material/<uuid:uuid>/", material_views.ResourceFile.as_view(), name="resource-file"),
    path(
        "education/material/<uuid:uuid>/remove/",
        material_views.ResourceRemove.as_view(),
        name="resource-remove",
    ),
]
