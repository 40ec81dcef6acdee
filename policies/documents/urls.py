"""Addresses of documents, their versions, what they cite, and the notices for the community."""

from django.urls import URLPattern, path

from policies.documents import community_views, guidance_views, version_views, views

urlpatterns: list[URLPattern] = [
    path("policies/documents/", views.DocumentList.as_view(), name="document-list"),
    path("policies/documents/new/", views.DocumentAdd.as_view(), name="document-add"),
    path("policies/documents/export/", views.DocumentExport.as_view(), name="document-export"),
    path("policies/documents/<uuid:uuid>/", views.DocumentDetail.as_view(), name="document-detail"),
    path("policies/documents/<uuid:uuid>/edit/", views.DocumentEdit.as_view(), name="document-edit"),
    path("policies/documents/<uuid:uuid>/dates/", views.DocumentDates.as_view(), name="document-dates"),
    path("policies/documents/<uuid:uuid>/retire/", views.DocumentRetire.as_view(), name="document-retire"),
    path("policies/documents/<uuid:uuid>/draft/", version_views.VersionDraft.as_view(), name="version-draft"),
    path("policies/documents/<uuid:uuid>/link/", views.LinkAdd.as_view(), name="link-add"),
    path("policies/documents/<uuid:uuid>/cite/", guidance_views.CitationAdd.as_view(), name="citation-add"),
    path("policies/links/<uuid:uuid>/remove/", views.LinkRemove.as_view(), name="link-remove"),
    path(
        "policies/citations/<uuid:uuid>/remove/",
        guidance_views.CitationRemove.as_view(),
        name="citation-remove",
    ),
    path("policies/versions/<uuid:uuid>/", version_views.VersionDetail.as_view(), name="version-detail"),
    path("policies/versions/<uuid:uuid>/file/", version_views.VersionFile.as_view(), name="version-file"),
    path(
        "policies/versions/<uuid:uuid>/compare/",
        version_views.VersionCompare.as_view(),
        name="version-compare",
    ),
    path("policies/versions/<uuid:uuid>/drop/", version_views.VersionDrop.as_view(), name="version-drop"),
    path("policies/guidance/", guidance_views.GuidanceList.as_view(), name="guidance-list"),
    path("policies/guidance/new/", guidance_views.GuidanceEditionAdd.as_view(), name="guidance-edition-add"),
    path("policies/notices/", community_views.CommunityList.as_view(), name="community-list"),
    path("policies/notices/new/", community_views.CommunityNew.as_view(), name="community-new"),
    path("policies/notices/<uuid:uuid>/", community_views.CommunityDetail.as_view(), name="community-detail"),
    path(
        "policies/notices/<uuid:uuid>/edit/", community_views.CommunityEdit.as_view(), name="community-edit"
    ),
    path(
        "policies/notices/<uuid:uuid>/sent/", community_views.CommunitySent.as_view(), name="community-sent"
    ),
    path(
        "policies/notices/<uuid:uuid>/drop/", community_views.CommunityDrop.as_view(), name="community-drop"
    ),
]
