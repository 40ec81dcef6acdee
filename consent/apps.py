"""Whom we may show, and its start-up."""

from django.apps import AppConfig


class ConsentConfig(AppConfig):
    """Pupils and their contacts, purposes, the ledger of consent, links, rounds, checks."""

    name = "consent"
    verbose_name = "Image consent"
