"""Emergency access, duty cover and figures."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
