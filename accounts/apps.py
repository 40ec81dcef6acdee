"""Social media accounts and their start-up."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Requests for accounts, the register, and the people on each account."""

    name = "accounts"
    label = "accounts"
    verbose_name = "Social media accounts"

    def ready(self) -> None:
        """Hear when somebody's role ends; put the pages of this room into the bar."""
        from accounts import community_facts, leaver, report_sections, training  # noqa: F401
        from accounts.access import account_rules
        from accounts.monitoring import access  # noqa: F401
        from core.access import standing_of
        from core.context import add_to_navigation
        from policies.pages import REPORTS, room_page

        add_to_navigation(
            "Requests", "accounts:request-list", lambda user: bool(standing_of(user).held), place=30
        )
        add_to_navigation(
            "Register", "accounts:account-list", lambda user: account_rules.can_ever(user, "view"), place=40
        )
        room_page(
            "Monitoring reports",
            "What was found on the school's accounts, what is done about it, and who has read it.",
            "accounts:monitoring-list",
            lambda user: bool(standing_of(user).held),
            place=64,
            group=REPORTS,
        )
