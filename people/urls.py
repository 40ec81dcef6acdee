"""Addresses of this room."""

from django.http import HttpResponse
from django.urls import path

from people import profile_views

app_name = "people"


def soon(request, **kwargs):
    return HttpResponse(status=404)


urlpatterns = [
    path("people/", soon, name="person-list"),
    path("people/export", soon, name="person-export"),
    path("people/invite/<uuid:school>/", soon, name="person-invite"),
    path("people/import/<uuid:school>/", soon, name="staff-import"),
    path("people/<uuid:uuid>/", soon, name="person-detail"),
    path("people/<uuid:uuid>/role/", soon, name="membership-give"),
    path("people/<uuid:uuid>/leave/<uuid:school>/", soon, name="person-leave"),
    path("people/<uuid:uuid>/email/", soon, name="person-email"),
    path("people/<uuid:uuid>/name/", soon, name="person-name"),
    path("people/memberships/<uuid:uuid>/end/", soon, name="membership-end"),
    path("people/invitations/<uuid:uuid>/again/", soon, name="invitation-again"),
    path("join/<str:token>/", soon, name="invitation-accept"),
    path("changes/", soon, name="change-list"),
    path("changes/<uuid:uuid>/", soon, name="change-detail"),
    path("changes/<uuid:uuid>/withdraw/", soon, name="change-withdraw"),
    path("deputies/", soon, name="deputy-list"),
    path("deputies/new/<uuid:school>/", soon, name="deputy-appoint"),
    path("deputies/<uuid:uuid>/end/", soon, name="deputy-end"),
    path("settings/", profile_views.ProfileList.as_view(), name="profile-list"),
    path("settings/<uuid:uuid>/", profile_views.ProfileDetail.as_view(), name="profile-detail"),
    path("settings/<uuid:uuid>/preset/", profile_views.PresetChoose.as_view(), name="preset-choose"),
    path("settings/<uuid:uuid>/<slug:key>/", profile_views.SettingChange.as_view(), name="setting-change"),
]
