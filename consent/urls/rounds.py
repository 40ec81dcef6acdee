"""Rounds of asking, and links."""

urlpatterns: list = []
