"""The consent check, the class photo list, and others who do not want to be shown."""

from django.urls import path

from consent.views import checks, others

urlpatterns = [
    path("consent/check/", checks.Check.as_view(), name="check"),
    path("consent/check/keep/", checks.CheckKeep.as_view(), name="check-keep"),
    path("consent/checks/", checks.CheckList.as_view(), name="check-list"),
    path("consent/checks/<uuid:uuid>/", checks.CheckDetail.as_view(), name="check-detail"),
    path("consent/photo-list/", checks.PhotoList.as_view(), name="photo-list"),
    path("consent/others/", others.OtherList.as_view(), name="other-list"),
    path("consent/others/add/", others.OtherAdd.as_view(), name="other-add"),
    path("consent/others/me/", others.OtherAddSelf.as_view(), name="other-self"),
    path("consent/others/<uuid:uuid>/end/", others.OtherEnd.as_view(), name="other-end"),
]
