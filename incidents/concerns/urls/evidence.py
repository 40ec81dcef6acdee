"""Evidence and the chronology pack."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
