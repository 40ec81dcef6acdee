"""Social media accounts and their start-up."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Requests for accounts, the register, and the people on each account."""

    name = "accounts"
    label = "accounts"
    verbose_name = "Social media accounts"

    def ready(self) -> None:
        """Hear when somebody's role ends; put the pages of this room into the bar."""
        from accounts import leaver  # noqa: F401
        from accounts.access import account_rules
        from accounts.monitoring import access  # noqa: F401
        from core.access import standing_of
        from core.context import add_to_navigation

        add_to_navigation(
            "Requests", "accounts:request-list", lambda user: bool(standing_of(user).held), place=30
        )
        add_to_navigation(
            "Register", "accounts:account-list", lambda user: account_rules.can_ever(user, "view"), place=40
        )
