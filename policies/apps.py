"""The policies and their start-up."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class PoliciesConfig(AppConfig):
    """What the schools agreed: the policies behind the presets, clause by clause."""

    name = "policies"
    verbose_name = "Policies"

    def ready(self) -> None:
        """Keep the reference data in step with the files of this app after every migration."""
        from core.access import standing_of
        from core.context import add_to_navigation
        from policies import reference

        post_migrate.connect(reference.load_after_migrate, sender=self, dispatch_uid="policies.reference")
        add_to_navigation(
            "Policies", "policies:policy-list", lambda user: bool(standing_of(user).held), place=80
        )
