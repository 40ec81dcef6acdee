"""The top floor and its start-up."""

from django.apps import AppConfig


class SmgovConfig(AppConfig):
    """Home, settings and the one command that runs the portal."""

    name = "smgov"
    verbose_name = "Portal"

    def ready(self) -> None:
        """Home stands first in the bar."""
        from core.access import standing_of
        from core.context import add_to_navigation

        add_to_navigation("Home", "home", lambda user: bool(standing_of(user).held), place=0)
