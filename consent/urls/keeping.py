"""Keeping the register: what waits, flags, purposes, others who say no, reviews, erasure."""

from django.urls import path

from consent.views import erasure, flags, mentions, reviews, tasks

urlpatterns = [
    path("consent/earlier-posts/", tasks.SearchList.as_view(), name="search-list"),
    path("consent/earlier-posts/export/", tasks.SearchExport.as_view(), name="search-export"),
    path("consent/answers/check/", tasks.ReplyList.as_view(), name="reply-list"),
    path("consent/answers/<uuid:uuid>/check/", tasks.ReplySettle.as_view(), name="reply-settle"),
    path("consent/earlier-posts/<uuid:uuid>/", tasks.SearchDo.as_view(), name="search-do"),
    path("consent/never/", flags.FlagList.as_view(), name="flag-list"),
    path("consent/never/<uuid:uuid>/", flags.FlagDetail.as_view(), name="flag-detail"),
    path("consent/never/<uuid:uuid>/lift/", flags.FlagLift.as_view(), name="flag-lift"),
    path("consent/pupils/<uuid:uuid>/never/", flags.FlagSet.as_view(), name="flag-set"),
    path("consent/review/", reviews.RegisterReviewSign.as_view(), name="review"),
    path("consent/review/pupils/", reviews.ReviewPupils.as_view(), name="review-pupils"),
    path("consent/review/<uuid:uuid>/", reviews.ReviewDetail.as_view(), name="review-detail"),
    path("consent/pupils/<uuid:uuid>/erase/", erasure.PupilErase.as_view(), name="pupil-erase"),
    path("consent/pupils/<uuid:uuid>/export/", erasure.PupilExport.as_view(), name="pupil-export"),
    path("consent/named/<slug:kind>/<uuid:uuid>/", mentions.MentionChange.as_view(), name="mention-change"),
    path(
        "consent/named/<slug:kind>/<uuid:uuid>/remove/",
        mentions.MentionRemove.as_view(),
        name="mention-remove",
    ),
]
