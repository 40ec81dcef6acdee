"""Answering without an account."""

urlpatterns: list = []
