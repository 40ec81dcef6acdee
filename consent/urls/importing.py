"""Bringing pupils in from a file."""

urlpatterns: list = []
