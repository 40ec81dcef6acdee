"""Addresses of the abuse log."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
