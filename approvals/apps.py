"""The approval engine and its start-up."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class ApprovalsConfig(AppConfig):
    """Who says yes: one engine for every kind of approval."""

    name = "approvals"
    verbose_name = "Approvals"

    def ready(self) -> None:
        """Find the kinds that the rooms above have registered."""
        from approvals.network.evidence_access import measure_rules, site_rules
        from approvals.network.pages import network_page
        from approvals.network.unblock_access import unblock_rules, wifi_rules
        from core.access import standing_of
        from core.context import add_to_header, add_to_navigation

        autodiscover_modules("approval_kinds")
        add_to_header("To sign", "approvals:request-list", lambda user: bool(standing_of(user).held))
        add_to_navigation(
            "Network", "approvals:network-home", lambda user: bool(standing_of(user).held), place=45
        )
        network_page(
            "Requests for blocked sites",
            "Ask for a site, and see what became of it",
            "approvals:unblock-list",
            lambda user: unblock_rules.can_ever(user, "ask") or bool(unblock_rules.schools(user, "view")),
            place=10,
        )
        network_page(
            "Pupils on social media over the Wi-Fi",
            "Permission and security measures, with a last day",
            "approvals:wifi-list",
            lambda user: wifi_rules.can_ever(user, "ask"),
            place=15,
        )
        network_page(
            "Blocked sites",
            "What is blocked at your school, and what is open in spite of it",
            "approvals:site-list",
            lambda user: bool(site_rules.schools(user, "view")),
            place=30,
        )
        network_page(
            "Decisions on blocked content",
            "What was asked for, how it was decided and why, by school year",
            "approvals:decision-list",
            lambda user: bool(unblock_rules.schools(user, "register")),
            place=40,
        )
        network_page(
            "Security and filtering measures",
            "What leaders directed, what IT carried out, and when each is reviewed",
            "approvals:measure-list",
            lambda user: measure_rules.can_ever(user, "view"),
            place=50,
        )
        network_page(
            "Yearly statement",
            "Filtering and monitoring in one school year, to print",
            "approvals:statement",
            lambda user: bool(measure_rules.schools(user, "statement")),
            place=60,
        )
