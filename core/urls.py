"""Addresses of the ground floor: a person's own notices."""

from django.urls import path

from core import notice_views

app_name = "core"

urlpatterns = [
    path("notices/", notice_views.NoticeList.as_view(), name="notice-list"),
    path("notices/seen/", notice_views.NoticesSeen.as_view(), name="notices-seen"),
]
