"""Evidence and the chronology pack."""

from django.urls import path

from incidents.concerns.views import evidence, pack

urlpatterns = [
    path("concerns/<uuid:uuid>/evidence/", evidence.EvidenceAdd.as_view(), name="evidence-add"),
    path("evidence/<uuid:uuid>/", evidence.EvidenceDetail.as_view(), name="evidence-detail"),
    path("evidence/<uuid:uuid>/picture/", evidence.EvidenceShown.as_view(), name="evidence-shown"),
    path("evidence/<uuid:uuid>/original/", evidence.EvidenceOriginal.as_view(), name="evidence-original"),
    path("concerns/<uuid:uuid>/pack/", pack.PackMake.as_view(), name="concern-pack"),
]
