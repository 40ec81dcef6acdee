"""The approval engine and its start-up."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class ApprovalsConfig(AppConfig):
    """Who says yes: one engine for every kind of approval."""

    name = "approvals"
    verbose_name = "Approvals"

    def ready(self) -> None:
        """Find the kinds that the rooms above have registered."""
        autodiscover_modules("approval_kinds")
