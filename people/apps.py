"""People and their start-up."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Trusts, schools, governance profiles, users, memberships, sign-in."""

    name = "people"
    verbose_name = "People and schools"

    def ready(self) -> None:
        """Tell the ground floor how to read roles, and record sign-ins."""
        from core import access, admin_site, background, context
        from people import feed_leaving, sign_in, standing  # noqa: F401  the first registers for leavers
        from people.access import may_enter_admin, profile_rules, school_rules
        from people.selectors import keys_of_people_at
        from people.services import carrying_out  # noqa: F401  registers what confirmed changes do

        access.register_standing_provider(standing.read, standing.keep)
        background.register_colleagues(keys_of_people_at)
        admin_site.MAY_ENTER.append(may_enter_admin)
        context.add_to_navigation(
            "People", "people:person-list", lambda user: school_rules.can_ever(user, "directory"), place=60
        )
        context.add_to_navigation(
            "Settings", "people:profile-list", lambda user: profile_rules.can_ever(user, "view"), place=80
        )
        context.add_to_navigation(
            "Background work",
            "core:background",
            lambda user: background.sweep_rules.can_ever(user, "view"),
            place=85,
        )
        context.add_to_navigation("Administration", "admin:index", may_enter_admin, place=90)
        sign_in.connect()
