"""The policies and their start-up."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class PoliciesConfig(AppConfig):
    """What the schools agreed: documents, reviews, reading, training, declarations, and the five policies."""

    name = "policies"
    verbose_name = "Policies"

    def ready(self) -> None:
        """Keep the reference data in step with the files of this app after every migration."""
        from core.access import standing_of
        from core.context import add_to_navigation, stands_under
        from policies import reference
        from policies.assurance import report_sections  # noqa: F401
        from policies.assurance.access import remit_rules, statement_rules
        from policies.declarations.access import declaration_rules, departure_rules, name_use_rules
        from policies.documents.access import document_rules, notice_rules
        from policies.documents.services import ON_FORCE, ON_READERS
        from policies.education.access import education_rules
        from policies.pages import FOR_SCHOOL, FOR_YOU, REFERENCE, REPORTS, room_page
        from policies.reading import panels as reading_panels  # noqa: F401
        from policies.reading.access import acknowledgement_rules
        from policies.reading.services import readers_changed, readers_told
        from policies.reviews import panels  # noqa: F401
        from policies.reviews.access import review_rules
        from policies.training.access import duty_rules

        post_migrate.connect(reference.load_after_migrate, sender=self, dispatch_uid="policies.reference")

        def belongs(user: Any) -> bool:
            return bool(standing_of(user).held)

        add_to_navigation("Policies", "policies:home", belongs, place=80)
        stands_under("policies:home", "/training/", "/education/", "/declarations/", "/departures/")
        stands_under("policies:home", "/name-and-logo/", "/assurance/")
        ON_FORCE.append(readers_told)
        ON_READERS.append(readers_changed)
        room_page(
            "Read and understood",
            "What you are asked to read, and what you have read.",
            "policies:reading-list",
            lambda user: document_rules.can_ever(user, "view"),
            place=10,
            group=FOR_YOU,
        )
        room_page(
            "Documents",
            "The policies and codes as they are in force, their versions, and what changed.",
            "policies:document-list",
            lambda user: document_rules.can_ever(user, "view"),
            place=15,
            group=FOR_SCHOOL,
        )
        room_page(
            "Notices for pupils, parents and staff",
            "Tell people of changes, of filtering and of platforms, and record when and how they were told.",
            "policies:community-list",
            lambda user: notice_rules.can_ever(user, "view"),
            place=30,
            group=FOR_SCHOOL,
        )
        room_page(
            "Who has read what",
            "How many have read each policy and code, and when parents and pupils were told of theirs.",
            "policies:reading-overview",
            lambda user: acknowledgement_rules.can_ever(user, "figures"),
            place=32,
            group=REPORTS,
        )
        room_page(
            "Your training",
            "What training you are asked to do, by when, and what you have done.",
            "policies:training-mine",
            belongs,
            place=12,
            group=FOR_YOU,
        )
        room_page(
            "Training",
            "Who is asked for which training, sessions, and what is to be refreshed.",
            "policies:training-list",
            lambda user: duty_rules.can_ever(user, "list"),
            place=34,
            group=FOR_SCHOOL,
        )
        room_page(
            "Training in numbers",
            "How much training is done, due and overdue, without names.",
            "policies:training-figures",
            lambda user: duty_rules.can_ever(user, "figures"),
            place=35,
            group=REPORTS,
        )
        room_page(
            "Education calendar",
            "What pupils are taught each term and parents each year, with material and attendance.",
            "policies:education-list",
            lambda user: education_rules.can_ever(user, "view"),
            place=36,
            group=FOR_SCHOOL,
        )
        room_page(
            "Reviews of policies",
            "What is due to be reviewed, what was found, who signed, and what was ratified.",
            "policies:review-list",
            lambda user: review_rules.can_ever(user, "view"),
            place=20,
            group=FOR_SCHOOL,
        )
        room_page(
            "Links with pupils and parents",
            "Declare a pupil or parent with whom you are linked outside school, and note what others declare.",
            "policies:declaration-list",
            lambda user: declaration_rules.can_ever(user, "make"),
            place=65,
            group=FOR_YOU,
        )
        room_page(
            "Departures from the policy",
            "Tell of something done otherwise than the policy says, before or after it, and answer it.",
            "policies:departure-list",
            lambda user: departure_rules.can_ever(user, "make"),
            place=67,
            group=FOR_YOU,
        )
        room_page(
            "Name, logo and published material",
            "Ask before you use them, on the internet or on paper, and see what is permitted.",
            "policies:name-use-list",
            lambda user: name_use_rules.can_ever(user, "ask"),
            place=69,
            group=FOR_YOU,
        )
        room_page(
            "Report of the term",
            "What the portal knows of policies, training, accounts and incidents, for those who answer for a school.",
            "policies:term-report",
            lambda user: statement_rules.can_ever(user, "view"),
            place=60,
            group=REPORTS,
        )
        room_page(
            "Remit of the safeguarding lead",
            "Whether the board or the executive team has confirmed that it covers online safety.",
            "policies:remit-list",
            lambda user: remit_rules.can_ever(user, "view"),
            place=62,
            group=REPORTS,
        )
        room_page(
            "The five policies behind the settings",
            "What each of the five policies asks, clause by clause.",
            "policies:policy-list",
            belongs,
            place=90,
            group=REFERENCE,
        )
