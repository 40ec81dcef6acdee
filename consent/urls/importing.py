"""Bringing pupils in from a file, and entering them by hand."""

from django.urls import path

from consent.views import by_hand, import_rows, imports

urlpatterns = [
    path("consent/imports/", imports.ImportList.as_view(), name="import-list"),
    path("consent/imports/new/", imports.ImportAdd.as_view(), name="import-add"),
    path("consent/imports/<uuid:uuid>/", imports.ImportDetail.as_view(), name="import-detail"),
    path("consent/imports/<uuid:uuid>/columns/", imports.ImportColumns.as_view(), name="import-columns"),
    path("consent/imports/<uuid:uuid>/accept/", imports.ImportAccept.as_view(), name="import-accept"),
    path("consent/imports/<uuid:uuid>/put-aside/", imports.ImportCancel.as_view(), name="import-cancel"),
    path("consent/imports/<uuid:uuid>/pupils/", import_rows.ImportRows.as_view(), name="import-rows"),
    path(
        "consent/imports/<uuid:uuid>/doubtful/", import_rows.ImportDoubtful.as_view(), name="import-doubtful"
    ),
    path("consent/imports/<uuid:uuid>/missing/", import_rows.ImportMissing.as_view(), name="import-missing"),
    path(
        "consent/imports/<uuid:uuid>/mistakes.csv",
        import_rows.ImportMistakes.as_view(),
        name="import-mistakes",
    ),
    path("consent/pupils/new/", by_hand.PupilAdd.as_view(), name="pupil-add"),
    path("consent/pupils/<uuid:uuid>/change/", by_hand.PupilChange.as_view(), name="pupil-change"),
    path("consent/pupils/<uuid:uuid>/contacts/new/", by_hand.ContactAdd.as_view(), name="contact-add"),
    path("consent/contacts/<uuid:uuid>/change/", by_hand.ContactChange.as_view(), name="contact-change"),
]
