"""Addresses of reading."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
