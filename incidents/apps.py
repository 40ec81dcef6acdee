"""What comes in, and its start-up."""

from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    """Reports of inappropriate content, and attempts to get round the firewall."""

    name = "incidents"
    verbose_name = "Incidents"

    def ready(self) -> None:
        """Put the pages of this room among those about the network."""
        from approvals.network.pages import network_page
        from core.access import standing_of
        from core.context import add_to_navigation
        from incidents import mentions, report_sections, statement  # noqa: F401
        from incidents.access import keeps_records, sees_reports
        from incidents.comments import access, panels  # noqa: F401
        from incidents.concerns import mentions as concern_mentions  # noqa: F401

        add_to_navigation(
            "Comments", "incidents:comment-list", lambda user: bool(standing_of(user).held), place=43
        )
        add_to_navigation("Concerns", "incidents:board", lambda user: bool(standing_of(user).held), place=44)
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
