"""Keeping the register: what waits, flags, purposes, others who say no, reviews, erasure."""

from django.urls import path

from consent.views import tasks

urlpatterns = [
    path("consent/earlier-posts/", tasks.SearchList.as_view(), name="search-list"),
    path("consent/answers/<uuid:uuid>/check/", tasks.ReplySettle.as_view(), name="reply-settle"),
    path("consent/earlier-posts/<uuid:uuid>/", tasks.SearchDo.as_view(), name="search-do"),
]
