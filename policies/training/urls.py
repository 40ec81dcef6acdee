"""Addresses of training."""

from django.urls import URLPattern, path

from policies.training import refresh_views, session_views, views

urlpatterns: list[URLPattern] = [
    path("training/", views.TrainingList.as_view(), name="training-list"),
    path("training/export/", views.TrainingExport.as_view(), name="training-export"),
    path("training/figures/", views.TrainingFigures.as_view(), name="training-figures"),
    path("training/mine/", views.TrainingMine.as_view(), name="training-mine"),
    path("training/import/", session_views.TrainingImport.as_view(), name="training-import"),
    path(
        "training/import/example/",
        session_views.TrainingImportExample.as_view(),
        name="training-import-example",
    ),
    path("training/people/<uuid:uuid>/", views.TrainingPerson.as_view(), name="training-person"),
    path("training/people/<uuid:uuid>/record/", views.TrainingRecordAdd.as_view(), name="training-record"),
    path(
        "training/records/<uuid:uuid>/withdraw/", views.TrainingWithdraw.as_view(), name="training-withdraw"
    ),
    path(
        "training/records/<uuid:uuid>/evidence/", views.TrainingEvidence.as_view(), name="training-evidence"
    ),
    path("training/sessions/", session_views.SessionList.as_view(), name="session-list"),
    path("training/sessions/new/", session_views.SessionNew.as_view(), name="session-new"),
    path("training/sessions/<uuid:uuid>/", session_views.SessionDetail.as_view(), name="session-detail"),
    path("training/sessions/<uuid:uuid>/people/", session_views.SessionJoin.as_view(), name="session-join"),
    path("training/refresh/", refresh_views.RefreshList.as_view(), name="refresh-list"),
    path("training/refresh/new/", refresh_views.RefreshAsk.as_view(), name="refresh-ask"),
    path(
        "training/refresh/<uuid:uuid>/call-off/",
        refresh_views.RefreshCallOff.as_view(),
        name="refresh-call-off",
    ),
]
