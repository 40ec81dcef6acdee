"""Whom we may show, and its start-up."""

from django.apps import AppConfig


class ConsentConfig(AppConfig):
    """Pupils and their contacts, purposes, the ledger of consent, links, rounds, checks."""

    name = "consent"
    verbose_name = "Image consent"

    def ready(self) -> None:
        """Put the room into the bar of every page, and its pages on its first page."""
        from consent import declared, mentions, report_sections  # noqa: F401
        from consent.access import (
            check_rules,
            flag_rules,
            import_rules,
            other_rules,
            pupil_rules,
            purpose_rules,
            reply_rules,
            round_rules,
            search_rules,
            sees_consent,
        )
        from consent.pages import consent_page
        from core.context import add_to_navigation

        add_to_navigation("Image consent", "consent:home", sees_consent, place=42)
        consent_page(
            "Check before you post or take pictures",
            "Who may be shown, who may not, in exactly the use that you have in mind.",
            "consent:check",
            lambda user: check_rules.can_ever(user, "check"),
            place=5,
        )
        consent_page(
            "Class photo list",
            "One sheet with a yes or no for every pupil, to print and take along on a trip.",
            "consent:photo-list",
            lambda user: pupil_rules.can_ever(user, "classes"),
            place=6,
        )
        consent_page(
            "Register of consent",
            "Every pupil, by class, with yes or no for each question.",
            "consent:register",
            lambda user: pupil_rules.can_ever(user, "view"),
            place=10,
        )
        consent_page(
            "How many pupils may be shown",
            "Figures by class and question, as charts and tables.",
            "consent:coverage",
            lambda user: pupil_rules.can_ever(user, "classes"),
            place=12,
        )
        for place, (title, text, answer) in enumerate(
            (
                (
                    "No answer yet",
                    "Pupils for whom a question is open, or the answer has run out.",
                    "no_answer",
                ),
                ("They disagree", "Pupils for whom one person says yes and another no.", "disagreement"),
                ("Running out soon", "Pupils whose consent ends within 60 days.", "expires"),
            ),
            start=14,
        ):
            consent_page(
                title,
                text,
                "consent:register",
                lambda user: pupil_rules.can_ever(user, "details"),
                place=place,
                query=f"answer={answer}",
            )
        consent_page(
            "Kept checks",
            "What was checked, by whom, and what held at that moment.",
            "consent:check-list",
            lambda user: check_rules.can_ever(user, "view"),
            place=40,
        )
        consent_page(
            "Others who do not want to be shown",
            "Staff, parents and visitors. You may put yourself on the list.",
            "consent:other-list",
            lambda user: other_rules.can_ever(user, "view"),
            place=45,
        )
        consent_page(
            "What consent is asked for",
            "The questions that parents and pupils of 18 answer, with their words.",
            "consent:purpose-list",
            lambda user: purpose_rules.can_ever(user, "view"),
            place=30,
        )
        consent_page(
            "Rounds of asking for consent",
            "Ask everybody who still has to answer, and remind those who have not.",
            "consent:round-list",
            lambda user: round_rules.can_ever(user, "view"),
            place=32,
        )
        consent_page(
            "Consent forms on paper",
            "Print forms for a class, or for those who have no e-mail address.",
            "consent:paper-form",
            lambda user: pupil_rules.can_ever(user, "record"),
            place=33,
        )
        consent_page(
            "Pupils who turn 18",
            "Assess whether they understand what they consent to, so that they answer for themselves.",
            "consent:assessment-list",
            lambda user: pupil_rules.can_ever(user, "assess"),
            place=34,
        )
        consent_page(
            "Pupils from a file",
            "Bring pupils and their contacts in from your school's information system.",
            "consent:import-list",
            lambda user: import_rules.can_ever(user, "view"),
            place=50,
        )
        consent_page(
            "Add a pupil",
            "Somebody who joins before the next file comes.",
            "consent:pupil-add",
            lambda user: pupil_rules.can_ever(user, "record"),
            place=52,
        )
        consent_page(
            "Earlier posts to look for",
            "Posts that still show a pupil who may not be shown any more.",
            "consent:search-list",
            lambda user: search_rules.can_ever(user, "view"),
            place=60,
        )
        consent_page(
            "Answers to check",
            "Answers from people whose parental responsibility is not recorded, and calls that wait for writing.",
            "consent:reply-list",
            lambda user: reply_rules.can_ever(user, "settle"),
            place=55,
        )
        consent_page(
            "Is the register up to date?",
            "What is missing, runs out or waits, and your signature that you have reviewed it.",
            "consent:review",
            lambda user: pupil_rules.can_ever(user, "sign"),
            place=80,
        )
        consent_page(
            "Never to be shown",
            "Pupils who must never be shown, and why. Only you see this.",
            "consent:flag-list",
            lambda user: flag_rules.can_ever(user, "view"),
            place=70,
        )
