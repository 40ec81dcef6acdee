"""Social media accounts and their start-up."""

from typing import Any

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Requests for accounts, the register, and the people on each account."""

    name = "accounts"
    label = "accounts"
    verbose_name = "Social media accounts"

    def ready(self) -> None:
        """Hear when somebody's role ends; put the pages of this room into the bar."""
        from accounts import community_facts, leaver, report_sections, training  # noqa: F401
        from accounts.access import account_rules, request_rules
        from accounts.monitoring import access  # noqa: F401
        from core.access import standing_of
        from core.context import add_to_navigation, stands_under
        from core.first_pages import first_page_line
        from policies.pages import REPORTS, room_page

        def belongs(user: Any) -> bool:
            return bool(standing_of(user).held)

        add_to_navigation("Accounts", "accounts:home", belongs, place=30)
        stands_under("accounts:home", "/accounts/", "/requests/", "/monitoring/")
        for place, (title, text, url_name, may_see) in enumerate(
            (
                (
                    "Register",
                    "The school's social media accounts, who is on each, and whether it is genuine.",
                    "accounts:account-list",
                    lambda user: account_rules.can_ever(user, "view"),
                ),
                (
                    "Requests",
                    "Requests for accounts that you made or may see, and how far each has come.",
                    "accounts:request-list",
                    belongs,
                ),
                (
                    "Ask for a social media account",
                    "For a team, a subject, a club or the school; you can save it and come back.",
                    "accounts:request-start",
                    lambda user: request_rules.can_ever(user, "start"),
                ),
                (
                    "Accounts you run",
                    "What you have to read, agree to and be trained in before you run an account.",
                    "accounts:running",
                    lambda user: request_rules.can_ever(user, "view"),
                ),
                (
                    "Who runs which account",
                    "Everybody who runs an account, and whose reading or training is out of date.",
                    "accounts:coverage",
                    lambda user: account_rules.can_ever(user, "cover"),
                ),
                (
                    "Monitoring reports",
                    "What was found on the school's accounts, what is done about it, and who has read it.",
                    "accounts:monitoring-list",
                    belongs,
                ),
            )
        ):
            first_page_line("accounts:home", title, text, url_name, may_see, place=10 * place + 10)
        room_page(
            "Monitoring reports",
            "What was found on the school's accounts, what is done about it, and who has read it.",
            "accounts:monitoring-list",
            belongs,
            place=64,
            group=REPORTS,
        )
