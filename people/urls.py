"""Addresses of this room."""

from django.urls import path

from core.access import public
from people import profile_views
from people.views import changes, deputies, details, home, invitations, people, roles

app_name = "people"

urlpatterns = [
    path("people-and-settings/", home.PeopleHome.as_view(), name="home"),
    path("people/", people.PersonList.as_view(), name="person-list"),
    path("people/export", people.PersonExport.as_view(), name="person-export"),
    path("people/invite/<uuid:school>/", invitations.PersonInvite.as_view(), name="person-invite"),
    path("people/import/<uuid:school>/", invitations.StaffImport.as_view(), name="staff-import"),
    path(
        "people/import/<uuid:school>/example", invitations.StaffExample.as_view(), name="staff-import-example"
    ),
    path("people/<uuid:uuid>/", people.PersonDetail.as_view(), name="person-detail"),
    path("people/<uuid:uuid>/role/", roles.MembershipGive.as_view(), name="membership-give"),
    path("people/<uuid:uuid>/leave/<uuid:school>/", roles.PersonLeave.as_view(), name="person-leave"),
    path("people/<uuid:uuid>/email/", details.PersonEmail.as_view(), name="person-email"),
    path("people/<uuid:uuid>/name/", details.PersonName.as_view(), name="person-name"),
    path("people/memberships/<uuid:uuid>/end/", roles.MembershipEnd.as_view(), name="membership-end"),
    path(
        "people/invitations/<uuid:uuid>/again/",
        invitations.InvitationAgain.as_view(),
        name="invitation-again",
    ),
    path("join/<str:token>/", public(invitations.InvitationAccept.as_view()), name="invitation-accept"),
    path("changes/", changes.ChangeList.as_view(), name="change-list"),
    path("changes/<uuid:uuid>/", changes.ChangeDetail.as_view(), name="change-detail"),
    path("changes/<uuid:uuid>/withdraw/", changes.ChangeWithdraw.as_view(), name="change-withdraw"),
    path("deputies/", deputies.DeputyList.as_view(), name="deputy-list"),
    path("deputies/new/<uuid:school>/", deputies.DeputyAppoint.as_view(), name="deputy-appoint"),
    path("deputies/<uuid:uuid>/end/", deputies.DeputyEnd.as_view(), name="deputy-end"),
    path("settings/", profile_views.ProfileList.as_view(), name="profile-list"),
    path("settings/<uuid:uuid>/", profile_views.ProfileDetail.as_view(), name="profile-detail"),
    path("settings/<uuid:uuid>/preset/", profile_views.PresetChoose.as_view(), name="preset-choose"),
    path("settings/<uuid:uuid>/<slug:key>/", profile_views.SettingChange.as_view(), name="setting-change"),
]
