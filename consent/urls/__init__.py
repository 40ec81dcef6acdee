"""Addresses of this room, in files by subject."""

from consent.urls import answering, importing, keeping, register, rounds

app_name = "consent"

urlpatterns = [
    *register.urlpatterns,
    *keeping.urlpatterns,
    *importing.urlpatterns,
    *rounds.urlpatterns,
    *answering.urlpatterns,
]
