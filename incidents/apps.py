"""What comes in, and its start-up."""

from typing import Any

from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    """Reports of inappropriate content, and attempts to get round the firewall."""

    name = "incidents"
    verbose_name = "Incidents"

    def ready(self) -> None:
        """Put the pages of this room among those about the network."""
        from approvals.network.pages import network_page
        from core.access import standing_of
        from core.context import add_to_navigation, stands_under
        from core.first_pages import first_page_line
        from incidents import mentions, report_sections, statement  # noqa: F401
        from incidents.access import keeps_records, sees_reports
        from incidents.comments import access, panels  # noqa: F401
        from incidents.concerns import mentions as concern_mentions  # noqa: F401

        def belongs(user: Any) -> bool:
            return bool(standing_of(user).held)

        add_to_navigation("Concerns", "incidents:board", belongs, place=44)
        stands_under("incidents:board", "/abuse/", "/evidence/")
        first_page_line(
            "accounts:home",
            "Comments",
            "Log a comment from the outside, see how long there is to answer it, and answer.",
            "incidents:comment-list",
            belongs,
            place=30,
        )
        stands_under("accounts:home", "/comments/")
        network_page(
            "Report inappropriate content",
            "Report what somebody came across on the school's computers, and see your reports.",
            "incidents:report-list",
            sees_reports,
            place=20,
        )
        network_page(
            "Getting round the firewall",
            "Record an attempt to get round the firewall, and any ban that follows.",
            "incidents:bypass-list",
            keeps_records,
            place=70,
        )
