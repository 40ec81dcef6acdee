"""The policies and their start-up."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class PoliciesConfig(AppConfig):
    """What the schools agreed: documents, reviews, reading, training, declarations, and the five policies."""

    name = "policies"
    verbose_name = "Policies"

    def ready(self) -> None:
        """Keep the reference data in step with the files of this app after every migration."""
        from core.access import standing_of
        from core.context import add_to_navigation
        from policies import reference
        from policies.pages import room_page

        post_migrate.connect(reference.load_after_migrate, sender=self, dispatch_uid="policies.reference")

        def belongs(user: Any) -> bool:
            return bool(standing_of(user).held)

        add_to_navigation("Policies", "policies:home", belongs, place=80)
        room_page(
            "The five policies behind the settings",
            "What each of the five policies asks, clause by clause.",
            "policies:policy-list",
            belongs,
            place=90,
        )
