"""Rounds of asking, what is asked, and the eighteenth birthday."""

from django.urls import path

from consent.views import assessments, purposes, rounds

urlpatterns = [
    path("consent/rounds/", rounds.RoundList.as_view(), name="round-list"),
    path("consent/rounds/open/", rounds.RoundOpen.as_view(), name="round-open"),
    path("consent/rounds/<uuid:uuid>/", rounds.RoundDetail.as_view(), name="round-detail"),
    path("consent/rounds/<uuid:uuid>/remind/", rounds.RoundRemind.as_view(), name="round-remind"),
    path("consent/rounds/<uuid:uuid>/close/", rounds.RoundClose.as_view(), name="round-close"),
    path("consent/questions/", purposes.PurposeList.as_view(), name="purpose-list"),
    path("consent/questions/start/", purposes.PurposeStart.as_view(), name="purpose-start"),
    path("consent/questions/add/", purposes.PurposeAdd.as_view(), name="purpose-add"),
    path("consent/questions/<uuid:uuid>/words/", purposes.PurposeReword.as_view(), name="purpose-reword"),
    path("consent/questions/<uuid:uuid>/stop/", purposes.PurposeRetire.as_view(), name="purpose-retire"),
    path("consent/eighteen/", assessments.AssessmentList.as_view(), name="assessment-list"),
    path(
        "consent/pupils/<uuid:uuid>/assessment/",
        assessments.AssessmentRecord.as_view(),
        name="assessment-record",
    ),
]
