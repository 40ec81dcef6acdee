"""The ground floor and its start-up."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules


class CoreConfig(AppConfig):
    """Access, audit, notices, signatures, clock, platforms and page components."""

    name = "core"
    verbose_name = "Reference data"

    def ready(self) -> None:
        """Find what the rooms above have registered; keep the triggers and the reference data in place."""
        from core import append_only, reference, sweep_runs  # noqa: F401  listens to Celery

        autodiscover_modules("audit_actions")
        autodiscover_modules("access")
        autodiscover_modules("notice_kinds")
        autodiscover_modules("todo")
        autodiscover_modules("tasks")
        post_migrate.connect(append_only.install_after_migrate, dispatch_uid="core.append_only")
        post_migrate.connect(reference.load_after_migrate, sender=self, dispatch_uid="core.reference")
