"""People and their start-up."""

from typing import Any

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Trusts, schools, governance profiles, users, memberships, sign-in."""

    name = "people"
    verbose_name = "People and schools"

    def ready(self) -> None:
        """Tell the ground floor how to read roles, and record sign-ins."""
        from core import access, admin_site, background, context, first_pages
        from people import feed_leaving, sign_in, standing  # noqa: F401  the first registers for leavers
        from people.access import may_enter_admin, profile_rules, school_rules
        from people.selectors import keys_of_people_only_at
        from people.services import carrying_out  # noqa: F401  registers what confirmed changes do

        def belongs(user: Any) -> bool:
            return bool(access.standing_of(user).held)

        access.register_standing_provider(standing.read, standing.keep)
        background.register_colleagues(keys_of_people_only_at)
        admin_site.MAY_ENTER.append(may_enter_admin)
        context.add_to_navigation(
            "People and settings",
            "people:home",
            lambda user: may_enter_admin(user) or profile_rules.can_ever(user, "view"),
            place=85,
        )
        for start in (
            "/people/",
            "/changes/",
            "/deputies/",
            "/settings/",
            "/background/",
            "/administration/",
        ):
            context.stands_under("people:home", start)
        for place, (title, text, url_name, may_see) in enumerate(
            (
                (
                    "People",
                    "Who has which role at your school, and their roles and deputies one by one.",
                    "people:person-list",
                    lambda user: school_rules.can_ever(user, "directory"),
                ),
                (
                    "Deputies",
                    "Who signs for you while you are away, and for whom you sign.",
                    "people:deputy-list",
                    belongs,
                ),
                (
                    "Changes to confirm",
                    "Roles, addresses and settings that count only when a second person confirms them.",
                    "people:change-list",
                    belongs,
                ),
                (
                    "How your school governs",
                    "Every setting of your school, with the clause of the policy that asks for it.",
                    "people:profile-list",
                    lambda user: profile_rules.can_ever(user, "view"),
                ),
                (
                    "Background work",
                    "Whether reminders, deadlines and mails are sent when they should be.",
                    "core:background",
                    lambda user: background.sweep_rules.can_ever(user, "view"),
                ),
                (
                    "Administration",
                    "Reference data, schools and memberships.",
                    "admin:index",
                    may_enter_admin,
                ),
            )
        ):
            first_pages.first_page_line("people:home", title, text, url_name, may_see, place=10 * place + 10)
        sign_in.connect()
