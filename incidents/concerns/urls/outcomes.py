"""Referrals, special cases and the end of a case."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
