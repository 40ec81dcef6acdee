"""Addresses of reviews."""

from django.urls import URLPattern, path

from policies.reviews import acting_views, views

urlpatterns: list[URLPattern] = [
    path("policies/reviews/", views.ReviewList.as_view(), name="review-list"),
    path("policies/reviews/export/", views.ReviewExport.as_view(), name="review-export"),
    path("policies/reviews/begin/<uuid:uuid>/", views.ReviewStart.as_view(), name="review-start"),
    path("policies/reviews/<uuid:uuid>/", views.ReviewDetail.as_view(), name="review-detail"),
    path("policies/reviews/<uuid:uuid>/file/", views.ReviewFile.as_view(), name="review-file"),
    path("policies/reviews/<uuid:uuid>/write/", acting_views.ReviewWrite.as_view(), name="review-write"),
    path("policies/reviews/<uuid:uuid>/sign/", acting_views.ReviewSign.as_view(), name="review-sign"),
    path(
        "policies/reviews/<uuid:uuid>/take-over/",
        acting_views.ReviewTakeOver.as_view(),
        name="review-take-over",
    ),
    path("policies/reviews/<uuid:uuid>/give-up/", acting_views.ReviewDrop.as_view(), name="review-drop"),
]
