"""Social media accounts and their start-up."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Requests for accounts, the register, and the people on each account."""

    name = "accounts"
    label = "accounts"
    verbose_name = "Social media accounts"

    def ready(self) -> None:
        """Hear when somebody's role ends."""
        from accounts import leaver  # noqa: F401
