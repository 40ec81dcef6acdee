"""Addresses of this room, in files by subject."""

from consent.urls import answering, checking, importing, keeping, register, rounds

app_name = "consent"

urlpatterns = [
    *register.urlpatterns,
    *checking.urlpatterns,
    *keeping.urlpatterns,
    *importing.urlpatterns,
    *rounds.urlpatterns,
    *answering.urlpatterns,
]
