"""Answering without an account, the links for it, and paper forms."""

from django.urls import path

from consent.views import answering, paper
from core.access import public

urlpatterns = [
    path("consent/link/", public(answering.LinkAsk.as_view()), name="link-ask"),
    path("consent/answer/<str:token>/", public(answering.AnswerOverview.as_view()), name="answer-overview"),
    path("consent/answer/<str:token>/paper/", public(paper.AnswerPaper.as_view()), name="answer-paper"),
    path(
        "consent/answer/<str:token>/recorded/<uuid:uuid>/",
        public(answering.AnswerRecorded.as_view()),
        name="answer-recorded",
    ),
    path(
        "consent/answer/<str:token>/<uuid:uuid>/",
        public(answering.AnswerChild.as_view()),
        name="answer-child",
    ),
    path(
        "consent/answer/<str:token>/<uuid:uuid>/withdraw/",
        public(answering.AnswerWithdraw.as_view()),
        name="answer-withdraw",
    ),
    path("consent/paper-form/", paper.PaperForms.as_view(), name="paper-form"),
    path("consent/contacts/<uuid:uuid>/link/send/", answering.LinkSend.as_view(), name="link-send"),
    path("consent/contacts/<uuid:uuid>/link/stop/", answering.LinkRevoke.as_view(), name="link-revoke"),
    path("consent/pupils/<uuid:uuid>/link/send/", answering.PupilLinkSend.as_view(), name="pupil-link-send"),
    path(
        "consent/pupils/<uuid:uuid>/link/stop/", answering.PupilLinkRevoke.as_view(), name="pupil-link-revoke"
    ),
]
