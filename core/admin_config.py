"""Django's admin, told to use the portal's own site."""

from django.contrib.admin.apps import AdminConfig


class PortalAdminConfig(AdminConfig):
    """Django's admin with the portal's own front door."""

    default_site = "core.admin_site.PortalAdminSite"
