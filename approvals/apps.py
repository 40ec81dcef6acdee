"""The approval engine and its start-up."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class ApprovalsConfig(AppConfig):
    """Who says yes: one engine for every kind of approval."""

    name = "approvals"
    verbose_name = "Approvals"

    def ready(self) -> None:
        """Find the kinds that the rooms above have registered."""
        from core.access import standing_of
        from core.context import add_to_navigation

        autodiscover_modules("approval_kinds")
        add_to_navigation(
            "To sign", "approvals:request-list", lambda user: bool(standing_of(user).held), place=20
        )
