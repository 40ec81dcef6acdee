"""Whom we may show, and its start-up."""

from django.apps import AppConfig


class ConsentConfig(AppConfig):
    """Pupils and their contacts, purposes, the ledger of consent, links, rounds, checks."""

    name = "consent"
    verbose_name = "Image consent"

    def ready(self) -> None:
        """Put the room into the bar of every page, and its pages on its first page."""
        from consent.access import pupil_rules, search_rules
        from consent.pages import consent_page
        from core.context import add_to_navigation

        add_to_navigation(
            "Image consent",
            "consent:home",
            lambda user: pupil_rules.can_ever(user, "view") or search_rules.can_ever(user, "view"),
            place=42,
        )
        consent_page(
            "Earlier posts to look for",
            "Posts that still show a pupil who may not be shown any more.",
            "consent:search-list",
            lambda user: search_rules.can_ever(user, "view"),
            place=60,
        )
